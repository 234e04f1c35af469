package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A designation descriptor of VPD page 83h (SPC-6 7.7.6.1). Immutable.
 */
public final class SimDesignator {
    private static final int LOGICAL_UNIT = 0;
    private static final int BINARY = 1;
    private static final int ASCII = 2;
    private static final int UTF_8 = 3;
    private static final int NO_PROTOCOL = -1;
    private static final int HEADER_BYTES = 4;

    private final int association;
    private final int type;
    private final int codeSet;
    private final int protocol;
    private final byte[] bytes;

    private SimDesignator(int association, int type, int codeSet, int protocol, byte[] bytes) {
        this.association = association;
        this.type = type;
        this.codeSet = codeSet;
        this.protocol = protocol;
        this.bytes = bytes;
    }

    /**
     * Any descriptor.
     *
     * @param association 0 the logical unit, 1 the target port, 2 the target device
     * @param type DESIGNATOR TYPE
     * @param codeSet 1 binary, 2 ASCII, 3 UTF-8
     * @param bytes DESIGNATOR; copied
     */
    public static SimDesignator of(int association, int type, int codeSet, byte[] bytes) {
        return new SimDesignator(association, type, codeSet, NO_PROTOCOL, bytes.clone());
    }

    /** A vendor's own, of a logical unit. */
    public static SimDesignator vendorSpecific(String text) {
        return of(LOGICAL_UNIT, 0x0, ASCII, ascii(text));
    }

    /** T10 vendor identification and what follows it, of a logical unit. */
    public static SimDesignator t10(String vendorAndMore) {
        return of(LOGICAL_UNIT, 0x1, ASCII, ascii(vendorAndMore));
    }

    /** EUI-64 based, of a logical unit, from hexadecimal digits. */
    public static SimDesignator eui64(String digits) {
        return of(LOGICAL_UNIT, 0x2, BINARY, HexFormat.of().parseHex(digits));
    }

    /** NAA, of a logical unit, from hexadecimal digits. */
    public static SimDesignator naa(String digits) {
        return of(LOGICAL_UNIT, 0x3, BINARY, HexFormat.of().parseHex(digits));
    }

    /** MD5, of a logical unit, from hexadecimal digits. */
    public static SimDesignator md5(String digits) {
        return of(LOGICAL_UNIT, 0x7, BINARY, HexFormat.of().parseHex(digits));
    }

    /** A SCSI name string, of a logical unit; padded with NULs to a multiple of four bytes. */
    public static SimDesignator name(String name) {
        return of(LOGICAL_UNIT, 0x8, UTF_8, padded(name));
    }

    /** A UUID, of a logical unit, from hexadecimal digits. */
    public static SimDesignator uuid(String digits) {
        byte[] uuid = HexFormat.of().parseHex(digits.replace("-", ""));
        return of(
                LOGICAL_UNIT,
                0xa,
                BINARY,
                ByteBuffer.allocate(2 + uuid.length)
                        .put(0, (byte) 0x10)
                        .put(2, uuid)
                        .array());
    }

    /** LOGICAL UNIT GROUP, of a logical unit. */
    public static SimDesignator unitGroup(int number) {
        return of(LOGICAL_UNIT, 0x6, BINARY, number(number));
    }

    static SimDesignator relativePort(int protocol, int number) {
        return new SimDesignator(1, 0x4, BINARY, protocol, number(number));
    }

    static SimDesignator portGroup(int protocol, int number) {
        return new SimDesignator(1, 0x5, BINARY, protocol, number(number));
    }

    static SimDesignator portName(int protocol, String name) {
        return new SimDesignator(1, 0x8, UTF_8, protocol, padded(name));
    }

    static SimDesignator targetName(int protocol, String name) {
        return new SimDesignator(2, 0x8, UTF_8, protocol, padded(name));
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putShort(2, (short) value).array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] padded(String name) {
        byte[] raw = name.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(raw, raw.length + 4 - raw.length % 4);
    }

    boolean ofUnit() {
        return association == LOGICAL_UNIT;
    }

    boolean isUnitGroup() {
        return type == 0x6;
    }

    byte[] descriptor() {
        boolean hasProtocol = protocol != NO_PROTOCOL;
        return ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                .put(0, (byte) ((hasProtocol ? protocol << 4 : 0) | codeSet))
                .put(1, (byte) ((hasProtocol ? 0x80 : 0) | association << 4 | type))
                .put(3, (byte) bytes.length)
                .put(4, bytes)
                .array();
    }
}
