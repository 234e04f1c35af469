package io.mpath.nvme;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.nvme.sim.SimAnaState;
import io.mpath.nvme.sim.SimAssociation;
import io.mpath.nvme.sim.SimCommand;
import io.mpath.nvme.sim.SimController;
import io.mpath.nvme.sim.SimFate;
import io.mpath.nvme.sim.SimNamespace;
import io.mpath.nvme.sim.SimSubsystem;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.path.ReservationReply.Conflict;
import io.mpath.path.ReservationReply.Done;
import io.mpath.path.ReservationReply.NotExecuted;
import io.mpath.path.ReservationReply.Refused;
import io.mpath.path.ReservationReply.Unknown;
import io.mpath.path.ReservationReply.Unsupported;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reservation commands through paths: two hosts, each with two controllers of the emulated subsystem. */
class NvmeReservationsTest {
    private static final int BLOCK = 512;
    private static final int REGISTER = 0x0d;
    private static final int REPORT = 0x0e;
    private static final int TRIES = 4;
    private static final ReservationKey NONE = ReservationKey.NONE;
    private static final ReservationKey A = new ReservationKey(0xaaaa_0000_0000_000aL);
    private static final ReservationKey B = new ReservationKey(0xb);
    private static final ReservationKey C = new ReservationKey(0xc);
    private static final String FIRST_HOST = "01" + "00".repeat(14) + "01";

    private final SimWorld world = SimWorld.seeded(1);
    private final SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:reservations");
    private final SimNamespace namespace = subsystem.addNamespace(1, 1000, BLOCK);
    private final SimController a = subsystem.addController("a");
    private final SimController b = subsystem.addController("b");
    private final ReservingHost one = ReservingHost.over(world, a, 1);
    private final ReservingHost oneElsewhere = ReservingHost.over(world, b, 1);
    private final ReservingHost two = ReservingHost.over(world, b, 2);
    private final ReservingHost twoElsewhere = ReservingHost.over(world, a, 2);
    private final List<SimCommand> seen = new ArrayList<>();

    /** What becomes of the commands of reservations at the first controller, which are also written down. */
    private void script(Function<SimCommand, SimFate> fate) {
        a.script(command -> {
            if (!command.admin() && (command.reserves() || command.opcode() == REPORT)) {
                seen.add(command);
                return fate.apply(command);
            }
            return SimFate.normal();
        });
    }

    @Test
    void hostIsRegisteredOnceForAllOfItsPaths() {
        assertThat(one.path.reservesPerNexus()).isFalse();
        assertThat(one.register(A)).isEqualTo(new Done());
        assertThat(oneElsewhere.reserve(A, WRITE_EXCLUSIVE)).isEqualTo(new Done());

        assertThat(twoElsewhere.state())
                .isEqualTo(new ReservationState(
                        1,
                        List.of(new Registrant(A, true, FIRST_HOST, OptionalInt.empty())),
                        Optional.of(new ReservationState.Held(WRITE_EXCLUSIVE, A)),
                        false));
    }

    @Test
    void whoIsNotRegisteredRegisters() {
        assertThat(one.register(A)).isEqualTo(new Done());
        assertThat(oneElsewhere.register(A)).as("the same once more").isEqualTo(new Done());
        assertThat(oneElsewhere.register(B)).isInstanceOf(Conflict.class);
        assertThat(one.state().count(A)).isEqualTo(1);
    }

    @Test
    void whoIsRegisteredGetsAnotherKeyForTheOneThatItHas() {
        one.register(A);
        one.reserve(A, WRITE_EXCLUSIVE);
        assertThat(one.register(C, B)).isInstanceOf(Conflict.class);
        assertThat(one.register(A, B)).isEqualTo(new Done());
        assertThat(one.state().heldBy(B)).as("the reservation stays").isTrue();
        assertThat(two.register(A, B)).as("not registered").isInstanceOf(Conflict.class);
    }

    @Test
    void whoeverRegistersIgnoringWhatIsThereIsRegistered() {
        assertThat(one.registerIgnoring(A)).isEqualTo(new Done());
        assertThat(one.registerIgnoring(B)).isEqualTo(new Done());
        assertThat(one.state().registrants()).hasSize(1);
        assertThat(one.state().count(B)).isEqualTo(1);
    }

    @Test
    void whereOnlyWhatIsThereIsReplacedAHostIsRegisteredInstead() {
        script(command -> command.opcode() == REGISTER && (command.dword(10) & 7) == 2
                ? SimFate.status(0x083).doNotRetry()
                : SimFate.normal());
        assertThat(one.registerIgnoring(A)).isEqualTo(new Done());
        assertThat(seen).extracting(command -> command.dword(10)).containsExactly(2 | 1 << 3, 0);
        assertThat(two.state().count(A)).isEqualTo(1);
    }

