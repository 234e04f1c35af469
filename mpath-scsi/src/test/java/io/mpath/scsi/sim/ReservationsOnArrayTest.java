package io.mpath.scsi.sim;

import static io.mpath.scsi.sim.Raw.end;
import static io.mpath.scsi.sim.Raw.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.PathPort;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The persistent reservations of an emulated array, as three nexuses see them: two of one host, and one of another. */
class ReservationsOnArrayTest {
    private static final long LUN = 3;
    private static final int REGISTER = 0;
    private static final int RESERVE = 1;
    private static final int RELEASE = 2;
    private static final int CLEAR = 3;
    private static final int PREEMPT = 4;
    private static final int PREEMPT_AND_ABORT = 5;
    private static final int REGISTER_AND_IGNORE = 6;
    private static final int MOVE = 7;
    private static final String CONFLICT = "status 18";
    private static final String WRITE = "2a 00 00000000 00 0001 00";

    private final SimWorld world = SimWorld.seeded(1);
    private final SimScsiArray array = SimScsiArray.in(world, "array");
    private final SimTargetPort portA = array.addPort("a", 1);
    private final SimTargetPort portB = array.addPort("b", 2);
    private final SimLogicalUnit unit = array.addUnit(LUN, 1024, Raw.BLOCK);
    private final SimNexus toA = SimNexus.iscsi(portA, new PathPort("host4"));
    private final SimNexus toB = SimNexus.iscsi(portB, new PathPort("host5"));
    private final SimNexus others = SimNexus.fibreChannel(portA, new PathPort("other"));
    private final Raw a = new Raw(toA, LUN);
    private final Raw b = new Raw(toB, LUN);
    private final Raw other = new Raw(others, LUN);

    private static String out(Raw by, int action, int type, long key, long actionKey, int flags) {
        byte[] list = ByteBuffer.allocate(24)
                .putLong(0, key)
                .putLong(8, actionKey)
                .put(20, (byte) flags)
                .array();
        return end(by.send(String.format("5f %02x %02x 0000 00000018 00", action, type), list));
    }

    private static String register(Raw by, long existing, long wanted) {
        return out(by, REGISTER, 0, existing, wanted, 0);
    }

    private static String reserve(Raw by, int type, long key) {
        return out(by, RESERVE, type, key, 0, 0);
    }

    private static String release(Raw by, int type, long key) {
        return out(by, RELEASE, type, key, 0, 0);
    }

    private static String preempt(Raw by, long key, long victim, int type) {
        return out(by, PREEMPT, type, key, victim, 0);
    }

    private static String in(Raw by, int action) {
        return HexFormat.of()
                .formatHex(by.send(String.format("5e %02x 0000000000 0400 00", action))
                        .data());
    }

    private static String write(Raw by) {
        return end(by.send(WRITE, filled(1, 7)));
    }

    private static String read(Raw by) {
        return end(by.read(0, 1));
    }

    /** A and B with key 1, the other with key 2. */
    private void allRegister() {
        assertThat(register(a, 0, 1)).isEqualTo("good");
        assertThat(register(b, 0, 1)).isEqualTo("good");
        assertThat(register(other, 0, 2)).isEqualTo("good");
    }

    private List<Long> keys() {
        return unit.reservations().registrations().stream()
                .map(SimReservations.Registration::key)
                .toList();
    }

    private List<String> holders() {
        return unit.reservations().registrations().stream()
                .filter(SimReservations.Registration::holds)
                .map(one -> one.port() + " " + one.key())
                .toList();
    }

    private void assertTold(SimNexus nexus, SimSense... senses) {
        assertThat(nexus.attentions(LUN)).containsExactly(senses);
    }

    @Test
    void nexusIsRegisteredByItself() {
        assertThat(register(a, 0, 1)).isEqualTo("good");
        assertThat(keys()).containsExactly(1L);
        assertThat(reserve(b, 1, 1)).isEqualTo(CONFLICT);
        assertThat(register(b, 0, 1)).isEqualTo("good");
        assertThat(keys()).containsExactly(1L, 1L);
    }

