package io.mpath.scsi.command;

import io.mpath.DeviceId;
import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/** One name of a logical unit, of a target port or of a target device, from VPD page 83h (SPC-6 7.7.6.1). Immutable. */
public final class Designator {
    /** What a designator names, by the numbers of the standard. */
    public enum Association {
        /** The logical unit. */
        LOGICAL_UNIT,
        /** The target port that the page was read through. */
        TARGET_PORT,
        /** The device that the logical unit is in. */
        TARGET_DEVICE,
        /** Reserved. */
        RESERVED;

        private static final Association[] BY_NUMBER = values();
    }

    /** How a designator is written, by the numbers of the standard. */
    public enum Type {
        /** The vendor's own: unique for nobody else. */
        VENDOR_SPECIFIC,
        /** T10 vendor identification and what the vendor adds. */
        T10_VENDOR,
        /** EUI-64 based, 8, 12 or 16 bytes. */
        EUI64,
        /** NAA. */
        NAA,
        /** The relative target port identifier. */
        RELATIVE_TARGET_PORT,
        /** The target port group. */
        TARGET_PORT_GROUP,
        /** The logical unit group. */
        LOGICAL_UNIT_GROUP,
        /** An MD5 over serial number and other data; obsolete as an identity. */
        MD5,
        /** A name in UTF-8, as iSCSI has them. */
        SCSI_NAME_STRING,
        /** What the transport protocol says. */
        PROTOCOL_SPECIFIC_PORT,
        /** A UUID (RFC 4122). */
        UUID,
        /** Bh to Fh, reserved. */
        RESERVED;

        private static final Type[] BY_NUMBER = values();

        static Type of(int number) {
            return number < RESERVED.ordinal() ? BY_NUMBER[number] : RESERVED;
        }
    }

    /** What the bytes of a designator are, by the numbers of the standard. */
    public enum CodeSet {
        /** Reserved. */
        RESERVED_0,
        /** Numbers. */
        BINARY,
        /** ASCII. */
        ASCII,
        /** UTF-8. */
        UTF_8,
        /** 4h to Fh, reserved. */
        RESERVED;

        private static final CodeSet[] BY_NUMBER = values();
    }

    static final int HEADER_BYTES = 4;
    private static final int NUMBER_BYTES = 4;
    private static final int UUID_BYTES = 18;
    private static final int MAX_TEXT_BYTES = 256;
    private static final int UUID_TYPE = 0x10;

    private final Association association;
    private final Type type;
    private final CodeSet codeSet;
    private final OptionalInt protocol;
    private final byte[] bytes;

    private Designator(Association association, Type type, CodeSet codeSet, OptionalInt protocol, byte[] bytes) {
        this.association = association;
        this.type = type;
        this.codeSet = codeSet;
        this.protocol = protocol;
        this.bytes = bytes;
    }

    /** Reads the one whose header is there; the caller has seen that it ends within its page. */
    static Designator decode(PageReader in, int at) {
        int first = in.u8(at, "CODE SET");
        int second = in.u8(at + 1, "DESIGNATOR TYPE");
        int length = in.u8(at + 3, "DESIGNATOR LENGTH");
        Type type = Type.of(second & 0x0f);
        if (isNumber(type) && length != NUMBER_BYTES) {
            throw in.error(at + 3, "DESIGNATOR LENGTH", "a " + type + " has 4 bytes and not " + length);
        }
        return new Designator(
                Association.BY_NUMBER[second >> 4 & 3],
                type,
                CodeSet.BY_NUMBER[Math.min(first & 0x0f, CodeSet.RESERVED.ordinal())],
                (second & 0x80) != 0 ? OptionalInt.of(first >> 4) : OptionalInt.empty(),
                in.bytes(at + HEADER_BYTES, length, "DESIGNATOR"));
    }

    private static boolean isNumber(Type type) {
        return type == Type.RELATIVE_TARGET_PORT || type == Type.TARGET_PORT_GROUP || type == Type.LOGICAL_UNIT_GROUP;
    }

    /** What it names. */
    public Association association() {
        return association;
    }

    /** How it is written. */
    public Type type() {
        return type;
    }