    @Test
    void unregisteringNeedsTheKeyUnlessItIsIgnored() {
        one.register(A);
        assertThat(one.register(B, NONE)).isInstanceOf(Conflict.class);
        assertThat(one.register(A, NONE)).isEqualTo(new Done());
        assertThat(one.register(A, NONE)).isInstanceOf(Conflict.class);
        one.register(B);
        assertThat(one.registerIgnoring(NONE)).isEqualTo(new Done());
        assertThat(one.state().registrants()).isEmpty();
    }

    @Test
    void persistenceIsAskedForAndOtherwiseLeftAsItIs() {
        one.register(A);
        assertThat(one.state().persistent()).isFalse();
        assertThat(two.send(new ReservationCommand.Register(NONE, B, false, true)))
                .isEqualTo(new Done());
        assertThat(one.state().persistent()).isTrue();
        one.register(A, C);
        assertThat(one.state().persistent()).isTrue();
        namespace.reservationCapabilities(0x7e);
        assertThat(two.send(new ReservationCommand.Register(B, C, false, true))).isInstanceOf(Unsupported.class);
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyTypeIsReservedReadAndReleased(ReservationType type) {
        one.register(A);
        two.register(B);
        assertThat(one.reserve(A, type)).isEqualTo(new Done());
        ReservationKey holder = type.allRegistrantsHold() ? NONE : A;
        assertThat(two.state().reservation()).contains(new ReservationState.Held(type, holder));
        assertThat(oneElsewhere.send(new ReservationCommand.Release(A, type))).isEqualTo(new Done());
        assertThat(two.state().reservation()).isEmpty();
    }

    static Stream<ReservationType> types() {
        return Stream.of(ReservationType.values());
    }

    @Test
    void reservationThatAnotherHasConflicts() {
        one.register(A);
        two.register(B);
        assertThat(one.reserve(C, WRITE_EXCLUSIVE)).isInstanceOf(Conflict.class);
        one.reserve(A, WRITE_EXCLUSIVE);
        assertThat(two.reserve(B, WRITE_EXCLUSIVE)).isInstanceOf(Conflict.class);
        assertThat(((Conflict) two.reserve(B, WRITE_EXCLUSIVE)).cause()).contains("b2", "Reservation Conflict");
    }

    /** The reply tells the conflict; nothing is read for it a second time. */
    @Test
    void conflictOfItsOwnCommandIsNoReport() {
        assertThat(one.reserve(A, WRITE_EXCLUSIVE)).isInstanceOf(Conflict.class);
        assertThat(one.told()).isZero();
    }

    @Test
    void releaseOfWhatTheHostDoesNotHoldDoesNothing() {
        one.register(A);
        two.register(B);
        one.reserve(A, WRITE_EXCLUSIVE);
        assertThat(two.send(new ReservationCommand.Release(B, WRITE_EXCLUSIVE))).isEqualTo(new Done());
        assertThat(one.send(new ReservationCommand.Release(A, EXCLUSIVE_ACCESS)))
                .as("reserved with another type")
                .isInstanceOf(Refused.class);
        assertThat(one.state().heldBy(A)).isTrue();
    }

    @Test
    void preemptTakesTheReservationOver() {
        one.register(A);
        two.register(B);
        one.reserve(A, WRITE_EXCLUSIVE);
        assertThat(two.preempt(B, A, EXCLUSIVE_ACCESS)).isEqualTo(new Done());
        ReservationState state = two.state();
        assertThat(state.reservation()).contains(new ReservationState.Held(EXCLUSIVE_ACCESS, B));
        assertThat(state.count(A)).isZero();
        assertThat(two.preempt(B, A, EXCLUSIVE_ACCESS)).as("nobody left").isInstanceOf(Conflict.class);
    }

    @Test
    void preemptOfAllOthersIsForWhereAllRegistrantsHold() {
        one.register(A);
        two.register(B);
        one.reserve(A, WRITE_EXCLUSIVE);
        assertThat(two.preempt(B, NONE, WRITE_EXCLUSIVE)).isInstanceOf(Refused.class);
        one.send(new ReservationCommand.Release(A, WRITE_EXCLUSIVE));
        one.reserve(A, WRITE_EXCLUSIVE_ALL_REGISTRANTS);
        assertThat(two.preempt(B, NONE, WRITE_EXCLUSIVE)).isEqualTo(new Done());
        assertThat(two.state().registrants()).extracting(Registrant::key).containsExactly(B);
    }

    @Test
    void preemptAndAbortEndsWhatTheVictimHasUnderWay() {
        one.register(A);
        two.register(B);
        byte[] data = new byte[BLOCK];
        data[0] = 1;
        SimAssociation victim = a.associate(reason -> {}, identifier(1), Duration.ZERO, true);
        a.script(command -> command.changes() ? SimFate.late(Duration.ofSeconds(20)) : SimFate.normal());
        List<Integer> ends = new ArrayList<>();
        victim.submit(
                1, entry(0x01, 0, 0), data, reply -> ends.add(reply.completion().getShort(14) >> 1 & 0x7ff));
        assertThat(two.send(new ReservationCommand.Preempt(B, A, WRITE_EXCLUSIVE, true)))
                .isEqualTo(new Done());
        world.runFor(Duration.ofSeconds(30));
        assertThat(ends).containsExactly(0x01b);
        assertThat(namespace.disk().contents(0, BLOCK)).containsOnly(0);
    }

    private static byte[] identifier(int number) {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) number;
        bytes[15] = (byte) number;
        return bytes;
    }

