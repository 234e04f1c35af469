package io.mpath.nvme.ana;

import io.mpath.nvme.command.AnaGroup;
import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.AnaState;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sound log by namespace: which group each is in. All lists of the log as one ascending array, so that one walk along it
 * and along the members finds every member's group, however many groups there are.
 *
 * <p>Threading: immutable. Made where the log was read, because a log may list a million namespaces.
 */
final class AnaTable {
    /** NAGD has 16 bits. */
    private static final int GROUP_BITS = 16;

    private final long changeCount;
    private final List<AnaGroup> groups;
    // The namespace above the index of its group.
    private final long[] namespaces;

    private AnaTable(long changeCount, List<AnaGroup> groups, long[] namespaces) {
        this.changeCount = changeCount;
        this.groups = groups;
        this.namespaces = namespaces;
    }

    static AnaTable of(AnaLog log) {
        List<AnaGroup> groups = log.groups();
        long[] namespaces = new long
                [groups.stream().mapToInt(group -> group.namespaces().size()).reduce(0, Math::addExact)];
        int next = 0;
        for (int index = 0; index < groups.size(); index++) {
            var listed = groups.get(index).namespaces();
            for (int i = 0; i < listed.size(); i++) {
                namespaces[next++] = listed.get(i) << GROUP_BITS | index;
            }
        }
        Arrays.sort(namespaces);
        return new AnaTable(log.changeCount(), groups, namespaces);
    }

    long changeCount() {
        return changeCount;
    }

    /** The groups that are between two states. */
    List<AnaGroup> changing() {
        return groups.stream().filter(group -> group.state() == AnaState.CHANGE).toList();
    }

    /** The group of one namespace, or null when the log does not list it. */
    @Nullable
    AnaGroup find(long nsid) {
        int at = Arrays.binarySearch(namespaces, nsid << GROUP_BITS);
        return at(at < 0 ? -1 - at : at, nsid);
    }

    /** Finds the groups of ascending namespaces. */
    Walk walk() {
        return new Walk();
    }

    private @Nullable AnaGroup at(int position, long nsid) {
        return position < namespaces.length && nsid(position) == nsid
                ? groups.get((int) (namespaces[position] & (1 << GROUP_BITS) - 1))
                : null;
    }

    private long nsid(int position) {
        return namespaces[position] >>> GROUP_BITS;
    }

    /** One walk along the table. */
    final class Walk {
        private int position;

        /** The group of {@code nsid}, which is not below the one before; null when the log does not list it. */
        @Nullable
        AnaGroup find(long nsid) {
            while (position < namespaces.length && nsid(position) < nsid) {
                position++;
            }
            return at(position, nsid);
        }
    }
}
