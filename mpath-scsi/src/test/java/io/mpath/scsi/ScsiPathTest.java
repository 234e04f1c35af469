package io.mpath.scsi;

import static io.mpath.path.Certainty.NOT_EXECUTED;
import static io.mpath.path.Certainty.TERMINATED;
import static io.mpath.path.Certainty.UNKNOWN;
import static io.mpath.path.Verdict.FAIL;
import static io.mpath.path.Verdict.FAIL_OVER;
import static io.mpath.path.Verdict.RETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceId;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.ScsiStatus;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.sim.SimAluaState;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimDesignator;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimScsiTransport;
import io.mpath.scsi.sim.SimSense;
import io.mpath.scsi.sim.SimUnitIdentity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What one path reports, and what it makes of how commands end. */
class ScsiPathTest {
    private static final int GOOD = ScsiStatus.GOOD.value();
    private static final int CHECK_CONDITION = ScsiStatus.CHECK_CONDITION.value();

    private final ArrayAndHost lab = new ArrayAndHost(1);
    private final RecordedReports control = new RecordedReports(lab.world);
    private SimScsiTransport transport = new SimScsiTransport(lab.toA, ArrayAndHost.LUN);

    private ScsiPath attached() {
        var path = (ScsiPath) lab.host.open(transport, "/dev/sda");
        lab.world.environment().loop().execute(() -> path.attach(control));
        lab.world.runUntilIdle();
        return path;
    }

    private ScsiPath attachedOverFibreChannel() {
        transport = new SimScsiTransport(ArrayAndHost.fibreChannel(lab.a), ArrayAndHost.LUN);
        return attached();
    }

    private void settle() {
        lab.pass(Duration.ofMillis(100));
    }

    private static ScsiResult sense(int key, int asc, int ascq) {
        byte[] descriptors = {0x72, (byte) key, (byte) asc, (byte) ascq, 0, 0, 0, 0};
        return new ScsiResult(CHECK_CONDITION, 0, Optional.of(SenseData.decode(ByteBuffer.wrap(descriptors))), 0);
    }

    private static ScsiResult status(ScsiStatus status) {
        return new ScsiResult(status.value(), 0, Optional.empty(), 0);
    }

    private static ScsiResult host(HostByte host) {
        return new ScsiResult(GOOD, host.number(), Optional.empty(), 0);
    }

    private PathFailure write(ScsiPath path, ScsiResult result) {
        PathFailure failure = path.completed(IoOperation.WRITE, result, 0, 8);
        assertThat(failure).isNotNull();
        return failure;
    }

    private PathFailure read(ScsiPath path, ScsiResult result) {
        PathFailure failure = path.completed(IoOperation.READ, result, 0, 8);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static void assertJudged(PathFailure failure, Verdict verdict, Certainty certainty, IoStatus status) {
        assertThat(failure.verdict()).isEqualTo(verdict);
        assertThat(failure.certainty()).isEqualTo(certainty);
        assertThat(failure.status()).isEqualTo(status);
    }

    @Test
    void pathIsReadyOnceItsAccessStateIsKnown() {
        attached();
        assertThat(control.reports).containsExactly("/dev/sda optimized", "ready");
    }

    @Test
    void pathWithoutAluaIsOptimizedAndReadyAtOnce() {
        lab.array.withoutAlua();
        attached();
        assertThat(control.reports).containsExactly("optimized", "ready");
        assertThat(lab.array.counts().seenReportTargetPortGroups()).isZero();
    }

    @Test
    void pathThatWasSetOfflineIsReadyWhenItRunsAgain() {
        transport.offline(true);
        transport.offline(false);
        attached();
        transport.offline(true);
        settle();
        assertThat(control.reports).containsExactly("/dev/sda optimized", "ready", "not ready");
        transport.offline(false);
        settle();
        assertThat(control.reports).endsWith("not ready", "/dev/sda unknown", "ready", "/dev/sda optimized");
    }

    /** Nobody could read it through this path meanwhile, and nobody was told of a change. */
    @Test
    void stateOfAPathThatRunsAgainIsReadAnew() {
        lab.toA.tellsOfAttentions(false);
        attached();
        transport.offline(true);
        settle();
        lab.unit.alua(1, SimAluaState.STANDBY);
        transport.offline(false);
        settle();
        assertThat(control.reports).endsWith("/dev/sda unknown", "ready", "/dev/sda standby");
    }

    @Test
    void nothingIsAskedThroughAPathThatIsSetOffline() {
        var asked = new AtomicInteger();
        var counting = new Through(transport) {
            @Override
            public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) {
                asked.incrementAndGet();
                return super.execute(command, data, timeout);
            }
        };
        var path = (ScsiPath) lab.host.open(counting, "/dev/sda");
        lab.world.environment().loop().execute(() -> path.attach(control));
        lab.seconds(60);
        assertThat(asked.getAndSet(0)).as("checks of an idle path").isPositive();
        transport.offline(true);
        settle();
        asked.set(0);
        lab.seconds(120);
        assertThat(asked).hasValue(0);
        transport.offline(false);
        settle();
        assertThat(asked).hasPositiveValue();
    }

