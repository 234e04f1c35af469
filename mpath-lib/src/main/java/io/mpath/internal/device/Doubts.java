package io.mpath.internal.device;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import com.google.common.collect.TreeRangeSet;
import io.mpath.DeviceId;
import io.mpath.Ticker;
import io.mpath.observe.UnfencedRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of one logical unit that are in doubt, for all registries of this process that have it open at once or one after
 * the other: a device that is closed leaves its doubts to the next one of the same identity and clock.
 *
 * <p>Threading: control loops change it under its lock, off the hot path. {@link #touches} is a volatile read: what it looks at is
 * published before the outcome of the lost request is told and before its slot is given back, and read by submitters after they
 * published their own range. So who does not find the lost request's range in its slot finds it here.
 */
final class Doubts {
    private static final Map<Ticker, Book> BY_CLOCK = new WeakHashMap<>();
    private static final long[] NONE = {};
    private static final long[] ALL = {Long.MIN_VALUE, Long.MAX_VALUE};
    private static final int MOST_PUBLISHED = 1024;

    /** Those of one clock, by their logical unit. */
    private static final class Book {
        private final Map<DeviceId, Doubts> byId = new HashMap<>();

        /** How many of them have no user. */
        private int left;
    }

    private final Book book;
    private final DeviceId id;
    private final List<Doubt> doubts = new ArrayList<>();

    /** What is published of them; null until there is something. */
    private @Nullable TreeRangeSet<Long> ranges;

    private int users;
    private int senders;

    private volatile boolean shared;

    /** Whether they have no user, but are not over. */
    private boolean left;

    /** Disjoint ranges in their order, each as where it starts and where it ends. */
    private volatile long[] published = NONE;

    private Doubts(Book book, DeviceId id) {
        this.book = book;
        this.id = id;
    }

    /** Those of {@code id}, for one more device, which sends until {@link #stopSending} and is a user until {@link #close}. */
    static Doubts open(Ticker clock, DeviceId id) {
        synchronized (BY_CLOCK) {
            Book book = BY_CLOCK.computeIfAbsent(clock, key -> new Book());
            Doubts doubts = book.byId.computeIfAbsent(id, key -> new Doubts(book, id));
            if (book.left > 0) {
                long now = clock.nanos();
                book.byId.values().removeIf(other -> other != doubts && other.left && other.isSettled(now));
                doubts.left = false;
                book.left = (int)
                        book.byId.values().stream().filter(other -> other.left).count();
            }
            doubts.users++;
            doubts.sendersChange(1);
            return doubts;
        }
    }

    /** One device less that sends. */
    void stopSending() {
        sendersChange(-1);
    }

    private synchronized void sendersChange(int more) {
        senders += more;
        shared = senders > 1;
        if (senders > 1) {
            doubts.forEach(Doubt::share);
        }
        publishAnew();
    }

    /** One user less. The last one leaves what is in doubt to the next one, if there is such. */
    void close(long now) {
        synchronized (BY_CLOCK) {
            users--;
            if (users == 0) {
                leave(now);
            }
        }
    }

    private void leave(long now) {
        if (isSettled(now)) {
            book.byId.remove(id, this);
        } else if (!left) {
            left = true;
            book.left++;
        }
    }

    private boolean isSettled(long now) {
        settle(now);
        return list().isEmpty();
    }

    /** Whether some range in doubt, other than that of a request in its slot, overlaps. */
    boolean touches(long from, long to) {
        long[] all = published;
        if (all.length == 0) {
            return false;
        }
        int low = 0;
        int high = all.length / 2;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all[2 * middle + 1] <= from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < all.length / 2 && all[2 * low] < to;
    }

    /** As {@link #touches}, but of that range itself also where so many are in doubt that the whole device is published. */
    boolean holds(long from, long to) {
        if (!touches(from, to)) {
            return false;
        }
        synchronized (this) {
            return ranges != null && ranges.intersects(Range.closedOpen(from, to));
        }
    }

    /** As {@link #holds}, where another registry of this process sends to the logical unit, too; else false. */
    boolean sharedHolds(long from, long to) {
        return shared && holds(from, to);
    }

    /** One more, also behind the end of its last user: the next one is to find it. */
    void add(Doubt doubt, long now) {
        synchronized (BY_CLOCK) {
            Doubts heir = users > 0 ? this : book.byId.computeIfAbsent(id, key -> this);
            heir.list(doubt);
            if (users == 0 && heir == this) {
                leave(now);
            }
        }
    }

    private synchronized void list(Doubt doubt) {
        doubts.add(doubt);
        doubt.listed = true;
        if (senders > 1) {
            doubt.share();
        }
        if (mustBePublished(doubt)) {
            unite(doubt);
            publish();
        }
    }

    private void unite(Doubt doubt) {
        if (ranges == null) {
            ranges = TreeRangeSet.create();
        }
        ranges.add(doubt.range());
    }

    /** A held request in its slot stands for its range, but not for who sends from another registry. */
    private boolean mustBePublished(Doubt doubt) {
        return doubt.held() == null || senders > 1;
    }

    /** Changes {@code doubt} as {@code change} does. */
    synchronized void change(Doubt doubt, Consumer<Doubt> change) {
        boolean wasPublished = mustBePublished(doubt);
        change.accept(doubt);
        if (!wasPublished && doubt.listed && mustBePublished(doubt)) {
            unite(doubt);
            publish();
        }
    }

    /** Drops those that are over by {@code now}. */
    synchronized void settle(long now) {
        boolean anyOver = doubts.removeIf(doubt -> {
            boolean over = doubt.over(now);
            doubt.listed &= !over;
            return over;
        });
        if (anyOver) {
            publishAnew();
        }
    }

    private synchronized void publishAnew() {
        ranges = null;
        for (Doubt doubt : doubts) {
            if (mustBePublished(doubt)) {
                unite(doubt);
            }
        }
        publish();
    }

    /** So many that copying them each time would cost more than their precision wins are published as the whole device. */
    private void publish() {
        if (ranges == null) {
            published = NONE;
            return;
        }
        var disjoint = ranges.asRanges();
        if (disjoint.size() > MOST_PUBLISHED) {
            published = ALL;
            return;
        }
        long[] all = new long[2 * disjoint.size()];
        int at = 0;
        for (Range<Long> range : disjoint) {
            all[at++] = range.lowerEndpoint();
            all[at++] = range.upperEndpoint();
        }
        published = all;
    }

    /** Those that are left. */
    synchronized ImmutableList<Doubt> list() {
        return ImmutableList.copyOf(doubts);
    }

    /** Whether none is left. */
    synchronized boolean isEmpty() {
        return doubts.isEmpty();
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
                .filter(doubt -> !doubt.over(now) && !doubt.isOfAReplay())
                .map(doubt -> doubt.describe(now))
                .collect(ImmutableList.toImmutableList());
    }
}
