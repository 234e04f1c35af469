package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.conformance.ConformanceResult.Status;
import io.mpath.reservation.conformance.ConformanceScenario.Feature;
import io.mpath.reservation.conformance.StateFact.GenerationGrew;
import io.mpath.reservation.conformance.Step.ExpectAccess;
import io.mpath.reservation.conformance.Step.ExpectState;
import io.mpath.reservation.conformance.Step.Send;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimReservationAnswer;
import io.mpath.sim.SimReservations;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConformanceSuiteTest {
    private static ConformanceReport run(ConformanceTarget target) {
        return ConformanceSuite.run(target, result -> {});
    }

    private static List<String> ids(ConformanceReport report, Status status) {
        return report.results().stream()
                .filter(result -> result.status() == status)
                .map(result -> result.scenario().id())
                .toList();
    }

    /** The scenarios that are rules for such a device and have such a step. */
    private static List<String> withStep(boolean perNexus, Predicate<Step> step) {
        return ConformanceSuite.scenarios().stream()
                .filter(scenario -> scenario.clause(perNexus).isPresent())
                .filter(scenario -> scenario.steps().stream().anyMatch(step))
                .map(ConformanceScenario::id)
                .toList();
    }

    private static boolean expectsConflict(Step step) {
        return step instanceof Send send && send.expected().contains(ReservationReply.Kind.CONFLICT);
    }

    private static boolean expectsRefusedAccess(Step step) {
        return step instanceof ExpectAccess access && !access.allowed();
    }

    private static boolean expectsGrowth(Step step) {
        return step instanceof ExpectState state
                && state.facts().stream().anyMatch(fact -> fact instanceof GenerationGrew grew && grew.by() > 0);
    }

    private static ConformanceScenario scenario(String id) {
        return ConformanceSuite.scenarios().stream()
                .filter(scenario -> scenario.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Releases for whoever holds, in that one's name, when {@code by} does not. */
    private static void releaseForTheHolder(SimBench bench, SimPath by, Release release) {
        SimReservations reservations = bench.reservations();
        boolean registrant = release.key().equals(reservations.key(by.nexus()));
        for (SimPath path : registrant && !reservations.holds(by.nexus()) ? bench.paths() : List.<SimPath>of()) {
            if (reservations.holds(path.nexus())) {
                reservations.carryOut(path.nexus(), new Release(reservations.key(path.nexus()), release.type()));
            }
        }
    }

    private static ReservationReply withoutGeneration(ReservationReply reply) {
        if (reply instanceof ReservationReply.Status status) {
            ReservationState state = status.state();
            return new ReservationReply.Status(
                    new ReservationState(0, state.registrants(), state.reservation(), state.persistent()));
        }
        return reply;
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
                .allMatch(scenario -> scenario.steps().stream()
                        .anyMatch(step -> !(step instanceof Send) || expectsConflict(step)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void releaseByWhoDoesNotHoldGoesRed(boolean perNexus) {
        var bench = new SimBench(perNexus);
        bench.flawed((path, command, honest, done) -> {
            if (command instanceof Release release) {
                releaseForTheHolder(bench, path, release);
            }
            honest.reserve(command, done);
        });
        ConformanceReport report = run(bench.target());

        assertThat(ids(report, Status.FAIL))
                .containsExactlyElementsOf(
                        perNexus ? List.of("release.not-holder", "nexus.release") : List.of("release.not-holder"));
        assertThat(report.passed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void generationThatNeverGrowsGoesRed(boolean perNexus) {
        var bench = new SimBench(perNexus);
        bench.flawed((path, command, honest, done) ->
                honest.reserve(command, reply -> done.accept(withoutGeneration(reply))));

        assertThat(ids(run(bench.target()), Status.FAIL))
                .isNotEmpty()
                .containsExactlyElementsOf(withStep(perNexus, ConformanceSuiteTest::expectsGrowth));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void conflictThatIsAnsweredAsDoneGoesRed(boolean perNexus) {
        var bench = new SimBench(perNexus);
        bench.flawed((path, command, honest, done) -> honest.reserve(
                command,
                reply -> done.accept(reply instanceof ReservationReply.Conflict ? new ReservationReply.Done() : reply)));

        assertThat(ids(run(bench.target()), Status.FAIL))
                .isNotEmpty()
                .containsExactlyElementsOf(withStep(perNexus, ConformanceSuiteTest::expectsConflict));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void accessThatIsNeverRefusedGoesRed(boolean perNexus) {
        assertThat(ids(run(new SimBench(perNexus).lawless().target()), Status.FAIL))
                .isNotEmpty()
                .containsExactlyElementsOf(withStep(perNexus, ConformanceSuiteTest::expectsRefusedAccess));
    }

    @Test
    void failureTellsTheStepWhatWasFoundAndWhatWasExpected() {
        var bench = new SimBench(true).lawless();
        ConformanceReport report = run(bench.target());
        ConformanceResult failed = report.results().stream()
                .filter(result -> result.scenario().id().equals("access.write-exclusive.stranger"))
                .findFirst()
                .orElseThrow();

        assertThat(failed.step()).hasValue(4);
        assertThat(failed.detail()).isEqualTo("c.disk writes: found ALLOWED, expected CONFLICT");
        assertThat(report.toText()).contains("step 4: c.disk writes: found ALLOWED, expected CONFLICT");
    }

    @Test
    void commandThatIsNeverAnsweredTimesOutAndStopsTheSuite() {
        var bench = new SimBench(true);
        bench.paths().forEach(path -> path.reserving().script(command -> {
            var honest = SimReservationAnswer.carryOut();
            return command instanceof Preempt preempt && preempt.abort() ? honest.hanging() : honest;
        }));
        ConformanceReport report = run(bench.target());

        assertThat(ids(report, Status.TIMED_OUT)).containsExactly("abort.nobody");
        assertThat(ids(report, Status.NOT_RUN)).containsExactly("abort.stranger", "abort.registrant", "abort.holder");
        assertThat(report.stopped()).hasValueSatisfying(why -> assertThat(why)
                .contains("a.disk: Preempt")
                .contains("still not answered"));
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
        bench.paths().forEach(path -> path.reserving()
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
    void defectThatIsKnownIsNoFailure() {
        var bench = new SimBench(true);
        bench.flawed((path, command, honest, done) -> {
            if (command instanceof Release release) {
                releaseForTheHolder(bench, path, release);
            }
            honest.reserve(command, done);
        });
        ConformanceReport report = run(bench.target()
                .withKnownDefects(List.of(
                        new KnownDefect("release.not-holder", "it releases for anybody"),
                        new KnownDefect("nexus.release", "it releases for anybody"))));

        assertThat(ids(report, Status.KNOWN)).containsExactly("release.not-holder", "nexus.release");
        assertThat(report.passed()).isTrue();
        assertThat(report.toText()).contains("it releases for anybody: c.disk reads what is registered and reserved");
    }

    @Test
    void defectThatIsListedAndNotThereIsAFailure() {
        ConformanceReport report = run(new SimBench(true)
                .target()
                .withKnownDefects(List.of(new KnownDefect("release.not-holder", "it releases for anybody"))));

        assertThat(ids(report, Status.FAIL)).containsExactly("release.not-holder");
        assertThat(report.toText()).contains("listed, but passes: it releases for anybody");
    }

    @Test
    void defectOfAScenarioThatThereIsNotIsRefused() {
        ConformanceTarget target =
                new SimBench(true).target().withKnownDefects(List.of(new KnownDefect("release.bogus", "?")));

        assertThatThrownBy(() -> run(target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("release.bogus");
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
        var one = new ConformanceTarget("disk", List.of(two.nexuses().get(0), two.nexuses().get(2)), Runnable::run, two.timeout())
                .withWaiting(two.waiting());
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
        List<String> told = new ArrayList<>();
        ConformanceReport report = ConformanceSuite.run(
                new SimBench(true).target(), List.of(scenario("register.new")), result -> told.add(result.scenario()
                        .id()));

        assertThat(told).containsExactly("register.new");
        assertThat(report.toText().lines())
                .containsExactly(
                        "RESULT  SCENARIO      RULE                                                              CLAUSE",
                        "pass    register.new  who is not registered registers with a key, and reserves nothing  SPC-6 5.14 Registering",
                        "disk: 1 pass");
        assertThat(report.toJson())
                .isEqualTo("{\"target\":\"disk\",\"knows\":\"nexuses\",\"passed\":true,\"stopped\":null,\"results\":["
                        + "{\"id\":\"register.new\",\"title\":\"who is not registered registers with a key, and reserves"
                        + " nothing\",\"clause\":\"SPC-6 5.14 Registering\",\"result\":\"pass\",\"step\":null,"
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
