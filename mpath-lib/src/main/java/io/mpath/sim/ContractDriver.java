package io.mpath.sim;

import io.mpath.Environment;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** How {@link DevicePathContract} lets time pass: by stepping a world, or by waiting for real threads. */
public interface ContractDriver {
    /** What the paths are given time and threads of. */
    Environment environment();

    /** Lets time pass until {@code condition} holds, for up to {@code limit}. @return whether it holds */
    boolean await(BooleanSupplier condition, Duration limit);

    /** Steps {@code world}. */
    static ContractDriver in(SimWorld world) {
        return new ContractDriver() {
            @Override
            public Environment environment() {
                return world.environment();
            }

            @Override
            public boolean await(BooleanSupplier condition, Duration limit) {
                return world.runUntil(condition, limit);
            }
        };
    }

    /** Waits for the threads of {@code environment}, which stays the caller's to stop. */
    static ContractDriver inRealTime(Environment environment) {
        return new ContractDriver() {
            private static final long POLL_NANOS = 1_000_000;

            @Override
            public Environment environment() {
                return environment;
            }

            @Override
            public boolean await(BooleanSupplier condition, Duration limit) {
                long start = environment.ticker().nanos();
                while (!condition.getAsBoolean()) {
                    if (environment.ticker().nanos() - start > limit.toNanos()) {
                        return condition.getAsBoolean();
                    }
                    pause();
                }
                return true;
            }

            private void pause() {
                var over = new CountDownLatch(1);
                environment.loop().execute(() -> environment.timers().schedule(POLL_NANOS, over::countDown));
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while a path was being checked", e);
                }
            }
        };
    }
}
