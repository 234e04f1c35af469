package io.mpath.nvme.sim;

import static io.mpath.nvme.sim.RawReservations.CONFLICT;
import static io.mpath.nvme.sim.RawReservations.IEKEY;
import static io.mpath.nvme.sim.RawReservations.INVALID_FIELD;
import static io.mpath.nvme.sim.RawReservations.INVALID_OPCODE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every action of reservations, by bytes, of two hosts of which one has two controllers (NVMe Base 2.1 8.1.24). */
class SimReservationsTest {
    private static final int WE = 1;
    private static final int EA = 2;
    private static final int WERO = 3;
    private static final int WEAR = 5;
    private static final int FLUSH = 0x00;
    private static final int COMPARE = 0x05;
    private static final int WRITE_ZEROES = 0x08;
    private static final int DATASET_MANAGEMENT = 0x09;
    private static final int PREEMPTED_AND_ABORTED = 0x01b;

    private final SimWorld world = SimWorld.seeded(1);
    private final SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:reservations");
    private final SimNamespace namespace = subsystem.addNamespace(1, 1000, RawHost.BLOCK);
    private final SimController a = subsystem.addController("a");
    private final SimController b = subsystem.addController("b");
    private final RawReservations one = new RawReservations(world, a, 1);
    private final RawReservations oneElsewhere = new RawReservations(world, b, 1);
    private final RawReservations two = new RawReservations(world, b, 2);

    @Test
    void registrationIsTheHostsAndNotTheControllers() {
        assertThat(one.register(0xa)).isZero();
        assertThat(oneElsewhere.acquire(0xa, WE)).isZero();
        assertThat(one.write(0)).isZero();
        assertThat(two.write(0)).isEqualTo(CONFLICT);
    }

    @Test
    void whoIsRegisteredMayRegisterWithTheSameKeyAndNoOther() {
        assertThat(one.register(0xa)).isZero();
        assertThat(oneElsewhere.register(0xa)).isZero();
        assertThat(oneElsewhere.register(0xb)).isEqualTo(CONFLICT);
        assertThat(two.register(0xa)).as("another host may have the same key").isZero();
        assertThat(two.register(0)).isEqualTo(INVALID_FIELD);
    }

    @Test
    void replacingNeedsTheCurrentKeyUnlessItIsIgnored() {
        assertThat(one.replace(0, 0xa, 0xb)).as("not registered").isEqualTo(CONFLICT);
        one.register(0xa);
        assertThat(one.replace(0, 0x9, 0xb)).isEqualTo(CONFLICT);
        assertThat(one.replace(0, 0xa, 0xb)).isZero();
        assertThat(one.replace(IEKEY, 0x9, 0xc)).isZero();
        assertThat(two.replace(IEKEY, 0, 0xd)).as("registered or not").isZero();
        assertThat(two.acquire(0xd, WE)).isZero();
        assertThat(one.unregister(0, 0xc)).isZero();
    }

    @Test
    void unregisteringNeedsTheCurrentKeyUnlessItIsIgnored() {
        assertThat(one.unregister(0, 0)).isEqualTo(CONFLICT);
        assertThat(one.unregister(IEKEY, 0)).isEqualTo(CONFLICT);
        one.register(0xa);
        assertThat(one.unregister(0, 0xb)).isEqualTo(CONFLICT);
        assertThat(one.unregister(IEKEY, 0xb)).isZero();
        assertThat(one.registrants()).isZero();
    }

