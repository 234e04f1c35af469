package io.mpath.nvme.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Features, logs, events, Abort and Cross-Controller Reset, by bytes (NVMe Base 2.1 5.1). */
class SimAdminCommandsTest {
    private static final int GET_LOG_PAGE = 0x02;
    private static final int IDENTIFY = 0x06;
    private static final int ABORT = 0x08;
    private static final int SET_FEATURES = 0x09;
    private static final int GET_FEATURES = 0x0a;
    private static final int EVENT_REQUEST = 0x0c;
    private static final int CROSS_CONTROLLER_RESET = 0x38;
    private static final int ANA = 0x0c;
    private static final int RETAIN = 1 << 15;
    private static final int GROUPS_ONLY = 1 << 8;
    private static final int ANA_CHANGED = 0x0c_03_02;
    private static final int NAMESPACE_CHANGED = 0x04_00_02;
    private static final int RESET_COMPLETED = 0x1e_f4_02;

    private final SimWorld world = SimWorld.seeded(1);
    private final SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:admin");
    private final SimController controller = subsystem.addController("nvme0");
    private final RawHost host = new RawHost(world, controller, Duration.ofSeconds(5));

    private int status(int opcode, int... dwords) {
        return RawHost.status(host.admin(opcode, 0, dwords));
    }

    private int feature(int code) {
        SimReply reply = host.admin(GET_FEATURES, 0, code);
        assertThat(RawHost.status(reply)).isZero();
        return RawHost.result(reply);
    }

    private ByteBuffer log(int page, int bytes) {
        SimReply reply = host.admin(GET_LOG_PAGE, 0xffff_ffffL, logDword(page, bytes));
        assertThat(RawHost.status(reply)).isZero();
        return RawHost.page(reply);
    }

    private static int logDword(int page, int bytes) {
        return page | (bytes / 4 - 1) << 16;
    }

    /** Results of the events that come while {@code what} goes on. */
    private List<Integer> eventsOf(Runnable what) {
        List<Integer> events = new ArrayList<>();
        host.association.submit(
                0, RawHost.entry(EVENT_REQUEST, 0, 99, 0), new byte[0], reply -> events.add(RawHost.result(reply)));
        what.run();
        world.runUntilIdle();
        return events;
    }

    private void wantEvents() {
        int offered = RawHost.page(host.admin(IDENTIFY, 0, 0x01)).getInt(92);
        assertThat(status(SET_FEATURES, 0x0b, offered)).isZero();
    }

    @Test
    void keepAliveTimeoutIsRoundedUpToTheGranularity() {
        assertThat(feature(0x0f)).isEqualTo(5000);
        assertThat(status(SET_FEATURES, 0x0f, 7100)).isZero();
        assertThat(feature(0x0f)).isEqualTo(8000);
    }

    @Test
    void featuresThatAreNotThereAreInvalid() {
        assertThat(status(GET_FEATURES, 0x7e)).isEqualTo(0x002);
        assertThat(status(SET_FEATURES, 0x7e)).isEqualTo(0x002);
        assertThat(status(GET_FEATURES, 0x06)).as("no volatile cache").isEqualTo(0x002);
        assertThat(status(SET_FEATURES, 0x0b | 1 << 31, 0)).as("saved").isEqualTo(0x10d);
        assertThat(status(SET_FEATURES, 0x0b, 1 << 9)).as("not offered").isEqualTo(0x002);
        assertThat(status(0x44)).isEqualTo(0x001);
    }

    @Test
    void volatileCacheCanBeSwitchedOff() {
        controller.withVolatileCache();
        assertThat(feature(0x06)).isEqualTo(1);
        assertThat(status(SET_FEATURES, 0x06, 0)).isZero();
        assertThat(feature(0x06)).isZero();
    }

    @Test
    void hostIdentifierOverFabricsIsThatOfConnect() {
        SimReply reply = host.admin(GET_FEATURES, 0, 0x81, 1);
        assertThat(reply.data()).startsWith(1, 2, 3).hasSize(16);
        assertThat(status(GET_FEATURES, 0x81, 0)).as("of 64 bits").isEqualTo(0x002);
        assertThat(status(SET_FEATURES, 0x81, 1)).isEqualTo(0x00c);
    }

