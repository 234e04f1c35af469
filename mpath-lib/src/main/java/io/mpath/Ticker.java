package io.mpath;

/** Monotonic time. Read by any thread. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some fixed moment; only differences mean anything, and never run backwards. */
    long nanos();
}