    private static ByteBuffer entry(int opcode, int... dwords) {
        ByteBuffer entry = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        entry.put(0, (byte) opcode).putInt(4, 1);
        for (int i = 0; i < dwords.length; i++) {
            entry.putInt(40 + 4 * i, dwords[i]);
        }
        return entry;
    }

    @Test
    void clearTakesEverythingAway() {
        one.register(A);
        two.register(B);
        one.reserve(A, WRITE_EXCLUSIVE);
        assertThat(two.send(new ReservationCommand.Clear(C))).isInstanceOf(Conflict.class);
        assertThat(two.send(new ReservationCommand.Clear(B))).isEqualTo(new Done());
        assertThat(one.state().registrants()).isEmpty();
        assertThat(one.state().reservation()).isEmpty();
    }

    @Test
    void abilitiesAreTheNamespacesAndTheControllers() {
        assertThat(one.send(new ReservationCommand.ReadAbilities()))
                .isEqualTo(abilities(Set.of(ReservationType.values()), true, false));
        one.send(new ReservationCommand.Register(NONE, A, false, true));
        assertThat(one.send(new ReservationCommand.ReadAbilities()))
                .isEqualTo(abilities(Set.of(ReservationType.values()), true, true));
        namespace.reservationCapabilities(1 << 1);
        assertThat(one.send(new ReservationCommand.ReadAbilities()))
                .isEqualTo(abilities(Set.of(WRITE_EXCLUSIVE), false, false));
        namespace.reservationCapabilities(0);
        assertThat(one.send(new ReservationCommand.ReadAbilities())).isInstanceOf(Unsupported.class);
    }

    private static ReservationReply abilities(Set<ReservationType> types, boolean persistent, boolean now) {
        return new ReservationReply.Abilities(new ReservationCapabilities(types, persistent, now, false, false, true));
    }

    @Test
    void whatTheDeviceDoesNotHaveIsUnsupported() {
        namespace.reservationCapabilities(1 << 1);
        one.register(A);
        assertThat(one.reserve(A, EXCLUSIVE_ACCESS)).isInstanceOf(Unsupported.class);
        namespace.reservationCapabilities(0);
        for (ReservationCommand command : allCommands()) {
            assertThat(one.send(command)).as("%s", command).isInstanceOf(Unsupported.class);
        }
    }

    private static List<ReservationCommand> allCommands() {
        List<ReservationCommand> all = new ArrayList<>(changes().toList());
        all.add(new ReservationCommand.Read());
        all.add(new ReservationCommand.ReadAbilities());
        return all;
    }

