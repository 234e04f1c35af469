package io.mpath;

import io.mpath.path.PathCandidate;
import io.mpath.path.PathDescription;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which candidate paths are put under a multipath device. Decided from what is known without opening them, and what is left out
 * then is not touched; and once more when one that was opened says of what it leads to that it has one path only. What is left
 * out is listed with its reason, and may still be opened bare. Immutable.
 *
 * @param mode whether at all
 * @param includeOptedOut whether to admit kinds of device that their driver advises against
 * @param predicate the user's own choice among what the other two let through
 */
public record Admission(Mode mode, boolean includeOptedOut, Predicate<PathCandidate> predicate) {
    /** Checks that nothing is missing. */
    public Admission {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(predicate, "predicate");
    }

    /** Whether candidates are admitted at all (Linux: {@code nvme_core.multipath}, {@code scsi_multipath}). */
    public enum Mode {
        /** None. */
        OFF,
        /** Those that may be one path of several, as far as they say, and as far as what they lead to says. */
        CAPABLE,
        /** Also those that cannot have a second path. */
        ALWAYS
    }

    /** Capable candidates that no driver advises against. */
    public static Admission capable() {
        return new Admission(Mode.CAPABLE, false, candidate -> true);
    }

    /** This in another mode. */
    public Admission withMode(Mode value) {
        return new Admission(value, includeOptedOut, predicate);
    }

    /** This with opted-out kinds admitted, or not. */
    public Admission withOptedOut(boolean value) {
        return new Admission(mode, value, predicate);
    }

    /** This narrowed to what {@code value} accepts too. */
    public Admission and(Predicate<PathCandidate> value) {
        return new Admission(mode, includeOptedOut, predicate.and(value));
    }

    /** Why {@code candidate} is left out, or empty when it is admitted. Runs the user's predicate. */
    public Optional<String> refusal(PathCandidate candidate) {
        if (mode == Mode.OFF) {
            return Optional.of("multipath is off");
        }
        if (!includeOptedOut && candidate.optOut().isPresent()) {
            return candidate.optOut();
        }
        if (mode == Mode.CAPABLE && candidate.notCapable().isPresent()) {
            return candidate.notCapable();
        }
        return predicate.test(candidate) ? Optional.empty() : Optional.of("excluded by the user's predicate");
    }

    /** Why a candidate that was opened is left out, by what it leads to, or empty when it is admitted. */
    public Optional<String> refusal(PathDescription described) {
        return mode == Mode.CAPABLE ? described.notCapable() : Optional.empty();
    }
}