    @Test
    void registeringComparesTheKeyThatIsThere() {
        assertThat(register(a, 5, 1)).isEqualTo(CONFLICT);
        register(a, 0, 1);
        assertThat(register(a, 0, 2)).isEqualTo(CONFLICT);
        assertThat(register(a, 1, 2)).isEqualTo("good");
        assertThat(keys()).containsExactly(2L);
        assertThat(register(a, 2, 0)).isEqualTo("good");
        assertThat(keys()).isEmpty();
        assertThat(unit.reservations().generation()).isEqualTo(3);
    }

    @Test
    void registeringAnywayComparesNothing() {
        assertThat(out(a, REGISTER_AND_IGNORE, 0, 77, 1, 0)).isEqualTo("good");
        assertThat(out(a, REGISTER_AND_IGNORE, 0, 77, 2, 0)).isEqualTo("good");
        assertThat(keys()).containsExactly(2L);
        assertThat(out(a, REGISTER_AND_IGNORE, 0, 77, 0, 0)).isEqualTo("good");
        assertThat(keys()).isEmpty();
    }

    @Test
    void nothingThatIsRegisteredAsNothingStaysAsItIs() {
        assertThat(register(a, 0, 0)).isEqualTo("good");
        assertThat(out(a, REGISTER_AND_IGNORE, 0, 0, 0, 0)).isEqualTo("good");
        assertThat(keys()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, good", "3, status 18", "5, good", "6, status 18", "7, good", "8, status 18"})
    void typeDecidesWhetherWhoIsNotRegisteredReads(int type, String ofRead) {
        register(a, 0, 1);
        assertThat(reserve(a, type, 1)).isEqualTo("good");
        assertThat(read(other)).isEqualTo(ofRead);
        assertThat(write(other)).isEqualTo(CONFLICT);
        assertThat(read(a)).isEqualTo("good");
        assertThat(write(a)).isEqualTo("good");
    }

    @ParameterizedTest
    @CsvSource({
        "1, good, status 18",
        "3, status 18, status 18",
        "5, good, good",
        "6, good, good",
        "7, good, good",
        "8, good, good"
    })
    void typeDecidesWhatRegistrantsMayDo(int type, String ofRead, String ofWrite) {
        allRegister();
        reserve(a, type, 1);
        assertThat(read(b)).as("of the same host, but another nexus").isEqualTo(ofRead);
        assertThat(write(b)).isEqualTo(ofWrite);
        assertThat(read(other)).isEqualTo(ofRead);
        assertThat(write(other)).isEqualTo(ofWrite);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8a 00 0000000000000000 00000001 00 00",
                "89 00 0000000000000000 000000 01 00 00",
                "93 00 0000000000000000 00000001 00 00",
                "42 00 00000000 00 0018 00",
                "35 00 00000000 00 0000 00",
                "91 00 0000000000000000 00000000 00 00",
                "a4 0a 00000000 00000008 00 00"
            })
    void everyCommandThatChangesConflicts(String cdb) {
        array.withExplicitAlua();
        register(a, 0, 1);
        reserve(a, 1, 1);
        assertThat(end(other.send(cdb))).isEqualTo(CONFLICT);
        assertThat(unit.disk().executed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00 00 00 00 00 00",
                "12 00 00 00ff 00",
                "03 00 00 00 fc 00",
                "25 00 00000000 00 0000 00",
                "9e 10 0000000000000000 00000020 00 00",
                "a0 00 00 000000 00010000 00 00",
                "a3 0a 00000000 00001000 00 00",
                "5e 00 0000000000 0100 00"
            })
    void whatTellsOfTheUnitNeverConflicts(String cdb) {
        register(a, 0, 1);
        reserve(a, 3, 1);
        assertThat(end(other.send(cdb))).isEqualTo("good");
    }

    @Test
    void conflictIsToldAheadOfAnAttentionAndBehindAReset() {
        allRegister();
        reserve(a, 3, 1);
        unit.attention(SimSense.CAPACITY_CHANGED);
        assertThat(read(other)).isEqualTo(CONFLICT);
        unit.attention(SimSense.POWER_ON);
        assertThat(read(other)).isEqualTo("sense 06/29/00");
        assertThat(read(other)).isEqualTo(CONFLICT);
    }

    @Test
    void conflictIsToldAheadOfTheAccessState() {
        register(a, 0, 1);
        reserve(a, 3, 1);
        unit.alua(1, SimAluaState.STANDBY);
        assertThat(read(other)).isEqualTo(CONFLICT);
    }

    @Test
    void holderThatReservesAgainHasReservedAndOthersConflict() {
        allRegister();
        assertThat(reserve(a, 5, 1)).isEqualTo("good");
        assertThat(reserve(a, 5, 1)).isEqualTo("good");
        assertThat(reserve(a, 6, 1)).as("another type").isEqualTo(CONFLICT);
        assertThat(reserve(b, 5, 1)).as("another nexus").isEqualTo(CONFLICT);
        assertThat(reserve(a, 5, 9)).as("another key").isEqualTo(CONFLICT);
        assertThat(holders()).containsExactly("a 1");
    }

    @Test
    void whatAllRegistrantsHoldEachOfThemHasReserved() {
        allRegister();
        reserve(a, 7, 1);
        assertThat(reserve(other, 7, 2)).isEqualTo("good");
        assertThat(holders()).containsExactly("a 1", "b 1", "a 2");
    }

    @ParameterizedTest
    @CsvSource({"00, 05/24/00", "02, 05/24/00", "04, 05/24/00", "09, 05/24/00", "15, 05/24/00"})
    void typeThatThereIsNotIsRefused(String type, String codes) {
        register(a, 0, 1);
        assertThat(reserve(a, Integer.parseInt(type, 16), 1)).isEqualTo("sense " + codes);
    }

    @Test
    void releaseByAnotherRegistrantReleasesNothing() {
        allRegister();
        reserve(a, 5, 1);
        assertThat(release(b, 5, 1)).isEqualTo("good");
        assertThat(release(other, 1, 2)).isEqualTo("good");
        assertThat(holders()).containsExactly("a 1");
    }

    @Test
    void releaseByWhoIsNotRegisteredConflicts() {
        register(a, 0, 1);
        reserve(a, 5, 1);
        assertThat(release(other, 5, 1)).isEqualTo(CONFLICT);
    }

    @Test
    void releaseOfAnotherTypeIsInvalid() {
        register(a, 0, 1);
        reserve(a, 5, 1);
        assertThat(release(a, 6, 1)).isEqualTo("sense 05/26/04");
        assertThat(holders()).containsExactly("a 1");
    }

    @Test
    void releaseIsToldToWhomItGaveAccess() {
        allRegister();
        reserve(a, 1, 1);
        release(a, 1, 1);
        assertTold(toB);
        reserve(a, 5, 1);
        release(a, 5, 1);
        assertTold(toA);
        assertTold(toB, SimSense.RESERVATIONS_RELEASED);
        assertTold(others, SimSense.RESERVATIONS_RELEASED);
        assertThat(unit.reservations().type()).isZero();
        assertThat(unit.reservations().generation())
                .as("of three registrations")
                .isEqualTo(3);
    }

    @Test
    void reservationGoesWithItsHoldersRegistration() {
        allRegister();
        reserve(a, 5, 1);
        register(a, 1, 0);
        assertThat(unit.reservations().type()).isZero();
        assertTold(toB, SimSense.RESERVATIONS_RELEASED);
    }

    @Test
    void reservationStaysWithAHolderThatChangesItsKey() {
        allRegister();
        reserve(a, 5, 1);
        register(a, 1, 4);
        assertThat(holders()).containsExactly("a 4");
        assertThat(in(b, 1)).isEqualTo("0000000400000010" + "0000000000000004" + "00000000" + "0005" + "0000");
    }

    @Test
    void whatAllRegistrantsHoldGoesWithTheLastOfThem() {
        allRegister();
        reserve(a, 8, 1);
        register(a, 1, 0);
        register(b, 1, 0);
        assertThat(holders()).containsExactly("a 2");
        assertTold(toB);
        register(other, 2, 0);
        assertThat(unit.reservations().type()).isZero();
    }

    @Test
    void clearEndsEverythingAndTellsTheOthers() {
        allRegister();
        reserve(a, 3, 1);
        assertThat(out(other, CLEAR, 0, 2, 0, 0)).isEqualTo("good");
        assertThat(keys()).isEmpty();
        assertThat(unit.reservations().type()).isZero();
        assertThat(unit.reservations().generation()).isEqualTo(4);
        assertTold(toA, SimSense.RESERVATIONS_PREEMPTED);
        assertTold(toB, SimSense.RESERVATIONS_PREEMPTED);
        assertTold(others);
    }

    @Test
    void preemptingTheHolderTakesTheReservationAndAllOfItsRegistrations() {
        allRegister();
        reserve(a, 5, 1);
        assertThat(preempt(other, 2, 1, 5)).isEqualTo("good");
        assertThat(keys()).containsExactly(2L);
        assertThat(holders()).containsExactly("a 2");
        assertThat(unit.reservations().generation()).isEqualTo(4);
        assertTold(toA, SimSense.REGISTRATIONS_PREEMPTED);
        assertTold(toB, SimSense.REGISTRATIONS_PREEMPTED);
        assertThat(write(a)).isEqualTo(CONFLICT);
    }

    @Test
    void preemptingWhoDoesNotHoldRemovesItAlone() {
        allRegister();
        reserve(a, 5, 1);
        assertThat(preempt(b, 1, 2, 3)).isEqualTo("good");
        assertThat(keys()).containsExactly(1L, 1L);
        assertThat(holders()).as("type and holder are what they were").containsExactly("a 1");
        assertThat(unit.reservations().type()).isEqualTo(5);
        assertTold(others, SimSense.REGISTRATIONS_PREEMPTED);
        assertTold(toA);
    }

    @Test
    void preemptingWithoutAReservationReservesNothing() {
        allRegister();
        assertThat(preempt(other, 2, 1, 5)).isEqualTo("good");
        assertThat(keys()).containsExactly(2L);
        assertThat(unit.reservations().type()).isZero();
    }

    @Test
    void preemptingNobodyConflicts() {
        allRegister();
        assertThat(preempt(a, 1, 9, 5)).isEqualTo(CONFLICT);
        assertThat(preempt(a, 9, 2, 5)).isEqualTo(CONFLICT);
        assertThat(keys()).hasSize(3);
    }

    @Test
    void preemptingKeyZeroIsForWhatAllRegistrantsHold() {
        allRegister();
        assertThat(preempt(a, 1, 0, 5)).isEqualTo("sense 05/26/00");
        reserve(a, 5, 1);
        assertThat(preempt(a, 1, 0, 5)).isEqualTo("sense 05/26/00");
        release(a, 5, 1);
        b.testUnitReady();
        reserve(a, 7, 1);
        assertThat(preempt(b, 1, 0, 5)).isEqualTo("good");
        assertThat(holders()).containsExactly("b 1");
        assertThat(keys()).containsExactly(1L);
    }

    @Test
    void preemptingOneOfAllRegistrantsLeavesTheReservation() {
        allRegister();
        reserve(a, 7, 1);
        assertThat(preempt(other, 2, 1, 5)).isEqualTo("good");
        assertThat(unit.reservations().type()).isEqualTo(7);
        assertThat(holders()).containsExactly("a 2");
    }

    /** So a host moves its reservation to another nexus, or changes its type. */
    @Test
    void preemptingItsOwnKeyKeepsTheRegistrationOfThatNexusAlone() {
        allRegister();
        reserve(a, 5, 1);
        assertThat(preempt(b, 1, 1, 6)).isEqualTo("good");
        assertThat(holders()).containsExactly("b 1");
        assertThat(keys()).containsExactly(1L, 2L);
        assertThat(unit.reservations().type()).isEqualTo(6);
        assertTold(toA, SimSense.REGISTRATIONS_PREEMPTED);
        assertTold(toB);
        assertTold(others, SimSense.RESERVATIONS_RELEASED);
    }

    @Test
    void preemptAndAbortEndsWhatTheVictimsHaveUnderWay() {
        allRegister();
        reserve(a, 5, 1);
        List<String> ends = new ArrayList<>();
        for (SimNexus nexus : List.of(toA, others)) {
            nexus.targetPort()
                    .script(command -> command.changes() ? SimFate.late(Duration.ofSeconds(5)) : SimFate.normal());
            SimCommand late = SimCommand.received(
                    LUN, HexFormat.of().parseHex(WRITE.replace(" ", "")), filled(1, nexus == toA ? 1 : 2));
            nexus.submit(late, Duration.ofMinutes(1).toNanos(), reply -> ends.add(nexus + " " + end(reply)));
        }
        world.runFor(Duration.ofSeconds(1));
        assertThat(out(other, PREEMPT_AND_ABORT, 5, 2, 1, 0)).isEqualTo("good");
        world.runFor(Duration.ofSeconds(10));
        assertThat(ends).containsExactly("host4 status 40", "other good");
        assertThat(unit.disk().contents(0, Raw.BLOCK)[0]).isEqualTo((byte) 2);
    }

    /** What a target has not ended with the session it came in, it goes on with: unless it is aborted. */
    @Test
    void preemptAndAbortEndsWhatIsLeftOfALostSession() {
        allRegister();
        portA.script(command -> command.changes() ? SimFate.late(Duration.ofSeconds(5)) : SimFate.normal());
        SimCommand late = SimCommand.received(LUN, HexFormat.of().parseHex(WRITE.replace(" ", "")), filled(1, 1));
        others.submit(late, Duration.ofMinutes(1).toNanos(), reply -> {});
        world.runFor(Duration.ofSeconds(1));
        others.lose();
        others.reconnect();
        assertThat(out(b, PREEMPT_AND_ABORT, 5, 1, 2, 0)).isEqualTo("good");
        world.runFor(Duration.ofSeconds(10));
        assertThat(unit.disk().contents(0, Raw.BLOCK)[0]).isZero();
    }

    @Test
    void registrationsOutliveTheLossOfTheirNexus() {
        allRegister();
        reserve(a, 3, 1);
        toA.lose();
        toA.reconnect();
        assertThat(holders()).containsExactly("a 1");
        assertThat(write(a)).isEqualTo("sense 06/29/07");
        assertThat(write(a)).isEqualTo("good");
    }

    @Test
    void nexusThatIsMadeAnewIsTheSame() {
        register(a, 0, 1);
        toA.remove("gone");
        assertThat(register(new Raw(SimNexus.iscsi(portA, new PathPort("host4")), LUN), 1, 2))
                .isEqualTo("good");
        assertThat(register(new Raw(SimNexus.iscsi(portA, new PathPort("host4")).initiator("iqn.other"), LUN), 2, 3))
                .isEqualTo(CONFLICT);
    }

    @Test
    void lossOfPowerEndsWhatWasNotMadeToOutliveIt() {
        register(a, 0, 1);
        reserve(a, 5, 1);
        array.losePower();
        assertThat(keys()).isEmpty();
        assertThat(unit.reservations().type()).isZero();
        assertThat(unit.reservations().generation()).isZero();
        assertTold(toB, SimSense.POWER_ON);
    }

    @Test
    void whatIsMadeToOutliveALossOfPowerDoes() {
        out(a, REGISTER, 0, 0, 1, 1);
        reserve(a, 5, 1);
        array.losePower();
        assertThat(holders()).containsExactly("a 1");
        assertThat(unit.reservations().generation()).isZero();
    }

    @Test
    void whoRegisteredLastDecidesWhetherItOutlivesALossOfPower() {
        out(a, REGISTER, 0, 0, 1, 1);
        out(b, REGISTER, 0, 0, 1, 0);
        assertThat(in(a, 2)).isEqualTo("0008" + "01" + "80" + "ea01" + "0000");
        array.losePower();
        assertThat(keys()).isEmpty();
    }

    @Test
    void unitThatLosesAllWithThePowerSaysSo() {
        unit.reservations().withoutPersistence();
        assertThat(out(a, REGISTER, 0, 0, 1, 1)).isEqualTo("sense 05/26/00");
        assertThat(in(a, 2)).isEqualTo("0008" + "00" + "80" + "ea01" + "0000");
    }

    @Test
    void statusIsToldInFull() {
        out(a, REGISTER, 0, 0, 1, 1);
        register(other, 0, 2);
        reserve(other, 6, 2);
        String iscsi =
                HexFormat.of().formatHex("iqn.2026-01.io.mpath:host,i,0x00023d".getBytes(StandardCharsets.US_ASCII));
        String full = in(b, 3);
        assertThat(full)
                .startsWith("00000002" + "00000078" + "0000000000000001" + "00000000" + "0000" + "00000000" + "0001"
                        + "00000030" + "4500002c" + iscsi);
        assertThat(full.substring(2 * (8 + 24 + 48)))
                .startsWith("0000000000000002" + "00000000" + "0106" + "00000000" + "0001" + "00000018"
                        + "0000000000000000" + "10000000");
        assertThat(in(b, 0)).isEqualTo("00000002" + "00000010" + "0000000000000001" + "0000000000000002");
        assertThat(in(b, 2)).isEqualTo("0008" + "01" + "80" + "ea01" + "0000");
    }

    @Test
    void answerIsCutToTheRoomThereIs() {
        allRegister();
        assertThat(HexFormat.of().formatHex(a.send("5e 00 0000000000 000c 00").data()))
                .isEqualTo("00000003" + "00000018" + "00000000");
    }

    @Test
    void registrationThatFindsNoRoomIsRefused() {
        unit.reservations().room(1);
        register(a, 0, 1);
        assertThat(register(b, 0, 1)).isEqualTo("sense 05/55/04");
        assertThat(register(a, 1, 2)).isEqualTo("good");
    }

    @Test
    void whatCannotBeAskedForIsRefused() {
        assertThat(out(a, REGISTER, 0, 0, 1, 0x04)).as("ALL_TG_PT").isEqualTo("sense 05/26/00");
        assertThat(out(a, REGISTER, 0, 0, 1, 0x08)).as("SPEC_I_PT").isEqualTo("sense 05/26/00");
        assertThat(out(a, MOVE, 0, 0, 1, 0)).isEqualTo("sense 05/24/00");
        assertThat(end(a.send("5e 04 0000000000 0100 00"))).isEqualTo("sense 05/24/00");
        assertThat(end(a.send("5f 00 00 0000 00000010 00", new byte[16]))).isEqualTo("sense 05/1a/00");
        assertThat(end(a.send("5f 00 00 0000 00000018 00", new byte[16]))).isEqualTo("sense 05/1a/00");
        unit.reservations().withoutFullStatus().withoutCapabilities();
        assertThat(end(a.send("5e 02 0000000000 0100 00"))).isEqualTo("sense 05/24/00");
        assertThat(end(a.send("5e 03 0000000000 0100 00"))).isEqualTo("sense 05/24/00");
        unit.reservations().unsupported();
        assertThat(end(a.send("5e 00 0000000000 0100 00"))).isEqualTo("sense 05/20/00");
        assertThat(register(a, 0, 1)).isEqualTo("sense 05/20/00");
        assertThat(keys()).isEmpty();
    }

    @Test
    void standbyTakesReservationsAndUnavailableDoesNot() {
        unit.alua(1, SimAluaState.STANDBY);
        a.testUnitReady();
        assertThat(register(a, 0, 1)).isEqualTo("good");
        unit.alua(1, SimAluaState.UNAVAILABLE);
        a.testUnitReady();
        assertThat(register(a, 1, 2)).isEqualTo("sense 02/04/0c");
    }

    @Test
    void answerOfAChangeCanBeLostAheadOfItsEffectAndBehindIt() {
        portA.script(command -> command.changesReservations() ? SimFate.drop() : SimFate.normal());
        assertThat(register(a, 0, 1)).isEqualTo("host 03");
        assertThat(keys()).isEmpty();
        portA.script(command -> command.changesReservations() ? SimFate.unanswered() : SimFate.normal());
        assertThat(register(a, 0, 1)).isEqualTo("host 03");
        assertThat(keys()).containsExactly(1L);
        portA.script(command ->
                command.changesReservations() ? SimFate.ghost(0x0e, Duration.ofSeconds(5)) : SimFate.normal());
        assertThat(register(a, 1, 2)).isEqualTo("host 0e");
        assertThat(keys()).containsExactly(1L);
        world.runFor(Duration.ofSeconds(6));
        assertThat(keys()).containsExactly(2L);
    }
}
