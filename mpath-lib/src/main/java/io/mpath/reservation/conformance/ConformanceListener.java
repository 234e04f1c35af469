package io.mpath.reservation.conformance;

/** Told how a suite gets on, by the thread that runs it. */
@FunctionalInterface
public interface ConformanceListener {
    /** A scenario begins. */
    default void began(ConformanceScenario scenario) {}

    /** It has ended. */
    void ended(ConformanceResult result);
}
