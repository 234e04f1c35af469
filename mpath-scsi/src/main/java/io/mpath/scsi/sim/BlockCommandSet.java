package io.mpath.scsi.sim;

import io.mpath.IoOperation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a direct access block device (SBC-5 5) for one logical unit.
 *
 * <p>Threading: under the array's lock.
 */
final class BlockCommandSet {
    private static final int PROTECT = 0xe0;
    private static final int FORCE_UNIT_ACCESS = 0x08;
    private static final int WRITE_SAME_UNMAP = 0x08;
    private static final int WRITE_SAME_ANCHOR = 0x10;
    private static final int WRITE_SAME_NO_DATA = 0x01;
    private static final int UNMAP_ANCHOR = 0x01;
    private static final int UNMAP_HEADER_BYTES = 8;
    private static final int UNMAP_DESCRIPTOR_BYTES = 16;
    private static final long MOST_LBA_10 = 0xffff_fffeL;
    private static final int CAPACITY_10_BYTES = 8;
    private static final int CAPACITY_16_BYTES = 32;

    private final SimLogicalUnit unit;
    private final UnitAbilities can;
    private final String by;
    private final long tag;

    BlockCommandSet(SimLogicalUnit unit, String by, long tag) {
        this.unit = unit;
        this.can = unit.abilities();
        this.by = by;
        this.tag = tag;
    }

    Outcome execute(SimCommand command) {
        if (!knows(command)) {
            return Outcome.check(SimSense.INVALID_OPCODE);
        }
        if (command.changes() && unit.isWriteProtected()) {
            return Outcome.check(SimSense.WRITE_PROTECTED);
        }
        if (command.lba() < 0 || command.lba() > unit.sizeInBlocks() - command.blocks()) {
            return Outcome.check(SimSense.OUT_OF_RANGE);
        }
        return switch (command.opcode()) {
            case SimCommand.READ_CAPACITY_10 -> capacity10();
            case SimCommand.SERVICE_ACTION_IN_16 -> capacity16(command);
            case SimCommand.READ_10, SimCommand.READ_16 -> read(command);
            case SimCommand.WRITE_10, SimCommand.WRITE_16 -> write(command);
            case SimCommand.SYNCHRONIZE_CACHE_10, SimCommand.SYNCHRONIZE_CACHE_16 -> synchronizeCache(command);
            case SimCommand.COMPARE_AND_WRITE -> compareAndWrite(command);
            case SimCommand.WRITE_SAME_16 -> writeSame(command);
            default -> unmap(command);
        };
    }

    private boolean knows(SimCommand command) {
        return switch (command.opcode()) {
            case SimCommand.READ_CAPACITY_10,
                    SimCommand.READ_10,
                    SimCommand.READ_16,
                    SimCommand.WRITE_10,
                    SimCommand.WRITE_16,
                    SimCommand.SYNCHRONIZE_CACHE_10,
                    SimCommand.SYNCHRONIZE_CACHE_16 -> true;
            case SimCommand.SERVICE_ACTION_IN_16 -> command.serviceAction() == SimCommand.READ_CAPACITY_16_ACTION;
            case SimCommand.COMPARE_AND_WRITE -> can.maxCompareBlocks > 0;
            case SimCommand.WRITE_SAME_16 -> can.writesSame;
            case SimCommand.UNMAP -> can.unmaps;
            default -> false;
        };
    }

    private Outcome capacity10() {
        long last = unit.sizeInBlocks() - 1;
        return Outcome.data(ByteBuffer.allocate(CAPACITY_10_BYTES)
                .putInt(0, last > MOST_LBA_10 ? -1 : (int) last)
                .putInt(4, unit.blockBytes())
                .array());
    }

    /** LBPME and LBPRZ where it is thinly provisioned. */
    private Outcome capacity16(SimCommand command) {
        byte[] data = ByteBuffer.allocate(CAPACITY_16_BYTES)
                .putLong(0, unit.sizeInBlocks() - 1)
                .putInt(8, unit.blockBytes())
                .put(13, (byte) can.physicalBlockExponent)
                .put(14, (byte) (can.unmaps ? 0xc0 : 0))
                .array();
        return Outcome.data(data, command.u32(10));
    }

    private Outcome read(SimCommand command) {
        Outcome refusal = transferRefusal(command);
        if (refusal != null) {
            return refusal;
        }
        long bad = unit.firstBad(command.lba(), command.blocks());
        long good = bad < 0 ? command.blocks() : bad - command.lba();
        Outcome read = good == 0 && bad >= 0 ? Outcome.DONE : Outcome.data(unit.read(by, command.lba(), good, tag));
        return bad < 0 ? read : read.with(SimSense.UNRECOVERED_READ_ERROR.at(bad));
    }

    private Outcome write(SimCommand command) {
        Outcome refusal = transferRefusal(command);
        if (refusal != null) {
            return refusal;
        }
        int blockBytes = unit.blockBytes();
        if (command.payload().length != command.blocks() * blockBytes) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        long bad = unit.firstBad(command.lba(), command.blocks());
        long good = bad < 0 ? command.blocks() : bad - command.lba();
        if (good > 0) {
            land(command, IoOperation.WRITE, good, Arrays.copyOf(command.payload(), (int) good * blockBytes));
        }
        return bad < 0
                ? Outcome.DONE
                : Outcome.DONE.with(SimSense.WRITE_ERROR.at(bad)).taking((int) good * blockBytes);
    }

