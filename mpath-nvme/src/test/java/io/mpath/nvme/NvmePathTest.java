package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceId;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.nvme.command.CrossControllerReset;
import io.mpath.nvme.command.Identify.Cns;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.nvme.command.Vectors;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class NvmePathTest {
    private static final long NSID = 1;
    private static final NvmeStatus HOST_PATH_ERROR = new NvmeStatus(0x370);
    private static final NvmeStatus INACCESSIBLE = new NvmeStatus(0x302);
    private static final NvmeStatus NOT_READY_CRD_1 = new NvmeStatus(0x82 | 1 << 11);
    private static final NvmeStatus INVALID_FIELD = new NvmeStatus(0x4002);
    private static final NvmeStatus INVALID_NAMESPACE = new NvmeStatus(0x400b);

    private final SimWorld world = SimWorld.seeded(1);
    private final ScriptedController a = new ScriptedController("nvme0").withoutAna();
    private final ScriptedController b = new ScriptedController("nvme1").withoutAna();
    private final RecordedReports control = new RecordedReports(world);
    private NvmeController controller = new NvmeController(a, NvmeSettings.defaults());

    private NvmePath attached() {
        var path = (NvmePath) controller.open(NSID, "/dev/nvme0n1");
        onLoop(() -> path.attach(control));
        return path;
    }

    private void onLoop(Runnable task) {
        world.environment().loop().execute(task);
        world.runUntilIdle();
    }

    @Test
    void pathWithoutAnaIsOptimizedAndReadyAtOnce() {
        attached();
        assertThat(control.reports).containsExactly("optimized", "ready");
    }

    @Test
    void pathOfAControllerThatIsNotLiveSaysSoBeforeItIsReady() {
        a.liveness = Liveness.CONNECTING;
        a.listener.livenessMayHaveChanged();
        attached();
        assertThat(control.reports).containsExactly("connecting", "optimized", "ready");
    }

    /** The look that finds it live comes before the path is in its place. */
    @Test
    void changeWhileTheFirstPathIsAttachedIsTold() {
        a.liveness = Liveness.CONNECTING;
        a.listener.livenessMayHaveChanged();
        control.afterLiveness = () -> {
            a.liveness = Liveness.LIVE;
            a.listener.livenessMayHaveChanged();
        };
        attached();
        assertThat(control.reports).containsExactly("connecting", "live", "optimized", "ready");
    }

    /** The ioctl came back with EINTR: the kernel gave the command up while it was on its way. */
    @Test
    void cancelledWriteIsUnknownAndHeld() {
        PathFailure failure = attached().unanswered(IoOperation.WRITE, "cancelled in flight");
        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(failure.verdict()).isEqualTo(Verdict.FAIL_OVER);
        assertThat(failure.fenceEpoch()).as("only time fences it").isZero();
    }

    @Test
    void hostPathErrorOfAWriteIsUnknown() {
        PathFailure failure = attached().completed(IoOperation.WRITE, HOST_PATH_ERROR);
        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(failure.verdict()).isEqualTo(Verdict.FAIL_OVER);
    }

    @Test
    void nothingIsSentWhileThePortIsKnownNotToBeLive() {
        NvmePath path = attached();
        assertThat(path.beforeSending(IoOperation.WRITE)).isNull();
        a.liveness = Liveness.RESETTING;
        path.completed(IoOperation.READ, HOST_PATH_ERROR);
        assertThat(path.beforeSending(IoOperation.WRITE).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
    }

    @Test
    void livenessIsReportedBeforeTheFailureThatShowedIt() {
        NvmePath path = attached();
        a.liveness = Liveness.RESETTING;
        path.completed(IoOperation.READ, HOST_PATH_ERROR);
        assertThat(control.reports).endsWith("resetting");
    }

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
    void controllersRetryDelayIsHonoured() {
        a.with(Cns.CONTROLLER, 128, 3);
        PathFailure failure = attached().completed(IoOperation.READ, NOT_READY_CRD_1);
        assertThat(failure.verdict()).isEqualTo(Verdict.RETRY);
        assertThat(failure.retryDelayNanos()).isEqualTo(Duration.ofMillis(300).toNanos());
    }

    @Test
    void detachedNamespaceIsTheControllersTroubleAndNotTheDevices() {
        PathFailure failure = attached().completed(IoOperation.READ, INVALID_NAMESPACE);
        assertThat(failure.verdict()).isEqualTo(Verdict.FAIL_OVER);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(control.reports).endsWith("identity in doubt");
    }

    @Test
    void invalidFieldMayMeanThatTheNamespaceWasDetached() {
        NvmePath path = attached();
        path.describe();
        PathFailure failure = path.completed(IoOperation.READ, INVALID_FIELD);
        assertThat(failure.verdict()).isEqualTo(Verdict.FAIL_OVER);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(control.reports).endsWith("identity in doubt");
    }

    @Test
    void invalidFieldIsTheAnswerOnceTheNamespaceWasFoundAttached() {
        NvmePath path = attached();
        path.completed(IoOperation.READ, INVALID_FIELD);
        path.describe();
        for (int i = 0; i < 3; i++) {
            PathFailure failure = path.completed(IoOperation.READ, INVALID_FIELD);
            assertThat(failure.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(failure.status()).isEqualTo(IoStatus.UNSUPPORTED);
        }
        assertThat(control.reports).containsOnlyOnce("identity in doubt");
    }

    @Test
    void namespaceThatWasFoundAttachedMayBeDetachedLater() {
        NvmePath path = attached();
        path.completed(IoOperation.READ, INVALID_FIELD);
        path.describe();
        world.runFor(Duration.ofMinutes(1));
        path.describe();
        assertThat(path.completed(IoOperation.READ, INVALID_FIELD).verdict()).isEqualTo(Verdict.FAIL_OVER);
    }

    @Test
    void invalidFieldOfAPassthroughIsItsCallersAnswer() {
        assertThat(attached().completed(IoOperation.PASSTHROUGH, INVALID_FIELD).verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void refusalOnThisSideOfTheControllerWasNotExecuted() {
        PathFailure failure = attached().refused(IoOperation.COMPARE_AND_WRITE, IoStatus.UNSUPPORTED, "not fused");
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(failure.verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void checkFindsAPathThatIsRefusedForItsStateWorking() {
        NvmePath path = attached();
        a.firstBlock = path.completed(IoOperation.READ, INACCESSIBLE);
        assertThat(checked(path)).isEqualTo("works");
        a.firstBlock = path.completed(IoOperation.READ, HOST_PATH_ERROR);
        assertThat(checked(path)).startsWith("does not work");
    }

    private static String checked(NvmePath path) {
        List<String> answers = new ArrayList<>();
        path.check((works, finding) -> answers.add(works ? "works" : "does not work: " + finding));
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    /** The old one is still open when the namespace is made again under its number. */
    @Test
    void namespaceThatWentTakesItsOwnPathAlone() {
        attached();
        var again = new RecordedReports(world);
        NvmePath path = (NvmePath) controller.open(NSID, "/dev/nvme0n2");
        onLoop(() -> path.attach(again));

        a.listener.namespaceGone(a.opened.get(0), "removed");
        world.runUntilIdle();

        assertThat(control.reports).endsWith("gone: removed");
        assertThat(again.reports).noneMatch(report -> report.startsWith("gone"));
    }

    @Test
    void privateNamespaceHasOnePathOnly() {
        a.with(Cns.NAMESPACE, ScriptedController.NMIC, 0);
        assertThat(attached().describe().notCapable())
                .hasValueSatisfying(reason -> assertThat(reason).contains("private"));
    }

    @Test
    void privateNamespacesOfOneNumberAreTwoDevices() {
        ScriptedController b = new ScriptedController("nvme1").withoutAna();
        for (ScriptedController each : List.of(a, b)) {
            each.pages.put(Cns.NAMESPACE_DESCRIPTORS, Vectors.zeroes());
            for (int i = 0; i < 24; i++) {
                each.with(Cns.NAMESPACE, ScriptedController.NGUID + i, 0);
            }
        }
        a.with(Cns.CONTROLLER, ScriptedController.CNTLID, 1);
        b.with(Cns.CONTROLLER, ScriptedController.CNTLID, 2);
        assertThat(idThrough(a)).as("shared").isEqualTo(idThrough(b));
        a.with(Cns.NAMESPACE, ScriptedController.NMIC, 0);
        b.with(Cns.NAMESPACE, ScriptedController.NMIC, 0);
        assertThat(idThrough(a)).as("private").isNotEqualTo(idThrough(b));
    }

    private static DeviceId idThrough(ScriptedController transport) {
        DevicePath path = new NvmeController(transport, NvmeSettings.defaults()).open(NSID, transport.port.name());
        return path.describe().id();
    }

    @Test
    void subsystemOfOneControllerHasOnePathOnly() {
        a.with(Cns.CONTROLLER, ScriptedController.CMIC, 0);
        assertThat(attached().describe().notCapable())
                .hasValueSatisfying(reason -> assertThat(reason).contains("single controller"));
    }

    @Test
    void sharedNamespaceOfTwoControllersMayHaveMorePaths() {
        assertThat(attached().describe().notCapable()).isEmpty();
    }

    @Test
    void identifierUnderAnotherSubsystemContradicts() {
        PathDescription here = attached().describe();
        a.with(Cns.CONTROLLER, 768 + 4, 'x');
        controller = new NvmeController(a, NvmeSettings.defaults());
        assertThat(here.contradiction(attached().describe()))
                .hasValueSatisfying(why -> assertThat(why).contains("subsystem"));
    }

    @Test
    void identifierThatOnlyOnePathHasContradicts() {
        PathDescription with = attached().describe();
        for (int i = 0; i < 16; i++) {
            a.with(Cns.NAMESPACE, ScriptedController.NGUID + i, 0);
        }
        a.pages.put(Cns.NAMESPACE_DESCRIPTORS, withoutNguid());
        PathDescription without = attached().describe();
        assertThat(without.id()).isEqualTo(with.id());
        assertThat(with.contradiction(without)).isPresent();
    }

    /** The UUID's descriptor alone. */
    private ByteBuffer withoutNguid() {
        ByteBuffer page = a.pages.get(Cns.NAMESPACE_DESCRIPTORS);
        ByteBuffer uuidOnly = Vectors.zeroes();
        for (int at = 0, end = 0; page.get(at + 1) != 0; at += 4 + page.get(at + 1)) {
            int length = 4 + page.get(at + 1);
            if (page.get(at) != 2) {
                uuidOnly.put(end, page, at, length);
                end += length;
            }
        }
        return uuidOnly;
    }

    @Test
    void namespaceWithMetadataIsRefusedByName() {
        a.with(Cns.NAMESPACE, 128, 8);
        assertThatThrownBy(() -> controller.open(NSID, "/dev/nvme0n1"))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("metadata");
    }

    @Test
    void silentControllerIsATypedError() {
        a.refusesToIdentify = true;
        assertThatThrownBy(() -> controller.open(NSID, "/dev/nvme0n1"))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("nvme0");
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
