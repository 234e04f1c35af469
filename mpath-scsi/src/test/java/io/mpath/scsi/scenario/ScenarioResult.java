package io.mpath.scsi.scenario;

/**
 * How one check came out.
 *
 * @param check its name
 * @param clause what it is about
 * @param outcome how
 * @param finding what was found; empty when it passed
 */
public record ScenarioResult(String check, String clause, Outcome outcome, String finding) {
    /** How a check can come out. */
    public enum Outcome {
        /** As the clause has it. */
        PASSED,
        /** Not as the clause has it, and not known to differ so; or skipped, and not known to lack what it is about. */
        FAILED,
        /** Not as the clause has it, as {@link ExpectedDifferences} says. */
        DIFFERS,
        /** {@link ExpectedDifferences} says that this target differs, or has nothing to check, and it is not so. */
        NO_LONGER_DIFFERS,
        /** The target does not have what it is about. */
        SKIPPED
    }

    /** Whether somebody has to look at it. */
    public boolean bad() {
        return outcome == Outcome.FAILED || outcome == Outcome.NO_LONGER_DIFFERS;
    }

    @Override
    public String toString() {
        return outcome + " " + check + " (" + clause + ")" + (finding.isEmpty() ? "" : ": " + finding);
    }
}