    /** What its bytes are. */
    public CodeSet codeSet() {
        return codeSet;
    }

    /** PROTOCOL IDENTIFIER, if it is valid: 0 Fibre Channel, 4 SRP, 5 iSCSI, 6 SAS. */
    public OptionalInt protocol() {
        return protocol;
    }

    /** A copy of its bytes, without the header. */
    public byte[] bytes() {
        return bytes.clone();
    }

    int length() {
        return bytes.length;
    }

    /** The number of a relative target port, a target port group or a logical unit group; empty for other types. */
    public OptionalInt number() {
        return isNumber(type)
                ? OptionalInt.of(Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(2)))
                : OptionalInt.empty();
    }

    /** The first four bits of an NAA designator, which say who assigned it; empty for other types. */
    public OptionalInt naa() {
        return type == Type.NAA && bytes.length > 0 ? OptionalInt.of((bytes[0] & 0xf0) >> 4) : OptionalInt.empty();
    }

    /**
     * The name as an identity. Empty for types that are none, and for one that has not the length of its type, is all zeroes, is a
     * name that is not in UTF-8, or is longer than an identity: what cannot be right identifies nothing.
     */
    public Optional<DeviceId> id() {
        return switch (type) {
            case NAA -> binary(DeviceId.Type.NAA, bytes.length == naaBytes());
            case EUI64 -> binary(DeviceId.Type.EUI, bytes.length == 8 || bytes.length == 12 || bytes.length == 16);
            case UUID -> uuid();
            case T10_VENDOR -> text(DeviceId.Type.T10, escaped());
            case SCSI_NAME_STRING -> utf8().flatMap(name -> text(DeviceId.Type.NAME, name));
            case VENDOR_SPECIFIC,
                    RELATIVE_TARGET_PORT,
                    TARGET_PORT_GROUP,
                    LOGICAL_UNIT_GROUP,
                    MD5,
                    PROTOCOL_SPECIFIC_PORT,
                    RESERVED -> Optional.empty();
        };
    }

    /** NAA 6 has 16 bytes, 2 to 5 have 8, and there are no others. */
    private int naaBytes() {
        return switch (naa().orElse(0)) {
            case 2, 3, 4, 5 -> 8;
            case 6 -> 16;
            default -> -1;
        };
    }

    private Optional<DeviceId> binary(DeviceId.Type as, boolean fits) {
        return fits && !isZero(bytes) ? Optional.of(DeviceId.of(as, bytes)) : Optional.empty();
    }

    private Optional<DeviceId> uuid() {
        if (bytes.length != UUID_BYTES || (bytes[0] & 0xf0) != UUID_TYPE) {
            return Optional.empty();
        }
        byte[] uuid = Arrays.copyOfRange(bytes, 2, UUID_BYTES);
        return isZero(uuid) ? Optional.empty() : Optional.of(DeviceId.of(DeviceId.Type.UUID, uuid));
    }

    private static Optional<DeviceId> text(DeviceId.Type as, String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        return raw.length == 0 || raw.length > MAX_TEXT_BYTES ? Optional.empty() : Optional.of(DeviceId.of(as, raw));
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Without the NULs at the end, which pad names (SPC-6). */
    private byte[] unpadded() {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** T10 designators may be of any bytes. Those that do not print are written as {@code \xNN}, so that no two become one. */
    private String escaped() {
        StringBuilder text = new StringBuilder();
        for (byte b : unpadded()) {
            if (b >= ' ' && b <= '~' && b != '\\') {
                text.append((char) b);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits(b));
            }
        }
        return text.toString();
    }

    private Optional<String> utf8() {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(unpadded()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Designator that
                && association == that.association
                && type == that.type
                && codeSet == that.codeSet
                && protocol.equals(that.protocol)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + type.hashCode();
    }

    /** The identity, the number, or else the bytes in hexadecimal digits. */
    @Override
    public String toString() {
        return id().map(DeviceId::toString)
                .orElseGet(() -> number().isPresent()
                        ? "0x%04x".formatted(number().getAsInt())
                        : HexFormat.of().formatHex(bytes));
    }
}
