package io.mpath.scsi;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static io.mpath.scsi.ArrayAndHost.filled;
import static io.mpath.scsi.ArrayAndHost.iscsi;
import static io.mpath.scsi.ArrayAndHost.once;
import static io.mpath.scsi.ArrayAndHost.port;
import static io.mpath.scsi.ArrayAndHost.times;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoFuture;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.MultipathException;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Read;
import io.mpath.path.ReservationCommand.ReadAbilities;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply;
import io.mpath.path.ReservationReply.Abilities;
import io.mpath.path.ReservationReply.Conflict;
import io.mpath.path.ReservationReply.Done;
import io.mpath.path.ReservationReply.NotExecuted;
import io.mpath.path.ReservationReply.Refused;
import io.mpath.path.ReservationReply.Status;
import io.mpath.path.ReservationReply.Unknown;
import io.mpath.path.ReservationReply.Unsupported;
import io.mpath.path.Verdict;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationState.Held;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Standing;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.ReportTargetPortGroups;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.ScsiStatus;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimReservations;
import io.mpath.scsi.sim.SimScsiTransport;
import io.mpath.scsi.sim.SimSense;
import io.mpath.scsi.sim.SimUnitIdentity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a path makes of commands of reservations, with two nexuses of this host and one of another at an emulated array.
 */
class ScsiReservationsTest {
    private static final ReservationKey OURS = new ReservationKey(0xa1);
    private static final ReservationKey THEIRS = new ReservationKey(0xb2);
    private static final int IN = 0x5e;
    private static final int OUT = 0x5f;
    private static final int FULL_STATUS = 3;
    private static final String TOLD = "reservations may have changed";

    private final ArrayAndHost lab = new ArrayAndHost(1);
    private final RecordedReports control = new RecordedReports(lab.world);
    private final SimScsiTransport transport = new SimScsiTransport(lab.toA, ArrayAndHost.LUN);
    private ScsiPath a;
    private ScsiPath b;
    private ScsiPath theirs;

    @BeforeEach
    void attach() {
        a = attached(lab.host, transport, "a", control);
        b = attached(lab.host, new SimScsiTransport(lab.toB, ArrayAndHost.LUN), "b", new RecordedReports(lab.world));
        SimNexus other = SimNexus.iscsi(lab.b, port("other", Duration.ZERO)).initiator("iqn.2026-01.io.mpath:other");
        theirs = attached(
                new ScsiHost(ScsiSettings.defaults()),
                new SimScsiTransport(other, ArrayAndHost.LUN),
                "theirs",
                new RecordedReports(lab.world));
        control.reports.clear();
        lab.array.counts().reset();
    }

    private ScsiPath attached(ScsiHost host, ScsiTransport through, String name, RecordedReports to) {
        var path = (ScsiPath) host.open(through, name);
        lab.world.environment().loop().execute(() -> path.attach(to));
        lab.world.runUntilIdle();
        return path;
    }

    private ReservationReply reply(ScsiPath path, ReservationCommand command) {
        List<ReservationReply> replies = new ArrayList<>();
        path.reserve(command, replies::add);
        if (replies.isEmpty()) {
            lab.seconds(10);
        }
        assertThat(replies).hasSize(1);
        return replies.get(0);
    }

    private void done(ScsiPath path, ReservationCommand command) {
        assertThat(reply(path, command)).isEqualTo(new Done());
    }

    private static Register register(ReservationKey wanted) {
        return new Register(ReservationKey.NONE, wanted, false, false);
    }

    private void allRegister() {
        done(a, register(OURS));
        done(b, register(OURS));
        done(theirs, register(THEIRS));
    }

    private ReservationState read(ScsiPath path) {
        return ((Status) reply(path, new Read())).state();
    }

    private SimReservations array() {
        return lab.unit.reservations();
    }

    private List<String> registered() {
        return array().registrations().stream()
                .map(one -> one.port() + " " + Long.toHexString(one.key()) + (one.holds() ? " holds" : ""))
                .toList();
    }

    @Test
    void everyNexusIsItsOwn() {
        assertThat(a.reservesPerNexus()).isTrue();
        done(a, register(OURS));
        assertThat(reply(b, new Reserve(OURS, WRITE_EXCLUSIVE))).isInstanceOf(Conflict.class);
        assertThat(registered()).containsExactly("a a1");
    }

