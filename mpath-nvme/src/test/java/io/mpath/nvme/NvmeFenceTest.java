package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.IoOperation;
import io.mpath.Liveness;
import io.mpath.nvme.command.CrossControllerReset;
import io.mpath.nvme.command.Identify.Cns;
import io.mpath.path.PathFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ends a controller's lost writes before their time: a PCIe reset that was seen, a Cross-Controller Reset that was confirmed. */
class NvmeFenceTest extends OneNvmePath {
    @Test
    void overFabricsAConnectionMadeAnewFencesNothing() {
        NvmePath path = attached();
        a.liveness = Liveness.RESETTING;
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        a.liveness = Liveness.LIVE;
        a.listener.livenessMayHaveChanged();
        assertThat(control.reports).contains("live").noneMatch(report -> report.startsWith("fenced"));
    }

    @Test
    void resetOverPcieFencesOnceTheControllerIsSeenLive() {
        a.resets = true;
        NvmePath path = attached();
        a.liveness = Liveness.RESETTING;
        PathFailure failure = path.unanswered(IoOperation.WRITE, "cancelled in flight");
        assertThat(control.reports).noneMatch(report -> report.startsWith("fenced"));
        a.liveness = Liveness.LIVE;
        a.listener.livenessMayHaveChanged();
        assertThat(fences())
                .singleElement()
                .satisfies(epoch -> assertThat(epoch).isGreaterThanOrEqualTo(failure.fenceEpoch()));
    }

    /** Kernels whose time-out handler disables the controller before it says so; a later reset is one. */
    @Test
    void lossWhileTheStateStillSaysLiveIsHeld() {
        a.resets = true;
        NvmePath path = attached();
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        a.listener.livenessMayHaveChanged();
        a.listener.connected();
        assertThat(fences()).isEmpty();
        a.liveness = Liveness.RESETTING;
        a.listener.livenessMayHaveChanged();
        assertThat(fences()).isEmpty();
        a.liveness = Liveness.LIVE;
        a.listener.livenessMayHaveChanged();
        assertThat(fences()).hasSize(1);
    }

    /** Out of descriptors, say: it was live all the time. */
    @Test
    void stateThatCannotBeReadFencesNothing() {
        a.resets = true;
        NvmePath path = attached();
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        a.liveness = null;
        a.listener.livenessMayHaveChanged();
        assertThat(control.reports).contains("connecting");
        a.liveness = Liveness.LIVE;
        a.listener.livenessMayHaveChanged();
        assertThat(control.reports).contains("live");
        assertThat(fences()).isEmpty();
    }

    @Test
    void deadPcieControllerFencesNothing() {
        a.resets = true;
        NvmePath path = attached();
        a.liveness = Liveness.DEAD;
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        a.listener.livenessMayHaveChanged();
        assertThat(fences()).isEmpty();
    }

    /** What is lost after the attribute was read is not covered by what was read. */
    @Test
    void lossAfterTheLookHasAGreaterNumberThanItsFence() {
        a.resets = true;
        NvmePath path = attached();
        a.liveness = Liveness.RESETTING;
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        a.liveness = Liveness.LIVE;
        a.listener.livenessMayHaveChanged();
        long fenced = fences().get(0);
        a.liveness = Liveness.RESETTING;
        assertThat(path.unanswered(IoOperation.WRITE, "cancelled in flight").fenceEpoch())
                .isGreaterThan(fenced);
    }

    /** The attribute said live; before that is acted upon, the controller is reset once more and a write is lost. */
    @Test
    void lossDuringALookIsNotFencedByIt() {
        a.resets = true;
        attached();
        List<Long> lost = new ArrayList<>();
        a.whileLookedAt = () -> {
            a.liveness = Liveness.RESETTING;
            lost.add(controller.lost(control));
        };
        a.listener.livenessMayHaveChanged();
        assertThat(lost).hasSize(1);
        assertThat(fences()).allSatisfy(epoch -> assertThat(epoch).isLessThan(lost.get(0)));
    }

    private List<Long> fences() {
        List<Long> epochs = new ArrayList<>();
        for (String report : control.reports) {
            if (report.startsWith("fenced ")) {
                epochs.add(Long.parseLong(report.substring("fenced ".length())));
            }
        }
        return epochs;
    }

    @Test
    void crossControllerResetThatIsConfirmedFences() {
        assertThat(fencesAfterCrossControllerReset(1)).hasSize(1);
    }

    @Test
    void crossControllerResetThatIsOnlyAcceptedFencesNothing() {
        assertThat(fencesAfterCrossControllerReset(0)).isEmpty();
    }

