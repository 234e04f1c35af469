package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceSettings;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MarginalPolicy;
import io.mpath.MultipathException;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable.CheckDone;
import io.mpath.path.PathFailure;
import io.mpath.policy.IoPolicies;
import io.mpath.sim.SimAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Paths that fail or come and go although they say that they are ready, and how they earn trust again. */
class MarginalPathTest {
    private static final PathFailure LOST = PathFailure.failOver(Certainty.TERMINATED, "lost");
    private static final DeviceSettings ROUND_ROBIN = DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin());
    private static final DeviceSettings OFF = ROUND_ROBIN.withMarginal(MarginalPolicy.off());

    @Test
    void pathThatFailsAgainAndAgainIsUsedNoMore() {
        var scene = Scene.with("a", "b");
        fault(scene, "a", 3);
        assertThat(scene.seen("a").marginal()).isEmpty();
        fault(scene, "a", 1);

        assertThat(scene.seen("a").marginal()).isEqualTo("fails: lost");
        assertThat(scene.seen("a").counters().demotions()).isOne();
        assertThat(scene.events(MultipathEvent.PathMarginal.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.marginal()).isTrue();
                    assertThat(event.path()).isEqualTo("a.d");
                });
        scene.passMillis(500);
        long before = scene.path("a").submitted();
        readEvery(scene, 10, 100);
        assertThat(scene.seen("a").usable()).isTrue();
        assertThat(scene.path("a").submitted()).isEqualTo(before);
    }

    @Test
    void pathThatFailsAgainAndAgainIsUsedWhereThatIsSwitchedOff() {
        var scene = Scene.with(OFF, "a", "b");
        fault(scene, "a", 10);

        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    @Test
    void faultsFarApartDoNotAddUp() {
        var scene = Scene.with("a", "b");
        for (int i = 0; i < 10; i++) {
            fault(scene, "a", 1);
            scene.pass(Duration.ofSeconds(101));
        }

        assertThat(scene.events(MultipathEvent.PathMarginal.class)).isEmpty();
    }

    @Test
    void requestsThatOneFaultFailsCountAsOne() {
        var scene = Scene.with("a", "b");
        scene.path("a").answer(SimAnswer.hang());
        for (int i = 0; i < 100; i++) {
            scene.read(i);
        }
        scene.path("a").answer(SimAnswer.succeed());
        scene.path("a").underWay().forEach(attempt -> attempt.fail(LOST));
        scene.pass(Duration.ofSeconds(1));

        assertThat(scene.seen("a").counters().failovers()).isEqualTo(100);
        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    @Test
    void errorsOfTheTargetAndTheMediumDoNotCount() {
        var scene = Scene.with("a", "b");
        for (int i = 0; i < 20; i++) {
            scene.path("a").next(1, SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "worn")));
            scene.path("a").next(1, SimAnswer.fail(PathFailure.retry(1_000_000, "busy")));
            scene.read(0);
            scene.read(0);
            scene.passMillis(10);
        }

        assertThat(scene.seen("a").counters().errors()).isEqualTo(40);
        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    @Test
    void manySuccessesMakeUpForAFault() {
        var faults = new Recurrence(2, 1_000);
        assertThat(faults.tooOften(0, 0, 100)).isFalse();
        assertThat(faults.tooOften(1, 199, 100)).isTrue();
        assertThat(faults.tooOften(2, 399, 100)).isFalse();
        assertThat(faults.tooOften(1_500, 400, 100))
                .as("the one before was too long ago")
                .isFalse();
        assertThat(faults.tooOften(1_501, 401, 100)).isTrue();
    }

    @Test
    void portThatComesAndGoesMakesItsPathsMarginal() {
        var scene = Scene.with("a", "b");
        flap(scene, "a", 3);
        assertThat(scene.seen("a").marginal()).isEmpty();
        flap(scene, "a", 1);

        assertThat(scene.seen("a").marginal()).startsWith("comes and goes: port a");
        assertThat(scene.seen("b").marginal()).isEmpty();
    }

    @Test
    void pathThatIsReadyNowAndThenIsMarginal() {
        var scene = Scene.with("a", "b");
        for (int i = 0; i < 4; i++) {
            scene.path("a")
                    .notReady("re-login")
                    .notReady("re-login, second try")
                    .ready();
            scene.pass(Duration.ofSeconds(1));
            assertThat(scene.seen("a").marginal().isEmpty()).isEqualTo(i < 3);
        }
    }

    @Test
    void checksThatFailNowAndThenMakeAPathMarginal() {
        var scene = Scene.with("a", "b");
        boolean[] works = new boolean[1];
        scene.path("a").check(done -> {
            works[0] ^= true;
            done.done(works[0], "now and then");
        });
        scene.pass(Duration.ofMinutes(10));

        assertThat(scene.seen("a").marginal()).startsWith("comes and goes: check");
    }

    @Test
    void orderlyChangesOfTheAccessStateDoNotCount() {
        var scene = Scene.with("a", "b");
        for (int i = 0; i < 20; i++) {
            scene.becomes("a", AccessState.UNAVAILABLE);
            scene.becomes("a", AccessState.OPTIMIZED);
            scene.passMillis(100);
        }

        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    @Test
    void hungCheckMakesItsPathMarginal() {
        var scene = Scene.with("a", "b");
        List<CheckDone> hanging = new ArrayList<>();
        scene.path("a").check(hanging::add);
        scene.pass(Duration.ofSeconds(45));
        assertThat(scene.seen("a").marginal()).isEqualTo("its check hangs");
        scene.pass(Duration.ofMinutes(30));
        assertThat(scene.seen("a").marginal()).as("while it hangs on").isNotEmpty();
        scene.path("a").check(null);
        hanging.get(0).done(true, "at last");
        scene.pass(Duration.ofMinutes(1));

        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    @Test
    void marginalPathsComeBehindAllSoundOnes() {
        var scene = Scene.with("a", "b", "c", "d");
        scene.becomes("c", AccessState.NON_OPTIMIZED);
        scene.becomes("d", AccessState.NON_OPTIMIZED);
        scene.await(scene.device().marginalPath("a.d", true));
        scene.await(scene.device().marginalPath("d.d", true));
        assertThat(selected(scene)).containsExactly("b");
        scene.becomes("b", AccessState.UNAVAILABLE);
        assertThat(selected(scene)).as("a sound one that is not optimized").containsExactly("c");
        scene.becomes("c", AccessState.UNAVAILABLE);
        assertThat(selected(scene)).as("a marginal one that is optimized").containsExactly("a");
        scene.becomes("a", AccessState.UNAVAILABLE);
        assertThat(selected(scene)).as("the last resort").containsExactly("d");
        Told read = scene.read(0);
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.path("d").submitted()).isOne();
    }

    @Test
    void quietPathThatPassesItsChecksIsPromoted() {
        var scene = marginal();
        scene.pass(Duration.ofSeconds(29));
        assertThat(scene.seen("a").marginal()).isNotEmpty();
        scene.pass(Duration.ofSeconds(6));

        assertThat(scene.seen("a").marginal()).isEmpty();
        assertThat(scene.seen("a").selected()).isTrue();
        assertThat(scene.events(MultipathEvent.PathMarginal.class)).last().satisfies(event -> {
            assertThat(event.marginal()).isFalse();
            assertThat(event.reason()).isEqualTo("fails: lost");
        });
    }

    @Test
    void quietPathThatCannotBeCheckedIsPromotedToo() {
        var scene = Scene.with("b");
        scene.array.withPort("a");
        scene.await(scene.registry.offer(new SimplePath(scene.path("a"))));
        scene.idle();
        scene.becomes("b", AccessState.NON_OPTIMIZED);
        fault(scene, "a", 4);
        scene.pass(Duration.ofSeconds(29));
        assertThat(scene.seen("a").marginal()).isNotEmpty();
        scene.pass(Duration.ofSeconds(3));

        assertThat(scene.seen("a").marginal()).isEmpty();
        assertThat(scene.path("a").submitted()).as("no request was risked").isEqualTo(4);
        assertThat(scene.path("a").checks()).isZero();
    }

    @Test
    void quietPathWhoseCheckDoesNotEndIsNotPromoted() {
        var scene = marginal();
        scene.path("a").check(done -> {});
        scene.pass(Duration.ofHours(1));

        assertThat(scene.seen("a").marginal()).isEqualTo("fails: lost");
    }

    @Test
    void marginalPathIsProbedThoughItCarriesIo() {
        var scene = marginal();
        scene.port("b").pull();
        long before = scene.path("a").checks();
        readEvery(scene, 100, 200);

        assertThat(scene.path("a").checks() - before).isBetween(2L, 6L);
    }

    @Test
    void disturbanceBeginsTheQuietTimeAnew() {
        var scene = marginal();
        scene.pass(Duration.ofSeconds(25));
        flap(scene, "a", 1);
        scene.pass(Duration.ofSeconds(25));
        assertThat(scene.seen("a").marginal()).isNotEmpty();
        scene.pass(Duration.ofSeconds(10));

        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    @Test
    void timeAwayIsNotQuietTime() {
        var scene = marginal();
        scene.port("a").liveness(Liveness.CONNECTING);
        scene.pass(Duration.ofMinutes(5));
        scene.port("a").putBack();
        scene.pass(Duration.ofSeconds(25));
        assertThat(scene.seen("a").marginal()).isNotEmpty();
        scene.pass(Duration.ofSeconds(10));

        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    @Test
    void quietTimeDoublesForAPathThatIsNoBetterAfterIt() {
        var scene = Scene.with(ROUND_ROBIN, "bad", "good");
        scene.path("bad").answer(SimAnswer.fail(LOST));
        readEvery(scene, 100, 12_000);

        List<Long> quiet = new ArrayList<>();
        long demoted = 0;
        for (var event : scene.events(MultipathEvent.PathMarginal.class)) {
            if (event.marginal()) {
                demoted = event.atNanos();
            } else {
                quiet.add((event.atNanos() - demoted) / 30_000_000_000L);
            }
        }
        assertThat(quiet).as("in units of 30 s").containsExactly(1L, 2L, 4L, 8L, 16L);
        assertThat(scene.path("bad").submitted()).as("four for each demotion").isEqualTo(24);
    }

    @Test
    void longSoundPathStartsWithTheShortestQuietTime() {
        var scene = marginal();
        scene.pass(Duration.ofMinutes(12));
        fault(scene, "a", 4);
        assertThat(scene.seen("a").marginal()).isNotEmpty();
        scene.pass(Duration.ofSeconds(35));

        assertThat(scene.seen("a").marginal()).isEmpty();
        assertThat(scene.seen("a").counters().demotions()).isEqualTo(2);
    }

    @Test
    void lastPathServesThoughMarginal() {
        var scene = Scene.with("a");
        fault(scene, "a", 4);
        scene.passMillis(500);
        Told read = scene.read(0);
        scene.idle();

        assertThat(scene.seen("a").marginal()).isNotEmpty();
        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void pathThatAnAdministratorSetsStaysMarginalUntilHeClearsIt() {
        var scene = Scene.with("a", "b");
        scene.await(scene.device().marginalPath("a.d", true));
        scene.pass(Duration.ofHours(1));
        assertThat(scene.seen("a").marginal()).isEqualTo("set so");
        scene.await(scene.device().marginalPath("a.d", false));

        assertThat(scene.seen("a").marginal()).isEmpty();
        assertThat(scene.seen("a").selected()).isTrue();
        assertThat(scene.failureOf(scene.device().marginalPath("none", true))).isInstanceOf(MultipathException.class);
    }

    @Test
    void administratorPromotesAtOnce() {
        var scene = marginal();
        scene.await(scene.device().marginalPath("a.d", false));

        assertThat(scene.seen("a").marginal()).isEmpty();
    }

    /** Path a has just become marginal, beside a sound b. */
    private static Scene marginal() {
        var scene = Scene.with("a", "b");
        fault(scene, "a", 4);
        scene.passMillis(500);
        assertThat(scene.seen("a").marginal()).isNotEmpty();
        assertThat(scene.seen("a").usable()).isTrue();
        return scene;
    }

    /** It fails so many requests that it is given one after the other, each after the pause before is over. */
    private static void fault(Scene scene, String port, int times) {
        for (int i = 0; i < times; i++) {
            scene.passMillis(200);
            scene.path(port).next(1, SimAnswer.fail(LOST));
            scene.read(0);
            scene.idle();
        }
    }

    private static void flap(Scene scene, String port, int times) {
        for (int i = 0; i < times; i++) {
            scene.port(port).pull();
            scene.pass(Duration.ofSeconds(1));
            scene.port(port).putBack();
            scene.pass(Duration.ofSeconds(1));
        }
    }

    private static void readEvery(Scene scene, int millis, int times) {
        for (int i = 0; i < times; i++) {
            scene.read(i % 1000);
            scene.passMillis(millis);
        }
    }

    private static List<String> selected(Scene scene) {
        return scene.device().snapshot().paths().stream()
                .filter(path -> path.selected())
                .map(path -> path.port())
                .toList();
    }
}
