package io.mpath.examples.cli;

import io.mpath.sim.SimCoverage;
import io.mpath.sim.SimOptions;
import io.mpath.sim.SimReport;
import io.mpath.sim.SimViolation;
import io.mpath.sim.Simulation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mpath simulate}. */
@Command(
        name = "simulate",
        description = {
            "The whole library on a simulated machine, under load and faults, in virtual time. One seed chooses everything: the same",
            "seed tells the same story, byte for byte. Ends with 1 when a rule is broken, and with the line that repeats it."
        },
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--seed", paramLabel = "N", required = true, description = "What chooses everything.")
    long seed;

    @Option(
            names = "--count",
            paramLabel = "M",
            description =
                    "Runs M seeds from N on, without their stories, and sums up (default 1: tells the story of one).")
    long count = 1;

    @Option(
            names = "--options",
            paramLabel = "NAME=VALUE,…",
            description =
                    "Gives what the seed would choose, such as ports=2,faults=hang+resized; the story begins with all of it.")
    String options = "";

    @Option(names = "--json", description = "One JSON document on standard output, instead of the story.")
    boolean json;

    SimulateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw new UsageException("--count " + count + " is not positive: choose 1000, for instance");
        }
        try {
            SimOptions.of(seed).with(options);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--options " + e.getMessage(), e);
        }
        return count == 1 && !json ? tell() : sweep();
    }

    private int tell() {
        try {
            Simulation.tell(SimOptions.of(seed).with(options), terminal.out()::println);
            return ExitStatus.DONE;
        } catch (SimViolation violation) {
            terminal.out().println(violation.getMessage());
            return ExitStatus.FAILED;
        }
    }

    private int sweep() {
        var sweep = new Sweep(System.nanoTime());
        var bar = new ProgressBar(terminal.err(), terminal.errIsTerminal(), count);
        for (long next = seed; next - seed < count && !terminal.stop().stopped() && sweep.violation() == null; next++) {
            try {
                SimReport report = Simulation.run(SimOptions.of(next).with(options));
                sweep.add(report, System.nanoTime());
                bar.at(next - seed + 1);
            } catch (SimViolation violation) {
                sweep.broken(violation);
            }
        }
        bar.end();
        boolean missed = !missed(sweep).isEmpty();
        terminal.out().println(json ? sweep.toJson(seed) : sweep.toText(seed));
        return sweep.violation() == null && !missed ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    /** What should have happened somewhere in so many seeds, if these chose everything themselves. */
    private List<String> missed(Sweep sweep) {
        if (!options.isBlank() || sweep.seeds() < SimCoverage.ENOUGH_SEEDS) {
            return List.of();
        }
        List<String> missing = sweep.coverage().missing();
        missing.forEach(name -> terminal.err().println("mpath simulate: '" + name + "' never happened"));
        return missing;
    }
}
