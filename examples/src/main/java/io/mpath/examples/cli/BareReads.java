package io.mpath.examples.cli;

import io.mpath.BlockDevice;
import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.examples.workload.StopSignal;
import io.mpath.examples.workload.Workload;
import io.mpath.examples.workload.WorkloadResult;
import io.mpath.observe.JsonWriter;
import io.mpath.path.PathCandidate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The reads of {@code mpath io} on one path with no layer in between, which a device of several paths is compared with; see
 * {@code examples/lab/compare-bare}. It takes the same options.
 */
@Command(name = "bare-reads", mixinStandardHelpOptions = true, sortOptions = false)
public final class BareReads implements Callable<Integer> {
    private static final double NANOS_PER_SECOND = 1e9;

    @Mixin
    PathArguments paths = new PathArguments();

    @Mixin
    WorkloadOptions workload = new WorkloadOptions();

    private BareReads() {}

    /** Runs it; what it found is one JSON document on standard output. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new BareReads()).execute(arguments));
    }

    @Override
    public Integer call() {
        workload.requireSense();
        if (workload.mode.writes() || paths.nodes.size() != 1) {
            throw new UsageException("one path is read: give one --path, and no --rw that writes");
        }
        try (Multipath registry = Multipath.create();
                BlockDevice device = registry.openBare(candidate(paths.nodes.get(0)))) {
            WorkloadResult result = new Workload(device, workload.spec(device.geometry()), new StopSignal()).run();
            System.out.print(toJson(result));
            return result.clean() ? ExitStatus.DONE : ExitStatus.FAILED;
        }
    }

    private PathCandidate candidate(Path node) {
        var use = new Use(false, false, workload.alignment(), workload.underWay());
        List<Discovery> discoveries = List.of(new NvmeNamespaces(), new ScsiDisks());
        Optional<FoundPath> found = paths.plain ? Optional.empty() : new FoundDevices(discoveries).at(node, use);
        if (found.isPresent()) {
            return found.get().candidate();
        }
        DeviceId id = paths.id;
        if (id == null) {
            throw new UsageException("a plain path does not tell its device's identity: add --id ID");
        }
        return new PlainPaths(TargetGuard.system(), use).candidate(node, id);
    }

    private static String toJson(WorkloadResult result) {
        var json = new JsonWriter();
        json.beginObject();
        json.name("requests").value(result.requests());
        json.name("seconds").value(result.nanos() / NANOS_PER_SECOND);
        json.name("errors").value(result.findings().errors());
        json.name("latency_us").beginObject();
        json.name("p50").value(result.latencies().atPercentile(50) / 1e3);
        json.name("p999").value(result.latencies().atPercentile(99.9) / 1e3);
        json.endObject();
        json.endObject();
        return json + "\n";
    }
}
