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
    private static final Map<Ticker, Book> BY_CLOCK = new WeakHashMap<>();

    /** Those of one clock. */
    private static final class Book {
        private final Map<DeviceId, Doubts> byId = new HashMap<>();

        /** How many of them have no user. */
        private int left;
    }

    private final List<Doubt> doubts = new ArrayList<>();
    private int users;

    /** Whether they have no user, but are not over. */
    private boolean left;

    private int unheld;
    private volatile boolean any;

    private Doubts() {}

    /** Those of {@code id}, for one more user. */
    static Doubts open(Ticker clock, DeviceId id) {
        synchronized (BY_CLOCK) {
            Book book = BY_CLOCK.computeIfAbsent(clock, key -> new Book());
            Doubts doubts = book.byId.computeIfAbsent(id, key -> new Doubts());
            if (book.left > 0) {
                long now = clock.nanos();
                book.byId.values().removeIf(other -> other != doubts && other.left && other.isSettled(now));
                doubts.left = false;
                book.left = (int)
                        book.byId.values().stream().filter(other -> other.left).count();
            }
            doubts.users++;
            return doubts;
        }
    }

    /** One user less. The last one leaves what is in doubt to the next one, if there is such. */
    void close(Ticker clock, DeviceId id) {
        synchronized (BY_CLOCK) {
            users--;
            Book book = BY_CLOCK.get(clock);
            if (users > 0 || book == null) {
                return;
            }
            if (isSettled(clock.nanos())) {
                book.byId.remove(id);
            } else {
                left = true;
                book.left++;
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
        assert unheld >= 0 : "fewer doubts than none";
        any = unheld > 0;
    }

    /** Whether {@code doubt} is one of them. */
    synchronized boolean has(Doubt doubt) {
        return doubt.listed;
    }

    /** Whatever was lost, somebody knows that it is given up. */
    synchronized void assumeFenced() {
        doubts.forEach(Doubt::assumeFenced);
    }

    synchronized ImmutableList<UnfencedRange> describe(long now) {
        return doubts.stream()
                .filter(doubt -> !doubt.over(now))
                .map(doubt -> doubt.describe(now))
                .collect(ImmutableList.toImmutableList());
    }
}
