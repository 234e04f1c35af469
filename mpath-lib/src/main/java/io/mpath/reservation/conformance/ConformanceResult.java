package io.mpath.reservation.conformance;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What came of one scenario.
 *
 * @param scenario the scenario
 * @param status which of them it is
 * @param step the step at which it ended otherwise than by passing, counted from 1, or empty where it has none
 * @param detail why it did not pass: for a step what was found and what was expected; empty where it passed
 */
public record ConformanceResult(ConformanceScenario scenario, Status status, OptionalInt step, String detail) {
    /** How a scenario ends. */
    public enum Status {
        /** Everything was as demanded. */
        PASS,
        /** Something was not, or a defect that is listed as known is not there. */
        FAIL,
        /** It failed or hung, and that is listed as a {@link KnownDefect}. */
        KNOWN,
        /** The device does not have what it takes, or it is no rule for a device of its kind. */
        NOT_SUPPORTED,
        /** A command or an I/O was not answered in time. */
        TIMED_OUT,
        /** The suite had stopped before it. */
        NOT_RUN
    }

    /** Checks that nothing is null. */
    public ConformanceResult {
        Objects.requireNonNull(scenario, "scenario");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(detail, "detail");
    }

    /** One without a step. */
    ConformanceResult(ConformanceScenario scenario, Status status, String detail) {
        this(scenario, status, OptionalInt.empty(), detail);
    }

    /** Whether it says that the device is not as demanded, or leaves open whether it is. */
    public boolean bad() {
        return status == Status.FAIL || status == Status.TIMED_OUT || status == Status.NOT_RUN;
    }

    /** What it is when {@code defect} is listed as known. */
    ConformanceResult knowing(KnownDefect defect) {
        return switch (status) {
            case PASS -> new ConformanceResult(scenario, Status.FAIL, "listed, but passes: " + defect.reason());
            case FAIL, TIMED_OUT ->
                new ConformanceResult(scenario, Status.KNOWN, step, defect.reason() + ": " + detail);
            case KNOWN, NOT_SUPPORTED, NOT_RUN -> this;
        };
    }
}
