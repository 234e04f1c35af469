package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.conformance.SimBench.ids;
import static io.mpath.reservation.conformance.SimBench.run;
import static io.mpath.reservation.conformance.SimBench.scenario;
import static io.mpath.reservation.conformance.SimBench.withStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.conformance.ConformanceResult.Status;
import io.mpath.reservation.conformance.ConformanceScenario.Feature;
import io.mpath.reservation.conformance.Step.Send;
import io.mpath.sim.SimReservationAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConformanceSuiteTest {
    private static boolean demandsMoreThanAnswers(Step step) {
        return !(step instanceof Send send) || !send.expected().contains(ReservationReply.Kind.DONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deviceThatKnowsTheRulesPassesAllThatAreForItsKind(boolean perNexus) {
        var bench = new SimBench(perNexus);
        ConformanceReport report = run(bench.target());

        assertThat(report.passed()).as(report.toText()).isTrue();
        assertThat(ids(report, Status.PASS)).containsExactlyElementsOf(withStep(perNexus, step -> true));
        assertThat(report.count(Status.PASS) + report.count(Status.NOT_SUPPORTED))
                .isEqualTo(ConformanceSuite.scenarios().size());
        assertThat(bench.reservations().state().registrants()).isEmpty();
        assertThat(bench.reservations().state().reservation()).isEmpty();
    }

    @Test
    void everyScenarioHasANameOfItsOwn() {
        assertThat(ConformanceSuite.scenarios())
                .extracting(ConformanceScenario::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void everyTypeIsTriedByItsHolderAnotherRegistrantAndAStranger() {
        assertThat(ConformanceSuite.scenarios())
                .filteredOn(scenario -> scenario.id().startsWith("access."))
                .hasSize(18);
    }

    @Test
    void everyRuleExpectsSomething() {
        assertThat(ConformanceSuite.scenarios())
                .allMatch(scenario -> scenario.steps().stream().anyMatch(ConformanceSuiteTest::demandsMoreThanAnswers));
    }

    @Test
    void commandThatIsNeverAnsweredTimesOutAndStopsTheSuite() {
        var bench = new SimBench(true);
        bench.paths()
                .forEach(path -> path.reserving().script(command -> {
                    var honest = SimReservationAnswer.carryOut();
                    return command instanceof Preempt preempt && preempt.abort() ? honest.hanging() : honest;
                }));
        ConformanceReport report = run(bench.target());

        assertThat(ids(report, Status.TIMED_OUT)).containsExactly("abort.nobody");
        assertThat(ids(report, Status.NOT_RUN)).containsExactly("abort.stranger", "abort.registrant", "abort.holder");
        assertThat(report.stopped())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("a.disk: Preempt").contains("still not answered"));
        assertThat(report.passed()).isFalse();
        assertThat(report.toText()).contains("TIMED OUT").contains("stopped: ");
    }

    @Test
    void suiteGoesOnWhenTheAnswerCameLate() {
        List<Runnable> late = new ArrayList<>();
        var bench = new SimBench(true);
        bench.flawed((path, command, honest, done) -> {
            if (command instanceof Preempt preempt && preempt.abort() && late.isEmpty()) {
                late.add(() -> honest.reserve(command, done));
            } else {
                honest.reserve(command, done);
            }
        });
        ConformanceReport report = run(bench.target().withWaiting((answer, limit) -> {
            boolean answered = answer.isDone();
            if (!answered) {
                late.forEach(Runnable::run);
            }
            return answered;
        }));

        assertThat(ids(report, Status.TIMED_OUT)).containsExactly("abort.nobody");
        assertThat(ids(report, Status.NOT_RUN)).isEmpty();
        assertThat(report.stopped()).isEmpty();
    }

    @Test
    void nothingIsRunOnADeviceThatCannotBeCleared() {
        var bench = new SimBench(true);
        bench.paths()
                .forEach(path -> path.reserving()
                        .script(command -> command instanceof Clear
                                ? SimReservationAnswer.reply(new ReservationReply.Refused("hardware error"))
                                : SimReservationAnswer.carryOut()));
        ConformanceReport report = run(bench.target());

        assertThat(report.results()).extracting(ConformanceResult::status).containsOnly(Status.NOT_RUN);
        assertThat(report.stopped())
                .hasValueSatisfying(why -> assertThat(why).contains("cannot be cleared", "hardware error"));
    }

    @Test
    void deviceThatStaysRegisteredAfterClearIsNotClear() {
        var bench = new SimBench(true);
        bench.flawed((path, command, honest, done) -> {
            if (command instanceof Clear) {
                done.accept(new ReservationReply.Done());
            } else {
                honest.reserve(command, done);
            }
        });

        assertThat(run(bench.target()).stopped())
                .hasValueSatisfying(why -> assertThat(why).contains("cannot be cleared: after CLEAR it says"));
    }

    @Test
    void whatTheDeviceDoesNotHaveIsNotSupported() {
        var bench = new SimBench(true);
        bench.reservations().types(Set.of(WRITE_EXCLUSIVE));
        ConformanceReport report = run(bench.target().withoutAbort());

        assertThat(report.passed()).as(report.toText()).isTrue();
        assertThat(report.results())
                .filteredOn(result -> result.status() == Status.PASS)
                .extracting(ConformanceResult::scenario)
                .allMatch(scenario -> Set.of(WRITE_EXCLUSIVE).containsAll(scenario.types()))
                .noneMatch(scenario -> scenario.features().contains(Feature.ABORT));
        assertThat(report.toText())
                .contains("the device does not have the type exclusive-access")
                .contains("PREEMPT AND ABORT is not to be tried on this target");
    }

    @Test
    void hostWithOneNexusIsNotHeldToRulesOfTwo() {
        ConformanceTarget two = new SimBench(true).target();
        List<Nexus> oneEach = List.of(two.nexuses().get(0), two.nexuses().get(2));
        var one = new ConformanceTarget("disk", oneEach, two.blocking(), two.timeout()).withWaiting(two.waiting());
        ConformanceReport report = run(one);

        assertThat(report.passed()).as(report.toText()).isTrue();
        assertThat(report.toText()).contains("it needs a second nexus of one host");
        assertThat(ids(report, Status.PASS)).noneMatch(id -> id.startsWith("nexus."));
    }

    @Test
    void targetIsReachedFromTwoHosts() {
        ConformanceTarget target = new SimBench(true).target();

        assertThatThrownBy(() -> new ConformanceTarget(
                        "disk", target.nexuses().subList(0, 2), target.blocking(), target.timeout()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two hosts");
    }

    @Test
    void reportIsATableAndADocument() {
        List<ConformanceResult> told = new ArrayList<>();
        ConformanceReport report =
                ConformanceSuite.run(new SimBench(true).target(), List.of(scenario("register.replace")), told::add);

        assertThat(told).isEqualTo(report.results());
        assertThat(report.toText().lines())
                .containsExactly(
                        "RESULT  SCENARIO          RULE                                    CLAUSE",
                        "pass    register.replace  who names the existing key replaces it  SPC-6 5.14 Registering",
                        "disk: 1 pass");
        assertThat(report.toJson())
                .isEqualTo("{\"target\":\"disk\",\"knows\":\"nexuses\",\"passed\":true,\"stopped\":null,"
                        + "\"results\":[{\"id\":\"register.replace\","
                        + "\"title\":\"who names the existing key replaces it\","
                        + "\"clause\":\"SPC-6 5.14 Registering\",\"result\":\"pass\",\"step\":null,"
                        + "\"detail\":\"\"}]}");
    }

    @Test
    void causeFromADeviceDoesNotSteerTheTerminal() {
        var bench = new SimBench(true);
        bench.flawed((path, command, honest, done) -> {
            if (command instanceof Preempt) {
                done.accept(new ReservationReply.Refused("sense \u001b[2J"));
            } else {
                honest.reserve(command, done);
            }
        });
        ConformanceReport report =
                ConformanceSuite.run(bench.target(), List.of(scenario("preempt.holder")), result -> {});

        assertThat(report.toText()).contains("found REFUSED (sense ?[2J), expected DONE");
    }
}
