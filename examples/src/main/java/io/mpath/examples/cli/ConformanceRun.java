package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.MultipathException;
import io.mpath.reservation.conformance.ConformanceReport;
import io.mpath.reservation.conformance.ConformanceSuite;
import io.mpath.reservation.conformance.ConformanceTarget;
import io.mpath.reservation.conformance.Nexus;
import io.mpath.reservation.conformance.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** One run of {@code mpath reserve conformance}: a device, reached by this host and by another one. */
final class ConformanceRun implements AutoCloseable {
    private static final String THIS_HOST = "this host";
    private static final String OTHER_HOST = "the other host";

    // Two of this host show what paths are to one another, and more show nothing more.
    private static final int MOST_OWN = 2;

    private final List<TestedPath> own = new ArrayList<>();
    private final TestedPath other;
    private final ConformanceArguments how;

    /**
     * Opens the device.
     *
     * @param own paths of this host
     * @throws UsageException when one of them cannot be opened, leads elsewhere than the others, or has no reservations
     */
    ConformanceRun(List<FoundPath> own, FoundPath other, ConformanceArguments how) {
        this.how = how;
        this.other = TestedPath.open(other.candidate());
        try {
            for (FoundPath path : own.subList(0, Math.min(MOST_OWN, own.size()))) {
                this.own.add(TestedPath.open(path.candidate()));
            }
            this.own.forEach(this.other::requireSameDevice);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    DeviceId id() {
        return other.id();
    }

    /** @throws MultipathException when the device cannot be read before anything is tried */
    ConformanceReport run() {
        List<Nexus> nexuses = new ArrayList<>();
        own.forEach(path -> nexuses.add(path.nexus(THIS_HOST)));
        nexuses.add(other.nexus(OTHER_HOST));
        var target = new ConformanceTarget(
                id().toString(),
                nexuses,
                blocking(),
                how.timeout,
                Waiting.inRealTime(),
                !how.noAbort,
                how.knownTarget.defects());
        return ConformanceSuite.run(target, result -> {});
    }

    /** A thread for each question: one that is never answered keeps its own. */
    private static Executor blocking() {
        return task -> {
            var thread = new Thread(task, "mpath-conformance");
            thread.setDaemon(true);
            thread.start();
        };
    }

    @Override
    public void close() {
        own.forEach(TestedPath::close);
        other.close();
    }
}