    @Test
    void anaLogListsGroupsAndTheirNamespaces() {
        subsystem.addNamespace(3, 64, RawHost.BLOCK);
        subsystem.addNamespace(4, 64, RawHost.BLOCK).group(2);
        subsystem.addNamespace(7, 64, RawHost.BLOCK);
        controller.anaState(2, SimAnaState.CHANGE);
        ByteBuffer log = log(ANA, 96);
        assertThat(log.getShort(8)).isEqualTo((short) 2);
        assertThat(log.getInt(16)).isEqualTo(1);
        assertThat(log.getInt(20)).isEqualTo(2);
        assertThat(log.get(32)).isEqualTo((byte) 1);
        assertThat(log.getInt(48)).isEqualTo(3);
        assertThat(log.getInt(52)).isEqualTo(7);
        assertThat(log.getInt(56)).isEqualTo(2);
        assertThat(log.get(72)).isEqualTo((byte) 0xf);
        ByteBuffer groups = log(ANA | GROUPS_ONLY, 80);
        assertThat(groups.getInt(20)).isZero();
        assertThat(groups.getInt(48)).isEqualTo(2);
    }

    @Test
    void pieceOfTheLogBeginsAtItsOffset() {
        subsystem.addNamespace(3, 64, RawHost.BLOCK);
        SimReply reply = host.admin(GET_LOG_PAGE, 0xffff_ffffL, logDword(ANA, 4), 0, 48);
        assertThat(RawHost.page(reply).getInt(0)).isEqualTo(3);
        assertThat(status(GET_LOG_PAGE, logDword(ANA, 4), 0, 4096)).isEqualTo(0x002);
        assertThat(status(GET_LOG_PAGE, logDword(ANA, 4), 0, 2)).isEqualTo(0x002);
        assertThat(status(GET_LOG_PAGE, logDword(0x7d, 4))).isEqualTo(0x109);
    }

    @Test
    void changeCountsMoveWithWhatChanges() {
        subsystem.addNamespace(3, 64, RawHost.BLOCK).group(2);
        ByteBuffer before = log(ANA, 96);
        controller.anaState(2, SimAnaState.INACCESSIBLE);
        controller.anaState(2, SimAnaState.INACCESSIBLE);
        ByteBuffer after = log(ANA, 96);
        assertThat(after.getLong(0)).isEqualTo(before.getLong(0) + 1);
        assertThat(after.getLong(24)).as("group 1").isEqualTo(before.getLong(24));
        assertThat(after.getLong(56)).as("group 2").isEqualTo(before.getLong(56) + 1);
    }

    @Test
    void eventIsMaskedUntilItsLogIsRead() {
        wantEvents();
        assertThat(eventsOf(() -> controller.anaState(1, SimAnaState.INACCESSIBLE)))
                .containsExactly(ANA_CHANGED);
        assertThat(eventsOf(() -> controller.anaState(1, SimAnaState.OPTIMIZED)))
                .isEmpty();
        assertThat(eventsOf(() -> host.admin(GET_LOG_PAGE, 0, logDword(ANA | RETAIN, 16))))
                .isEmpty();
        controller.anaState(1, SimAnaState.CHANGE);
        log(ANA, 16);
        assertThat(eventsOf(() -> controller.anaState(1, SimAnaState.OPTIMIZED)))
                .isEmpty();
    }

    @Test
    void eventWaitsForARequest() {
        wantEvents();
        controller.anaState(1, SimAnaState.INACCESSIBLE);
        assertThat(eventsOf(() -> {})).containsExactly(ANA_CHANGED);
    }

    @Test
    void eventThatNobodyAskedForIsNotTold() {
        assertThat(eventsOf(() -> controller.anaState(1, SimAnaState.INACCESSIBLE)))
                .isEmpty();
    }

    @Test
    void eventCanBeLost() {
        wantEvents();
        controller.losesEvents(true);
        assertThat(eventsOf(() -> controller.anaState(1, SimAnaState.INACCESSIBLE)))
                .isEmpty();
    }

    @Test
    void changedNamespacesAreListedOnce() {
        log(0x04, 4096);
        wantEvents();
        assertThat(eventsOf(() -> subsystem.addNamespace(5, 64, RawHost.BLOCK))).containsExactly(NAMESPACE_CHANGED);
        subsystem.namespace(5).resize(128);
        ByteBuffer list = log(0x04, 4096);
        assertThat(list.getInt(0)).isEqualTo(5);
        assertThat(list.getInt(4)).isZero();
        assertThat(log(0x04, 4096).getInt(0)).isZero();
    }

    @Test
    void tooManyEventRequestsAreRefused() {
        for (int i = 0; i < 4; i++) {
            assertThat(host.send(0, RawHost.entry(EVENT_REQUEST, 0, i, 0), new byte[0]))
                    .isEmpty();
        }
        assertThat(status(EVENT_REQUEST)).isEqualTo(0x105);
    }

    @Test
    void logThatIsHeldLagsUntilItIsLetGo() {
        wantEvents();
        controller.holdAnaLog(true);
        assertThat(eventsOf(() -> controller.anaState(1, SimAnaState.INACCESSIBLE)))
                .isEmpty();
        assertThat(log(ANA, 48).get(32)).isEqualTo((byte) 1);
        controller.holdAnaLog(false);
        assertThat(log(ANA, 48).get(32)).isEqualTo((byte) 3);
    }

