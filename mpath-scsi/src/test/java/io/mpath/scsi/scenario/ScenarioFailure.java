package io.mpath.scsi.scenario;

/** A target does not do what a check expects of it. */
final class ScenarioFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScenarioFailure(String message) {
        super(message);
    }
}
