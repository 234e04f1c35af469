package io.mpath.nvme.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a host is told of what others do to reservations (NVMe Base 2.1 8.1.24, log page 80h, features 82h and 83h). */
class SimReservationNoticesTest {
    private static final int WE = 1;
    private static final int WERO = 3;
    private static final int AER = 0x0c;
    private static final int GET_LOG_PAGE = 0x02;
    private static final int SET_FEATURES = 0x09;
    private static final int GET_FEATURES = 0x0a;
    private static final int RESERVATION_EVENT = 0x0080_0006;

    private final SimWorld world = SimWorld.seeded(1);
    private final SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:notices");
    private final SimNamespace namespace = subsystem.addNamespace(1, 1000, RawHost.BLOCK);
    private final SimController a = subsystem.addController("a");
    private final RawReservations one = new RawReservations(world, a, 1);
    private final RawReservations two = new RawReservations(world, a, 2);

    private static List<SimReply> awaitEvent(RawReservations who) {
        return who.host.send(0, RawHost.entry(AER, 0, 3, 0), new byte[0]);
    }

    private static ByteBuffer log(RawReservations who) {
        return RawHost.page(who.host.admin(GET_LOG_PAGE, 0, 0x80 | 15 << 16));
    }

    private static int notification(RawReservations who) {
        return log(who).get(8);
    }

    private void bothRegisteredAndOneHolds(int type) {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, type);
    }

    @Test
    void preemptedRegistrationIsToldToItsHost() {
        bothRegisteredAndOneHolds(WE);
        List<SimReply> told = awaitEvent(one);
        two.preempt(0xb, 0xa, WE);
        assertThat(told)
                .singleElement()
                .satisfies(event -> assertThat(RawHost.result(event)).isEqualTo(RESERVATION_EVENT));
        ByteBuffer page = log(one);
        assertThat(page.limit()).isEqualTo(64);
        assertThat(page.getLong(0)).isEqualTo(1);
        assertThat(page.get(8)).isEqualTo((byte) 1);
        assertThat(page.get(9)).isZero();
        assertThat(page.getInt(12)).isEqualTo(1);
        assertThat(notification(one)).as("read once").isZero();
        assertThat(notification(two)).as("not to who did it").isZero();
    }

    @Test
    void releaseIsToldWhereRegistrantsHadAccess() {
        bothRegisteredAndOneHolds(WERO);
        one.release(0xa, WERO);
        assertThat(notification(two)).isEqualTo(2);
        one.acquire(0xa, WE);
        one.release(0xa, WE);
        assertThat(notification(two)).isZero();
    }

    @Test
    void clearIsToldToAllOthers() {
        bothRegisteredAndOneHolds(WE);
        two.clear(0xb);
        assertThat(notification(one)).isEqualTo(3);
        assertThat(notification(two)).isZero();
    }

    @Test
    void nextEventComesWhenTheLogWasReadAndHasMore() {
        bothRegisteredAndOneHolds(WERO);
        List<SimReply> first = awaitEvent(two);
        List<SimReply> second = awaitEvent(two);
        one.release(0xa, WERO);
        one.preempt(0xa, 0xb, WE);
        assertThat(first).hasSize(1);
        assertThat(second).isEmpty();
        assertThat(log(two).get(9)).as("available").isEqualTo((byte) 1);
        world.runUntilIdle();
        assertThat(second).hasSize(1);
    }

    @Test
    void whatIsMaskedIsNotTold() {
        bothRegisteredAndOneHolds(WE);
        assertThat(RawHost.status(one.host.admin(SET_FEATURES, 0xffff_ffffL, 0x82, 1 << 3)))
                .isZero();
        assertThat(RawHost.result(one.host.admin(GET_FEATURES, 1, 0x82))).isEqualTo(1 << 3);
        two.clear(0xb);
        assertThat(notification(one)).isZero();
    }

    @Test
    void persistenceIsAFeatureOfTheNamespace() {
        assertThat(RawHost.result(one.host.admin(GET_FEATURES, 1, 0x83))).isZero();
        assertThat(RawHost.status(one.host.admin(SET_FEATURES, 1, 0x83, 1))).isZero();
        assertThat(RawHost.result(two.host.admin(GET_FEATURES, 1, 0x83))).isEqualTo(1);
        assertThat(two.persistent()).isTrue();
        namespace.reservationCapabilities(0x7e);
        assertThat(RawHost.status(one.host.admin(SET_FEATURES, 1, 0x83, 1))).isEqualTo(0x002);
        assertThat(RawHost.status(one.host.admin(GET_FEATURES, 2, 0x83))).isEqualTo(0x002);
    }
}
