package io.mpath.nvme.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.nvme.command.AnaState;
import io.mpath.nvme.scenario.ScenarioResult.Outcome;
import io.mpath.nvme.sim.SimAnaState;
import io.mpath.nvme.sim.SimFate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The behaviour suite on the emulated subsystem, and on emulated ones with a planted wrong, which it must find. */
class NvmeScenariosTest {
    private static List<ScenarioResult> bad(ScenarioBench bench) {
        return NvmeScenarios.run(bench).stream().filter(ScenarioResult::bad).toList();
    }

    private static void assertCaught(ScenarioBench bench, String check) {
        assertThat(bad(bench)).extracting(ScenarioResult::check).contains(check);
    }

    @Test
    void emulatedSubsystemBehavesAsTheClausesSay() {
        List<ScenarioResult> results = NvmeScenarios.run(new EmulatedBench(1));
        assertThat(results).hasSizeGreaterThan(25).allMatch(result -> result.outcome() == Outcome.PASSED);
    }

    @Test
    void slowOneWithAllThatIsOptionalBehavesSoToo() {
        var bench = new EmulatedBench(2);
        bench.controllers.forEach(controller -> controller
                .latency(Duration.ofMillis(1), Duration.ofMillis(20))
                .withVolatileCache()
                .withCrossControllerReset(Duration.ZERO));
        assertThat(NvmeScenarios.run(bench)).allMatch(result -> result.outcome() == Outcome.PASSED);
    }

    @Test
    void oneThatCanDoLittleIsSparedWhatItCannot() {
        var bench = new EmulatedBench(3);
        bench.controllers.forEach(controller ->
                controller.optionalCommands(0).withoutFusedCommands().maxTransfer(1));
        List<ScenarioResult> results = NvmeScenarios.run(bench);
        assertThat(results).noneMatch(ScenarioResult::bad);
        assertThat(results)
                .filteredOn(result -> result.outcome() == Outcome.SKIPPED)
                .hasSize(4);
    }

    @Test
    void invertedAnaStateIsCaught() {
        var bench = new EmulatedBench(4) {
            @Override
            public void anaState(int port, AnaState state) {
                boolean served = state == AnaState.OPTIMIZED || state == AnaState.NON_OPTIMIZED;
                controllers.get(port).anaState(1, served ? SimAnaState.INACCESSIBLE : SimAnaState.OPTIMIZED);
            }
        };
        assertCaught(bench, "ANA state decides how I/O commands end, through its own port alone");
    }

    @Test
    void logThatLagsIsCaught() {
        var bench = new EmulatedBench(5);
        bench.controllers.get(0).holdAnaLog(true);
        assertCaught(bench, "change counts move when a state changes, and only then");
    }

    @Test
    void blockCountThatIsOneOffIsCaught() {
        var bench = new EmulatedBench(6);
        bench.controllers.forEach(controller -> controller.misreads((queue, entry) ->
                queue == 0 ? entry : entry.putInt(48, Math.max(entry.getInt(48) - 1, 0))));
        assertCaught(bench, "number of blocks counts from zero");
    }

    @Test
    void descriptorInTheWrongPlaceIsCaught() {
        var bench = new EmulatedBench(7);
        bench.controllers.get(1).misreads((queue, entry) -> {
            boolean descriptors = queue == 0 && entry.get(0) == 0x06 && entry.get(40) == 0x03;
            return descriptors ? entry.putInt(40, 0x01) : entry;
        });
        assertCaught(bench, "namespace is the same through every port");
    }

    @Test
    void wrongStatusIsCaught() {
        var bench = new EmulatedBench(8);
        bench.controllers
                .get(0)
                .script(command ->
                        !command.admin() && command.opcode() == 0x7c ? SimFate.status(0x002) : SimFate.normal());
        assertCaught(bench, "unknown opcode is refused as such");
    }

    @Test
    void writesThatAreForgottenAreCaught() {
        var bench = new EmulatedBench(9);
        bench.controllers
                .get(1)
                .script(command -> command.changes() ? SimFate.answeredWithoutEffect() : SimFate.normal());
        assertCaught(bench, "what is written through one port is read through every other");
    }

    @Test
    void differenceThatIsExpectedIsNoFailureAndItsAbsenceIsOne() {
        var nvmet = new EmulatedBench(10) {
            @Override
            public String target() {
                return "nvmet";
            }
        };
        assertThat(bad(nvmet)).extracting(ScenarioResult::outcome).containsOnly(Outcome.NO_LONGER_DIFFERS);
        nvmet.controllers.forEach(controller -> controller.script(
                command -> command.admin() && command.opcode() == 0x02 && (command.dword(10) & 0xff) == 0x7d
                        ? SimFate.status(0x002).doNotRetry()
                        : SimFate.normal()));
        assertThat(NvmeScenarios.run(nvmet))
                .filteredOn(result -> result.outcome() == Outcome.DIFFERS)
                .extracting(ScenarioResult::check)
                .containsExactly("unknown log page is refused as such");
    }

    @Test
    void differenceOfOneReleaseIsNotExpectedOfAnother() {
        String check = "pages of both kinds agree on the namespace";
        assertThat(ExpectedDifferences.reason("nvmet-6.12", check)).isPresent();
        assertThat(ExpectedDifferences.reason("nvmet-7.2", check)).isEmpty();
    }

    @Test
    void everyDifferenceIsOfACheckThatThereIs() {
        List<String> names = NvmeScenarios.checks().map(ScenarioCheck::name).toList();
        assertThat(names).doesNotHaveDuplicates().containsAll(ExpectedDifferences.checks());
    }
}
