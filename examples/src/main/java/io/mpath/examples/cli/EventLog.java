package io.mpath.examples.cli;

import io.mpath.observe.MultipathEvent;
import io.mpath.observe.MultipathListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The events of one run, the first ten thousand of them. Any thread. */
final class EventLog implements MultipathListener {
    private static final int MOST = 10_000;

    /**
     * An event, told in words only where it is shown: most happen while requests fail over, and words take longer than they do.
     *
     * @param atMillis since the beginning
     */
    record Entry(long atMillis, MultipathEvent event) {
        /** The path it happened to, if to one. */
        @Nullable
        String path() {
            return event instanceof MultipathEvent.PathEvent ofPath ? ofPath.path() : null;
        }

        String what() {
            return event.toString();
        }
    }

    private final long startNanos;
    private final List<Entry> entries = new ArrayList<>();

    EventLog(long startNanos) {
        this.startNanos = startNanos;
    }

    /** How long after the beginning {@code nanos} was, by the same clock. */
    long millisAt(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos - startNanos);
    }

    /** When it began. */
    long startNanos() {
        return startNanos;
    }

    @Override
    public void onEvent(MultipathEvent event) {
        var entry = new Entry(millisAt(event.atNanos()), event);
        synchronized (entries) {
            if (entries.size() < MOST) {
                entries.add(entry);
            }
        }
    }

    /** The entries from index {@code from} on. */
    List<Entry> since(int from) {
        synchronized (entries) {
            return List.copyOf(entries.subList(Math.min(from, entries.size()), entries.size()));
        }
    }
}
