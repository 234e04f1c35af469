package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * INQUIRY (SPC-6 6.6) and its VPD pages (SPC-6 7.7, SBC-5 6.6), of a logical unit through a target port.
 *
 * <p>Threading: under the array's lock.
 */
final class InquiryPages {
    private static final int STANDARD_BYTES = 96;
    private static final int BLOCK_PAGE_BYTES = 64;
    private static final int SPC_4 = 0x06;
    private static final int SUPPORTED_PAGES = 0x00;
    private static final int SERIAL_NUMBER = 0x80;
    private static final int DEVICE_IDENTIFICATION = 0x83;
    private static final int BLOCK_LIMITS = 0xb0;
    private static final int BLOCK_CHARACTERISTICS = 0xb1;
    private static final int PROVISIONING = 0xb2;
    private static final byte[] PAGES = {
        SUPPORTED_PAGES,
        (byte) SERIAL_NUMBER,
        (byte) DEVICE_IDENTIFICATION,
        (byte) BLOCK_LIMITS,
        (byte) BLOCK_CHARACTERISTICS,
        (byte) PROVISIONING
    };

    private final SimLogicalUnit unit;
    private final SimTargetPort port;

    InquiryPages(SimLogicalUnit unit, SimTargetPort port) {
        this.unit = unit;
        this.port = port;
    }

    Outcome inquire(SimCommand command) {
        boolean vital = (command.u8(1) & 1) != 0;
        int page = command.u8(2);
        int room = command.u16(3);
        if (!vital) {
            return page == 0 ? Outcome.data(standard(), room) : Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        return switch (page) {
            case SUPPORTED_PAGES -> Outcome.data(page(page, PAGES), room);
            case SERIAL_NUMBER -> Outcome.data(page(page, ascii(unit.whoItIs().serial())), room);
            case DEVICE_IDENTIFICATION -> Outcome.data(page(page, identification()), room);
            case BLOCK_LIMITS -> Outcome.data(blockLimits(), room);
            case BLOCK_CHARACTERISTICS -> Outcome.data(blockCharacteristics(), room);
            case PROVISIONING -> Outcome.data(provisioning(), room);
            default -> Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        };
    }

    private byte[] standard() {
        SimScsiArray array = unit.array();
        SimUnitIdentity identity = unit.whoItIs();
        boolean multiPort = array.ports().size() > 1;
        return ByteBuffer.allocate(STANDARD_BYTES)
                .put(2, (byte) SPC_4)
                .put(3, (byte) 0x02)
                .put(4, (byte) (STANDARD_BYTES - 5))
                .put(5, (byte) (array.tpgs() << 4))
                .put(6, (byte) (multiPort ? 0x10 : 0))
                .put(7, (byte) 0x02)
                .put(8, padded(identity.vendor(), 8))
                .put(16, padded(identity.product(), 16))
                .put(32, padded(identity.revision(), 4))
                .array();
    }

    /** Of the logical unit, of the port, and of the target device. */
    private byte[] identification() {
        List<SimDesignator> designators = new ArrayList<>();
        List<SimDesignator> own = unit.whoItIs().designators();
        own.stream().filter(one -> !one.isUnitGroup()).forEach(designators::add);
        designators.add(SimDesignator.relativePort(port.protocol(), port.relativeId()));
        if (unit.array().hasAlua()) {
            designators.add(SimDesignator.portGroup(port.protocol(), port.group()));
        }
        own.stream().filter(SimDesignator::isUnitGroup).forEach(designators::add);
        designators.add(SimDesignator.portName(port.protocol(), port.portName()));
        designators.add(SimDesignator.targetName(port.protocol(), port.targetName()));
        int length =
                designators.stream().mapToInt(one -> one.descriptor().length).sum();
        ByteBuffer out = ByteBuffer.allocate(length);
        designators.forEach(one -> out.put(one.descriptor()));
        return out.array();
    }

    private byte[] blockLimits() {
        UnitAbilities can = unit.abilities();
        ByteBuffer out = ByteBuffer.allocate(BLOCK_PAGE_BYTES)
                .put(1, (byte) BLOCK_LIMITS)
                .putShort(2, (short) (BLOCK_PAGE_BYTES - 4))
                .put(4, (byte) 0x01)
                .put(5, (byte) can.maxCompareBlocks)
                .putShort(6, (short) 1)
                .putInt(8, (int) can.maxTransferBlocks)
                .putInt(12, (int) can.maxTransferBlocks);
        if (can.unmaps) {
            out.putInt(20, (int) can.maxUnmapBlocks)
                    .putInt(24, can.maxUnmapDescriptors)
                    .putInt(28, (int) can.unmapGranularity)
                    .putInt(32, 0x8000_0000);
        }
        if (can.writesSame) {
            out.putLong(36, can.maxWriteSameBlocks);
        }
        return out.array();
    }

    private byte[] blockCharacteristics() {
        return ByteBuffer.allocate(BLOCK_PAGE_BYTES)
                .put(1, (byte) BLOCK_CHARACTERISTICS)
                .putShort(2, (short) (BLOCK_PAGE_BYTES - 4))
                .putShort(4, (short) unit.abilities().rotation)
                .array();
    }

    /** LBPU, LBPWS and LBPRZ 001b: unmapped blocks read as zeroes. */
    private byte[] provisioning() {
        UnitAbilities can = unit.abilities();
        byte[] body = new byte[4];
        if (can.unmaps) {
            body[1] = (byte) (0x80 | (can.writesSame ? 0x40 : 0) | 0x04);
            body[2] = 0x02;
        }
        return page(PROVISIONING, body);
    }

    private static byte[] page(int code, byte[] body) {
        return ByteBuffer.allocate(4 + body.length)
                .put(1, (byte) code)
                .putShort(2, (short) body.length)
                .put(4, body)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] padded(String text, int length) {
        byte[] field = new byte[length];
        Arrays.fill(field, (byte) ' ');
        byte[] raw = ascii(text);
        System.arraycopy(raw, 0, field, 0, Math.min(raw.length, length));
        return field;
    }
}
