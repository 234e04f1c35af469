package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The host identifier (feature 81h; NVMe Base 2.1 5.1.25.1.28): controllers that have the same one belong to one host, and
 * share its reservations. All zeroes is none. Immutable.
 */
public final class HostIdentifier {
    /** The length of an extended identifier, in bytes; fabrics have no other. */
    public static final int EXTENDED_BYTES = 16;

    /** The length of an identifier that is not extended, in bytes. */
    public static final int SHORT_BYTES = 8;

    private final byte[] bytes;

    private HostIdentifier(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The identifier of those bytes, in the order of the data structure; copied.
     *
     * @throws CommandFieldException when they are neither 8 nor 16
     */
    public static HostIdentifier of(byte[] bytes) {
        if (bytes.length != SHORT_BYTES && bytes.length != EXTENDED_BYTES) {
            throw new CommandFieldException("host identifier", "length", "is " + bytes.length + ", and not 8 or 16");
        }
        return new HostIdentifier(bytes.clone());
    }

    /**
     * Reads what Get Features returned.
     *
     * @param extended whether the extended one was asked for
     * @throws io.mpath.PageFormatException when there are fewer bytes than it has
     */
    public static HostIdentifier decode(ByteBuffer data, boolean extended) {
        PageReader in = PageReader.littleEndian("Host Identifier", data);
        return new HostIdentifier(in.bytes(0, extended ? EXTENDED_BYTES : SHORT_BYTES, "HOSTID"));
    }

    /** Writes it as the data of Set Features, and moves the position behind it. */
    public void encode(ByteBuffer data) {
        data.put(bytes);
    }

    /** Whether it has 128 bits. */
    public boolean extended() {
        return bytes.length == EXTENDED_BYTES;
    }

    /** How many bytes it has. */
    public int lengthBytes() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostIdentifier that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** In hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