    @Test
    void livenessIsReportedBeforeTheFailureThatShowedIt() {
        ScsiPath path = attached();
        lab.toA.lose();
        assertThat(control.reports).endsWith("connecting");
        assertJudged(write(path, host(HostByte.DID_TRANSPORT_DISRUPTED)), FAIL_OVER, UNKNOWN, IoStatus.PATH_ERROR);
    }

    @Test
    void nothingIsSentWhileTheNexusIsKnownNotToBeLive() {
        ScsiPath path = attached();
        assertThat(path.beforeSending(IoOperation.WRITE)).isNull();
        lab.toA.lose();
        assertThat(path.beforeSending(IoOperation.WRITE).certainty()).isEqualTo(NOT_EXECUTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = HostByte.class,
            mode = Mode.EXCLUDE,
            names = {"DID_OK", "DID_TARGET_FAILURE", "DID_NEXUS_FAILURE", "DID_ALLOC_FAILURE", "DID_MEDIUM_ERROR"})
    void hostByteNeverProvesThatAWriteWasNotExecuted(HostByte byHost) {
        ScsiPath path = attached();
        PathFailure failure = write(path, host(byHost));
        assertThat(failure.certainty()).isEqualTo(UNKNOWN);
        assertThat(failure.fenceEpoch()).as("an iSCSI session may end it").isPositive();
        assertThat(read(path, host(byHost)).fenceEpoch())
                .as("a read needs no fence")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "DID_TARGET_FAILURE, TARGET_ERROR",
        "DID_NEXUS_FAILURE, RESERVATION_CONFLICT",
        "DID_ALLOC_FAILURE, NO_SPACE",
        "DID_MEDIUM_ERROR, MEDIUM_ERROR"
    })
    void hostByteMadeFromAnAnswerIsTheAnswer(HostByte byHost, IoStatus told) {
        assertJudged(write(attached(), host(byHost)), FAIL, TERMINATED, told);
    }

