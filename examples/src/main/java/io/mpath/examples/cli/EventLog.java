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
     * An event.
     *
     * @param atMillis since the beginning
     * @param path the path it happened to, if to one
     */
    record Entry(long atMillis, @Nullable String path, String what) {}

    private final long startNanos;
    private final List<Entry> entries = new ArrayList<>();

    EventLog(long startNanos) {
        this.startNanos = startNanos;
    }

    /** When it began. */
    long startNanos() {
        return startNanos;
    }

    @Override
    public void onEvent(MultipathEvent event) {
        String path = event instanceof MultipathEvent.PathEvent ofPath ? ofPath.path() : null;
        var entry = new Entry(TimeUnit.NANOSECONDS.toMillis(event.atNanos() - startNanos), path, event.toString());
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
