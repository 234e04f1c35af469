package io.mpath.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceSettings;
import io.mpath.DeviceState;
import io.mpath.IoStatus;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable.CheckDone;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When paths are checked, and what follows from what is found. */
class PathCheckTest {
    private static final PathFailure LOST = PathFailure.failOver(Certainty.TERMINATED, "lost");
    private static final DeviceSettings NEVER_IN_TURN =
            DeviceSettings.defaults().withCheckInterval(Duration.ZERO);

    @Test
    void idlePathIsCheckedInTurnAndNotInStep() {
        var scene = Scene.with("a", "b");
        List<Long> a = timesOf(scene, "a");
        List<Long> b = timesOf(scene, "b");
        scene.pass(Duration.ofMinutes(10));

        assertThat(gapsInMillis(a)).allSatisfy(gap -> assertThat(gap).isBetween(22_500L, 38_500L));
        assertThat(a).hasSizeBetween(15, 27);
        assertThat(gapsInMillis(a)).as("jittered").hasSizeGreaterThan(1).isNotEqualTo(gapsInMillis(b));
        assertThat(gapsInMillis(a).stream().distinct().count()).isGreaterThan(5);
        assertThat(scene.seen("a").counters().checks()).isEqualTo(a.size());
    }

    @Test
    void idlePathIsNotCheckedWithoutAnInterval() {
        var scene = Scene.with(NEVER_IN_TURN, "a");
        scene.pass(Duration.ofMinutes(10));

        assertThat(scene.path("a").checks()).isZero();
    }

    @Test
    void pathThatIoProvesIsNotChecked() {
        var scene = Scene.with("a", "b");
        for (int second = 0; second < 300; second += 10) {
            scene.read(0);
            scene.pass(Duration.ofSeconds(10));
        }

        assertThat(scene.path("a").submitted()).isEqualTo(30);
        assertThat(scene.path("a").checks()).isZero();
        assertThat(scene.path("b").checks()).isGreaterThan(5);
    }

    @Test
    void requestThatHangsProvesNothing() {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.hang());
        scene.request().read(0, 1).timeout(Duration.ofMinutes(10)).submit(scene.device());
        scene.pass(Duration.ofMinutes(1));

