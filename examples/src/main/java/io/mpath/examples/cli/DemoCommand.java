package io.mpath.examples.cli;

import io.mpath.DeviceSettings;
import io.mpath.examples.workload.RwMode;
import io.mpath.examples.workload.StopSignal;
import io.mpath.examples.workload.Workload;
import io.mpath.examples.workload.WorkloadResult;
import io.mpath.examples.workload.WorkloadSpec;
import io.mpath.policy.IoPolicies;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mpath demo}. */
@Command(
        name = "demo",
        description = {
            "An emulated NVMe subsystem with two controllers under a verified workload: ANA states move, a controller is pulled",
            "and put back. Needs no root and no devices."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final int BLOCK = 4096;
    private static final int DEPTH = 16;
    private static final int LONGEST_SECONDS = 3600;
    private static final Duration UNBOUNDED = Duration.ofDays(1);

    private final Terminal terminal;

    @Option(names = "--seconds", paramLabel = "N", description = "How long it takes (default 10).")
    int seconds = 10;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Repeats the choice of blocks and directions (default 1).")
    long seed = 1;

    @Option(names = "--json", description = "One JSON document on standard output, of the form that io prints.")
    boolean json;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new UsageException(
                    "--seconds " + seconds + " is not from 1 to " + LONGEST_SECONDS + ": choose 10, for instance");
        }
        DeviceSettings settings = DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin());
        try (var story = new DemoStory();
                OpenDevice open = OpenDevice.open(story.paths(), settings)) {
            IoReport report = json ? run(open, story) : runShown(open, story);
            boolean passed = verdict(report);
            terminal.out().println(json ? report.toJson() : verdictText(report, passed));
            return passed ? ExitStatus.DONE : ExitStatus.FAILED;
        }
    }

    private IoReport runShown(OpenDevice open, DemoStory story) {
        terminal.out()
                .println(
                        "Two controllers of an emulated NVMe subsystem lead to one namespace; every block written is verified.");
        var view = new LiveView(terminal.out(), terminal.outIsTerminal(), open, PathTraffic.ofThisProcess());
        return view.during(() -> run(open, story));
    }

    /** The workload lasts as long as the story, so that all of it happens under load. */
    private IoReport run(OpenDevice open, DemoStory story) {
        var over = new StopSignal();
        CompletableFuture<Void> told = CompletableFuture.runAsync(
                        () -> story.tell(Duration.ofSeconds(seconds), terminal.stop()),
                        task -> new Thread(task, "mpath-demo").start())
                .whenComplete((done, failure) -> over.stop());
        long blocks = open.device().geometry().sizeBytes() / BLOCK;
        var spec = new WorkloadSpec(
                RwMode.RANDRW, BLOCK, DEPTH, 1, 0, blocks, Long.MAX_VALUE, UNBOUNDED, Duration.ZERO, true, seed);
        WorkloadResult result = new Workload(open.device(), spec, over).run();
        told.join();
        return new IoReport(
                open.snapshot(), result, open.events(), terminal.stop().stopped());
    }

    /** A controller was pulled under load, so a run that was not cut short has failovers, or it proved nothing. */
    private static boolean verdict(IoReport report) {
        WorkloadResult result = report.result();
        return result.clean()
                && (report.interrupted()
                        || (bothServed(report) && report.device().counters().failovers() > 0));
    }

    private static boolean bothServed(IoReport report) {
        return report.device().paths().stream().allMatch(path -> path.counters().requests() > 0);
    }

    private static String verdictText(IoReport report, boolean passed) {
        WorkloadResult result = report.result();
        return String.format(
                        Locale.ROOT,
                        "%n%s: %d requests, %d errors, %d blocks read back, %d miscompares, %d failovers, "
                                + "%d writes held until the pulled controller had surely given them up; longest I/O %d ms%n%s",
                        passed ? "PASSED" : "FAILED",
                        result.requests(),
                        result.findings().errors(),
                        result.readBack(),
                        result.findings().miscompares(),
                        report.device().counters().failovers(),
                        report.device().counters().heldWrites(),
                        TimeUnit.NANOSECONDS.toMillis(result.latencies().longest()),
                        report.firstFindings())
                .stripTrailing();
    }
}
