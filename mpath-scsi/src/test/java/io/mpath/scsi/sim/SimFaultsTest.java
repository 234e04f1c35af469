package io.mpath.scsi.sim;

import static io.mpath.scsi.sim.Raw.end;
import static io.mpath.scsi.sim.Raw.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.PathPort;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an emulated array tells each nexus that it did not ask for, refuses for its states, and does of what is scripted. */
class SimFaultsTest {
    private static final long LUN = 3;

    private final SimWorld world = SimWorld.seeded(1);
    private final SimScsiArray array = SimScsiArray.in(world, "iqn.2026-01.io.mpath:faults");
    private final SimTargetPort portA = array.addPort("a", 1);
    private final SimTargetPort portB = array.addPort("b", 2);
    private final SimLogicalUnit unit = array.addUnit(LUN, 1024, Raw.BLOCK);
    private final SimNexus toA = SimNexus.iscsi(portA, new PathPort("a"));
    private final SimNexus toB = SimNexus.fibreChannel(portB, new PathPort("b"));
    private final Raw a = new Raw(toA, LUN);
    private final Raw b = new Raw(toB, LUN);

    private byte first(long offset) {
        return unit.disk().contents(offset, Raw.BLOCK)[0];
    }

    @Test
    void attentionIsToldOnceToEachNexus() {
        unit.attention(SimSense.CAPACITY_CHANGED);
        assertThat(end(a.testUnitReady())).isEqualTo("sense 06/2a/09");
        assertThat(end(a.testUnitReady())).isEqualTo("good");
        assertThat(end(b.read(0, 1))).isEqualTo("sense 06/2a/09");
    }

    @Test
    void inquiryAndReportLunsLeaveAnAttentionStanding() {
        unit.attention(SimSense.CAPACITY_CHANGED);
        assertThat(end(a.inquiry())).isEqualTo("good");
        assertThat(end(a.reportLuns())).isEqualTo("good");
        assertThat(end(a.testUnitReady())).isEqualTo("sense 06/2a/09");
    }

    @Test
    void reportLunsClearsWhatItAnswers() {
        unit.attention(SimSense.LUNS_CHANGED);
        a.reportLuns();
        assertThat(end(a.testUnitReady())).isEqualTo("good");
    }

    @Test
    void requestSenseTakesAnAttentionAsItsData() {
        unit.attention(SimSense.CAPACITY_CHANGED);
        SimReply reply = a.requestSense();
        assertThat(end(reply)).isEqualTo("good");
        assertThat(Raw.codes(reply.data())).isEqualTo("sense 06/2a/09");
        assertThat(end(a.testUnitReady())).isEqualTo("good");
    }

    @Test
    void attentionsAreToldInTheirOrderAndAResetTakesTheirPlace() {
        unit.attention(SimSense.CAPACITY_CHANGED);
        unit.attention(SimSense.INQUIRY_CHANGED);
        unit.attention(SimSense.CAPACITY_CHANGED);
        assertThat(toA.attentions(LUN)).containsExactly(SimSense.CAPACITY_CHANGED, SimSense.INQUIRY_CHANGED);
        unit.attention(SimSense.POWER_ON);
        assertThat(toA.attentions(LUN)).containsExactly(SimSense.POWER_ON);
    }

    @Test
    void attentionThatFindsNoRoomIsLost() {
        array.roomForAttentions(1);
        unit.attention(SimSense.CAPACITY_CHANGED);
        unit.attention(SimSense.INQUIRY_CHANGED);
        assertThat(toA.attentions(LUN)).containsExactly(SimSense.CAPACITY_CHANGED);
    }

    @Test
    void anotherOpenerTakesTheAttentionThatWasMeantForUs() {
        unit.attention(SimSense.ACCESS_STATE_CHANGED);
        toA.testUnitReady(LUN);
        assertThat(end(a.testUnitReady())).isEqualTo("good");
    }

    @ParameterizedTest
    @CsvSource({"STANDBY, 02/04/0b", "UNAVAILABLE, 02/04/0c", "OFFLINE, 02/04/12", "TRANSITIONING, 02/04/0a"})
    void stateRefusesBlocksThroughItsGroupAlone(SimAluaState state, String codes) {
        unit.alua(1, state);
        a.testUnitReady();
        b.testUnitReady();
        assertThat(end(a.read(0, 1))).isEqualTo("sense " + codes);
        assertThat(end(a.write(0, filled(1, 1)))).isEqualTo("sense " + codes);
        assertThat(end(a.inquiry())).isEqualTo("good");
        assertThat(end(a.portGroups())).isEqualTo("good");
        assertThat(end(b.read(0, 1))).isEqualTo("good");
    }

