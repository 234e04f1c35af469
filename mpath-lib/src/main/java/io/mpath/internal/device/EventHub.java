package io.mpath.internal.device;

import io.mpath.observe.MultipathEvent;
import io.mpath.observe.MultipathListener;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to the log and to listeners, one at a time and in order, on the completion executor: the control loop runs
 * neither.
 *
 * <p>Threading: any thread emits, in practice the control loop; a lock guards the queue, and is not held while events are told.
 */
final class EventHub {
    private static final Logger LOG = LoggerFactory.getLogger("io.mpath.events");
    private static final int MAX_PENDING = 65_536;
    /** The executor may wait for more before it wakes a thread: it is asked anew by so many events. */
    private static final int ASKED_ANEW = 256;

    private final Executor completions;
    private final List<MultipathListener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<MultipathEvent> pending = new ArrayDeque<>();
    private boolean handedIn;
    private boolean telling;
    private long dropped;

    /** Tells events on {@code completions}. */
    EventHub(Executor completions) {
        this.completions = completions;
    }

    /** Tells {@code listener} every later event; the result stops that. */
    Runnable listen(MultipathListener listener) {
        // A wrapper of its own, so that one listener given twice is told twice, and each stop ends one of the two.
        MultipathListener registered = event -> listener.onEvent(event);
        listeners.add(registered);
        return () -> listeners.remove(registered);
    }

    /** Something happened. */
    void emit(MultipathEvent event) {
        synchronized (pending) {
            if (pending.size() >= MAX_PENDING) {
                pending.poll();
                dropped++;
            }
            pending.add(event);
            if (telling || (handedIn && pending.size() % ASKED_ANEW != 0)) {
                return;
            }
            handedIn = true;
        }
        completions.execute(this::tellAll);
    }

    private void tellAll() {
        synchronized (pending) {
            handedIn = false;
            if (telling) {
                return;
            }
            telling = true;
        }
        for (MultipathEvent event = next(); event != null; event = next()) {
            LOG.info("{}", event);
            for (MultipathListener listener : listeners) {
                try {
                    listener.onEvent(event);
                } catch (Throwable t) {
                    LOG.error("a listener failed at: {}", event, t);
                }
            }
        }
    }

    private @Nullable MultipathEvent next() {
        long lost;
        MultipathEvent event;
        synchronized (pending) {
            lost = dropped;
            dropped = 0;
            event = pending.poll();
            telling = event != null;
        }
        if (lost > 0) {
            LOG.warn("{} events were dropped: they came faster than the listeners took them", lost);
        }
        return event;
    }
}
