package io.mpath.reservation.conformance;

import java.util.Objects;

/**
 * A scenario that a target is known to fail, for a reason that is the target's.
 *
 * @param scenario the scenario's {@link ConformanceScenario#id id}
 * @param reason what is wrong with the target, one line for an operator
 */
public record KnownDefect(String scenario, String reason) {
    /** Checks that nothing is null. */
    public KnownDefect {
        Objects.requireNonNull(scenario, "scenario");
        Objects.requireNonNull(reason, "reason");
    }
}