    @Test
    void transitionEndsInItsTimeAndIsTold() {
        unit.transition(1, SimAluaState.NON_OPTIMIZED, Duration.ofSeconds(5));
        assertThat(unit.alua(1)).isEqualTo(SimAluaState.TRANSITIONING);
        world.runFor(Duration.ofSeconds(5));
        assertThat(unit.alua(1)).isEqualTo(SimAluaState.NON_OPTIMIZED);
        assertThat(end(b.testUnitReady())).isEqualTo("sense 06/2a/06");
    }

    @Test
    void transitionThatFailsGoesBackAndIsTold() {
        unit.alua(1, SimAluaState.STANDBY);
        unit.transition(1, SimAluaState.OPTIMIZED, Duration.ofSeconds(5));
        unit.failTransition(1);
        world.runFor(Duration.ofSeconds(10));
        assertThat(unit.alua(1)).isEqualTo(SimAluaState.STANDBY);
        assertThat(toB.attentions(LUN)).contains(SimSense.IMPLICIT_TRANSITION_FAILED);
    }

    @Test
    void statesAreSetByCommandWhereThatIsSupportedAndTheOthersAreTold() {
        assertThat(end(a.setPortGroups(0x20001))).isEqualTo("sense 05/20/00");
        array.withExplicitAlua();
        assertThat(end(a.setPortGroups(0x20001))).isEqualTo("good");
        assertThat(unit.alua(1)).isEqualTo(SimAluaState.STANDBY);
        assertThat(toA.attentions(LUN)).isEmpty();
        assertThat(end(b.testUnitReady())).isEqualTo("sense 06/2a/06");
        assertThat(end(a.setPortGroups(0x00009))).as("no such group").isEqualTo("sense 05/26/00");
    }

    @Test
    void nexusThatReturnsHasLostWhatItWasToldBefore() {
        unit.attention(SimSense.CAPACITY_CHANGED);
        toA.lose();
        assertThat(end(a.testUnitReady())).isEqualTo("host 0f");
        assertThat(toA.reconnect()).isTrue();
        assertThat(toA.attentions(LUN)).containsExactly(SimSense.NEXUS_LOSS);
        assertThat(toB.attentions(LUN)).containsExactly(SimSense.CAPACITY_CHANGED);
    }

    /** What its login does not end, a Fibre Channel target goes on with. */
    @ParameterizedTest
    @CsvSource({"true, 0", "false, 7"})
    void loginEndsTheOldSessionOverIscsiAlone(boolean iscsi, int found) {
        SimNexus nexus = iscsi ? toA : toB;
        nexus.targetPort()
                .script(command -> command.changes() ? SimFate.late(Duration.ofSeconds(5)) : SimFate.normal());
        SimCommand write = SimCommand.received(LUN, new byte[] {0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0}, filled(1, 7));
        nexus.submit(write, Duration.ofMinutes(1).toNanos(), reply -> {});
        world.runFor(Duration.ofSeconds(1));
        nexus.lose();
        nexus.reconnect();
        nexus.targetPort().script(command -> SimFate.normal());
        assertThat(end(iscsi ? a.testUnitReady() : b.testUnitReady())).isEqualTo("sense 06/29/07");
        world.runFor(Duration.ofSeconds(10));
        assertThat(first(0)).isEqualTo((byte) found);
    }

    @Test
    void ghostIsGivenBackAtOnceAndExecutedLater() {
        portA.script(command -> SimFate.ghost(0x0e, Duration.ofSeconds(5)));
        assertThat(end(a.write(0, filled(1, 7)))).isEqualTo("host 0e");
        assertThat(first(0)).isZero();
        world.runFor(Duration.ofSeconds(6));
        assertThat(first(0)).isEqualTo((byte) 7);
    }

    @Test
    void silentPortIsGivenUpAfterItsTime() {
        portA.silent(true);
        long began = world.nanos();
        assertThat(end(a.testUnitReady())).isEqualTo("host 03");
        assertThat(Duration.ofNanos(world.nanos() - began)).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
        assertThat(end(b.testUnitReady())).isEqualTo("good");
    }

    @Test
    void writeThatIsCutShortLandsAsFarAsItWent() {
        portA.script(command -> command.changes() ? SimFate.transferring(2 * Raw.BLOCK) : SimFate.normal());
        a.write(0, filled(4, 7));
        assertThat(first(Raw.BLOCK)).isEqualTo((byte) 7);
        assertThat(first(2 * Raw.BLOCK)).isZero();
    }

    @Test
    void unitThatIsWithdrawnIsGoneFromItsPortAlone() {
        unit.withdrawFrom(portA);
        assertThat(end(a.read(0, 1))).isEqualTo("sense 05/25/00");
        assertThat(end(b.read(0, 1))).isEqualTo("good");
    }
}