    private @Nullable Outcome transferRefusal(SimCommand command) {
        boolean tooLong = can.maxTransferBlocks > 0 && command.blocks() > can.maxTransferBlocks;
        return (command.u8(1) & PROTECT) != 0 || tooLong ? Outcome.check(SimSense.INVALID_FIELD_IN_CDB) : null;
    }

    private void land(SimCommand command, IoOperation operation, long blocks, byte[] data) {
        boolean through = (command.u8(1) & FORCE_UNIT_ACCESS) != 0 && command.opcode() != SimCommand.WRITE_SAME_16;
        unit.land(by, operation, command.lba(), blocks, data, through, tag);
    }

    /** NUMBER OF LOGICAL BLOCKS 0: to the end. */
    private Outcome synchronizeCache(SimCommand command) {
        long count = command.blocks() == 0 ? unit.sizeInBlocks() - command.lba() : command.blocks();
        unit.synchronize(by, command.lba(), count, tag);
        return Outcome.DONE;
    }

    /** MISCOMPARE tells the offset of the first byte that differs. */
    private Outcome compareAndWrite(SimCommand command) {
        long blocks = command.blocks();
        int half = (int) blocks * unit.blockBytes();
        if ((command.u8(1) & PROTECT) != 0 || blocks > can.maxCompareBlocks || command.payload().length != 2 * half) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        if (blocks == 0) {
            return Outcome.DONE;
        }
        long bad = unit.firstBad(command.lba(), blocks);
        if (bad >= 0) {
            return Outcome.check(SimSense.UNRECOVERED_READ_ERROR.at(bad));
        }
        int differs = Arrays.mismatch(unit.contents(command.lba(), blocks), 0, half, command.payload(), 0, half);
        if (differs >= 0) {
            return Outcome.DONE.with(SimSense.MISCOMPARE.at(differs));
        }
        land(command, IoOperation.COMPARE_AND_WRITE, blocks, command.payload());
        return Outcome.DONE;
    }

    /** WSNZ is one: no blocks are refused. Zeroes become holes, whether UNMAP asks for that or not; that shows nowhere. */
    private Outcome writeSame(SimCommand command) {
        int flags = command.u8(1);
        boolean noData = (flags & WRITE_SAME_NO_DATA) != 0;
        boolean unmap = (flags & WRITE_SAME_UNMAP) != 0;
        long blocks = command.blocks();
        if ((flags & (PROTECT | WRITE_SAME_ANCHOR)) != 0
                || blocks == 0
                || blocks > can.maxWriteSameBlocks
                || (unmap && !can.unmaps)
                || command.payload().length != (noData ? 0 : unit.blockBytes())) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        long bad = unit.firstBad(command.lba(), blocks);
        if (bad >= 0) {
            return Outcome.check(SimSense.WRITE_ERROR.at(bad));
        }
        if (noData || isZero(command.payload())) {
            land(command, IoOperation.WRITE_ZEROES, blocks, new byte[0]);
        } else {
            land(command, IoOperation.WRITE, blocks, repeated(command.payload(), (int) blocks));
        }
        return Outcome.DONE;
    }

    private static boolean isZero(byte[] block) {
        for (byte one : block) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] repeated(byte[] block, int times) {
        ByteBuffer all = ByteBuffer.allocate(Math.multiplyExact(block.length, times));
        while (all.hasRemaining()) {
            all.put(block);
        }
        return all.array();
    }

    /** All of its descriptors, or none where one is not as it has to be. */
    private Outcome unmap(SimCommand command) {
        ByteBuffer in = ByteBuffer.wrap(command.payload());
        int listBytes = command.u16(7);
        if ((command.u8(1) & UNMAP_ANCHOR) != 0) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        if (listBytes == 0) {
            return Outcome.DONE;
        }
        if (listBytes < UNMAP_HEADER_BYTES || in.capacity() < listBytes) {
            return Outcome.check(SimSense.PARAMETER_LIST_LENGTH);
        }
        int end = UNMAP_HEADER_BYTES + Math.min(in.getShort(2) & 0xffff, listBytes - UNMAP_HEADER_BYTES);
        Outcome refusal = unmapRefusal(in, end);
        if (refusal != null) {
            return refusal;
        }
        for (int at = UNMAP_HEADER_BYTES; at + UNMAP_DESCRIPTOR_BYTES <= end; at += UNMAP_DESCRIPTOR_BYTES) {
            long blocks = blocksAt(in, at);
            if (blocks > 0) {
                unit.land(by, IoOperation.DISCARD, in.getLong(at), blocks, new byte[0], false, tag);
            }
        }
        return Outcome.DONE;
    }

    private @Nullable Outcome unmapRefusal(ByteBuffer in, int end) {
        int descriptors = 0;
        long all = 0;
        for (int at = UNMAP_HEADER_BYTES; at + UNMAP_DESCRIPTOR_BYTES <= end; at += UNMAP_DESCRIPTOR_BYTES) {
            long lba = in.getLong(at);
            long blocks = blocksAt(in, at);
            if (lba < 0 || lba > unit.sizeInBlocks() - blocks) {
                return Outcome.check(SimSense.OUT_OF_RANGE);
            }
            descriptors++;
            all += blocks;
        }
        return descriptors > can.maxUnmapDescriptors || all > can.maxUnmapBlocks
                ? Outcome.check(SimSense.INVALID_FIELD_IN_PARAMETERS)
                : null;
    }

    private static long blocksAt(ByteBuffer in, int at) {
        return in.getInt(at + 8) & 0xffff_ffffL;
    }
}
