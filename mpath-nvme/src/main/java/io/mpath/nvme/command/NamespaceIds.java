package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Namespace identifiers in ascending order, without doubles: the Active Namespace ID list (Identify, CNS 02h), or the
 * namespaces of an ANA group. An array inside, because a log may name a million.
 */
public final class NamespaceIds {
    /** The NSID that stands for all namespaces, and belongs to none. */
    public static final long ALL = 0xffff_ffffL;

    /** As many as one Active Namespace ID list holds: a full list may have a successor. */
    public static final int LIST_SIZE = 1024;

    private static final String LIST = "Active Namespace ID list";
    private static final String FIELD = "namespace identifier";

    private final int[] ids;

    private NamespaceIds(int[] ids) {
        this.ids = ids;
    }

    /**
     * The Active Namespace ID list, 4096 bytes: identifiers in ascending order up to the first 0.
     *
     * @throws io.mpath.PageFormatException when the list is cut off, not in order, or names what no namespace has
     */
    public static NamespaceIds decodeActiveList(ByteBuffer page) {
        PageReader in = PageReader.littleEndian(LIST, page);
        in.require(0, LIST_SIZE * (long) Integer.BYTES, LIST);
        int count = 0;
        while (count < LIST_SIZE && in.u32(count * (long) Integer.BYTES, FIELD) != 0) {
            count++;
        }
        return decode(in, 0, count);
    }

    /** {@code count} identifiers from {@code start}, which all must be ones. */
    static NamespaceIds decode(PageReader in, long start, long count) {
        in.require(start, count * Integer.BYTES, FIELD);
        int[] ids = new int[(int) count];
        long previous = 0;
        for (int i = 0; i < ids.length; i++) {
            long at = start + i * (long) Integer.BYTES;
            long id = in.u32(at, FIELD);
            if (id <= previous || id == ALL) {
                throw in.error(at, FIELD, id + " is out of order behind " + previous + ", or no namespace's");
            }
            ids[i] = (int) id;
            previous = id;
        }
        return new NamespaceIds(ids);
    }

    /** How many there are. */
    public int size() {
        return ids.length;
    }

    /** The one at {@code index}, from 0. */
    public long get(int index) {
        return Integer.toUnsignedLong(ids[index]);
    }

    /** Whether {@code nsid} is among them. */
    public boolean contains(long nsid) {
        int low = 0;
        int high = ids.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compare(get(middle), nsid);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    /** All of them, ascending. */
    public LongStream stream() {
        return Arrays.stream(ids).mapToLong(Integer::toUnsignedLong);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamespaceIds that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    /** As a list of numbers. */
    @Override
    public String toString() {
        return Arrays.toString(stream().toArray());
    }
}
