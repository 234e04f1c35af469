package io.mpath;

/** Runs tasks on the control loop after a delay. Called on the loop only. */
@FunctionalInterface
public interface Timers {
    /**
     * Runs {@code task} on the control loop, {@code delayNanos} from now or a little later.
     *
     * @param delayNanos zero or more; {@link Long#MAX_VALUE} is never
     */
    Timer schedule(long delayNanos, Runnable task);

    /** A task that is to run. */
    @FunctionalInterface
    interface Timer {
        /** Keeps the task from running, unless it did. Called on the loop only. */
        void cancel();
    }
}
