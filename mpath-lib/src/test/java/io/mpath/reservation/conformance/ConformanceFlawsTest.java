package io.mpath.reservation.conformance;

import static io.mpath.reservation.conformance.SimBench.ids;
import static io.mpath.reservation.conformance.SimBench.run;
import static io.mpath.reservation.conformance.SimBench.withStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.conformance.ConformanceResult.Status;
import io.mpath.reservation.conformance.StateFact.GenerationGrew;
import io.mpath.reservation.conformance.Step.ExpectAccess;
import io.mpath.reservation.conformance.Step.ExpectState;
import io.mpath.reservation.conformance.Step.Send;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimReservations;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that breaks a rule goes red in the scenarios of that rule, and in no other. */
class ConformanceFlawsTest {
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
                .containsExactlyElementsOf(withStep(perNexus, ConformanceFlawsTest::expectsGrowth));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void conflictThatIsAnsweredAsDoneGoesRed(boolean perNexus) {
        var bench = new SimBench(perNexus);
        bench.flawed((path, command, honest, done) -> honest.reserve(command, reply -> {
            boolean conflict = reply.kind() == ReservationReply.Kind.CONFLICT;
            done.accept(conflict ? new ReservationReply.Done() : reply);
        }));

        assertThat(ids(run(bench.target()), Status.FAIL))
                .isNotEmpty()
                .containsExactlyElementsOf(withStep(perNexus, ConformanceFlawsTest::expectsConflict));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void accessThatIsNeverRefusedGoesRed(boolean perNexus) {
        assertThat(ids(run(new SimBench(perNexus).lawless().target()), Status.FAIL))
                .isNotEmpty()
                .containsExactlyElementsOf(withStep(perNexus, ConformanceFlawsTest::expectsRefusedAccess));
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
}
