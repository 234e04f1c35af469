package io.mpath.sim;

import io.mpath.IoChannel;
import io.mpath.IoRequest;
import io.mpath.MultipathDevice;
import java.time.Duration;
import java.util.IdentityHashMap;

/**
 * The channels of one client. Its thread polls each of them for as long as there is something to wait for, less and less often
 * while nothing comes of it, and now and then closes one with requests under way.
 */
final class ClientChannels {
    private static final long SHORTEST_PAUSE = 10_000L;
    private static final long LONGEST_PAUSE = 2_000_000L;
    private static final int CLOSED_ONE_IN = 40;

    private final SimThread thread;
    private final SimRandom random;
    private final SimCoverage coverage;
    private final IdentityHashMap<MultipathDevice, Polled> open = new IdentityHashMap<>();
    private boolean submitting;

    ClientChannels(SimThread thread, SimRandom random, SimCoverage coverage) {
        this.thread = thread;
        this.random = random;
        this.coverage = coverage;
    }

    /** Whether the thread of the channels is preempted inside a submit: what the client does meanwhile is another thread's. */
    boolean submitting() {
        return submitting;
    }

    /** Unless {@link #submitting}. */
    void submit(MultipathDevice device, IoRequest request) {
        Polled polled = open.computeIfAbsent(device, Polled::new);
        submitting = true;
        try {
            polled.channel.submit(request);
        } finally {
            submitting = false;
        }
        polled.pollSoon();
        if (random.chance(1, CLOSED_ONE_IN)) {
            coverage.count(Passage.CHANNEL_CLOSED_EARLY.toString());
            open.remove(device);
            polled.channel.close();
        }
    }

    /** One channel, which is polled until it has nothing under way. */
    private final class Polled {
        private final IoChannel channel;
        private boolean toBePolled;
        private long pauseNanos = SHORTEST_PAUSE;

        Polled(MultipathDevice device) {
            this.channel = device.openChannel(random.chance(1, 4) ? 1 + random.nextInt(2) : 64);
        }

        void pollSoon() {
            if (!toBePolled) {
                toBePolled = true;
                thread.schedule(Duration.ofNanos(random.between(0, pauseNanos)), this::poll);
            }
        }

        private void poll() {
            toBePolled = false;
            if (submitting) {
                pollSoon();
                return;
            }
            pauseNanos = channel.poll() > 0 ? SHORTEST_PAUSE : Math.min(2 * pauseNanos, LONGEST_PAUSE);
            if (channel.inFlight() > 0) {
                pollSoon();
            }
        }
    }
}