    @Test
    void logCanBeBroken() {
        controller.anaLogBytes(page -> {
            page[16 + 16] = 0x0e;
            return page;
        });
        assertThat(log(ANA, 48).get(32)).isEqualTo((byte) 0x0e);
    }

    @Test
    void abortEndsACommandThatIsStillUnderWay() {
        subsystem.addNamespace(1, 64, RawHost.BLOCK);
        controller.script(command -> command.changes() ? SimFate.late(Duration.ofSeconds(1)) : SimFate.normal());
        List<SimReply> write = host.sendIo(RawHost.blocks(RawHost.WRITE, 1, 0, 1, 0), RawHost.filled(1, 1));
        assertThat(RawHost.result(host.admin(ABORT, 0, 1 | 7 << 16))).isZero();
        assertThat(RawHost.status(write.get(0))).isEqualTo(0x007);
        assertThat(RawHost.result(host.admin(ABORT, 0, 1 | 7 << 16)))
                .as("too late")
                .isEqualTo(1);
        world.runFor(Duration.ofSeconds(2));
        assertThat(subsystem.namespace(1).disk().executed()).isZero();
    }

    @Test
    void resetThroughAnotherControllerEndsWhatTheImpactedOneWasGiven() {
        RawHost impacted = impacted(Duration.ZERO);
        SimReply done = resetOf(impacted);
        assertThat(RawHost.status(done)).isZero();
        assertThat(RawHost.result(done)).as("done at once").isEqualTo(1);
        world.runFor(Duration.ofSeconds(2));
        assertThat(subsystem.namespace(1).disk().executed()).isZero();
        assertThat(impacted.ends).hasSize(1);
    }

    @Test
    void resetOfALifeThatIsOverIsDoneAndSparesTheNextOne() {
        RawHost impacted = impacted(Duration.ZERO);
        ByteBuffer before = RawHost.page(impacted.admin(IDENTIFY, 0, 0x01));
        impacted.controller.reset();
        RawHost next = new RawHost(world, impacted.controller);
        ByteBuffer after = RawHost.page(next.admin(IDENTIFY, 0, 0x01));
        assertThat(after.get(135)).isNotEqualTo(before.get(135));
        assertThat(after.getLong(136)).isNotEqualTo(before.getLong(136));
        assertThat(RawHost.result(reset(before))).isEqualTo(1);
        world.runUntilIdle();
        assertThat(next.ends).isEmpty();
    }

    @Test
    void resetThatTakesTimeIsLoggedAndTold() {
        RawHost impacted = impacted(Duration.ofMillis(300));
        wantEvents();
        assertThat(RawHost.result(resetOf(impacted))).isZero();
        assertThat(RawHost.status(resetOf(impacted))).as("in progress").isEqualTo(0x13f);
        assertThat(log(0x1e, 16).get(14)).isZero();
        assertThat(eventsOf(() -> world.runFor(Duration.ofMillis(400)))).containsExactly(RESET_COMPLETED);
        ByteBuffer log = log(0x1e, 16);
        assertThat(log.getShort(0)).isEqualTo((short) 1);
        assertThat(log.getShort(8)).as("ICID").isEqualTo((short) impacted.controller.id());
        assertThat(log.get(14)).as("CCRS").isEqualTo((byte) 1);
    }

    @Test
    void controllerWithoutCrossControllerResetKnowsNoneOfIt() {
        assertThat(status(CROSS_CONTROLLER_RESET, 2)).isEqualTo(0x001);
        assertThat(RawHost.page(host.admin(IDENTIFY, 0, 0x01)).get(135)).isZero();
    }

    /** A controller that has a write under way. */
    private RawHost impacted(Duration takes) {
        controller.withCrossControllerReset(Duration.ZERO);
        subsystem.addNamespace(1, 64, RawHost.BLOCK);
        SimController other = subsystem.addController("nvme1").withCrossControllerReset(takes);
        other.script(command -> command.changes() ? SimFate.late(Duration.ofSeconds(1)) : SimFate.normal());
        var impacted = new RawHost(world, other);
        impacted.sendIo(RawHost.blocks(RawHost.WRITE, 1, 0, 1, 0), RawHost.filled(1, 1));
        return impacted;
    }

    private SimReply resetOf(RawHost impacted) {
        return reset(RawHost.page(impacted.admin(IDENTIFY, 0, 0x01)));
    }

    private SimReply reset(ByteBuffer identify) {
        int id = identify.getShort(78) | (identify.get(135) & 0xff) << 16;
        return host.admin(CROSS_CONTROLLER_RESET, 0, id, 0, identify.getInt(136), identify.getInt(140));
    }
}