    /** Each of them changes something where the first host is registered with A and has reserved, and the second is with B. */
    static Stream<ReservationCommand> changes() {
        return Stream.of(
                new ReservationCommand.Register(A, C, false, false),
                new ReservationCommand.Register(NONE, C, true, false),
                new ReservationCommand.Register(A, NONE, false, false),
                new ReservationCommand.Preempt(A, A, EXCLUSIVE_ACCESS, false),
                new ReservationCommand.Preempt(A, B, EXCLUSIVE_ACCESS, true),
                new ReservationCommand.Release(A, WRITE_EXCLUSIVE),
                new ReservationCommand.Clear(A));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void changeThatIsLostBeforeItTookEffectIsUnknownAndNotRepeated(ReservationCommand change) {
        ReservationState before = bothRegisteredAndOneHolds();
        script(command -> SimFate.drop());
        assertThat(one.send(change)).isInstanceOf(Unknown.class);
        assertThat(seen).hasSize(1);
        assertThat(two.state()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void changeWhoseAnswerIsLostIsUnknownAndNotRepeated(ReservationCommand change) {
        ReservationState before = bothRegisteredAndOneHolds();
        script(command -> SimFate.unanswered());
        assertThat(one.send(change)).isInstanceOf(Unknown.class);
        assertThat(seen).hasSize(1);
        assertThat(two.state()).isNotEqualTo(before);
    }

    /** Its time-out passes first: it was lost, and lands all the same. */
    @Test
    void changeMayLandLongAfterItWasLost() {
        script(command -> command.reserves() ? SimFate.late(Duration.ofMinutes(2)) : SimFate.normal());
        assertThat(one.register(A)).isInstanceOf(Unknown.class);
        assertThat(two.state().count(A)).isZero();
        world.runFor(Duration.ofMinutes(3));
        assertThat(two.state().count(A)).isEqualTo(1);
    }

    private ReservationState bothRegisteredAndOneHolds() {
        one.register(A);
        two.register(B);
        one.reserve(A, WRITE_EXCLUSIVE);
        return two.state();
    }

    @ParameterizedTest
    @CsvSource({
        "0x083, Conflict, 1",
        "0x001, Unsupported, 1",
        "0x002, Unsupported, 1",
        "0x018, NotExecuted, 4",
        "0x00b, NotExecuted, 4",
        "0x082, NotExecuted, 4",
        "0x006, Unknown, 1",
        "0x007, Unknown, 1",
        "0x300, Unknown, 1",
        "0x301, NotExecuted, 1",
        "0x302, NotExecuted, 1",
        "0x303, NotExecuted, 1",
        "0x360, Unknown, 1",
        "0x370, Unknown, 1",
        "0x371, Unknown, 1",
        "0x3f0, Unknown, 1",
        "0x7c0, Unknown, 1"
    })
    void statusOfAChangeIsJudgedAsThatOfAWrite(int status, String reply, int sent) {
        script(command -> SimFate.status(status));
        assertThat(one.register(A).getClass().getSimpleName()).isEqualTo(reply);
        assertThat(seen).hasSize(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "0x001, Unsupported, 1",
        "0x018, Refused, 1",
        "0x00b, NotExecuted, 1",
        "0x006, Unknown, 1",
        "0x015, Refused, 1",
        "0x302, NotExecuted, 1",
        "0x371, Unknown, 1"
    })
    void statusThatIsFinalIsNotTriedAgain(int status, String reply, int sent) {
        script(command -> SimFate.status(status).doNotRetry());
        assertThat(one.register(A).getClass().getSimpleName()).isEqualTo(reply);
        assertThat(seen).hasSize(sent);
    }

    @ParameterizedTest
    @CsvSource({"0x006, NotExecuted, 4", "0x302, NotExecuted, 1", "0x371, NotExecuted, 1", "0x083, Conflict, 1"})
    void statusOfAReadingLeavesNothingUnknown(int status, String reply, int sent) {
        script(command -> SimFate.status(status));
        assertThat(one.send(new ReservationCommand.Read()).getClass().getSimpleName())
                .isEqualTo(reply);
        assertThat(seen).hasSize(sent);
    }

    @Test
    void changeThatTheControllerDidNotTakeIsSentAgain() {
        script(command -> seen.size() < TRIES ? SimFate.status(0x082).retryDelay(1) : SimFate.normal());
        assertThat(one.register(A)).isEqualTo(new Done());
        assertThat(seen).hasSize(TRIES);
    }

    @Test
    void readingWhoseAnswerIsLostIsRepeated() {
        one.register(A);
        script(command -> seen.size() < TRIES ? SimFate.unanswered() : SimFate.normal());
        assertThat(one.state().count(A)).isEqualTo(1);
        script(command -> SimFate.drop());
        assertThat(one.send(new ReservationCommand.Read())).isInstanceOf(NotExecuted.class);
    }

    @Test
    void pathThatIsKnownNotToBeLiveIsNotTried() {
        one.transport.disconnect();
        world.runFor(Duration.ofMillis(1));
        script(command -> SimFate.normal());
        List<ReservationReply> replies = new ArrayList<>();
        one.path.reserve(new ReservationCommand.Register(NONE, A, false, false), replies::add);
        assertThat(replies).singleElement().isInstanceOf(NotExecuted.class);
        assertThat(seen).isEmpty();
    }

    @Test
    void silentControllerLeavesAChangeUnknown() {
        a.silence(true);
        assertThat(one.register(A)).isInstanceOf(Unknown.class);
        assertThat(one.send(new ReservationCommand.Read())).isInstanceOf(NotExecuted.class);
        assertThat(one.send(new ReservationCommand.ReadAbilities())).isInstanceOf(NotExecuted.class);
    }

    @Test
    void closedPathCarriesNothingOut() {
        world.environment().loop().execute(() -> one.path.close(() -> {}));
        one.settle();
        script(command -> SimFate.normal());
        for (ReservationCommand command : allCommands()) {
            assertThat(one.send(command)).isInstanceOf(NotExecuted.class);
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void inaccessiblePathIsLeftToOthersAndTakenOutItself() {
        a.losesEvents(true);
        a.anaState(1, SimAnaState.INACCESSIBLE);
        assertThat(one.register(A)).isInstanceOf(NotExecuted.class);
        assertThat(one.control.reports).contains("a1 unavailable");
        assertThat(oneElsewhere.register(A)).isEqualTo(new Done());
    }

    @Test
    void hostsWithShortIdentifiersAreReadInTheOtherFormat() {
        ReservingHost small = ReservingHost.overPcie(world, a, 5);
        script(command -> SimFate.normal());
        assertThat(small.register(A)).isEqualTo(new Done());
        assertThat(small.reserve(A, EXCLUSIVE_ACCESS)).isEqualTo(new Done());
        ReservationState state = small.state();
        assertThat(state.registrants())
                .containsExactly(new Registrant(A, true, "0500000000000001", OptionalInt.of(a.id())));
        assertThat(state.heldBy(A)).isTrue();
        assertThat(seen.stream().filter(command -> command.opcode() == REPORT))
                .extracting(command -> command.dword(11))
                .containsExactly(1, 0);
    }

    @Test
    void moreRegistrantsThanExpectedAreReadAgain() {
        registerMany(100);
        script(command -> SimFate.normal());
        assertThat(one.state().registrants()).hasSize(100);
        assertThat(seen).hasSize(2);
    }

    @Test
    void registrantsWhoComeWhileTheyAreReadAreReadToo() {
        registerMany(100);
        script(command -> {
            if (seen.size() <= 3) {
                registerMany(100);
            }
            return SimFate.normal();
        });
        assertThat(one.state().registrants()).hasSize(400);
    }

    private int registered;

    /** Hosts of no path, with keys of their own. */
    private void registerMany(int hosts) {
        for (int i = 0; i < hosts; i++) {
            registered++;
            byte[] host = new byte[16];
            ByteBuffer.wrap(host).putInt(4, registered);
            byte[] keys = new byte[16];
            ByteBuffer.wrap(keys).putInt(8, registered);
            var association = b.associate(reason -> {}, host, Duration.ZERO, true);
            assertThat(association.execute(1, entry(REGISTER), keys, Duration.ofSeconds(1)))
                    .isPresent();
        }
    }

    @Test
    void whatOthersDidIsToldThroughEachPathOfTheHost() {
        bothRegisteredAndOneHolds();
        two.preempt(B, A, WRITE_EXCLUSIVE);
        assertThat(one.told()).isPositive();
        assertThat(oneElsewhere.told()).isPositive();
        assertThat(two.told()).isZero();
    }

    /** The controller says no more until what it has was read. */
    @Test
    void nextThingThatOthersDidIsToldToo() {
        bothRegisteredAndOneHolds();
        two.preempt(B, A, WRITE_EXCLUSIVE);
        one.register(A);
        long before = one.told();
        two.preempt(B, A, WRITE_EXCLUSIVE);
        assertThat(one.told()).isEqualTo(before + 1);
    }

    @Test
    void whatHappenedBeforeThereWasAPathIsToldToTheFirst() {
        ReservingHost late = ReservingHost.unattached(world, a, 7);
        late.register(C);
        two.register(B);
        two.preempt(B, C, WRITE_EXCLUSIVE);
        late.attached();
        assertThat(late.told()).isEqualTo(1);
    }

    @Test
    void logThatCannotBeReadMeansThatAnythingMayHaveHappened() {
        bothRegisteredAndOneHolds();
        a.script(command -> command.admin() && command.opcode() == 0x02 ? SimFate.status(0x006) : SimFate.normal());
        two.preempt(B, A, WRITE_EXCLUSIVE);
        assertThat(one.told()).isPositive();
    }
}