    @ParameterizedTest
    @CsvSource({
        "BUSY, RETRY, NOT_EXECUTED, TARGET_ERROR",
        "TASK_SET_FULL, RETRY, NOT_EXECUTED, TARGET_ERROR",
        "TASK_ABORTED, RETRY, TERMINATED, TARGET_ERROR",
        "RESERVATION_CONFLICT, FAIL, NOT_EXECUTED, RESERVATION_CONFLICT",
        "ACA_ACTIVE, FAIL_OVER, NOT_EXECUTED, PATH_ERROR",
        "CHECK_CONDITION, FAIL_OVER, TERMINATED, PATH_ERROR"
    })
    void statusDecides(ScsiStatus status, Verdict verdict, Certainty certainty, IoStatus told) {
        PathFailure failure = write(attached(), status(status));
        assertJudged(failure, verdict, certainty, told);
        assertThat(failure.fenceEpoch()).as("the device answered").isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "2, 4, 10, FAIL_OVER, NOT_EXECUTED, PATH_ERROR",
        "6, 4, 10, FAIL_OVER, NOT_EXECUTED, PATH_ERROR",
        "2, 4, 11, FAIL_OVER, NOT_EXECUTED, PATH_ERROR",
        "2, 4, 12, FAIL_OVER, NOT_EXECUTED, PATH_ERROR",
        "2, 4, 1, RETRY, NOT_EXECUTED, TARGET_ERROR",
        "2, 4, 3, FAIL_OVER, NOT_EXECUTED, PATH_ERROR",
        "3, 17, 0, FAIL, TERMINATED, MEDIUM_ERROR",
        "4, 68, 0, FAIL, TERMINATED, TARGET_ERROR",
        "5, 33, 0, FAIL, NOT_EXECUTED, OUT_OF_RANGE",
        "5, 37, 0, FAIL_OVER, NOT_EXECUTED, PATH_ERROR",
        "6, 41, 0, RETRY, NOT_EXECUTED, TARGET_ERROR",
        "7, 39, 7, FAIL, TERMINATED, NO_SPACE",
        "7, 39, 0, FAIL, NOT_EXECUTED, READ_ONLY",
        "11, 71, 0, FAIL_OVER, TERMINATED, PATH_ERROR",
        "11, 0, 0, RETRY, TERMINATED, TARGET_ERROR",
        "14, 29, 0, FAIL, TERMINATED, MISCOMPARE"
    })
    void senseDecides(int key, int asc, int ascq, Verdict verdict, Certainty certainty, IoStatus told) {
        PathFailure failure = write(attached(), sense(key, asc, ascq));
        assertJudged(failure, verdict, certainty, told);
        assertThat(failure.cause())
                .startsWith("sense 0" + Integer.toHexString(key).toUpperCase(Locale.ROOT));
    }

    @Test
    void commandWithoutAResultIsUnknown() {
        PathFailure failure = attached().unanswered(IoOperation.WRITE, "interrupted");
        assertJudged(failure, FAIL_OVER, UNKNOWN, IoStatus.PATH_ERROR);
        assertThat(failure.fenceEpoch()).isPositive();
    }

    @Test
    void onlyTimeFencesOverFibreChannel() {
        ScsiPath path = attachedOverFibreChannel();
        SimNexus nexus = transport.nexus();
        nexus.lose();
        assertThat(path.unanswered(IoOperation.WRITE, "handed back").fenceEpoch())
                .isZero();
        lab.seconds(2);
        assertThat(control.reports).contains("live");
        assertThat(fences()).isEmpty();
    }

    @Test
    void sessionSeenFailedAndLoggedInAgainFencesWhatItLost() {
        ScsiPath path = attached();
        lab.toA.lose();
        long lost = path.unanswered(IoOperation.WRITE, "handed back").fenceEpoch();
        assertThat(fences()).isEmpty();
        lab.seconds(2);
        assertThat(fences())
                .singleElement()
                .satisfies(epoch -> assertThat(epoch).isGreaterThanOrEqualTo(lost));
    }

    /** Nobody saw that the session failed, if it did: it may still be the one that the lost command is in. */
    @Test
    void sessionThatWasNotSeenFailedFencesNothing() {
        ScsiPath path = attached();
        path.unanswered(IoOperation.WRITE, "timed out");
        lab.seconds(2);
        assertThat(fences()).isEmpty();
    }

    /** It may have been sent in the session that is live now. */
    @Test
    void lossAfterTheLoginIsNotCoveredByIt() {
        ScsiPath path = attached();
        lab.toA.lose();
        long before = path.unanswered(IoOperation.WRITE, "handed back").fenceEpoch();
        lab.seconds(2);
        long after = path.unanswered(IoOperation.WRITE, "timed out").fenceEpoch();
        assertThat(fences())
                .singleElement()
                .satisfies(epoch ->
                        assertThat(epoch).isGreaterThanOrEqualTo(before).isLessThan(after));
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
    void blocksAheadOfTheBadOneAreDone() {
        var sense = SenseData.decode(ByteBuffer.wrap(HexFormat.of().parseHex("f00003000000050a00000000110000000000")));
        PathFailure failure = read(attached(), new ScsiResult(CHECK_CONDITION, 0, Optional.of(sense), 0));
        assertThat(failure.doneBytes()).isEqualTo(5L * ArrayAndHost.BLOCK);
    }

    /** A device may write them in any order: what was written of it, nothing tells. */
    @ParameterizedTest
    @ValueSource(strings = {"03110000", "04440000", "0b440000", "0b470300", "0b100100"})
    void nothingOfAWriteThatFailedIsTakenForWritten(String codes) {
        var failed = SenseData.decode(
                ByteBuffer.wrap(HexFormat.of().parseHex("72" + codes + "00000c" + "000a8000" + "0000000000000005")));
        var result = new ScsiResult(CHECK_CONDITION, 0, Optional.of(failed), 0);
        assertThat(failed.information()).hasValue(5);
        assertThat(write(attached(), result).doneBytes()).isZero();
    }

    @Test
    void writeThatEndedShortIsRepeatedWhole() {
        var shortBy = new ScsiResult(GOOD, 0, Optional.empty(), 3L * ArrayAndHost.BLOCK);
        PathFailure failure = write(attached(), shortBy);
        assertJudged(failure, RETRY, TERMINATED, IoStatus.TARGET_ERROR);
        assertThat(failure.doneBytes()).isZero();
    }

    @Test
    void goodEndThatIsShortIsResumedWhereItStopped() {
        ScsiPath path = attached();
        var shortBy = new ScsiResult(GOOD, 0, Optional.empty(), 3L * ArrayAndHost.BLOCK);
        PathFailure failure = read(path, shortBy);
        assertJudged(failure, RETRY, TERMINATED, IoStatus.TARGET_ERROR);
        assertThat(failure.doneBytes()).isEqualTo(5L * ArrayAndHost.BLOCK);
    }

    @Test
    void recoveredErrorIsNoError() {
        ScsiResult recovered = sense(1, 0x17, 1);
        assertThat(attached().completed(IoOperation.READ, recovered, 0, 8)).isNull();
    }

    @Test
    void refusalOnThisSideWasNotExecuted() {
        PathFailure failure = attached().refused(IoOperation.DISCARD, IoStatus.UNSUPPORTED, "no UNMAP");
        assertJudged(failure, FAIL, NOT_EXECUTED, IoStatus.UNSUPPORTED);
    }

    @Test
    void standbyIsReportedBeforeTheRequestFails() {
        ScsiPath path = attached();
        write(path, sense(2, 4, 0x0b));
        assertThat(control.reports).endsWith("/dev/sda unknown");
    }

    @Test
    void transitionIsReportedBeforeTheRequestFails() {
        ScsiPath path = attached();
        write(path, sense(2, 4, 0x0a));
        assertThat(control.reports).endsWith("/dev/sda transitioning");
    }

    @ParameterizedTest
    @CsvSource({"41, 0", "42, 6", "42, 7"})
    void attentionThatMayHideAStateHasTheStatesReadOnce(int asc, int ascq) {
        ScsiPath path = attached();
        lab.seconds(15);
        lab.array.counts().reset();
        write(path, sense(6, asc, ascq));
        settle();
        assertThat(lab.array.counts().seenReportTargetPortGroups()).isOne();
    }

    /** It takes the place of whatever was to be told before it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7})
    void resetHasTheUnitDescribedAnewAndItsReservationsRead(int ascq) {
        ScsiPath path = attached();
        write(path, sense(6, 0x29, ascq));
        assertThat(control.reports).contains("reservations may have changed", "changed");
    }

    /** Each path that returns is told so. */
    @Test
    void resetThatIsToldToWhoDescribesTheUnitHasItDescribedNoMoreThanThat() {
        ScsiPath path = attached();
        lab.seconds(15);
        lab.toA.tellsOfAttentions(false);
        control.reports.clear();
        lab.array.counts().reset();
        lab.unit.attention(SimSense.of(0x06, 0x29, 0x07));
        path.describe();
        settle();
        assertThat(lab.toA.attentions(ArrayAndHost.LUN)).isEmpty();
        assertThat(control.reports).contains("reservations may have changed").doesNotContain("changed");
        assertThat(lab.array.counts().seenReportTargetPortGroups()).isOne();
    }

    /** What was asked for ahead of the reset may be what it was before that. */
    @Test
    void pagesAreReadBehindTheResetThatTheirReaderIsTold() {
        ScsiPath path = attached();
        lab.toA.tellsOfAttentions(false);
        SimUnitIdentity other = SimUnitIdentity.numbered(0x7777);
        int[] left = {1};
        lab.a.script(command -> {
            if (!isReadCapacity16(command) || left[0]-- <= 0) {
                return SimFate.normal();
            }
            lab.unit.identityInSilence(other);
            return SimFate.sense(SimSense.of(0x06, 0x29, 0));
        });
        assertThat(path.describe().id().toString()).endsWith("7777");
    }

    @ParameterizedTest
    @CsvSource({"6, 42, 9", "5, 33, 0"})
    void unitOfAnotherSizeIsDescribedAnew(int key, int asc, int ascq) {
        ScsiPath path = attached();
        write(path, sense(key, asc, ascq));
        assertThat(control.reports).endsWith("changed");
    }

    @ParameterizedTest
    @CsvSource({"6, 63, 3", "6, 63, 5", "6, 63, 14", "6, 40, 0", "5, 37, 0"})
    void unitThatSaysThatItIsAnotherIsInDoubtBeforeTheRequestFails(int key, int asc, int ascq) {
        ScsiPath path = attached();
        write(path, sense(key, asc, ascq));
        assertThat(control.reports).endsWith("identity in doubt");
    }

    @Test
    void checkFindsAPathThatIsRefusedForItsStateWorking() {
        ScsiPath path = attached();
        lab.unit.alua(1, SimAluaState.STANDBY);
        assertThat(checked(path)).isEqualTo("works");
    }

    @ParameterizedTest
    @CsvSource({"8", "40"})
    void checkFindsABusyUnitWorking(int status) {
        ScsiPath path = attached();
        lab.a.failingAllIo(SimFate.status(status));
        assertThat(checked(path)).isEqualTo("works");
    }

    @Test
    void checkFindsAPortThatSaysItIsReadyAndFailsEverythingNotWorking() {
        ScsiPath path = attached();
        lab.a.failingAllIo(SimFate.sense(SimSense.of(0x0b, 0x47, 0)));
        assertThat(checked(path)).startsWith("does not work").contains("parity");
    }

    @ParameterizedTest
    @EnumSource(
            value = HostByte.class,
            names = {"DID_SOFT_ERROR", "DID_BUS_BUSY", "DID_RESET", "DID_TIME_OUT", "DID_NO_CONNECT"})
    void checkThatTheDeviceDidNotAnswerFindsThePathNotWorking(HostByte byHost) {
        ScsiPath path = attached();
        lab.a.failingAllIo(SimFate.hostByte(byHost.number()));
        assertThat(checked(path)).startsWith("does not work");
    }

    @Test
    void checkFindsAUnitThatIsNotThereNotWorking() {
        ScsiPath path = attached();
        lab.unit.withdrawFrom(lab.a);
        assertThat(checked(path)).startsWith("does not work");
    }

    /** A unit attention is told once: what it tells is not lost because a check was told it. */
    @Test
    void checkThatIsToldOfAnotherSizeHasItDescribedAnew() {
        ScsiPath path = attached();
        lab.toA.tellsOfAttentions(false);
        lab.unit.resize(2 * ArrayAndHost.BLOCKS);
        assertThat(checked(path)).isEqualTo("works");
        assertThat(control.reports).endsWith("changed");
    }

    /** Where a path is idle but for checks, the slow look at its access state is due all the same. */
    @Test
    void checkIsNoCommandOfCallers() {
        ScsiPath path = attached();
        checked(path);
        assertThat(path.access().commandsEnded()).isZero();
        path.completed(IoOperation.READ, status(ScsiStatus.GOOD), 0, 8);
        assertThat(path.access().commandsEnded()).isOne();
    }

    /** A port between two states may answer so for as long as that takes: its state is to be looked at all the same. */
    @Test
    void refusedCommandIsNoIo() {
        ScsiPath path = attached();
        path.completed(IoOperation.READ, status(ScsiStatus.BUSY), 0, 8);
        path.completed(IoOperation.READ, status(ScsiStatus.TASK_SET_FULL), 0, 8);
        assertThat(path.access().commandsEnded()).isZero();
    }

    private static String checked(ScsiPath path) {
        List<String> answers = new ArrayList<>();
        path.check((works, finding) -> answers.add(works ? "works" : "does not work: " + finding));
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    @Test
    void closedPathDoesNotWorkAndIsNotDescribed() {
        ScsiPath path = attached();
        closed(path);
        assertThat(checked(path)).startsWith("does not work");
        assertThatThrownBy(path::describe)
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void closedPathLeavesNothingBehindInItsHost() {
        ScsiPath path = attached();
        path.describe();
        closed(path);
        assertThat(lab.host.idle()).isTrue();
    }

    @Test
    void pathThatIsClosedWhileItIsDescribedLeavesNothingBehind() {
        ScsiPath path = attached();
        lab.a.script(command -> {
            if (isReadCapacity16(command)) {
                closed(path);
            }
            return SimFate.normal();
        });
        path.describe();
        assertThat(lab.host.idle()).isTrue();
    }

    private void closed(ScsiPath path) {
        lab.world.environment().loop().execute(() -> path.close(() -> {}));
        lab.world.runUntilIdle();
    }

    @Test
    void unitWithoutDesignatorsIsRefusedAndLeavesNothingBehind() {
        lab.unit.identityInSilence(lab.unit.identity().with());
        assertThatThrownBy(() -> lab.host.open(transport, "/dev/sda"))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("0x83");
        assertThat(lab.host.idle()).isTrue();
    }

    @Test
    void portThatDoesNotTellTheSizeIsOpenedWithThatOfASibling() {
        lab.unit.alua(2, SimAluaState.UNAVAILABLE);
        PathDescription through = attached().describe();
        var other = lab.host.open(new SimScsiTransport(lab.toB, ArrayAndHost.LUN), "/dev/sdb");
        assertThat(other.describe().geometry().sizeBytes())
                .isEqualTo(through.geometry().sizeBytes());
    }

    @Test
    void pathOfAUnitInTransitionIsDescribedWithTheSizeThatItHad() {
        ScsiPath path = attached();
        PathDescription before = path.describe();
        lab.unit.transition(1, SimAluaState.OPTIMIZED, Duration.ofSeconds(20));
        assertThat(path.describe()).isEqualTo(before);
    }

    @Test
    void onlyPortOfAUnitThatDoesNotTellItsSizeIsATypedError() {
        lab.unit.alua(1, SimAluaState.UNAVAILABLE);
        assertThatThrownBy(() -> lab.host.open(transport, "/dev/sda"))
                .isInstanceOf(ScsiException.class)
                .hasMessageContaining("READ CAPACITY")
                .hasMessageContaining("02/04/0C");
    }

    @Test
    void smallUnitThatKnowsTheShortCommandOnlyIsOpened() {
        lab.a.script(
                command -> command.opcode() == 0x9e ? SimFate.sense(SimSense.of(0x05, 0x20, 0)) : SimFate.normal());
        assertThat(attached().describe().geometry().sizeBytes()).isEqualTo(ArrayAndHost.BLOCKS * ArrayAndHost.BLOCK);
    }

    @Test
    void unitThatOnlyEverHasSomethingElseToTellIsATypedError() {
        lab.a.script(
                command -> command.opcode() == 0x9e ? SimFate.sense(SimSense.of(0x06, 0x29, 0)) : SimFate.normal());
        assertThatThrownBy(() -> lab.host.open(transport, "/dev/sda"))
                .isInstanceOf(ScsiException.class)
                .hasMessageContaining("06/29/00");
    }

    @Test
    void silentUnitIsATypedErrorAndLeavesNothingBehind() {
        lab.a.script(command -> SimFate.drop());
        assertThatThrownBy(() -> lab.host.open(transport, "/dev/sda"))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("INQUIRY");
        assertThat(lab.host.idle()).isTrue();
    }

    @Test
    void unitWithProtectionInformationIsRefusedByName() {
        lab.a.editData((command, data) -> {
            if (isReadCapacity16(command)) {
                data[12] |= 0x01;
            }
            return data;
        });
        assertThatThrownBy(() -> lab.host.open(transport, "/dev/sda")).hasMessageContaining("protection");
    }

    private static boolean isReadCapacity16(SimCommand command) {
        return command.opcode() == 0x9e && command.serviceAction() == 0x10;
    }

    private static boolean isPage(SimCommand command, int page) {
        return command.opcode() == 0x12 && command.u8(1) == 1 && command.u8(2) == page;
    }

    private void damagedPage(int page, int at, int value) {
        lab.a.editData((command, data) -> {
            if (isPage(command, page) && data.length > at) {
                data[at] = (byte) value;
            }
            return data;
        });
    }

    /** Each page claims to be longer than it is; the serial number may be in no encoding besides. */
    @ParameterizedTest
    @CsvSource({"128, 2, 127", "128, 4, 255", "176, 2, 127", "176, 1, 3", "178, 2, 127"})
    void pageThatCouldBeMissingAndCannotBeReadIs(int page, int at, int value) {
        PathDescription sound = attached().describe();
        damagedPage(page, at, value);
        PathDescription described = attached().describe();
        assertThat(described.id()).isEqualTo(sound.id());
        assertThat(described.geometry().sizeBytes()).isEqualTo(sound.geometry().sizeBytes());
        assertThat(described).isNotEqualTo(sound);
        assertThat(sound.contradiction(described)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xb0, 0xb2})
    void pageThatCouldBeMissingAndIsRefusedIs(int page) {
        lab.a.script(command -> isPage(command, page) ? SimFate.sense(SimSense.of(0x05, 0x24, 0)) : SimFate.normal());
        assertThat(attached().describe().geometry().sizeBytes()).isEqualTo(ArrayAndHost.BLOCKS * ArrayAndHost.BLOCK);
    }

    /** Nobody knows that it says nothing. */
    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xb0, 0xb2})
    void pageThatIsNotAnsweredIsATypedError(int page) {
        ScsiPath path = attached();
        lab.a.script(
                command -> isPage(command, page) ? SimFate.hostByte(HostByte.DID_TIME_OUT.number()) : SimFate.normal());
        assertThatThrownBy(path::describe).isInstanceOf(ScsiException.class).hasMessageContaining("DID_TIME_OUT");
    }

    @Test
    void designatorOfTheUnitIsChosenAndNotThatOfThePort() {
        lab.unit.identityInSilence(lab.unit.identity().with(SimDesignator.naa("5a1b2c3d00000001")));
        assertThat(attached().describe().id().toString()).isEqualTo("naa.5a1b2c3d00000001");
    }

    @Test
    void everyIdentityThatNoOtherUnitMayHaveIsAnAlias() {
        lab.unit.identityInSilence(lab.unit
                .identity()
                .with(
                        SimDesignator.naa("6a1b2c3d000000000000000000004711"),
                        SimDesignator.t10("MPATH   4711"),
                        SimDesignator.name("iqn.2026-01.io.mpath:4711")));
        assertThat(attached().describe().aliases())
                .extracting(DeviceId::toString)
                .containsExactly("naa.6a1b2c3d000000000000000000004711", "name.iqn.2026-01.io.mpath:4711");
    }

    @Test
    void unitWithoutAluaHasOnePathOnly() {
        lab.array.withoutAlua();
        assertThat(attached().describe().notCapable())
                .hasValueSatisfying(reason -> assertThat(reason).contains("TPGS"));
        lab.host = new ScsiHost(new ScsiSettings(Duration.ofSeconds(30), Duration.ofSeconds(20), 4, false, false));
        assertThat(lab.host
                        .open(new SimScsiTransport(lab.toB, ArrayAndHost.LUN), "/dev/sdb")
                        .describe()
                        .notCapable())
                .as("asked for")
                .isEmpty();
    }

    /** As long as it cannot tell, it returns spaces. */
    @Test
    void textThatTheUnitDoesNotTellYetContradictsNothing() {
        ScsiPath path = attached();
        PathDescription here = path.describe();
        var is = lab.unit.identity();
        for (var blank : List.of(
                is.withSerial(""),
                is.withSerial("    "),
                is.withSerial("\0\0\0\0"),
                new SimUnitIdentity("", is.product(), is.revision(), is.serial(), is.designators()),
                new SimUnitIdentity(is.vendor(), "", is.revision(), is.serial(), is.designators()))) {
            lab.unit.identityInSilence(blank);
            assertThat(here.contradiction(path.describe())).isEmpty();
            assertThat(path.describe().contradiction(here)).isEmpty();
        }
    }

    @Test
    void equalIdentifiersWithAnotherSerialNumberVendorOrProductContradict() {
        ScsiPath path = attached();
        PathDescription here = path.describe();
        var is = lab.unit.identity();
        for (var other : List.of(
                is.withSerial("other"),
                new SimUnitIdentity("OTHER", is.product(), is.revision(), is.serial(), is.designators()),
                new SimUnitIdentity(is.vendor(), "OTHER", is.revision(), is.serial(), is.designators()))) {
            lab.unit.identityInSilence(other);
            assertThat(here.contradiction(path.describe())).isPresent();
        }
        lab.unit.identityInSilence(
                new SimUnitIdentity(is.vendor(), is.product(), "9999", is.serial(), is.designators()));
        assertThat(here.contradiction(path.describe()))
                .as("firmware is renewed")
                .isEmpty();
    }
}
