package io.mpath.scsi.scenario;

import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.scenario.ScenarioResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a SCSI target behaves towards a host with several paths, clause by clause: the same checks for the emulated array and for a
 * kernel's target. <strong>Overwrites</strong> the logical unit of its bench, and leaves its groups active/optimized.
 *
 * <p>Threading: one thread.
 */
public final class ScsiScenarios {
    private final ScenarioBench bench;

    private ScsiScenarios(ScenarioBench bench) {
        this.bench = bench;
    }

    /** Runs all checks, and says how each came out. */
    public static List<ScenarioResult> run(ScenarioBench bench) {
        var suite = new ScsiScenarios(bench);
        return checks().map(suite::run).toList();
    }

    static Stream<ScenarioCheck> checks() {
        return Stream.of(PageChecks.all(), AluaChecks.all(), IoChecks.all(), ChangeChecks.all())
                .flatMap(List::stream);
    }

    private ScenarioResult run(ScenarioCheck check) {
        Optional<ExpectedDifferences.Difference> difference = ExpectedDifferences.of(bench.target(), check.name());
        boolean lacked = bench.lacks().contains(check.name());
        try {
            Optional<String> skipped = withPorts(check);
            if (skipped.isPresent()) {
                return result(check, lacked ? Outcome.SKIPPED : Outcome.FAILED, skipped.get());
            }
        } catch (RuntimeException | AssertionError e) {
            String found = e instanceof ScenarioFailure ? e.getMessage() : e.toString();
            return difference
                    .filter(expected -> found.contains(expected.finding()))
                    .map(expected -> result(check, Outcome.DIFFERS, expected.reason() + " (" + found + ")"))
                    .orElseGet(() -> result(check, Outcome.FAILED, found));
        }
        if (lacked) {
            return result(check, Outcome.NO_LONGER_DIFFERS, "it was to be skipped, for what it is about was not there");
        }
        return difference
                .map(expected -> result(check, Outcome.NO_LONGER_DIFFERS, expected.reason()))
                .orElseGet(() -> result(check, Outcome.PASSED, ""));
    }

    private Optional<String> withPorts(ScenarioCheck check) {
        List<ScenarioPort> ports = new ArrayList<>();
        try {
            for (int i = 0; i < bench.ports(); i++) {
                ports.add(new ScenarioPort(bench.transport(i), bench.driver()));
            }
            return check.body().run(bench, ports);
        } finally {
            ports.forEach(ScenarioPort::close);
        }
    }

    private static ScenarioResult result(ScenarioCheck check, Outcome outcome, String finding) {
        return new ScenarioResult(check.name(), check.clause(), outcome, finding);
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation is not there in the guest
    static void expect(boolean met, String otherwise, Object... arguments) {
        if (!met) {
            throw new ScenarioFailure(String.format(otherwise, arguments));
        }
    }

    static void expectDone(ScsiResult found, String of) {
        expect(found.treatment().isEmpty(), "%s ended with %s", of, found);
    }

    /** Sense data with key, ASC and ASCQ {@code codes}, as 052400h. */
    static void expectSense(ScsiResult found, int codes, String of) {
        expect(
                ScenarioPort.codes(found) == codes,
                "%s ended with %s instead of sense %06x",
                of,
                found.treatment().isEmpty() ? "success" : found,
                codes);
    }
}
