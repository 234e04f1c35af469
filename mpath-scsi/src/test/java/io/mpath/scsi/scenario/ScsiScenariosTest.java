package io.mpath.scsi.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.scenario.ScenarioResult.Outcome;
import io.mpath.scsi.sim.SimAluaState;
import io.mpath.scsi.sim.SimExtendedHeader;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimSense;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The behaviour suite on the emulated array, and on emulated ones with a planted wrong, which it must find. */
class ScsiScenariosTest {
    private static List<ScenarioResult> bad(ScenarioBench bench) {
        return ScsiScenarios.run(bench).stream().filter(ScenarioResult::bad).toList();
    }

    private static void assertCaught(ScenarioBench bench, String check) {
        assertThat(bad(bench)).extracting(ScenarioResult::check).contains(check);
    }

    @Test
    void emulatedArrayBehavesAsTheClausesSay() {
        List<ScenarioResult> results = ScsiScenarios.run(new EmulatedBench(1));
        assertThat(results).hasSizeGreaterThan(25).allMatch(result -> result.outcome() == Outcome.PASSED);
    }

    @Test
    void slowOneWithAllThatIsOptionalBehavesSoToo() {
        var bench = new EmulatedBench(2);
        bench.array.withExplicitAlua().withDescriptorSense().implicitTransitionTime(Duration.ofSeconds(9));
        bench.unit.withVolatileCache();
        bench.ports.forEach(port -> port.latency(Duration.ofMillis(1), Duration.ofMillis(20)));
        assertThat(ScsiScenarios.run(bench)).allMatch(result -> result.outcome() == Outcome.PASSED);
    }

    @Test
    void oneThatCanDoLittleIsSparedWhatItCannot() {
        Set<String> lacked = Stream.concat(
                        AluaChecks.all().stream().map(ScenarioCheck::name),
                        Stream.of(
                                "zeroed blocks read as zeroes, and their neighbours as before",
                                "unmapped blocks read as the logical unit says, and their neighbours as before",
                                "compare and write writes after an equal compare alone"))
                .collect(Collectors.toSet());
        EmulatedBench bench = lacking(3, lacked);
        bench.array.withoutAlua();
        bench.unit.withoutUnmap().withoutWriteSame().maxCompareAndWrite(0).maxTransfer(16);
        List<ScenarioResult> results = ScsiScenarios.run(bench);
        assertThat(results).noneMatch(ScenarioResult::bad);
        assertThat(results)
                .filteredOn(result -> result.outcome() == Outcome.SKIPPED)
                .extracting(ScenarioResult::check)
                .containsExactlyInAnyOrderElementsOf(lacked);
    }

    @Test
    void oneThatCanDoLessThanItIsKnownToIsCaught() {
        var bench = new EmulatedBench(12);
        bench.unit.withoutUnmap();
        assertCaught(bench, "unmapped blocks read as the logical unit says, and their neighbours as before");
    }

    @Test
    void oneThatCanDoMoreThanItIsKnownToIsCaught() {
        EmulatedBench bench = lacking(13, Set.of("flush succeeds"));
        assertThat(bad(bench)).extracting(ScenarioResult::outcome).containsExactly(Outcome.NO_LONGER_DIFFERS);
    }

    @Test
    void knownDifferenceIsNotBad() {
        EmulatedBench bench = called(14, "scsi_debug");
        bench.ports.get(1).relativeId(1);
        assertThat(bad(bench))
                .extracting(ScenarioResult::check)
                .doesNotContain("each port tells its own relative identifier");
    }

    /** The nexus that does not come back is no nexus that comes back and says nothing. */
    @Test
    void otherWrongInACheckOfAKnownDifferenceIsCaught() {
        EmulatedBench bench = new EmulatedBench(15) {
            @Override
            public String target() {
                return "lio";
            }

            @Override
            public boolean loseNexus(int port) {
                throw new IllegalStateException("its nexus was not lost");
            }
        };
        assertCaught(bench, "nexus that was lost is told so, and no other");
    }

    private static EmulatedBench called(long seed, String target) {
        return new EmulatedBench(seed) {
            @Override
            public String target() {
                return target;
            }
        };
    }

    private static EmulatedBench lacking(long seed, Set<String> checks) {
        return new EmulatedBench(seed) {
            @Override
            public Set<String> lacks() {
                return checks;
            }
        };
    }

    @Test
    void oneWithTheShortHeaderOnlyIsSparedTheOther() {
        EmulatedBench bench = lacking(4, Set.of("extended header brings the same groups"));
        bench.array.extendedHeader(SimExtendedHeader.REFUSED);
        assertThat(bad(bench)).isEmpty();
    }

    @Test
    void stateOfTheWrongGroupIsCaught() {
        var bench = new EmulatedBench(5) {
            @Override
            public boolean aluaState(int port, AluaState state) {
                unit.alua(2 - port, SimAluaState.valueOf(state.name()));
                return true;
            }
        };
        assertCaught(bench, "access state decides how I/O ends, through its own port alone");
    }

    @Test
    void changeThatNobodyIsToldOfIsCaught() {
        var bench = new EmulatedBench(6);
        bench.array.roomForAttentions(0);
        assertCaught(bench, "changed state is told to every nexus, once");
        assertCaught(bench, "nexus that was lost is told so, and no other");
    }

    @Test
    void wrongSenseIsCaught() {
        var bench = new EmulatedBench(7);
        bench.ports
                .get(0)
                .script(command ->
                        command.opcode() == 0x1f ? SimFate.sense(SimSense.of(0x05, 0x24, 0x00)) : SimFate.normal());
        assertCaught(bench, "unknown operation code is refused as such");
    }

    @Test
    void writesThatAreForgottenAreCaught() {
        var bench = new EmulatedBench(8);
        bench.ports.get(1).script(command -> command.changes() ? SimFate.answeredWithoutEffect() : SimFate.normal());
        assertCaught(bench, "what is written through one port is read through every other");
    }

    @Test
    void portThatLeadsElsewhereIsCaught() {
        var bench = new EmulatedBench(9);
        bench.ports.get(1).editData((command, data) -> {
            if (command.opcode() == 0x12 && command.u8(1) == 1 && command.u8(2) == 0x83 && data.length > 24) {
                data[23] ^= 1;
            }
            return data;
        });
        assertCaught(bench, "logical unit is the same through every port");
    }

    @Test
    void portsThatCallThemselvesTheSameAreCaught() {
        var bench = new EmulatedBench(10);
        bench.ports.get(1).relativeId(1);
        assertCaught(bench, "each port tells its own relative identifier");
    }

    @Test
    void commandThatIsTakenAlthoughTpgsSaysNoIsCaught() {
        var bench = new EmulatedBench(11);
        bench.ports
                .get(0)
                .script(command -> command.setsTargetPortGroups() ? SimFate.answeredWithoutEffect() : SimFate.normal());
        assertCaught(bench, "states are set by command where TPGS says so, and only there");
    }

    @Test
    void everyDifferenceIsOfACheckThatThereIs() {
        List<String> names = ScsiScenarios.checks().map(ScenarioCheck::name).toList();
        assertThat(names).doesNotHaveDuplicates().containsAll(ExpectedDifferences.checks());
    }
}
