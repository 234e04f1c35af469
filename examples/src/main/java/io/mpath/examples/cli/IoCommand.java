package io.mpath.examples.cli;

import io.mpath.DeviceSettings;
import io.mpath.NoPathPolicy;
import io.mpath.examples.workload.Script;
import io.mpath.examples.workload.ScriptRun;
import io.mpath.examples.workload.Workload;
import io.mpath.examples.workload.WorkloadResult;
import io.mpath.examples.workload.WorkloadSpec;
import io.mpath.observe.PathSnapshot;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import io.mpath.reservation.ReservationOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpath io}. */
@Command(
        name = "io",
        description = "Runs a workload, or a script, on a device, and tells how it went. Reads unless told to write.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class IoCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final List<Discovery> discoveries;
    private final TargetGuard guard;

    @Mixin
    DeviceArguments device = new DeviceArguments();

    @Mixin
    WorkloadOptions workload = new WorkloadOptions();

    @Mixin
    RegistrantOptions registrant = new RegistrantOptions();

    @Option(
            names = "--script",
            paramLabel = "FILE",
            description =
                    "Instead of a workload, steps one after the other: 'write OFFSET LENGTH BYTE', 'read OFFSET LENGTH',"
                            + " 'wait MS', 'expect OFFSET LENGTH BYTE'.")
    @Nullable
    Path script;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            converter = Converters.Policy.class,
            description = "How paths are chosen: numa (default), round-robin, queue-depth, service-time,"
                    + " historical-service-time, latency.")
    IoPolicy policy = IoPolicies.numa();

    @Option(
            names = "--no-path",
            paramLabel = "WHAT",
            converter = Converters.NoPath.class,
            description = "While no path is usable: fail, queue, or queue:TIME (default queue:60s).")
    NoPathPolicy noPath = DeviceSettings.defaults().noPath();

    @Option(
            names = "--io-timeout",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "How long a path may take over one attempt, where it can give it up (default 30s).")
    Duration ioTimeout = DeviceSettings.defaults().ioTimeout();

    @Option(
            names = "--request-timeout",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "How long a request may take, all attempts and waiting together (default 180s).")
    Duration requestTimeout = DeviceSettings.defaults().requestTimeout();

    @Option(
            names = "--hold",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description =
                    "How long a write that a path lost is held before it is sent again, where the path cannot tell"
                            + " when its target has given it up (default 60s). An assumption about the target: too short loses data.")
    Duration hold = DeviceSettings.defaults().hold();

    @Option(
            names = "--delayed-removal",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description =
                    "How long the device outlives its last path (default 0s); its requests wait for a path meanwhile.")
    Duration delayedRemoval = DeviceSettings.defaults().delayedRemoval();

    @Option(
            names = "--unsafe-replay-unknown-writes",
            description =
                    "UNSAFE: hold nothing; send a write again although its lost first attempt may still land, later than a"
                            + " newer write. Loses data, as Linux does.")
    boolean unsafeReplay;

    @Option(
            names = "--destroy-data",
            description = "Allow writing to a block device, which destroys what it holds. A file needs no permission.")
    boolean destroyData;

    @Option(
            names = "--progress",
            negatable = true,
            description = "Show how it goes, on standard error; on a terminal: on.")
    @Nullable
    Boolean progress;

    @Option(names = "--json", description = "One JSON document on standard output.")
    boolean json;

    IoCommand(Terminal terminal, List<Discovery> discoveries, TargetGuard guard) {
        this.terminal = terminal;
        this.discoveries = discoveries;
        this.guard = guard;
    }

    @Override
    public Integer call() {
        Script story = script == null ? null : read(script);
        registrant.requireSense();
        boolean writes = story == null ? workload.mode.writes() : story.writes();
        if (story == null) {
            workload.requireSense();
        }
        int depth = story == null ? workload.underWay() : 1;
        long alignment = story == null ? workload.alignment() : story.alignment();
        boolean readOnly = !writes && !registrant.asked();
        var use = new Use(writes, readOnly, destroyData, alignment, depth);
        try (OpenDevice open = device.open(discoveries, guard, use, settings(depth))) {
            if (registrant.asked() && !register(open)) {
                return ExitStatus.FAILED;
            }
            IoReport report = story == null ? run(open) : tell(open, story);
            terminal.out().print(json ? report.toJson() + "\n" : report.toText());
            if (json) {
                terminal.err().print(report.firstFindings());
            }
            terminal.out().flush();
            return report.exitStatus();
        }
    }

    private boolean register(OpenDevice open) {
        ReservationOutcome outcome =
                registrant.applyTo(open.device().reservations()).join();
        terminal.err().println(outcome.done() ? outcome.text() : "mpath io: " + outcome.text());
        return outcome.done();
    }

    /** What the device is opened with, so that it takes {@code depth} requests at once. */
    DeviceSettings settings(int depth) {
        DeviceSettings defaults = DeviceSettings.defaults();
        return defaults.withPolicy(policy)
                .withNoPath(noPath)
                .withRequestTimeout(requestTimeout)
                .withIoTimeout(ioTimeout)
                .withHold(hold)
                .withDelayedRemoval(delayedRemoval)
                .withMaxInFlight(Math.max(defaults.maxInFlight(), depth))
                .withUnsafeReplayOfUnknownWrites(unsafeReplay)
                .withKeyPerPath(registrant.keyPerPath);
    }

    private IoReport run(OpenDevice open) {
        WorkloadSpec spec = workload.spec(open.device().geometry());
        if (spec.mode().writes()) {
            announce(open, spec.blocks() * spec.blockBytes() + " bytes from offset " + spec.offset());
        }
        var run = new Workload(open.device(), spec, terminal.stop());
        return report(open, showing(open, run::run));
    }

    private IoReport tell(OpenDevice open, Script story) {
        try {
            story.requireWithin(
                    open.device().geometry().sizeBytes(),
                    open.device().geometry().logicalBlockSize());
        } catch (Script.SyntaxException e) {
            throw new UsageException(script + " " + e.getMessage(), e);
        }
        if (story.writes()) {
            announce(open, "the ranges that " + script + " names");
        }
        var run = new ScriptRun(open.device(), story, terminal.stop(), terminal.err()::println);
        return report(open, run.run());
    }

    private IoReport report(OpenDevice open, WorkloadResult result) {
        return new IoReport(
                open.snapshot(), result, open.events(), terminal.stop().stopped());
    }

    private void announce(OpenDevice open, String what) {
        String paths = open.snapshot().paths().stream().map(PathSnapshot::name).collect(Collectors.joining(", "));
        terminal.err().println("overwriting " + what + " of " + open.device().id() + " through " + paths);
    }

    private WorkloadResult showing(OpenDevice open, Supplier<WorkloadResult> run) {
        if (progress == null ? !terminal.errIsTerminal() : !progress) {
            return run.get();
        }
        var view = new LiveView(terminal.err(), terminal.errIsTerminal(), open, PathTraffic.ofThisProcess());
        return view.during(run);
    }

    private static Script read(Path file) {
        try {
            return Script.parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new UsageException("cannot read the script " + file + ": " + e + "; name a text file", e);
        } catch (Script.SyntaxException e) {
            throw new UsageException(file + " " + e.getMessage(), e);
        }
    }
}
