package io.mpath.examples.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code mpath reserve conformance} is told besides the device. */
final class ConformanceArguments {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--other",
            paramLabel = "NODE",
            description =
                    "With conformance: a path of the same device from another host: of another initiator (SCSI), connected with"
                            + " another host identifier (NVMe).")
    @Nullable
    Path other;

    @Option(
            names = "--destroy-reservations",
            description =
                    "With conformance: every registration and reservation of the device may be removed, all hosts'.")
    boolean destroyReservations;

    @Option(
            names = "--known-defects",
            paramLabel = "TARGET",
            converter = Converters.Target.class,
            description =
                    "With conformance: what is known to be wrong in that target is no failure: lio or nvmet, Linux's for SCSI and for NVMe.")
    KnownTarget knownTarget = KnownTarget.NONE;

    @Option(
            names = "--no-abort",
            description =
                    "With conformance: without PREEMPT AND ABORT, which hangs Linux's SCSI target for good behind tcm_loop.")
    boolean noAbort;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "With conformance: how long one command may take; by default 10s.")
    Duration timeout = DEFAULT_TIMEOUT;

    /** Whether any of them is given that has a meaning with conformance only. */
    boolean given() {
        return other != null
                || destroyReservations
                || knownTarget != KnownTarget.NONE
                || noAbort
                || !timeout.equals(DEFAULT_TIMEOUT);
    }
}
