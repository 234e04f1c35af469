package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * REPORT TARGET PORT GROUPS parameter data (SPC-6): the access states of one logical unit, through all its ports.
 *
 * @param extended whether it came with the extended header. A device that does not know that returns the short one, or refuses
 *     the command.
 * @param implicitTransitionSeconds how long an implicit transition takes at most; empty when the device does not tell
 * @param groups in the order of the page, but for those that are unclear
 * @param unclear the groups that are there and whose state nobody knows: it is a reserved one, or they are there with two
 */
public record TargetPortGroups(
        boolean extended, OptionalInt implicitTransitionSeconds, List<TargetPortGroup> groups, Set<Integer> unclear) {
    /** The bytes ahead of the first descriptor in the short form. */
    public static final int HEADER_BYTES = 4;

    private static final String PAGE = "REPORT TARGET PORT GROUPS data";
    private static final int EXTENDED_HEADER_BYTES = 8;
    private static final int UNCOUNTED_BYTES = EXTENDED_HEADER_BYTES - HEADER_BYTES;

    /** Copies the collections. */
    public TargetPortGroups {
        groups = List.copyOf(groups);
        unclear = Set.copyOf(unclear);
    }

    private static TargetPortGroups of(OptionalInt seconds, boolean extended, Descriptors descriptors) {
        return new TargetPortGroups(extended, seconds, List.copyOf(descriptors.groups.values()), descriptors.unclear);
    }

    /**
     * An allocation length that gets all of the data, whatever was received of it. It is by the length of the extended header more
     * than the device tells, for there are devices that do not count that (Linux LIO).
     *
     * @throws io.mpath.PageFormatException when fewer than {@link #HEADER_BYTES} bytes were received
     */
    public static long lengthOf(ByteBuffer data) {
        return EXTENDED_HEADER_BYTES + PageReader.bigEndian(PAGE, data).u32(0, "RETURN DATA LENGTH");
    }

    /**
     * Reads it with the header that it has. In the extended form the last descriptor may end four bytes behind the length that is
     * told: Linux LIO does not count those of the header. Of its ports, those that were not received then are left out.
     *
     * @throws io.mpath.PageFormatException when it is longer than what was received, has a header that is reserved, or a descriptor
     *     that runs past its end
     */
    public static TargetPortGroups decode(ByteBuffer data) {
        PageReader in = PageReader.bigEndian(PAGE, data);
        long length = in.u32(0, "RETURN DATA LENGTH");
        in.require(HEADER_BYTES, length, "RETURN DATA LENGTH");
        int end = HEADER_BYTES + (int) length;
        if (length == 0) {
            return of(OptionalInt.empty(), false, new Descriptors());
        }
        // In the short form these three bits are reserved, and 0, in the first byte of the first descriptor.
        int format = in.u8(HEADER_BYTES, "PARAMETER DATA FORMAT") >> 4 & 7;
        return switch (format) {
            case 0 -> of(OptionalInt.empty(), false, descriptors(in, HEADER_BYTES, end, end));
            case 1 ->
                of(
                        transitionSeconds(in, end),
                        true,
                        descriptors(in, EXTENDED_HEADER_BYTES, end, end + UNCOUNTED_BYTES));
            default -> throw in.error(HEADER_BYTES, "PARAMETER DATA FORMAT", format + " is reserved");
        };
    }

    private static OptionalInt transitionSeconds(PageReader in, int end) {
        if (end < EXTENDED_HEADER_BYTES) {
            throw in.error(0, "RETURN DATA LENGTH", "the extended header does not fit in " + end + " bytes");
        }
        int seconds = in.u8(5, "IMPLICIT TRANSITION TIME");
        return seconds == 0 ? OptionalInt.empty() : OptionalInt.of(seconds);
    }

    /** What was read of them so far. */
    private static final class Descriptors {
        final Map<Integer, TargetPortGroup> groups = new LinkedHashMap<>();
        Set<Integer> unclear = Set.of();

        /** One that was there before in the same state has more ports than fit in one descriptor. */
        void add(int id, Optional<TargetPortGroup> group) {
            boolean same = group.isPresent()
                    && (!groups.containsKey(id)
                            || groups.get(id).state() == group.get().state());
            if (same && !unclear.contains(id)) {
                groups.putIfAbsent(id, group.get());
            } else {
                groups.remove(id);
                unclear = unclear.isEmpty() ? new HashSet<>() : unclear;
                unclear.add(id);
            }
        }
    }

    private static Descriptors descriptors(PageReader in, int start, int end, int latestEnd) {
        var descriptors = new Descriptors();
        for (int at = start; at < end; ) {
            int ports = in.u8(at + 7, "TARGET PORT COUNT");
            int next = at + TargetPortGroup.HEADER_BYTES + ports * TargetPortGroup.PORT_BYTES;
            if (next > latestEnd) {
                throw in.error(at + 7, "TARGET PORT COUNT", ports + " ports run past the data");
            }
            int id = in.u16(at + 2, "TARGET PORT GROUP");
            descriptors.add(id, TargetPortGroup.decode(in, at, Math.min(next, in.size())));
            at = next;
        }
        return descriptors;
    }

    /** The group of that identifier. */
    public Optional<TargetPortGroup> group(int id) {
        return groups.stream().filter(group -> group.id() == id).findFirst();
    }
}