    @Test
    void reservationEndsWithItsHoldersRegistration() {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, WERO);
        assertThat(oneElsewhere.unregister(0, 0xa)).isZero();
        assertThat(two.type()).isZero();
        assertThat(one.write(0)).isZero();
    }

    @Test
    void reservationOfAllRegistrantsEndsWithTheLastOfThem() {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, WEAR);
        one.unregister(0, 0xa);
        assertThat(two.type()).isEqualTo(WEAR);
        assertThat(one.write(0)).isEqualTo(CONFLICT);
        two.unregister(0, 0xb);
        assertThat(two.type()).isZero();
        assertThat(one.write(0)).isZero();
    }

    @Test
    void generationGrowsWithRegistrationsAndNotWithReservations() {
        one.register(0xa);
        one.replace(0, 0xa, 0xc);
        two.register(0xb);
        assertThat(one.generation()).isEqualTo(3);
        one.acquire(0xc, WE);
        one.release(0xc, WE);
        two.acquire(0x9, WE);
        assertThat(one.generation()).isEqualTo(3);
        one.preempt(0xc, 0xb, WE);
        assertThat(one.generation()).isEqualTo(4);
        one.clear(0xc);
        assertThat(one.generation()).isEqualTo(5);
    }

    @Test
    void onlyWhoIsRegisteredReserves() {
        assertThat(one.acquire(0xa, WE)).isEqualTo(CONFLICT);
        one.register(0xa);
        assertThat(one.acquire(0xb, WE)).isEqualTo(CONFLICT);
        assertThat(one.acquireWithFlags(IEKEY, 0xa, WE)).isEqualTo(INVALID_FIELD);
        assertThat(one.acquire(0xa, WE)).isZero();
    }

    @Test
    void reservationIsNeitherTakenNorChangedByAcquiring() {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, WE);
        assertThat(one.acquire(0xa, WE)).as("again").isZero();
        assertThat(one.acquire(0xa, EA)).isEqualTo(CONFLICT);
        assertThat(two.acquire(0xb, WE)).isEqualTo(CONFLICT);
        assertThat(one.type()).isEqualTo(WE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 255})
    void typeThatThereIsNotIsInvalid(int type) {
        one.register(0xa);
        assertThat(one.acquire(0xa, type)).isEqualTo(INVALID_FIELD);
        assertThat(one.preempt(0xa, 0xa, type)).isEqualTo(INVALID_FIELD);
    }

    @Test
    void typeThatTheNamespaceHasNotIsInvalid() {
        namespace.reservationCapabilities(1 << WE);
        one.register(0xa);
        assertThat(one.acquire(0xa, EA)).isEqualTo(INVALID_FIELD);
        assertThat(one.acquire(0xa, WE)).isZero();
    }

    @Test
    void releaseByWhoDoesNotHoldDoesNothing() {
        one.register(0xa);
        two.register(0xb);
        assertThat(one.release(0xa, WE)).as("nothing to release").isZero();
        one.acquire(0xa, WE);
        assertThat(two.release(0xb, WE)).isZero();
        assertThat(two.release(0xa, WE)).as("the key of another").isEqualTo(CONFLICT);
        assertThat(one.release(0xa, EA)).as("the type of another").isEqualTo(INVALID_FIELD);
        assertThat(one.type()).isEqualTo(WE);
        assertThat(oneElsewhere.release(0xa, WE)).isZero();
        assertThat(one.type()).isZero();
        assertThat(one.registrants()).as("one of them at two controllers").isEqualTo(3);
    }

    @Test
    void clearTakesEverythingAway() {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, EA);
        assertThat(two.clear(0xa)).isEqualTo(CONFLICT);
        assertThat(two.clear(0xb)).isZero();
        assertThat(two.registrants()).isZero();
        assertThat(two.type()).isZero();
    }

    @Test
    void preemptOfTheHolderTakesOver() {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, WE);
        assertThat(two.preempt(0xb, 0xa, EA)).isZero();
        assertThat(two.type()).isEqualTo(EA);
        assertThat(one.read()).isEqualTo(CONFLICT);
        assertThat(one.acquire(0xa, EA)).as("no longer registered").isEqualTo(CONFLICT);
        assertThat(two.write(0)).isZero();
    }

    @Test
    void preemptOfAnotherLeavesTheReservation() {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, WERO);
        assertThat(one.preempt(0xa, 0xb, EA)).isZero();
        assertThat(one.type()).isEqualTo(WERO);
        assertThat(two.write(0)).isEqualTo(CONFLICT);
        assertThat(one.preempt(0xa, 0xb, EA)).as("nobody has it any more").isEqualTo(CONFLICT);
        assertThat(two.preempt(0xb, 0xa, EA)).as("by who is not registered").isEqualTo(CONFLICT);
    }

    @Test
    void holderThatPreemptsItselfChangesTheType() {
        one.register(0xa);
        two.register(0xa);
        one.acquire(0xa, WE);
        assertThat(one.preempt(0xa, 0xa, EA)).isZero();
        assertThat(one.type()).isEqualTo(EA);
        assertThat(one.write(0)).isZero();
        assertThat(two.acquire(0xa, EA)).as("who has the same key is removed").isEqualTo(CONFLICT);
    }

    @Test
    void zeroPreemptsAllOthersWhereAllRegistrantsHold() {
        one.register(0xa);
        two.register(0xb);
        assertThat(one.preempt(0xa, 0, WE)).isEqualTo(INVALID_FIELD);
        one.acquire(0xa, WE);
        assertThat(one.preempt(0xa, 0, WE)).isEqualTo(INVALID_FIELD);
        one.release(0xa, WE);
        one.acquire(0xa, WEAR);
        assertThat(two.preempt(0xb, 0, WE)).isZero();
        assertThat(two.type()).isEqualTo(WE);
        assertThat(one.acquire(0xa, WE)).isEqualTo(CONFLICT);
        assertThat(two.write(0)).isZero();
    }

    @Test
    void keyOfARegistrantIsPreemptedWhereAllHold() {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, WEAR);
        assertThat(one.preempt(0xa, 0xb, WE)).isZero();
        assertThat(one.type()).isEqualTo(WEAR);
        assertThat(two.write(0)).isEqualTo(CONFLICT);
    }

    @ParameterizedTest
    @CsvSource({
        // type, registrant reads, registrant writes, stranger reads, stranger writes
        "1, true, false, true, false",
        "2, false, false, false, false",
        "3, true, true, true, false",
        "4, true, true, false, false",
        "5, true, true, true, false",
        "6, true, true, false, false"
    })
    void everyCommandConflictsAsItsTypeSays(
            int type, boolean registrantReads, boolean registrantWrites, boolean reads, boolean writes) {
        one.register(0xa);
        two.register(0xb);
        var stranger = new RawReservations(world, a, 3);
        one.acquire(0xa, type);
        assertAccess(one.host, true, true);
        assertAccess(oneElsewhere.host, true, true);
        assertAccess(two.host, registrantReads, registrantWrites);
        assertAccess(stranger.host, reads, writes);
        assertThat(stranger.type()).as("everybody may ask").isEqualTo(type);
    }

    private static void assertAccess(RawHost host, boolean reads, boolean writes) {
        byte[] zeroes = new byte[RawHost.BLOCK];
        int read = reads ? 0 : CONFLICT;
        int write = writes ? 0 : CONFLICT;
        assertThat(RawHost.status(host.io(RawHost.blocks(RawHost.READ, 1, 0, 1, 0))))
                .isEqualTo(read);
        assertThat(RawHost.status(host.io(RawHost.blocks(COMPARE, 1, 0, 1, 0), zeroes)))
                .isEqualTo(read);
        assertThat(RawHost.status(host.io(RawHost.blocks(RawHost.WRITE, 1, 0, 1, 0), zeroes)))
                .isEqualTo(write);
        assertThat(RawHost.status(host.io(RawHost.blocks(WRITE_ZEROES, 1, 0, 1, 0))))
                .isEqualTo(write);
        assertThat(RawHost.status(host.io(RawHost.entry(DATASET_MANAGEMENT, 0, 7, 1, 0, 0), new byte[16])))
                .isEqualTo(write);
        assertThat(RawHost.status(host.io(RawHost.entry(FLUSH, 0, 7, 1)))).isEqualTo(write);
        assertThat(RawHost.status(host.io(RawHost.entry(FLUSH, 0, 7, 0xffff_ffffL))))
                .isEqualTo(write);
    }

    @Test
    void fusedPairConflictsAsItsWrite() {
        one.register(0xa);
        one.acquire(0xa, WE);
        List<SimReply> first = two.host.sendIo(RawHost.entry(COMPARE, 1, 8, 1, 0, 0, 0), new byte[RawHost.BLOCK]);
        two.host.sendIo(RawHost.entry(RawHost.WRITE, 2, 9, 1, 0, 0, 0), RawHost.filled(1, 5));
        world.runUntilIdle();
        assertThat(RawHost.status(first.get(0))).isEqualTo(CONFLICT);
        assertThat(namespace.disk().contents(0, RawHost.BLOCK)).containsOnly(0);
    }

    @Test
    void preemptLetsLandWhatWasUnderWayBeforeIt() {
        holdsAndHasALateWriteOfTheOtherOnBothControllers();
        assertThat(two.preempt(0xb, 0xa, EA)).isZero();
        world.runFor(Duration.ofSeconds(2));
        assertThat(namespace.disk().contents(0, RawHost.BLOCK)).containsOnly(7);
    }

    @Test
    void preemptAndAbortEndsWhatTheVictimHasAtAnyController() {
        List<SimReply> ends = holdsAndHasALateWriteOfTheOtherOnBothControllers();
        assertThat(two.preemptAndAbort(0xb, 0xa, EA)).isZero();
        world.runFor(Duration.ofSeconds(2));
        assertThat(ends)
                .hasSize(2)
                .allSatisfy(end -> assertThat(RawHost.status(end)).isEqualTo(PREEMPTED_AND_ABORTED));
        assertThat(namespace.disk().contents(0, 2 * RawHost.BLOCK)).containsOnly(0);
    }

    /** A connection that is lost at the host only. */
    @Test
    void preemptAndAbortEndsGhosts() {
        holdsAndHasALateWriteOfTheOtherOnBothControllers();
        one.host.association.sever();
        oneElsewhere.host.association.sever();
        assertThat(two.preemptAndAbort(0xb, 0xa, EA)).isZero();
        world.runFor(Duration.ofSeconds(2));
        assertThat(namespace.disk().contents(0, 2 * RawHost.BLOCK)).containsOnly(0);
    }

    private List<SimReply> holdsAndHasALateWriteOfTheOtherOnBothControllers() {
        one.register(0xa);
        two.register(0xb);
        one.acquire(0xa, EA);
        for (SimController each : List.of(a, b)) {
            each.script(command -> command.changes() ? SimFate.late(Duration.ofSeconds(1)) : SimFate.normal());
        }
        List<SimReply> ends = one.host.sendIo(RawHost.blocks(RawHost.WRITE, 1, 0, 1, 0), RawHost.filled(1, 7));
        oneElsewhere.host.association.submit(
                1, RawHost.blocks(RawHost.WRITE, 1, 1, 1, 0), RawHost.filled(1, 7), ends::add);
        world.runFor(Duration.ofMillis(1));
        return ends;
    }

    @Test
    void whatPersistsSurvivesALossOfPower() {
        assertThat(one.register(3, 0xa)).isZero();
        assertThat(one.persistent()).isTrue();
        one.acquire(0xa, WE);
        subsystem.powerCycle();
        var again = new RawReservations(world, a, 1);
        var other = new RawReservations(world, b, 2);
        assertThat(again.type()).isEqualTo(WE);
        assertThat(other.write(0)).isEqualTo(CONFLICT);
        assertThat(again.write(0)).isZero();
    }

    @Test
    void whatDoesNotPersistIsGoneAfterALossOfPower() {
        one.register(3, 0xa);
        assertThat(one.register(2, 0xa)).isZero();
        assertThat(one.persistent()).isFalse();
        one.acquire(0xa, WE);
        subsystem.powerCycle();
        var again = new RawReservations(world, a, 1);
        assertThat(again.type()).isZero();
        assertThat(again.registrants()).isZero();
        assertThat(again.generation()).isZero();
    }

    @Test
    void persistenceThatThereIsNotIsInvalid() {
        namespace.reservationCapabilities(0x7e);
        assertThat(one.register(3, 0xa)).isEqualTo(INVALID_FIELD);
        assertThat(one.register(1, 0xa)).isEqualTo(INVALID_FIELD);
        assertThat(one.registrants()).isZero();
        assertThat(one.register(0, 0xa)).isZero();
    }

    @Test
    void reportNamesEachControllerOfARegistrantAndOneOfWhoHasNone() {
        one.register(0xa);
        two.register(0xb);
        two.acquire(0xb, EA);
        oneElsewhere.host.association.disconnect();
        var lastOfOne = new RawReservations(world, b, 1);
        two.host.association.disconnect();
        ByteBuffer report = lastOfOne.report();
        assertThat(report.getShort(5)).isEqualTo((short) 3);
        assertThat(report.getShort(64)).isEqualTo((short) 1);
        assertThat(report.get(66)).isZero();
        assertThat(report.getLong(72)).isEqualTo(0xa);
        assertThat(report.slice(80, 16)).isEqualTo(ByteBuffer.wrap(RawReservations.identifier(1)));
        assertThat(report.getShort(128)).isEqualTo((short) 2);
        assertThat(report.getShort(192)).isEqualTo((short) 0xffff);
        assertThat(report.get(194)).isEqualTo((byte) 1);
        assertThat(report.getLong(200)).isEqualTo(0xb);
    }

    @Test
    void reportIsAsLongAsItWasAskedFor() {
        one.register(0xa);
        ByteBuffer beginning = RawHost.page(one.reported(true, 64));
        assertThat(beginning.limit()).isEqualTo(64);
        assertThat(beginning.getShort(5)).isEqualTo((short) 2);
    }

    @Test
    void reportTakesTheHostsOwnLengthOfIdentifiersOnly() {
        assertThat(RawHost.status(one.reported(false, 64))).isEqualTo(0x018);
        var small = new RawReservations(new RawHost(world, a, new byte[] {9, 8}, Duration.ZERO, false));
        assertThat(RawHost.status(small.reported(true, 64))).isEqualTo(0x018);
        small.register(0x5);
        ByteBuffer report = RawHost.page(small.reported(false, 64));
        assertThat(report.getShort(5)).isEqualTo((short) 1);
        assertThat(report.getShort(24)).isEqualTo((short) 1);
        assertThat(report.getLong(32)).isEqualTo(0x0809);
        assertThat(report.getLong(40)).isEqualTo(0x5);
    }

    @Test
    void controllerWithoutThemKnowsNoSuchCommands() {
        a.optionalCommands(0x0d);
        assertThat(one.register(0xa)).isEqualTo(INVALID_OPCODE);
        assertThat(RawHost.status(one.reported(true, 64))).isEqualTo(INVALID_OPCODE);
        assertThat(oneElsewhere.register(0xa)).isZero();
    }

    @Test
    void namespaceWithoutThemKnowsNoSuchCommands() {
        namespace.reservationCapabilities(0);
        assertThat(one.register(0xa)).isEqualTo(INVALID_OPCODE);
        assertThat(one.acquire(0xa, WE)).isEqualTo(INVALID_OPCODE);
        assertThat(one.release(0xa, WE)).isEqualTo(INVALID_OPCODE);
    }

    @Test
    void writeProtectionKeepsNobodyFromReserving() {
        namespace.writeProtect(true);
        one.register(0xa);
        assertThat(one.acquire(0xa, WE)).isZero();
    }

    @Test
    void answerIsLostBeforeOrAfterTheEffect() {
        a.script(command -> command.reserves() ? SimFate.drop() : SimFate.normal());
        assertThat(executeRegister(0xa)).isFalse();
        assertThat(two.registrants()).isZero();
        a.script(command -> command.reserves() ? SimFate.unanswered() : SimFate.normal());
        assertThat(executeRegister(0xa)).isFalse();
        assertThat(two.registrants()).as("at both of its controllers").isEqualTo(2);
    }

    private boolean executeRegister(long key) {
        byte[] keys = new byte[16];
        keys[8] = (byte) key;
        return one.host
                .association
                .execute(1, RawHost.entry(0x0d, 0, 7, 1, 0), keys, Duration.ofSeconds(1))
                .isPresent();
    }

    @Test
    void hostsWithoutAnIdentifierAreOneForEachController() {
        var here = new RawReservations(new RawHost(world, a, new byte[16], Duration.ZERO, true));
        var there = new RawReservations(new RawHost(world, b, new byte[16], Duration.ZERO, true));
        here.register(0xa);
        assertThat(there.acquire(0xa, WE)).isEqualTo(CONFLICT);
        assertThat(there.register(0xb)).isZero();
    }
}
