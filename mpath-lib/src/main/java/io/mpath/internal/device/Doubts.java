package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceId;
import io.mpath.Ticker;
import io.mpath.observe.UnfencedRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/**
 * The ranges of one logical unit that are in doubt, for all registries of this process that have it open at once or one after
 * the other: a device that is closed leaves its doubts to the next one of the same identity and clock.
 *
 * <p>Threading: control loops change it under its lock, off the hot path. {@link #any} is a volatile read: it is raised before
 * the outcome of the lost request is told and before its slot is given back, and read by submitters after they published their
 * own range. So who does not find the lost request's range in its slot finds this raised.
 */
final class Doubts {
    private static final Map<Ticker, Map<DeviceId, Doubts>> BY_CLOCK = new WeakHashMap<>();

    private final List<Doubt> doubts = new ArrayList<>();
    private int users;
    private int unheld;
    private volatile boolean any;

    private Doubts() {}

    /** Those of {@code id}, for one more user. */
    static Doubts open(Ticker clock, DeviceId id) {
        synchronized (BY_CLOCK) {
            Map<DeviceId, Doubts> all = BY_CLOCK.computeIfAbsent(clock, key -> new HashMap<>());
            long now = clock.nanos();
            all.values().removeIf(left -> left.users == 0 && left.isSettled(now));
            Doubts doubts = all.computeIfAbsent(id, key -> new Doubts());
            doubts.users++;
            return doubts;
        }
    }

    /** One user less. */
    void close(Ticker clock, DeviceId id) {
        synchronized (BY_CLOCK) {
            users--;
            if (users == 0 && isSettled(clock.nanos())) {
                Map<DeviceId, Doubts> all = BY_CLOCK.get(clock);
                if (all != null) {
                    all.remove(id, this);
                }
            }
        }
    }

    /** Whether submitters of changes must ask the control loop: some doubt is not represented by a request in its slot. */
    boolean any() {
        return any;
    }

    private boolean isSettled(long now) {
        settle(now);
        return list().isEmpty();
    }

    synchronized void add(Doubt doubt) {
        doubts.add(doubt);
        doubt.listed = true;
        unheld(doubt.held() == null ? 1 : 0);
    }

    /** Changes {@code doubt} as {@code change} does. */
    synchronized void change(Doubt doubt, Consumer<Doubt> change) {
        boolean wasHeld = doubt.held() != null;
        change.accept(doubt);
        if (wasHeld && doubt.held() == null && doubt.listed) {
            unheld(1);
        }
    }

    /** Drops those that are over by {@code now}. */
    synchronized void settle(long now) {
        doubts.removeIf(doubt -> {
            if (!doubt.over(now)) {
                return false;
            }
            doubt.listed = false;
            unheld(doubt.held() == null ? -1 : 0);
            return true;
        });
    }

    /** Those that are left. */
    synchronized ImmutableList<Doubt> list() {
        return ImmutableList.copyOf(doubts);
    }

    private void unheld(int more) {
        unheld += more;
        any = unheld > 0;
    }

    /** Whether {@code doubt} is one of them. */
    synchronized boolean has(Doubt doubt) {
        return doubt.listed;
    }

    /** Whatever was lost, somebody knows that it is given up. */
    synchronized void resolveAll() {
        doubts.forEach(Doubt::resolve);
    }

    synchronized ImmutableList<UnfencedRange> describe(long now) {
        return doubts.stream()
                .filter(doubt -> !doubt.over(now))
                .map(doubt -> doubt.describe(now))
                .collect(ImmutableList.toImmutableList());
    }
}
