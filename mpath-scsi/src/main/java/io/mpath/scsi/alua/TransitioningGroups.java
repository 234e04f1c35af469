package io.mpath.scsi.alua;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Until when groups may be between two states, and which of them have been for longer. A group that left the state and entered
 * it again between two looks counts as one that never left it.
 *
 * <p>Threading: guarded by its owner.
 */
final class TransitioningGroups {
    /** Where the logical unit does not say how long its implicit transitions take (Linux {@code ALUA_FAILOVER_TIMEOUT}). */
    static final long DEFAULT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Map<Integer, Long> deadlines = new LinkedHashMap<>();
    private final Set<Integer> overdue = new HashSet<>();
    private long limitNanos = DEFAULT_NANOS;

    /** How long a group may be between two states. */
    long limitNanos() {
        return limitNanos;
    }

    /** A limit was told; another one than before counts from now on (Linux {@code alua_rtpg}). */
    void limit(long nanos, long now) {
        if (nanos != limitNanos) {
            limitNanos = nanos;
            deadlines.replaceAll((group, deadline) -> now + nanos);
        }
    }

    /** This one is between two states. */
    void begin(int group, long now) {
        if (!overdue.contains(group)) {
            deadlines.putIfAbsent(group, now + limitNanos);
        }
    }

    /** No others than these are between two states. */
    void retain(Set<Integer> groups) {
        deadlines.keySet().retainAll(groups);
        overdue.retainAll(groups);
    }

    /** How long until one of them will have taken too long; {@link Long#MAX_VALUE} when none is about to. */
    long nanosLeft(long now) {
        return deadlines.values().stream()
                .mapToLong(deadline -> Math.max(0, deadline - now))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** The groups that have taken too long and did not when this was called last. */
    Set<Integer> expire(long now) {
        Set<Integer> late = new HashSet<>();
        deadlines.forEach((group, deadline) -> {
            if (deadline - now <= 0) {
                late.add(group);
            }
        });
        deadlines.keySet().removeAll(late);
        overdue.addAll(late);
        return late;
    }

    /** Whether a group has been between two states for too long. */
    boolean overdue(int group) {
        return overdue.contains(group);
    }

    /** Whether a group is between two states, for however long. */
    boolean contains(int group) {
        return deadlines.containsKey(group) || overdue.contains(group);
    }

    boolean anyOverdue() {
        return !overdue.isEmpty();
    }
}
