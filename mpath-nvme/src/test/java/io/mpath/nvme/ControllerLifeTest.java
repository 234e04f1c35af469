package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.nvme.command.Identify.Cns;
import io.mpath.nvme.command.NvmeStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a controller says of itself counts for one life of it, and how long what it lost is held. */
class ControllerLifeTest extends OneNvmePath {
    private static final NvmeStatus HOST_PATH_ERROR = new NvmeStatus(0x370);

    @Test
    void holdIsThreeKeepAlivesWithTrafficBasedKeepAliveAndTwoWithout() {
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0x40).with(Cns.CONTROLLER, ScriptedController.CQT, 100);
        assertThat(attached().holdNanos()).isEqualTo(Duration.ofMillis(15_100).toNanos());
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0);
        controller = new NvmeController(a, NvmeSettings.defaults());
        assertThat(attached().holdNanos()).isEqualTo(Duration.ofMillis(10_100).toNanos());
    }

    @Test
    void keepAliveIsRoundedUpToTheControllersGranularity() {
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0x40).with(Cns.CONTROLLER, ScriptedController.KAS, 100);
        assertThat(attached().holdNanos()).isEqualTo(Duration.ofSeconds(30).toNanos());
    }

    @Test
    void keepAliveThatTheControllerKeepsItselfToCounts() {
        a.keepAliveTimer = 8000;
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0x40);
        assertThat(attached().holdNanos()).isEqualTo(Duration.ofSeconds(24).toNanos());
        a.keepAliveMillis = OptionalLong.empty();
        assertThat(attached().holdNanos()).isEqualTo(Duration.ofSeconds(24).toNanos());
    }

    @Test
    void keepAliveTimerThatCannotBeReadIsAskedForAgain() {
        a.keepAliveTimer = -HOST_PATH_ERROR.value();
        a.keepAliveMillis = OptionalLong.empty();
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0x40);
        NvmePath path = attached();
        assertThat(path.holdNanos()).isEqualTo(RecordedReports.ASSUMED_HOLD.toNanos());
        a.keepAliveTimer = 60_000;
        path.describe();
        assertThat(path.holdNanos()).isEqualTo(Duration.ofMinutes(3).toNanos());
    }

    @Test
    void whileTheTimerIsNotKnownTheLongerHoldCounts() {
        a.keepAliveTimer = -HOST_PATH_ERROR.value();
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0x40);
        NvmePath path = attached();
        assertThat(path.holdNanos()).isEqualTo(RecordedReports.ASSUMED_HOLD.toNanos());
        a.keepAliveMillis = OptionalLong.of(30_000);
        assertThat(path.holdNanos()).isEqualTo(Duration.ofSeconds(90).toNanos());
    }

    /** It says another quiesce time in each life: what its paths go by shows in their hold. */
    private void reconnects(int quiesceMillis) {
        a.liveness = Liveness.CONNECTING;
        a.listener.livenessMayHaveChanged();
        a.with(Cns.CONTROLLER, ScriptedController.CQT, quiesceMillis);
        a.liveness = Liveness.LIVE;
        a.listener.livenessMayHaveChanged();
    }

    private long heldBeyondKeepAlive(NvmePath path) {
        return path.holdNanos() - Duration.ofSeconds(15).toNanos();
    }

    @Test
    void whatAControllerSaysIsAskedForAgainWhenItDidNotAnswerInItsNewLife() {
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0x40);
        NvmePath path = attached();
        reconnects(100);
        a.refusesToIdentify = true;
        assertThatThrownBy(path::describe).isInstanceOf(MultipathException.class);
        a.refusesToIdentify = false;
        path.describe();
        assertThat(heldBeyondKeepAlive(path)).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void whatALifeSaidThatEndedMeanwhileIsNotTakenForTheNext() {
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0x40);
        a.whileIdentified = () -> reconnects(100);
        NvmePath path = attached();
        assertThat(heldBeyondKeepAlive(path)).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void whoAsksWhileTheControllerIsAskedWaitsForTheAnswer() throws InterruptedException {
        attached();
        List<Integer> told = Collections.synchronizedList(new ArrayList<>());
        var second = new Thread(() -> told.add(controller.facts().identify().quiesceTimeMillis()));
        a.whileIdentified = () -> {
            second.start();
            while (second.getState() != Thread.State.BLOCKED && second.isAlive()) {
                Thread.onSpinWait();
            }
        };
        reconnects(100);
        told.add(controller.facts().identify().quiesceTimeMillis());
        second.join();
        assertThat(told).containsExactly(100, 100);
    }

    /** Lost and connected again between two looks. */
    @Test
    void announcedConnectionIsANewLifeThoughNoLookSawTheControllerAway() {
        a.with(Cns.CONTROLLER, ScriptedController.CTRATT, 0x40);
        NvmePath path = attached();
        a.with(Cns.CONTROLLER, ScriptedController.CQT, 100);
        onLoop(a.listener::connected);
        assertThat(control.reports).containsExactly("optimized", "ready", "identity in doubt");
        path.describe();
        assertThat(heldBeyondKeepAlive(path)).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void announcementOfAConnectionThatIsMadeNoMoreIsALook() {
        attached();
        a.liveness = Liveness.RESETTING;
        onLoop(a.listener::connected);
        assertThat(control.reports).endsWith("resetting").doesNotContain("identity in doubt");
    }

    /** Its count of changes began again, and came to the same number. */
    @Test
    void accessStatesOfANewLifeAreReadThoughTheCountOfChangesIsTheSame() {
        a.with(Cns.CONTROLLER, ScriptedController.CMIC, 0x0a);
        attached();
        assertThat(control.reports).contains("/dev/nvme0n1 optimized");
        control.reports.clear();
        a.anaLog = inaccessible(a.anaLog);
        onLoop(a.listener::connected);
        assertThat(control.reports)
                .contains("/dev/nvme0n1 unknown", "/dev/nvme0n1 unavailable")
                .doesNotContain("/dev/nvme0n1 optimized");
    }

    /** The same log with each group in another state. */
    private static ByteBuffer inaccessible(ByteBuffer log) {
        ByteBuffer changed = ByteBuffer.allocate(log.capacity()).order(log.order());
        changed.put(0, log, 0, log.capacity());
        int groups = log.getShort(8);
        for (int i = 0, at = 16; i < groups; i++) {
            changed.put(at + 16, (byte) 3);
            at += 32 + 4 * log.getInt(at + 4);
        }
        return changed;
    }

    @Test
    void withoutKeepAliveTheHoldIsTheConfiguredOne() {
        a.keepAliveMillis = OptionalLong.of(0);
        assertThat(attached().holdNanos()).isEqualTo(RecordedReports.ASSUMED_HOLD.toNanos());
    }
}
