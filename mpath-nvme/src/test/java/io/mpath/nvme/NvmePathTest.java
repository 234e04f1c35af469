package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.nvme.command.Identify.Cns;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.path.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a path reports, and what the ends of its commands mean. */
class NvmePathTest extends OneNvmePath {
    private static final NvmeStatus HOST_PATH_ERROR = new NvmeStatus(0x370);
    private static final NvmeStatus INACCESSIBLE = new NvmeStatus(0x302);
    private static final NvmeStatus NOT_READY_CRD_1 = new NvmeStatus(0x82 | 1 << 11);
    private static final NvmeStatus RESERVATION_CONFLICT = new NvmeStatus(0x4083);
    private static final NvmeStatus INVALID_FIELD = new NvmeStatus(0x4002);
    private static final NvmeStatus INVALID_NAMESPACE = new NvmeStatus(0x400b);

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

    /** A path that would be blamed would fail over to others, which meet the same. */
    @Test
    void reservationConflictIsTheCallersAnswerAndReportedFirst() {
        PathFailure failure = attached().completed(IoOperation.WRITE, RESERVATION_CONFLICT);
        assertThat(failure.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(failure.status()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(control.reports).containsExactly("optimized", "ready", "reservations may have changed");
    }

    @Test
    void nonsenseInsteadOfReservationsIsRefused() {
        NvmePath path = attached();
        a.carriesOut = (command, data) -> completed(data.put(4, (byte) 9));
        assertThat(read(path)).isInstanceOf(ReservationReply.Refused.class);
        a.carriesOut = (command, data) -> completed(data.put(4, (byte) 1));
        assertThat(read(path)).as("a reservation that nobody holds").isInstanceOf(ReservationReply.Refused.class);
    }

    @Test
    void moreRegistrantsThanOneCommandMovesAreRefused() {
        NvmePath path = attached();
        a.carriesOut = (command, data) -> completed(data.put(5, (byte) 0xff).put(6, (byte) 0xff));
        assertThat(read(path))
                .isInstanceOfSatisfying(
                        ReservationReply.Refused.class,
                        refused -> assertThat(refused.cause()).contains("more registrants"));
    }

    @Test
    void registrantsWhoNeverCeaseToComeAreRefused() {
        NvmePath path = attached();
        List<Integer> lengths = new ArrayList<>();
        a.carriesOut = (command, data) -> {
            lengths.add(data.capacity());
            return completed(data.order(ByteOrder.LITTLE_ENDIAN).putShort(5, (short) (data.capacity() / 64 + 1)));
        };
        assertThat(read(path)).isInstanceOf(ReservationReply.Refused.class);
        assertThat(lengths).hasSize(8).isSorted().doesNotHaveDuplicates();
    }

    private static CommandEnd completed(ByteBuffer answer) {
        assertThat(answer.capacity()).isPositive();
        return new CommandEnd.Completed(NvmeStatus.SUCCESS);
    }

    private static ReservationReply read(NvmePath path) {
        List<ReservationReply> replies = new ArrayList<>();
        path.reserve(new ReservationCommand.Read(), replies::add);
        assertThat(replies).hasSize(1);
        return replies.get(0);
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
}
