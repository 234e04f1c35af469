package io.mpath;

import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The identity of a logical unit: the kind of identifier and its bytes, printed as {@code naa.6001…}, {@code eui.…}, {@code
 * nguid.…}, {@code uuid.…}, {@code t10.…} or {@code name.…} (Linux: {@code wwid}). Two paths with equal identities lead to one
 * logical unit. Immutable.
 */
public final class DeviceId {
    /** The kind of an identifier. */
    public enum Type {
        /** SCSI NAA designator (SPC-6 7.7.6.6), 8 or 16 bytes. */
        NAA,
        /** IEEE EUI-64 designator, or an NVMe namespace's EUI64; 8, 12 or 16 bytes. */
        EUI,
        /** NVMe namespace globally unique identifier, 16 bytes. */
        NGUID,
        /** UUID (RFC 4122), 16 bytes. */
        UUID,
        /** SCSI T10 vendor identification designator, text. */
        T10,
        /** SCSI name string, or a name given by the user, text. */
        NAME;

        private final String prefix = name().toLowerCase(Locale.ROOT) + '.';

        boolean isText() {
            return this == T10 || this == NAME;
        }
    }

    private static final int MAX_BYTES = 256;
    private static final BaseEncoding HEX = BaseEncoding.base16().lowerCase();

    private final Type type;
    private final byte[] bytes;

    private DeviceId(Type type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /**
     * An identity of {@code type}.
     *
     * @param bytes 8, 12 or 16 for binary types, 1 to 256 of UTF-8 for text; copied
     * @throws MultipathException when the number of bytes does not fit the type, or all of a binary identifier's are zero
     */
    public static DeviceId of(Type type, byte[] bytes) {
        boolean fits = switch (type) {
            case NAA -> bytes.length == 8 || bytes.length == 16;
            case EUI -> bytes.length == 8 || bytes.length == 12 || bytes.length == 16;
            case NGUID, UUID -> bytes.length == 16;
            case T10, NAME -> bytes.length >= 1 && bytes.length <= MAX_BYTES;
        };
        if (!fits) {
            throw new MultipathException(
                    "an identifier of type " + type.prefix + " cannot have " + bytes.length + " bytes");
        }
        if (!type.isText() && isZero(bytes)) {
            throw new MultipathException(
                    "an identifier of type " + type.prefix + " is all zeroes, which names nothing");
        }
        return new DeviceId(type, bytes.clone());
    }

    /** An identity that the user gives to a device whose transport reports none: {@code name.NAME}. */
    public static DeviceId named(String name) {
        return of(Type.NAME, name.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The identity that {@link #toString} prints as {@code text}. UUIDs may have dashes.
     *
     * @throws MultipathException when {@code text} is none
     */
    public static DeviceId parse(String text) {
        for (Type type : Type.values()) {
            if (text.startsWith(type.prefix)) {
                String rest = text.substring(type.prefix.length());
                return of(type, type.isText() ? rest.getBytes(StandardCharsets.UTF_8) : hex(text, rest));
            }
        }
        throw new MultipathException(
                "'" + text
                        + "' is no device identity: expected naa. eui. nguid. uuid. (then hex digits), or t10. name. (then text)");
    }

    private static byte[] hex(String text, String digits) {
        try {
            return HEX.decode(digits.replace("-", "").toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new MultipathException("'" + text + "' is no device identity: " + e.getMessage(), e);
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** The kind of this identifier. */
    public Type type() {
        return type;
    }

    /** A copy of the identifier's bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeviceId that && type == that.type && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) ^ type.prefix.hashCode();
    }

    /** Prefix and hex digits or text; {@link #parse} reads it back. UUIDs print with dashes, as users know them. */
    @Override
    public String toString() {
        if (type.isText()) {
            return type.prefix + new String(bytes, StandardCharsets.UTF_8);
        }
        String digits = HEX.encode(bytes);
        return type.prefix
                + (type == Type.UUID
                        ? digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5")
                        : digits);
    }
}
