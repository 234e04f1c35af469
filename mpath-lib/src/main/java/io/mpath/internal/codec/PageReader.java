package io.mpath.internal.codec;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fields of a page that a device returned. The bytes are hostile: whatever is asked for beyond their end, by an offset or a
 * length that came from the page itself, is a {@link PageFormatException}, and nothing else is ever thrown. Ends are computed
 * in 64 bits by addition, so that no count wraps.
 *
 * <p>Reads what the buffer has between position and limit when the reader is made, and moves neither. Offsets are from the
 * start of the page. Not for use by several threads.
 */
public final class PageReader {
    private final String page;
    private final ByteBuffer bytes;

    private PageReader(String page, ByteBuffer bytes, ByteOrder order) {
        this.page = page;
        this.bytes = bytes.slice().order(order);
    }

    /** A reader of an NVMe data structure; {@code page} is its name in messages. */
    public static PageReader littleEndian(String page, ByteBuffer bytes) {
        return new PageReader(page, bytes, ByteOrder.LITTLE_ENDIAN);
    }

    /** A reader of SCSI parameter data; {@code page} is its name in messages. */
    public static PageReader bigEndian(String page, ByteBuffer bytes) {
        return new PageReader(page, bytes, ByteOrder.BIG_ENDIAN);
    }

    /** How many bytes were received. */
    public int size() {
        return bytes.limit();
    }

    /** Checks that {@code length} bytes from {@code at} were received. */
    public void require(long at, long length, String field) {
        // Neither is above the size when they are added, so the sum does not wrap.
        if (at < 0 || length < 0 || at > size() || length > size() || at + length > size()) {
            throw error(at, field, length + " bytes run past the " + size() + " bytes received");
        }
    }

    /** An unsigned byte. */
    public int u8(long at, String field) {
        require(at, Byte.BYTES, field);
        return Byte.toUnsignedInt(bytes.get((int) at));
    }

    /** An unsigned number of 16 bits. */
    public int u16(long at, String field) {
        require(at, Short.BYTES, field);
        return Short.toUnsignedInt(bytes.getShort((int) at));
    }

    /** An unsigned number of 32 bits. */
    public long u32(long at, String field) {
        require(at, Integer.BYTES, field);
        return Integer.toUnsignedLong(bytes.getInt((int) at));
    }

    /** 64 bits that are no quantity: a change count, a random number. */
    public long bits64(long at, String field) {
        require(at, Long.BYTES, field);
        return bytes.getLong((int) at);
    }

    /** An unsigned number of 64 bits; one of 2^63 or more counts nothing that exists, and is an error. */
    public long u64(long at, String field) {
        long value = bits64(at, field);
        if (value < 0) {
            throw error(at, field, Long.toUnsignedString(value) + " is more than there can be");
        }
        return value;
    }

    /** A copy of {@code length} bytes. */
    public byte[] bytes(long at, int length, String field) {
        require(at, length, field);
        byte[] copy = new byte[length];
        bytes.get((int) at, copy);
        return copy;
    }

    /** Text to be shown to people: without the spaces that pad it, and with a question mark for what cannot be printed. */
    public String text(long at, int length, String field) {
        return new String(untilNul(at, length, field), StandardCharsets.UTF_8)
                .strip()
                .replaceAll("[\\p{Cntrl}\uFFFD]", "?");
    }

    /** Text that names something, as it stands: two names that differ must not become one, so what is no UTF-8 is an error. */
    public String name(long at, int length, String field) {
        byte[] raw = untilNul(at, length, field);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error(at, field, "is not in UTF-8");
        }
    }

    private byte[] untilNul(long at, int length, String field) {
        byte[] raw = bytes(at, length, field);
        int end = 0;
        while (end < length && raw[end] != 0) {
            end++;
        }
        return Arrays.copyOf(raw, end);
    }

    /** The error to throw for a field whose value cannot be. */
    public PageFormatException error(long at, String field, String problem) {
        return new PageFormatException(page, field, at, problem);
    }
}
