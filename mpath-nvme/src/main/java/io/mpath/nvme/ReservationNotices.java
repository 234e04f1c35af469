package io.mpath.nvme;

import io.mpath.MultipathException;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.ReservationNotification;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a controller has to tell of reservations, when it says that there is something (NVMe Base 2.1 5.1.12.1.32).
 * That has to be read whether it is of interest or not: until it is, the controller says no more.
 *
 * <p>Threading: any thread; one at a time reads, and once more if the controller said so meanwhile.
 */
final class ReservationNotices {
    private static final Logger LOG = LoggerFactory.getLogger(ReservationNotices.class);

    /** Of one reading: a controller that goes on for ever is not listened to for ever. */
    private static final int MOST_NOTIFICATIONS = 1024;

    private final NvmeTransport transport;
    private final Duration timeout;
    private final Reader reader;
    private final AtomicBoolean unread = new AtomicBoolean();
    private final AtomicBoolean reading = new AtomicBoolean();
    /** Of who reads. */
    private boolean troubleTold;

    /** Told of what was read. */
    @FunctionalInterface
    interface Reader {
        /** Something happened to the reservations of the namespaces of these numbers. */
        void changed(LongPredicate namespaces);
    }

    ReservationNotices(NvmeTransport transport, Duration timeout, Reader reader) {
        this.transport = transport;
        this.timeout = timeout;
        this.reader = reader;
    }

    /**
     * The controller has something.
     *
     * @param blocking where it is read; where it gives null, nowhere until {@link #canRead}
     */
    void available(Supplier<@Nullable Executor> blocking) {
        // Before the look: where it finds no place to read at, who makes one finds that there is something.
        unread.set(true);
        Executor where = blocking.get();
        if (where != null) {
            canRead(where);
        }
    }

    /** There is a place to read at, where there may have been none. */
    void canRead(Executor blocking) {
        if (unread.get() && reading.compareAndSet(false, true)) {
            blocking.execute(this::readAll);
        }
    }

    private void readAll() {
        do {
            while (unread.compareAndSet(true, false)) {
                read();
            }
            reading.set(false);
        } while (unread.get() && reading.compareAndSet(false, true));
    }

    private void read() {
        Set<Long> changed = new HashSet<>();
        try {
            for (int i = 0; i < MOST_NOTIFICATIONS; i++) {
                var notification = ReservationNotification.decode(transport
                        .admin(GetLogPage.reservationNotification(), null, timeout)
                        .data());
                if (notification.kind() == ReservationNotification.Kind.NONE) {
                    break;
                }
                changed.add(notification.nsid());
            }
            troubleTold = false;
            // Where there is nothing, somebody else on this host may have read it.
            reader.changed(changed.isEmpty() ? nsid -> true : changed::contains);
        } catch (MultipathException e) {
            if (!troubleTold) {
                troubleTold = true;
                LOG.warn(
                        "{}: its log of reservation notifications cannot be read, reservations of all its namespaces are: {}",
                        transport.port(),
                        e.getMessage());
            }
            reader.changed(nsid -> true);
        }
    }
}
