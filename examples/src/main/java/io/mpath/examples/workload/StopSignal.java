package io.mpath.examples.workload;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks whatever runs to come to its end early. Any thread. */
public final class StopSignal {
    private final CountDownLatch latch = new CountDownLatch(1);

    /** Gives the signal. Giving it again does nothing. */
    public void stop() {
        latch.countDown();
    }

    /** Whether it was given. */
    public boolean stopped() {
        return latch.getCount() == 0;
    }

    /** Waits for it for that long, and tells whether it was given. */
    public boolean await(long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