        assertThat(scene.path("a").checks()).isPositive();
    }

    @Test
    void pathThatFailsItsCheckIsNotUsedUntilOneWorks() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        scene.path("a").check(done -> done.done(false, "no sense"));
        fail(scene, "a");
        assertThat(scene.seen("a").usable()).isFalse();
        assertThat(scene.seen("a").reason()).isEqualTo("check: no sense");
        scene.pass(Duration.ofSeconds(20));
        scene.read(0);
        scene.idle();
        assertThat(scene.path("a").submitted()).isOne();

        scene.path("a").check(null);
        scene.pass(Duration.ofSeconds(31));
        assertThat(scene.seen("a").usable()).isTrue();
        assertThat(scene.events(MultipathEvent.PathUsable.class)).last().satisfies(event -> {
            assertThat(event.usable()).isTrue();
            assertThat(event.reason()).isEqualTo("check: no sense");
        });
        assertThat(scene.seen("a").counters().failedChecks()).isPositive();
    }

    @Test
    void pathThatFailsItsChecksIsCheckedEverMoreSlowly() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        List<Long> times = timesOf(scene, "a", false);
        fail(scene, "a");
        scene.pass(Duration.ofMinutes(3));

        assertThat(gapsInMillis(times).stream().map(gap -> gap / 1000).toList())
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L, 30L);
    }

    @Test
    void failedRequestIsFollowedByACheckAtOnce() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        List<Long> times = timesOf(scene, "a");
        scene.pass(Duration.ofSeconds(40));
        fail(scene, "a");

        assertThat(times).containsExactly(Duration.ofSeconds(40).toNanos());
    }

    @Test
    void failureOfTheTargetIsNotFollowedByACheck() {
        var scene = Scene.with(NEVER_IN_TURN, "a");
        scene.path("a").next(1, SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "worn")));
        scene.read(0);
        scene.idle();

        assertThat(scene.path("a").checks()).isZero();
    }

    @Test
    void portThatReturnsHasItsPathsCheckedAtOnce() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        scene.port("a").pull();
        scene.pass(Duration.ofMinutes(1));
        assertThat(scene.path("a").checks()).as("while it is away").isZero();
        scene.port("a").putBack();
        scene.idle();

        assertThat(scene.path("a").checks()).isOne();
        assertThat(scene.path("b").checks()).isZero();
    }

    @Test
    void pathThatIsReadyAgainIsCheckedAtOnce() {
        var scene = Scene.with("a", "b");
        scene.path("a").notReady("re-reading");
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.path("a").checks()).as("while it is its adapter's").isZero();
        scene.path("a").ready();
        scene.idle();

        assertThat(scene.path("a").checks()).isOne();
    }

    @Test
    void standbyPathIsCheckedToo() {
        var scene = Scene.with("a", "b");
        scene.becomes("b", AccessState.STANDBY);
        scene.path("b").check(done -> done.done(false, "unplugged"));
        scene.pass(Duration.ofMinutes(1));
        scene.becomes("b", AccessState.OPTIMIZED);

        assertThat(scene.seen("b").reason()).isEqualTo("check: unplugged");
    }

    @Test
    void checkThatLiesCutsOnePauseShortAndNoSecond() {
        assertThat(attemptsOnAPathThatFailsEverything(done -> done.done(true, "fine")))
                .isLessThanOrEqualTo(1 + attemptsOnAPathThatFailsEverything(done -> {}));
    }

    private static long attemptsOnAPathThatFailsEverything(Consumer<CheckDone> check) {
        var scene = Scene.with("a");
        scene.path("a").answer(SimAnswer.fail(LOST)).check(check);
        scene.request().read(0, 1).timeout(Duration.ofSeconds(59)).submit(scene.device());
        scene.pass(Duration.ofMinutes(1));
        return scene.path("a").submitted();
    }

    @Test
    void checkThatWorksCutsALongPauseShort() {
        var scene = Scene.with(NEVER_IN_TURN, "a");
        List<CheckDone> hanging = hang(scene.path("a"));
        scene.path("a").next(8, SimAnswer.fail(LOST));
        Told read = scene.read(0);
        scene.passMillis(1300);
        assertThat(scene.path("a").submitted()).as("the last pause is 1.28 s").isEqualTo(8);
        hanging.get(0).done(true, "fine");
        scene.idle();
        assertThat(read.ended()).as("that one began before the last failure").isFalse();
        hanging.get(1).done(true, "fine");
        scene.idle();

        assertThat(read.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(read.endedAtNanos).isEqualTo(Duration.ofMillis(1300).toNanos());
    }

    @Test
    void hungCheckHoldsUpOnlyItsOwnPath() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        SimPath sibling = joinAnother(scene, "a", "e");
        List<CheckDone> hanging = hang(scene.path("a"));
        fail(scene, "a");
        assertThat(hanging).hasSize(1);
        sibling.notReady("away").ready();
        scene.pass(Duration.ofSeconds(9));
        assertThat(sibling.checks()).as("while the turn is another's").isZero();
        scene.pass(Duration.ofSeconds(2));

        assertThat(sibling.checks()).isOne();
        assertThat(scene.events(MultipathEvent.PathCheckOverdue.class))
                .extracting(MultipathEvent.PathCheckOverdue::path)
                .containsExactly("a.d");
        scene.pass(Duration.ofMinutes(10));
        fail(scene, "a");
        assertThat(hanging).as("never two at once on one path").hasSize(1);
    }

    @Test
    void lateAnswerOfAHungCheckCounts() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        List<CheckDone> hanging = hang(scene.path("a"));
        fail(scene, "a");
        scene.pass(Duration.ofMinutes(1));
        assertThat(scene.seen("a").usable()).isTrue();
        hanging.remove(0).done(false, "at last");
        scene.idle();

        assertThat(scene.seen("a").reason()).isEqualTo("check: at last");
        scene.pass(Duration.ofSeconds(2));
        assertThat(hanging).as("the next check").hasSize(1);
    }

    @Test
    void portWithThreeHungChecksStartsNoOthers() {
        var scene = Scene.with(NEVER_IN_TURN, "a");
        List<CheckDone> hanging = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            joinAnother(scene, "a", "e" + i)
                    .check(hanging::add)
                    .notReady("away")
                    .ready();
        }
        scene.pass(Duration.ofMinutes(5));
        assertThat(hanging).hasSize(PortChecks.MOST_HUNG);
        hanging.get(0).done(true, "fine");
        scene.idle();

        assertThat(hanging).hasSize(PortChecks.MOST_HUNG + 1);
    }

    @Test
    void registryWithSixteenHungChecksStartsNoOthers() {
        var scene = Scene.with(NEVER_IN_TURN);
        List<CheckDone> hanging = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            SimPath path = scene.join(new PathPort("p" + i));
            path.check(hanging::add).notReady("away").ready();
        }
        scene.pass(Duration.ofMinutes(5));
        assertThat(hanging).hasSize(PortBudgets.MOST_CHECKS);
        hanging.get(3).done(true, "fine");
        hanging.get(4).done(true, "fine");
        scene.idle();

        assertThat(hanging).hasSize(PortBudgets.MOST_CHECKS + 2);
    }

    @Test
    void pathsOfOnePortAreCheckedOneAfterTheOther() {
        var scene = Scene.with(NEVER_IN_TURN, "a");
        List<Long> starts = new ArrayList<>();
        int[] underWay = new int[2];
        var checker = scene.world.thread("checker");
        for (int i = 0; i < 100; i++) {
            Duration takes = Duration.ofMillis(i % 20);
            joinAnother(scene, "a", "e" + i).check(done -> {
                starts.add(scene.world.nanos());
                underWay[1] = Math.max(underWay[1], ++underWay[0]);
                checker.schedule(takes, () -> {
                    underWay[0]--;
                    done.done(true, "fine");
                });
            });
        }
        scene.port("a").pull();
        scene.passMillis(100);
        scene.port("a").putBack();
        scene.pass(Duration.ofSeconds(3));

        assertThat(starts).hasSize(100);
        assertThat(underWay[1]).isOne();
        assertThat(gapsInMillis(starts)).allSatisfy(gap -> assertThat(gap).isGreaterThanOrEqualTo(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"e", "f"})
    void pathInTroubleIsCheckedBeforeThoseThatAreMerelyDue(String inTrouble) {
        var scene = Scene.with(DeviceSettings.defaults().withCheckInterval(Duration.ofSeconds(2)), "a");
        List<String> order = new ArrayList<>();
        List<SimPath> others = List.of(joinAnother(scene, "a", "e"), joinAnother(scene, "a", "f"));
        List<CheckDone> hanging = hang(scene.path("a"));
        scene.world.runUntil(() -> !hanging.isEmpty(), Duration.ofMinutes(1));
        for (SimPath path : others) {
            path.check(done -> {
                order.add(path.name());
                done.done(true, "fine");
            });
        }
        scene.pass(Duration.ofSeconds(5));
        scene.array.path("a", inTrouble).notReady("away").ready();
        scene.idle();
        assertThat(order).isEmpty();
        hanging.get(0).done(true, "fine");
        scene.passMillis(50);

        assertThat(order)
                .as("each once, though one was queued twice")
                .hasSize(2)
                .startsWith("a." + inTrouble);
    }

    @Test
    void portsAreCheckedBesideEachOther() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        List<CheckDone> hanging = hang(scene.path("a"));
        scene.path("b").check(hanging::add);
        scene.path("a").notReady("away").ready();
        scene.path("b").notReady("away").ready();
        scene.idle();

        assertThat(hanging).hasSize(2);
    }

    @Test
    void checkThatWaitsForAThreadIsNotHeldAgainstItsPath() {
        var scene = Scene.with("a", "b");
        scene.world.blocking().hold();
        scene.pass(Duration.ofMinutes(2));
        assertThat(scene.events(MultipathEvent.PathCheckOverdue.class)).isEmpty();
        assertThat(scene.path("a").checks()).isZero();
        scene.world.blocking().release();
        scene.idle();

        assertThat(scene.path("a").checks()).isOne();
    }

    @Test
    void deviceThatIsHeldStillIsNotChecked() {
        var scene = Scene.with("a");
        scene.await(scene.device().quiesce());
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.path("a").checks()).isZero();
        scene.await(scene.device().resume());
        scene.pass(Duration.ofSeconds(2));

        assertThat(scene.path("a").checks()).isOne();
    }

    @Test
    void checkThatThrowsFindsThatThePathDoesNotWork() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        scene.path("a").check(done -> {
            throw new IllegalStateException("what now");
        });
        fail(scene, "a");

        assertThat(scene.seen("a").reason()).startsWith("check: ").contains("what now");
        assertThat(scene.events(MultipathEvent.PathMisbehaved.class)).hasSize(1);
    }

    @Test
    void secondAnswerOfACheckIsIgnored() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        scene.path("a").check(done -> {
            done.done(true, "fine");
            done.done(false, "or not");
        });
        fail(scene, "a");
        scene.passMillis(11);

        assertThat(scene.seen("a").usable()).isTrue();
        assertThat(scene.seen("a").counters().checks()).isOne();
    }

    @Test
    void answerOfARemovedPathIsIgnored() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        joinAnother(scene, "a", "e");
        List<CheckDone> hanging = hang(scene.path("a"));
        fail(scene, "a");
        scene.await(scene.device().removePath("a.d"));
        scene.pass(Duration.ofMinutes(1));
        hanging.get(0).done(false, "too late");
        scene.pass(Duration.ofMinutes(1));

        assertThat(hanging).hasSize(1);
        assertThat(scene.events(MultipathEvent.PathCheckOverdue.class)).isEmpty();
        assertThat(scene.device().state()).isEqualTo(DeviceState.LIVE);
    }

    @Test
    void hungCheckDoesNotKeepARegistryFromClosing() {
        var scene = Scene.with(NEVER_IN_TURN, "a", "b");
        hang(scene.path("a"));
        fail(scene, "a");
        long before = scene.world.nanos();
        scene.await(scene.registry.closeAsync());
        assertThat(scene.world.nanos()).isEqualTo(before);
        while (scene.world.step()) {
            assertThat(scene.world.nanos()).as("nothing is left to run").isLessThan(before + 100_000_000L);
        }

        assertThat(scene.path("b").checks()).isZero();
    }

    /** A path's first request after this fails with the path. */
    private static void fail(Scene scene, String port) {
        scene.path(port).next(1, SimAnswer.fail(LOST));
        scene.read(0);
        scene.idle();
    }

    private static List<CheckDone> hang(SimPath path) {
        List<CheckDone> hanging = new ArrayList<>();
        path.check(hanging::add);
        return hanging;
    }

    private static List<Long> timesOf(Scene scene, String port) {
        return timesOf(scene, port, true);
    }

    private static List<Long> timesOf(Scene scene, String port, boolean works) {
        List<Long> times = new ArrayList<>();
        scene.path(port).check(done -> {
            times.add(scene.world.nanos());
            done.done(works, "as the script says");
        });
        return times;
    }

    private static List<Long> gapsInMillis(List<Long> times) {
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add((times.get(i) - times.get(i - 1)) / 1_000_000);
        }
        return gaps;
    }

    /** A path through the same port to another disk, which is another device. */
    private static SimPath joinAnother(Scene scene, String port, String disk) {
        SimWorld world = scene.world;
        scene.array.withDisk(disk, Scene.description(disk));
        world.await(scene.registry.offer(scene.array.path(port, disk)));
        world.runUntilIdle();
        return scene.array.path(port, disk);
    }
}