    private List<Long> fencesAfterCrossControllerReset(int result) {
        NvmePath path = attachedBesideAnother();
        b.resetResult = result;
        a.liveness = Liveness.CONNECTING;
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        world.runUntilIdle();
        assertThat(resetsAskedFor()).isNotEmpty();
        return fences();
    }

    /** Nvme0, life 7 of it, with nvme1, which resets other controllers. */
    private NvmePath attachedBesideAnother() {
        var settings = new NvmeSettings(Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ofSeconds(10), true);
        var peers = new NvmePeers();
        b.with(Cns.CONTROLLER, ScriptedController.CIU, 9);
        new NvmeController(b, settings, peers).open(NSID, "/dev/nvme1n1");
        a.with(Cns.CONTROLLER, ScriptedController.CIU, 7);
        controller = new NvmeController(a, settings, peers);
        return attached();
    }

    /** By the uniquifier of the life that was to end. */
    private List<Integer> resetsAskedFor() {
        return b.commands.stream()
                .filter(CrossControllerReset.class::isInstance)
                .map(command -> ((CrossControllerReset) command).instanceUniquifier())
                .toList();
    }

    /** Nvme0 is connected anew, for life 8, and has been asked what it is. */
    private void beginsLife8(NvmePath path) {
        a.liveness = Liveness.CONNECTING;
        a.listener.livenessMayHaveChanged();
        a.with(Cns.CONTROLLER, ScriptedController.CIU, 8);
        a.liveness = Liveness.LIVE;
        a.listener.livenessMayHaveChanged();
        path.describe();
    }

    @Test
    void resetOfALifeFencesNothingThatALaterOneLost() {
        NvmePath path = attachedBesideAnother();
        b.refusesToReset = true;
        long earlier = path.unanswered(IoOperation.WRITE, "cancelled in flight").fenceEpoch();
        world.runUntilIdle();
        beginsLife8(path);
        b.resetOnly = 7;
        b.refusesToReset = false;
        long later = path.unanswered(IoOperation.WRITE, "cancelled in flight").fenceEpoch();
        world.runUntilIdle();
        assertThat(resetsAskedFor()).containsExactly(7, 7, 8);
        assertThat(fences()).containsExactly(earlier);
        assertThat(later).isGreaterThan(earlier);
    }

    @Test
    void resetOfALifeFencesNothingThatAnEarlierOneLost() {
        NvmePath path = attachedBesideAnother();
        b.resetOnly = 8;
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        world.runUntilIdle();
        beginsLife8(path);
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        world.runUntilIdle();
        assertThat(fences()).isEmpty();
    }

    @Test
    void lifeWhoseLossesAreOverForTheTimeThatPassedIsNotInTheWay() {
        NvmePath path = attachedBesideAnother();
        b.resetOnly = 8;
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        world.runFor(Duration.ofNanos(path.holdNanos()));
        beginsLife8(path);
        long later = path.unanswered(IoOperation.WRITE, "cancelled in flight").fenceEpoch();
        world.runUntilIdle();
        assertThat(fences()).containsExactly(later);
    }

    /** What was lost before the controller was asked what it is now may be of a life that nobody can name. */
    @Test
    void lossOfALifeThatWasNotAskedWhatItIsWaitsForTime() {
        NvmePath path = attachedBesideAnother();
        a.liveness = Liveness.CONNECTING;
        a.listener.livenessMayHaveChanged();
        a.liveness = Liveness.LIVE;
        a.listener.livenessMayHaveChanged();
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        world.runUntilIdle();
        assertThat(resetsAskedFor()).isEmpty();
        assertThat(fences()).isEmpty();
    }

    @Test
    void searchThatBreaksDownIsNotTheLast() {
        NvmePath path = attachedBesideAnother();
        b.breaksDown = new IllegalStateException("planned");
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        assertThatThrownBy(world::runUntilIdle).hasStackTraceContaining("planned");
        b.breaksDown = null;
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        world.runUntilIdle();
        assertThat(fences()).hasSize(1);
    }

    /** The registry that lost the write closes while its search waits for the reset to be confirmed. */
    @Test
    void searchOfARegistryThatClosedIsNotTheLast() {
        NvmePath path = attachedBesideAnother();
        b.resetResult = 0;
        path.unanswered(IoOperation.WRITE, "cancelled in flight");
        world.runFor(Duration.ofMillis(10));
        var other = (NvmePath) controller.open(NSID, "/dev/nvme0n1");
        world.environment().loop().execute(() -> {
            path.close(() -> {});
            other.attach(control);
        });
        world.runFor(Duration.ofMillis(10));
        b.commands.clear();
        b.resetResult = 1;
        other.unanswered(IoOperation.WRITE, "cancelled in flight");
        world.runFor(Duration.ofMillis(10));
        assertThat(resetsAskedFor()).containsExactly(7);
        assertThat(fences()).isNotEmpty();
    }
}
