package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The Asymmetric Namespace Access log page (log page 0Ch; NVMe Base 2.1 5.1.12.1.13): the access state of every namespace at
 * one controller.
 *
 * @param changeCount CHGC: moves with every change in the log; 64 bits that wrap, to be compared for equality only
 * @param groups by ascending identifier
 */
public record AnaLog(long changeCount, List<AnaGroup> groups) {
    static final String PAGE = "Asymmetric Namespace Access log page";

    /** Keeps its own list. */
    public AnaLog {
        groups = List.copyOf(groups);
    }

    /**
     * Reads a log that was received whole; what follows its last descriptor is not looked at. Longer ones come through {@link
     * AnaLogAssembly}.
     *
     * @param maxGroupId the controller's ANAGRPMAX
     * @throws io.mpath.PageFormatException when a descriptor runs past the end, is of no group that can be, or out of order; a
     *     state means nothing; or a namespace is in two groups, so that its state is anybody's guess
     */
    public static AnaLog decode(ByteBuffer page, long maxGroupId) {
        PageReader in = PageReader.littleEndian(PAGE, page);
        AnaLogHeader header = AnaLogHeader.decode(in);
        List<AnaGroup> groups = new ArrayList<>();
        long at = AnaLogHeader.BYTES;
        long previous = 0;
        for (int i = 0; i < header.groupCount(); i++) {
            AnaGroup group = AnaGroup.decode(in, at);
            if (group.id() <= previous || group.id() > maxGroupId) {
                throw in.error(
                        at,
                        "AGID",
                        "group " + group.id() + " is out of order behind " + previous + ", or above ANAGRPMAX "
                                + maxGroupId);
            }
            groups.add(group);
            previous = group.id();
            at = AnaGroup.end(in, at);
        }
        requireOneGroupEach(in, groups);
        return new AnaLog(header.changeCount(), groups);
    }

    private static void requireOneGroupEach(PageReader in, List<AnaGroup> groups) {
        long[] all = groups.stream()
                .flatMapToLong(group -> group.namespaces().stream())
                .sorted()
                .toArray();
        for (int i = 1; i < all.length; i++) {
            if (all[i] == all[i - 1]) {
                throw in.error(AnaLogHeader.BYTES, "NSID", "namespace " + all[i] + " is in two groups");
            }
        }
    }
}