    @Test
    void everyCommandIsCarriedOut() {
        allRegister();
        done(a, new Register(OURS, new ReservationKey(0xa2), false, true));
        assertThat(registered()).containsExactly("a a2", "b a1", "b b2");
        done(a, new Register(ReservationKey.NONE, OURS, true, false));
        assertThat(registered()).containsExactly("a a1", "b a1", "b b2");
        done(a, new Reserve(OURS, EXCLUSIVE_ACCESS));
        assertThat(registered()).containsExactly("a a1 holds", "b a1", "b b2");
        assertThat(array().type()).isEqualTo(3);
        done(b, new Release(OURS, EXCLUSIVE_ACCESS));
        assertThat(array().type()).as("it was the other nexus's").isEqualTo(3);
        done(a, new Release(OURS, EXCLUSIVE_ACCESS));
        assertThat(array().type()).isZero();
        done(a, new Reserve(OURS, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        done(theirs, new Preempt(THEIRS, OURS, EXCLUSIVE_ACCESS_REGISTRANTS_ONLY, false));
        assertThat(registered()).containsExactly("b b2 holds");
        assertThat(array().type()).isEqualTo(6);
        done(a, register(OURS));
        done(a, new Clear(OURS));
        assertThat(registered()).isEmpty();
    }

    @Test
    void registrationIsEndedWithNoKey() {
        allRegister();
        done(a, new Register(OURS, ReservationKey.NONE, false, false));
        done(b, new Register(ReservationKey.NONE, ReservationKey.NONE, true, false));
        assertThat(registered()).containsExactly("b b2");
    }

    /** What was swallowed is ended by the abort, sent again, and refused: it cannot land any more. */
    @Test
    void preemptionAbortsWhatThePreemptedHaveUnderWay() {
        allRegister();
        done(a, new Reserve(OURS, WRITE_EXCLUSIVE));
        lab.host = new ScsiHost(ScsiSettings.defaults());
        lab.offer(iscsi(lab.a));
        once(lab.a, SimCommand::changes, SimFate.late(Duration.ofSeconds(20)));
        IoFuture write = lab.device().write(0, filled('w'));
        lab.pass(Duration.ofMillis(10));
        done(theirs, new Preempt(THEIRS, OURS, WRITE_EXCLUSIVE, true));
        long began = lab.world.nanos();
        assertThat(lab.failure(write)).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(lab.since(began)).isLessThan(Duration.ofSeconds(1));
        lab.seconds(30);
        assertThat(lab.contents(0)).isEqualTo((char) 0);
    }

    @Test
    void statusTellsWhoIsRegisteredAndWhoHolds() {
        allRegister();
        done(a, new Reserve(OURS, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        ReservationState state = read(theirs);
        assertThat(state.generation()).isEqualTo(3);
        assertThat(state.reservation()).contains(new Held(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, OURS));
        assertThat(state.persistent()).isFalse();
        assertThat(state.registrants()).extracting(Registrant::key).containsExactly(OURS, OURS, THEIRS);
        assertThat(state.registrants()).extracting(Registrant::holder).containsExactly(true, false, false);
        assertThat(state.registrants())
                .extracting(Registrant::port)
                .containsExactly(OptionalInt.of(1), OptionalInt.of(2), OptionalInt.of(2));
        assertThat(state.registrants().get(0).host()).startsWith("iqn.2026-01.io.mpath:host,i,0x");
        assertThat(state.registrants().get(2).host()).startsWith("iqn.2026-01.io.mpath:other,i,0x");
    }

    @Test
    void statusTellsWhetherItOutlivesALossOfPower() {
        assertThat(read(a)).isEqualTo(new ReservationState(0, List.of(), Optional.empty(), false));
        done(a, new Register(ReservationKey.NONE, OURS, false, true));
        assertThat(read(b).persistent()).isTrue();
        lab.array.losePower();
        assertThat(read(b).count(OURS)).isOne();
    }

    @Test
    void whatAllRegistrantsHoldHasNoHolder() {
        allRegister();
        done(theirs, new Reserve(THEIRS, WRITE_EXCLUSIVE_ALL_REGISTRANTS));
        ReservationState state = read(a);
        assertThat(state.reservation()).contains(new Held(WRITE_EXCLUSIVE_ALL_REGISTRANTS, ReservationKey.NONE));
        assertThat(state.registrants()).allMatch(Registrant::holder);
    }

    @Test
    void unitWithoutFullStatusIsReadInTwo() {
        array().withoutFullStatus();
        allRegister();
        done(a, new Reserve(OURS, EXCLUSIVE_ACCESS));
        for (int times = 0; times < 2; times++) {
            ReservationState state = read(theirs);
            assertThat(state.registrants())
                    .containsExactly(new Registrant(OURS), new Registrant(OURS), new Registrant(THEIRS));
            assertThat(state.reservation()).contains(new Held(EXCLUSIVE_ACCESS, OURS));
        }
        assertThat(lab.array.counts().seen(IN, FULL_STATUS)).as("asked once").isOne();
    }

    @Test
    void keysAndReservationAreReadAgainWhenSomebodyRegistersBetween() {
        array().withoutFullStatus();
        int[] left = {1};
        lab.a.editData((command, data) -> isKeys(command) && left[0]-- > 0 ? withGeneration(data, 77) : data);
        done(b, register(OURS));
        assertThat(read(a).generation()).isEqualTo(1);
        assertThat(lab.array.counts().seen(IN, 0)).isEqualTo(2);
    }

    @Test
    void registrationsThatNeverRestCannotBeRead() {
        array().withoutFullStatus();
        lab.a.editData((command, data) -> isKeys(command) ? withGeneration(data, 77) : data);
        assertThat(reply(a, new Read())).isInstanceOf(Refused.class);
        assertThat(lab.array.counts().seen(IN, 0)).isEqualTo(4);
    }

    private static boolean isKeys(SimCommand command) {
        return command.readsReservations() && command.serviceAction() == 0;
    }

    private static byte[] withGeneration(byte[] data, int generation) {
        ByteBuffer.wrap(data).putInt(0, generation);
        return data;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answerThatDoesNotFitIsAskedForAgain(boolean inFull) {
        if (!inFull) {
            array().withoutFullStatus();
        }
        registerMany(400);
        assertThat(read(a).count(THEIRS)).isEqualTo(400);
    }

    /** As Linux LIO does. */
    @Test
    void answerThatMayHaveLeftSomethingOutIsAskedForAgain() {
        registerMany(50);
        lab.a.editData((command, data) -> {
            boolean full = command.readsReservations() && command.serviceAction() == FULL_STATUS;
            return full ? countedAsReturned(data) : data;
        });
        assertThat(read(a).count(THEIRS)).isEqualTo(50);
    }

    private static byte[] countedAsReturned(byte[] data) {
        ByteBuffer page = ByteBuffer.wrap(data);
        int end = 8;
        while (end + 24 <= data.length && end + 24 + page.getInt(end + 20) <= data.length) {
            end += 24 + page.getInt(end + 20);
        }
        page.putInt(4, end - 8);
        return data;
    }

    private void registerMany(int count) {
        array().room(count);
        byte[] list = ByteBuffer.allocate(24).putLong(8, THEIRS.value()).array();
        byte[] register = {OUT, 0, 0, 0, 0, 0, 0, 0, 24, 0};
        for (int i = 0; i < count; i++) {
            SimNexus nexus = SimNexus.iscsi(lab.b, port("many" + i, Duration.ZERO));
            nexus.execute(ArrayAndHost.LUN, register, list);
        }
    }

    @Test
    void abilitiesAreRead() {
        assertThat(reply(a, new ReadAbilities()))
                .isEqualTo(new Abilities(new ReservationCapabilities(
                        EnumSet.allOf(ReservationType.class), true, false, true, false, true)));
        array().withoutPersistence().withoutFullStatus();
        assertThat(reply(a, new ReadAbilities()))
                .isEqualTo(new Abilities(new ReservationCapabilities(
                        EnumSet.allOf(ReservationType.class), false, false, true, false, false)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unitThatDoesNotTellItsAbilitiesHasThoseOfSpc2(boolean fullStatus) {
        array().withoutCapabilities();
        if (!fullStatus) {
            array().withoutFullStatus();
        }
        assertThat(reply(a, new ReadAbilities()))
                .isEqualTo(new Abilities(new ReservationCapabilities(
                        Set.of(
                                WRITE_EXCLUSIVE,
                                EXCLUSIVE_ACCESS,
                                WRITE_EXCLUSIVE_REGISTRANTS_ONLY,
                                EXCLUSIVE_ACCESS_REGISTRANTS_ONLY),
                        false,
                        false,
                        true,
                        false,
                        fullStatus)));
        assertThat(read(a).persistent()).isFalse();
    }

    @Test
    void unitWithoutReservationsSaysSo() {
        array().unsupported();
        assertThat(reply(a, new Read())).isInstanceOf(Unsupported.class);
        assertThat(reply(a, new ReadAbilities())).isInstanceOf(Unsupported.class);
        assertThat(reply(a, register(OURS)))
                .isEqualTo(new Unsupported(
                        "PERSISTENT RESERVE OUT, REGISTER: sense 05/20/00 invalid command operation code"));
    }

    @Test
    void anotherUnitMayHaveWhatTheOneBeforeLacked() {
        array().withoutFullStatus();
        read(a);
        lab.unit.identityInSilence(SimUnitIdentity.numbered(77));
        a.describe();
        read(a);
        assertThat(lab.array.counts().seen(IN, FULL_STATUS)).isEqualTo(2);
    }

    @Test
    void conflictIsAnAnswerAndIsReportedByNobodyElse() {
        allRegister();
        done(theirs, new Reserve(THEIRS, WRITE_EXCLUSIVE));
        assertThat(reply(a, new Reserve(OURS, WRITE_EXCLUSIVE)))
                .isEqualTo(new Conflict("PERSISTENT RESERVE OUT, RESERVE: status 0x18 RESERVATION CONFLICT"));
        assertThat(control.reports).isEmpty();
    }

    @Test
    void persistenceThatThereIsNotIsUnsupported() {
        array().withoutPersistence();
        assertThat(reply(a, new Register(ReservationKey.NONE, OURS, false, true)))
                .isInstanceOf(Unsupported.class);
        done(a, register(OURS));
    }

    @Test
    void registrationWithoutRoomIsRefused() {
        array().room(0);
        assertThat(reply(a, register(OURS)))
                .isEqualTo(new Refused(
                        "PERSISTENT RESERVE OUT, REGISTER: sense 05/55/04 insufficient registration resources"));
    }

    @Test
    void releaseOfAnotherTypeIsRefused() {
        allRegister();
        done(a, new Reserve(OURS, WRITE_EXCLUSIVE));
        assertThat(reply(a, new Release(OURS, EXCLUSIVE_ACCESS))).isInstanceOf(Refused.class);
    }

    @Test
    void keyOfNobodyIsRefusedWhereNotAllRegistrantsHold() {
        allRegister();
        assertThat(reply(a, new Preempt(OURS, ReservationKey.NONE, WRITE_EXCLUSIVE, false)))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "05/20/00, Unsupported",
        "05/24/00, Unsupported",
        "05/26/00, Refused",
        "05/26/04, Refused",
        "05/1a/00, Refused",
        "05/2c/00, Refused",
        "05/25/00, NotExecuted",
        "05/55/02, Refused",
        "07/27/00, Refused",
        "02/04/01, NotExecuted",
        "02/04/03, NotExecuted",
        "02/04/0a, NotExecuted",
        "02/04/0b, NotExecuted",
        "02/04/0c, NotExecuted",
        "06/04/0a, NotExecuted",
        "04/44/00, Unknown",
        "0b/4b/00, Unknown",
        "0b/00/00, Unknown"
    })
    void senseDecidesWhatBecameOfAChange(String codes, String expected) {
        once(lab.a, SimCommand::changesReservations, SimFate.sense(sense(codes)));
        assertThat(reply(a, register(OURS)).getClass().getSimpleName()).isEqualTo(expected);
        assertThat(registered()).isEmpty();
        assertThat(lab.array.counts().seen(OUT)).isOne();
    }

    private static SimSense sense(String codes) {
        byte[] bytes = HexFormat.ofDelimiter("/").parseHex(codes);
        return SimSense.of(bytes[0], bytes[1], bytes[2]);
    }

    @ParameterizedTest
    @CsvSource({"18, Conflict", "30, NotExecuted", "40, Unknown"})
    void statusDecidesWhatBecameOfAChange(String status, String expected) {
        once(lab.a, SimCommand::changesReservations, SimFate.status(Integer.parseInt(status, 16)));
        assertThat(reply(a, register(OURS)).getClass().getSimpleName()).isEqualTo(expected);
        assertThat(lab.array.counts().seen(OUT)).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "04/44/00, Refused, 1",
        "02/04/0c, NotExecuted, 1",
        "0b/47/00, NotExecuted, 2",
        "05/25/00, NotExecuted, 1"
    })
    void senseDecidesWhatBecameOfARead(String codes, String expected, int tries) {
        lab.a.script(command -> command.readsReservations() ? SimFate.sense(sense(codes)) : SimFate.normal());
        assertThat(reply(a, new Read()).getClass().getSimpleName()).isEqualTo(expected);
        assertThat(lab.array.counts().seen(IN)).isEqualTo(tries);
    }

    @ParameterizedTest
    @ValueSource(strings = {"06/29/00", "06/2a/01", "06/2a/06"})
    void changeIsSentAgainAfterAttentions(String codes) {
        times(5, lab.a, SimCommand::changesReservations, SimFate.sense(sense(codes)));
        done(a, register(OURS));
        assertThat(lab.array.counts().seen(OUT)).isEqualTo(6);
    }

    @Test
    void attentionsWithoutEndAreNotAwaited() {
        times(6, lab.a, SimCommand::changesReservations, SimFate.sense(sense("06/2a/01")));
        assertThat(reply(a, register(OURS))).isInstanceOf(NotExecuted.class);
        assertThat(registered()).isEmpty();
    }

    @Test
    void readIsSentAgainAfterAttentions() {
        times(5, lab.a, SimCommand::readsReservations, SimFate.sense(sense("06/2a/01")));
        assertThat(read(a).registrants()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x28})
    void busyUnitIsAskedAgainLater(int status) {
        times(5, lab.a, SimCommand::changesReservations, SimFate.status(status));
        long began = lab.world.nanos();
        List<Duration> ended = new ArrayList<>();
        a.reserve(register(OURS), reply -> {
            assertThat(reply).isEqualTo(new Done());
            ended.add(lab.since(began));
        });
        lab.seconds(5);
        assertThat(ended).singleElement().satisfies(time -> assertThat(time).isGreaterThan(Duration.ofMillis(500)));
        assertThat(registered()).containsExactly("a a1");
    }

    @Test
    void unitThatStaysBusyDidNotExecuteIt() {
        times(6, lab.a, SimCommand::changesReservations, SimFate.status(0x08));
        assertThat(reply(a, register(OURS))).isInstanceOf(NotExecuted.class);
        assertThat(lab.array.counts().seen(OUT)).isEqualTo(6);
    }

    @Test
    void commandThatWaitsForABusyUnitEndsWhenThePathIsClosed() {
        lab.a.script(command -> command.changesReservations() ? SimFate.status(0x08) : SimFate.normal());
        List<ReservationReply> replies = new ArrayList<>();
        a.reserve(register(OURS), replies::add);
        assertThat(replies).isEmpty();
        lab.world.environment().loop().execute(() -> a.close(() -> {}));
        lab.world.runUntilIdle();
        assertThat(replies).singleElement().isInstanceOf(NotExecuted.class);
        lab.seconds(5);
        assertThat(replies).hasSize(1);
        assertThat(lab.array.counts().seen(OUT)).isOne();
    }

    @Test
    void changeThatNeverArrivedIsUnknown() {
        once(lab.a, SimCommand::changesReservations, SimFate.hostByte(HostByte.DID_TRANSPORT_DISRUPTED.number()));
        assertThat(reply(a, register(OURS))).isInstanceOf(Unknown.class);
        assertThat(registered()).isEmpty();
        assertThat(lab.array.counts().seen(OUT)).isZero();
    }

    @Test
    void changeWhoseAnswerIsLostIsUnknownAfterHalfAMinuteAndNotSentAgain() {
        once(lab.a, SimCommand::changesReservations, SimFate.unanswered());
        long began = lab.world.nanos();
        assertThat(reply(a, register(OURS))).isInstanceOf(Unknown.class);
        assertThat(lab.since(began)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
        assertThat(registered()).containsExactly("a a1");
        assertThat(lab.array.counts().seen(OUT)).isOne();
    }

    @Test
    void changeMayTakeEffectAfterItWasHandedBack() {
        once(
                lab.a,
                SimCommand::changesReservations,
                SimFate.ghost(HostByte.DID_TRANSPORT_DISRUPTED.number(), Duration.ofSeconds(5)));
        assertThat(reply(a, register(OURS))).isInstanceOf(Unknown.class);
        assertThat(registered()).isEmpty();
        lab.seconds(6);
        assertThat(registered()).containsExactly("a a1");
    }

    @Test
    void readWhoseAnswerIsLostIsSentAgain() {
        allRegister();
        once(lab.a, SimCommand::readsReservations, SimFate.hostByte(HostByte.DID_TIME_OUT.number()));
        assertThat(read(a).registrants()).hasSize(3);
    }

    @Test
    void readWhoseAnswerIsLostTwiceWasNotExecuted() {
        lab.a.script(command ->
                command.readsReservations() ? SimFate.hostByte(HostByte.DID_TIME_OUT.number()) : SimFate.normal());
        assertThat(reply(a, new Read())).isInstanceOf(NotExecuted.class);
    }

    @Test
    void nothingIsSentWhileTheNexusIsNotLive() {
        lab.toA.lose();
        assertThat(reply(a, register(OURS)))
                .isEqualTo(new NotExecuted("PERSISTENT RESERVE OUT, REGISTER was not sent: a is not live"));
        assertThat(lab.array.counts().seen(OUT)).isZero();
    }

    @Test
    void nothingIsSentWhileTheUnitIsOffline() {
        transport.offline(true);
        assertThat(reply(a, register(OURS))).isInstanceOf(NotExecuted.class);
        assertThat(reply(a, new Read())).isInstanceOf(NotExecuted.class);
        assertThat(lab.array.counts().seen(OUT)).isZero();
    }

    @Test
    void nothingIsSentThroughAClosedPath() {
        lab.world.environment().loop().execute(() -> a.close(() -> {}));
        lab.world.runUntilIdle();
        assertThat(reply(a, register(OURS))).isInstanceOf(NotExecuted.class);
    }

    @Test
    void nothingIsSentBeforeThePathIsAttached() {
        var path = (ScsiPath) lab.host.open(new SimScsiTransport(lab.toA, ArrayAndHost.LUN), "early");
        assertThat(reply(path, new Read())).isEqualTo(new NotExecuted("early is not attached"));
    }

    @Test
    void unitThatIsGoneGotNothing() {
        transport.delete("deleted");
        assertThat(reply(a, register(OURS))).isInstanceOf(NotExecuted.class);
        assertThat(reply(a, new Read())).isInstanceOf(NotExecuted.class);
    }

    /** A transport that does not say whether it sent a command has perhaps sent it. */
    @Test
    void transportThatOnlyFailsProvesNothing() {
        ScsiPath path = attached(
                lab.host,
                new Through(new SimScsiTransport(iscsi(lab.a), ArrayAndHost.LUN)) {
                    @Override
                    public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) {
                        if (command.name().startsWith("PERSISTENT RESERVE")) {
                            throw new MultipathException("interrupted");
                        }
                        return super.execute(command, data, timeout);
                    }
                },
                "failing",
                new RecordedReports(lab.world));
        assertThat(reply(path, register(OURS))).isInstanceOfSatisfying(Unknown.class, lost -> {
            assertThat(lost.cause()).isEqualTo("interrupted");
            assertThat(lost.fenceEpoch())
                    .as("its number, for the end of the session to cover")
                    .isPositive();
        });
        assertThat(reply(path, new Read())).isEqualTo(new NotExecuted("interrupted"));
    }

    @Test
    void accessStateThatRefusesACommandIsReported() {
        once(lab.a, SimCommand::changesReservations, SimFate.sense(sense("02/04/0b")));
        assertThat(reply(a, register(OURS))).isInstanceOf(NotExecuted.class);
        assertThat(control.reports).contains("a unknown");
    }

    @Test
    void nonsenseIsRefusedAndNamed() {
        lab.a.editData((command, data) -> {
            if (command.readsReservations() && command.serviceAction() == FULL_STATUS) {
                ByteBuffer.wrap(data).putInt(4, 0x0100_0000);
            }
            return data;
        });
        assertThat(reply(a, new Read()))
                .isEqualTo(
                        new Refused(
                                "READ FULL STATUS data: ADDITIONAL LENGTH at byte 8: 16777216 bytes run past the 8 bytes received"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"06/2a/03", "06/2a/04", "06/2a/05"})
    void attentionThatTellsOfReservationsIsReported(String codes) {
        once(lab.a, SimCommand::changesReservations, SimFate.sense(sense(codes)));
        done(a, register(OURS));
        assertThat(control.reports).containsExactly(TOLD);
        once(lab.a, SimCommand::reportsTargetPortGroups, SimFate.sense(sense(codes)));
        a.access().execute(new ReportTargetPortGroups(false, 64), null, 0);
        assertThat(control.reports).containsExactly(TOLD, TOLD);
        once(lab.a, SimCommand::forBlocks, SimFate.sense(sense(codes)));
        a.check((works, cause) -> assertThat(works).isTrue());
        assertThat(control.reports).containsExactly(TOLD, TOLD, TOLD);
        once(lab.a, command -> command.opcode() == 0x12, SimFate.sense(sense(codes)));
        a.describe();
        assertThat(control.reports).containsExactly(TOLD, TOLD, TOLD, TOLD);
    }

    /** By what it is told next, and not by the look that is due some time. */
    @Test
    void registrationsThatEndedWithThePowerAreMissedAtOnce() {
        lab.host = new ScsiHost(ScsiSettings.defaults());
        lab.toA.tellsOfAttentions(false);
        lab.toB.tellsOfAttentions(false);
        MultipathDevice device = lab.deviceOverBoth();
        assertThat(lab.world.await(device.reservations().register(new Registration(OURS))))
                .isInstanceOf(ReservationOutcome.Done.class);
        lab.seconds(1);
        lab.array.losePower();
        lab.world.await(device.read(0, ArrayAndHost.block()));
        lab.pass(Duration.ofMillis(100));
        assertThat(device.reservations().standing().phase()).isEqualTo(Standing.Phase.LOST);
    }

    @Test
    void preemptionIsLearntFromTheNextCommand() {
        allRegister();
        done(a, new Reserve(OURS, WRITE_EXCLUSIVE));
        done(theirs, new Preempt(THEIRS, OURS, WRITE_EXCLUSIVE, false));
        assertThat(control.reports).isEmpty();
        assertThat(read(a).count(OURS)).isZero();
        assertThat(control.reports).containsExactly(TOLD);
    }

    @Test
    void conflictOfIoIsReportedAheadOfItsFailure() {
        var conflict = new ScsiResult(ScsiStatus.RESERVATION_CONFLICT.value(), 0, Optional.empty(), 0);
        PathFailure failure = a.completed(IoOperation.WRITE, conflict, 0, 8);
        assertThat(control.reports).containsExactly(TOLD);
        assertThat(failure).isNotNull();
        assertThat(failure.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(failure.status()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
    }

    @Test
    void pathThatMeetsAConflictIsNotBlamed() {
        lab.host = new ScsiHost(ScsiSettings.defaults());
        MultipathDevice device = lab.deviceOverBoth();
        done(theirs, register(THEIRS));
        done(theirs, new Reserve(THEIRS, EXCLUSIVE_ACCESS));
        assertThat(lab.failure(device.write(0, filled('w')))).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(lab.failure(device.read(0, ArrayAndHost.block()))).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(device.snapshot().paths()).allSatisfy(path -> {
            assertThat(path.usable()).isTrue();
            assertThat(path.marginal()).isEmpty();
        });
        done(theirs, new Release(THEIRS, EXCLUSIVE_ACCESS));
        lab.write(device, 0, 'w');
        assertThat(lab.contents(0)).isEqualTo('w');
    }
}
