package io.mpath.linux;

import io.mpath.MultipathException;
import io.mpath.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that sleeps in {@code poll} until the kernel announces something, a look is due, or somebody changes what is watched.
 * It runs while there are watchers, and is never interrupted.
 *
 * <p>Threading: {@code watchers} is changed, and {@code round} begun and ended, under the monitor; the descriptors of a round are
 * used by its thread, and the bell's also by whoever rings it, under the monitor.
 */
final class KernelWatch implements DeviceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(KernelWatch.class);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int BELL = 2 * POLLFD_BYTES;
    private static final int MEMORY_BYTES = 64;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static @Nullable KernelWatch machine;

    private final Syscalls syscalls;
    private final Ticker ticker;
    private final Consumer<Runnable> threads;
    private final List<Watching> watchers = new CopyOnWriteArrayList<>();
    private @Nullable Round round;

    /** @param threads runs the loop, which ends when nobody watches any more */
    KernelWatch(Syscalls syscalls, Ticker ticker, Consumer<Runnable> threads) {
        this.syscalls = syscalls;
        this.ticker = ticker;
        this.threads = threads;
    }

    /** Whoever is first without JNA is told so, and so is who comes next: hence no static initialiser. */
    static synchronized DeviceWatch system() {
        if (machine == null) {
            machine = new KernelWatch(Syscalls.system(), System::nanoTime, KernelWatch::startDaemon);
        }
        return machine;
    }

    private static void startDaemon(Runnable body) {
        Thread thread = new Thread(body, "mpath-devices");
        thread.setDaemon(true);
        thread.start();
    }

    private final class Watching implements Watch {
        private final Watcher watcher;
        private volatile long intervalNanos;
        private volatile long due;
        private volatile boolean closed;

        Watching(Watcher watcher, Duration interval) {
            this.watcher = watcher;
            set(interval);
        }

        private void set(Duration interval) {
            intervalNanos = (interval.compareTo(LONGEST) > 0 ? LONGEST : interval).toNanos();
            due = ticker.nanos() + intervalNanos;
        }

        @Override
        public void every(Duration interval) {
            set(interval);
            ring();
        }

        @Override
        public void close() {
            closed = true;
            synchronized (KernelWatch.this) {
                watchers.remove(this);
            }
            ring();
        }

        void look() {
            due = ticker.nanos() + intervalNanos;
            tell(Watcher::look);
        }

        void lost() {
            due = ticker.nanos() + intervalNanos;
            tell(Watcher::lost);
        }

        void tell(Consumer<Watcher> what) {
            if (closed) {
                return;
            }
            try {
                what.accept(watcher);
            } catch (RuntimeException | Error e) {
                LOG.error("a watcher of devices failed; it goes on watching", e);
            }
        }
    }

    @Override
    public synchronized Watch watch(Watcher watcher, Duration interval) {
        var watching = new Watching(watcher, interval);
        if (round == null) {
            Round begun = new Round();
            try {
                threads.accept(() -> run(begun));
            } catch (OutOfMemoryError e) {
                begun.close();
                throw new MultipathException("devices cannot be watched: no thread: " + e.getMessage(), e);
            }
            round = begun;
        }
        watchers.add(watching);
        ring();
        return watching;
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    private synchronized void ring() {
        if (round != null) {
            round.ring();
        }
    }

    /**
     * Nobody else would watch, or notice that nobody does: so the thread survives whatever it runs into, such as a lack of memory, and
     * also when that meets it once more while it makes good for the first.
     */
    private void run(Round mine) {
        Throwable failure = null;
        int failures = 0;
        while (stays(mine)) {
            try {
                if (failure != null) {
                    makeGood(failure, failures);
                    failure = null;
                }
                mine.step();
                failures = 0;
            } catch (RuntimeException | Error e) {
                failure = e;
                failures++;
            }
        }
    }

    /** What was announced may have been lost: it is looked for. */
    private void makeGood(Throwable failure, int failures) {
        if (failures > 1) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        LOG.error("hearing of devices failed; all are looked at, and they are watched on", failure);
        watchers.forEach(Watching::look);
    }

    private synchronized boolean stays(Round mine) {
        if (watchers.isEmpty()) {
            round = null;
            mine.close();
            return false;
        }
        return true;
    }

    /** What one life of the thread has open. */
    private final class Round {
        private final TransferMemory memory = new TransferMemory(syscalls, MEMORY_BYTES, 1);
        private final TransferMemory tone = new TransferMemory(syscalls, Long.BYTES, 1);
        private final int bell;
        private @Nullable UeventSocket socket;

        Round() {
            bell = syscalls.eventfd(0, EFD_CLOEXEC_NONBLOCK);
            if (bell < 0) {
                throw new MultipathException("devices cannot be watched: eventfd: " + Errno.describe(bell));
            }
            tone.buffer().putLong(0, 1);
            try {
                socket = UeventSocket.open(syscalls);
            } catch (MultipathException e) {
                LOG.warn("{}; devices are looked for at intervals instead", e.getMessage());
            }
        }

        void ring() {
            syscalls.write(bell, tone.address(), Long.BYTES);
        }

        void step() {
            put(0, bell);
            put(POLLFD_BYTES, socket == null ? -1 : socket.descriptor());
            int ready = syscalls.poll(memory.address(), 2, untilDue());
            if (ready > 0) {
                syscalls.read(bell, memory.address() + BELL, Long.BYTES);
                hear();
            }
            lookWhereDue();
        }

        private void put(int at, int descriptor) {
            memory.buffer().putInt(at, descriptor).putShort(at + POLLFD_EVENTS, POLLIN);
        }

        private int untilDue() {
            long now = ticker.nanos();
            long nanos = LONGEST.toNanos();
            for (Watching watching : watchers) {
                nanos = Math.min(nanos, watching.due - now);
            }
            // Rounded up, or the last millisecond before a look would be spent spinning.
            return (int) TimeUnit.NANOSECONDS.toMillis(Math.max(nanos, 0) + 999_999);
        }

        private void hear() {
            UeventSocket hearing = socket;
            if (hearing == null) {
                return;
            }
            switch (hearing.drain(uevent -> watchers.forEach(each -> each.tell(w -> w.happened(uevent))))) {
                case ALL -> {}
                case NOT_ALL -> {
                    LOG.warn("announcements of devices came too fast, and some were lost; asking all devices");
                    watchers.forEach(Watching::lost);
                }
                case NO_MORE -> {
                    LOG.warn("announcements of devices cannot be heard any more; devices are looked for at intervals");
                    hearing.close();
                    socket = null;
                    watchers.forEach(Watching::lost);
                }
            }
        }

        private void lookWhereDue() {
            for (Watching watching : watchers) {
                if (watching.due - ticker.nanos() <= 0) {
                    watching.look();
                }
            }
        }

        void close() {
            if (socket != null) {
                socket.close();
            }
            syscalls.close(bell);
        }
    }
}
