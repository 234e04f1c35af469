package io.mpath.nvme.ana;

import io.mpath.nvme.command.AnaGroup;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Since when groups have been in change state, and which of them for too long: twice the controller's ANATT, as Linux allows
 * (it keeps one time for the whole controller). A group that left the state and entered it again between two reads counts as
 * one that never left it.
 *
 * <p>Threading: the control loop's.
 */
final class ChangingGroups {
    /** Where the controller does not say: what the kernel's own target says. */
    private static final int DEFAULT_ANATT_SECONDS = 10;

    private final long limitNanos;
    // In the order in which they began, which is that in which they will have taken too long.
    private final Map<Long, Long> since = new LinkedHashMap<>();
    private final Set<Long> overdue = new HashSet<>();

    ChangingGroups(int anattSeconds) {
        limitNanos = TimeUnit.SECONDS.toNanos(2L * (anattSeconds == 0 ? DEFAULT_ANATT_SECONDS : anattSeconds));
    }

    /** How long a group may be in change state. */
    long limitNanos() {
        return limitNanos;
    }

    /** These are in change state now, and no others. */
    void update(List<AnaGroup> changing, long now) {
        Set<Long> ids = new LinkedHashSet<>();
        changing.forEach(group -> ids.add(group.id()));
        since.keySet().retainAll(ids);
        overdue.retainAll(ids);
        for (Long id : ids) {
            if (!overdue.contains(id)) {
                since.putIfAbsent(id, now);
            }
        }
    }

    /** Nothing is known of any group. */
    void clear() {
        since.clear();
        overdue.clear();
    }

    /** How long until one of them will have taken too long; {@link Long#MAX_VALUE} when none is about to. */
    long nanosLeft(long now) {
        return since.isEmpty()
                ? Long.MAX_VALUE
                : Math.max(0, limitNanos - (now - since.values().iterator().next()));
    }

    /** The groups that have taken too long and did not when this was called last. */
    Set<Long> expire(long now) {
        Set<Long> late = new LinkedHashSet<>();
        for (var each : since.entrySet()) {
            if (now - each.getValue() < limitNanos) {
                break;
            }
            late.add(each.getKey());
        }
        since.keySet().removeAll(late);
        overdue.addAll(late);
        return late;
    }

    /** Whether a group has been in change state for too long. */
    boolean overdue(long group) {
        return overdue.contains(group);
    }

    boolean anyOverdue() {
        return !overdue.isEmpty();
    }
}
