package io.mpath;

import static io.mpath.ReservationBench.FOREIGN_KEY;
import static io.mpath.ReservationBench.HOLD;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.observe.MultipathEvent.PathFenced;
import io.mpath.observe.MultipathEvent.RegistrationLost;
import io.mpath.observe.MultipathEvent.ReservationLost;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Read;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationOutcome.Conflict;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.ReservationOutcome.NotSupported;
import io.mpath.reservation.ReservationOutcome.Refused;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Standing.Phase;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimReservationAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths with keys of their own, and the fence by reservation that they are for. */
class KeyPerPathTest {
    private static final ReservationKey HOST_KEY = new ReservationKey(0xa0000);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(3);
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");
    private static final byte OLD = 1;
    private static final byte NEW = 2;

    private final ReservationBench three =
            new ReservationBench(3, ReservationBench.settings().withKeyPerPath(true));

    private void registered() {
        assertThat(three.await(three.reservations.register(new Registration(HOST_KEY))))
                .isInstanceOf(Done.class);
    }

    private void reserved() {
        registered();
        assertThat(three.await(three.reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);
    }

    private DataPathBench.Ending write(byte value) {
        return three.bench.submit(IoRequest.create().write(0, DataPathBench.data(value, 1)));
    }

    /** A write through path 0, which loses it; it lands late. */
    private DataPathBench.Ending lostWrite() {
        three.path(0).next(1, SimAnswer.fail(LOST).landingLate(LATE));
        return write(OLD);
    }

    private void holds(byte value) {
        assertThat(three.bench.disk().contents(0, DataPathBench.BLOCK)).isEqualTo(DataPathBench.bytes(value, 1));
    }

    private Set<ReservationKey> keys() {
        return IntStream.range(0, 3).mapToObj(three::keyOf).collect(Collectors.toSet());
    }

    private List<PathFenced> fences() {
        return three.bench.events.stream()
                .filter(PathFenced.class::isInstance)
                .map(PathFenced.class::cast)
                .toList();
    }

    private void fenced() {
        DataPathBench.Ending lost = lostWrite();
        three.bench.runFor(SECOND);
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(fences()).isNotEmpty();
    }

    private void foreign(ReservationCommand command) {
        three.foreign(command);
        three.bench.runFor(SECOND);
    }

    @Test
    void everyPathHasAKeyOfItsOwn() {
        registered();

        assertThat(keys()).hasSize(3).allMatch(key -> (key.value() & ~0xffffL) == HOST_KEY.value());
        assertThat(three.reservations.standing().registration()).contains(new Registration(HOST_KEY));
    }

    @Test
    void hostKeyThatLeavesNoRoomForNumbersIsRefused() {
        assertThat(three.await(three.reservations.register(new Registration(new ReservationKey(0xa0001)))))
                .isInstanceOf(Refused.class);
        assertThat(three.disk().state().registrants()).isEmpty();
    }

    @Test
    void deviceThatKnowsHostsOnlyIsNotSupported() {
        three.perHost();

        assertThat(three.await(three.reservations.register(new Registration(HOST_KEY))))
                .isInstanceOf(NotSupported.class);
        assertThat(three.disk().state().registrants()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_NONE,
            names = {".*REGISTRANTS_ONLY"})
    void typesThatAreNotForRegistrantsOnlyAreRefused(ReservationType type) {
        registered();

        assertThat(three.await(three.reservations.reserve(type))).isInstanceOf(Refused.class);
        assertThat(three.disk().state().reservation()).isEmpty();
    }

    @Test
    void hostIsUnregisteredAlsoOfAPathThatIsDown() {
        reserved();
        three.path(0).port().pull(); // the holder's

        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Done.class);

        assertThat(three.disk().state().registrants()).isEmpty();
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void typeIsChangedAlsoIfTheHoldersPathIsDown() {
        reserved();
        three.path(0).port().pull();

        assertThat(three.await(three.reservations.reserve(EXCLUSIVE_ACCESS_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);

        assertThat(three.disk().holds(three.path(1).nexus())).isTrue();
        three.path(0).port().putBack();
        three.bench.runFor(SECOND);
        assertThat(three.usable(0)).isTrue();
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
    }

    @Test
    void reservationIsReleasedAlsoIfTheHoldersPathIsDown() {
        reserved();
        three.path(0).port().pull();

        assertThat(three.await(three.reservations.release())).isInstanceOf(Done.class);

        assertThat(three.disk().state().reservation()).isEmpty();
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
    }

    @Test
    void otherHostIsPreempted() {
        reserved();
        three.foreignRegisters();

        assertThat(three.await(three.reservations.preempt(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);

        assertThat(three.disk().state().count(FOREIGN_KEY)).isZero();
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
    }

    @Test
    void keysOfAnEarlierProcessAreTakenUpByTheHosts() {
        for (int i = 0; i < 2; i++) {
            ReservationKey key = new ReservationKey(HOST_KEY.value() + 7 + i);
            three.disk().carryOut(three.path(i).nexus(), new Register(ReservationKey.NONE, key, false, false));
            three.disk().carryOut(three.path(i).nexus(), new Reserve(key, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        }
        Set<ReservationKey> before = keys();

        assertThat(three.await(three.reservations.register(new Registration(HOST_KEY))))
                .isInstanceOf(Conflict.class);
        assertThat(three.await(three.reservations.adopt(new Registration(HOST_KEY))))
                .isInstanceOf(Done.class);

        assertThat(keys()).hasSize(3).containsAll(Set.of(three.keyOf(0), three.keyOf(1)));
        assertThat(before).contains(three.keyOf(0), three.keyOf(1));
        assertThat(three.reservations.standing().reserved()).contains(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        fenced();
    }

    @Test
    void pathThatWasDownIsRegisteredWithAKeyOfItsOwnBeforeItIsUsed() {
        three.path(2).port().pull();
        reserved();
        assertThat(three.keyOf(2)).isEqualTo(ReservationKey.NONE);

        three.path(2).port().putBack();
        three.bench.runFor(SECOND);

        assertThat(keys()).hasSize(3).doesNotContain(ReservationKey.NONE);
        assertThat(three.usable(2)).isTrue();
    }

    @Test
    void pathThatHasJoinedIsUsedBeforeTheNextOneHas() {
        for (int i = 1; i < 3; i++) {
            SimReservationAnswer second = SimReservationAnswer.carryOut().hanging(SECOND.multipliedBy(i == 1 ? 0 : 5));
            int[] asked = new int[1];
            three.path(i).reserving().script(command -> {
                boolean first = command instanceof Register && asked[0]++ == 0;
                return first ? SimReservationAnswer.notExecuted() : second;
            });
        }

        var unused = three.reservations.register(new Registration(HOST_KEY));
        three.bench.runFor(SECOND);

        assertThat(three.usable(2)).isFalse();
        assertThat(three.usable(1)).isTrue();
    }

    @Test
    void lateWriteIsRefusedBehindTheFence() {
        reserved();

        DataPathBench.Ending lost = lostWrite();
        three.bench.runFor(SECOND); // far less than the hold
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        DataPathBench.Ending newer = write(NEW);
        three.bench.runFor(Duration.ofMinutes(1));

        assertThat(newer.once()).isEqualTo(IoStatus.SUCCESS);
        holds(NEW);
        assertThat(fences()).hasSize(1).allMatch(fence -> fence.path().equals("p0.disk"));
        assertThat(three.disk().state().heldBy(three.keyOf(1))).isTrue(); // it was path 0's
    }

    /** What the fence is good for: without it, sending again at once loses the newer write. */
    @Test
    void lateWriteUndoesTheNewerWithoutTheFence() {
        var without = new ReservationBench(3, ReservationBench.settings().withUnsafeReplayOfUnknownWrites(true));
        without.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        without.path(0).next(1, SimAnswer.fail(LOST).landingLate(LATE));
        var unused = without.bench.submit(IoRequest.create().write(0, DataPathBench.data(OLD, 1)));
        without.bench.runFor(SECOND);
        var later = without.bench.submit(IoRequest.create().write(0, DataPathBench.data(NEW, 1)));
        without.bench.runFor(Duration.ofMinutes(1));

        assertThat(later.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(without.bench.disk().contents(0, DataPathBench.BLOCK)).isEqualTo(DataPathBench.bytes(OLD, 1));
    }

    @Test
    void writeThatTheDiskHadAcceptedIsEndedByTheFence() {
        reserved();
        three.path(0).script(attempt -> {
            attempt.accept();
            return SimAnswer.fail(LOST).landingLate(LATE);
        });

        DataPathBench.Ending lost = write(OLD);
        three.bench.runFor(SECOND);
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        DataPathBench.Ending newer = write(NEW);
        three.bench.runFor(Duration.ofSeconds(4));

        assertThat(newer.once()).isEqualTo(IoStatus.SUCCESS);
        holds(NEW);
    }

    /** Why PREEMPT AND ABORT: plain PREEMPT lets what was accepted be. */
    @Test
    void writeThatTheDiskHadAcceptedLandsBehindPlainPreempt() {
        var without = new ReservationBench(3, ReservationBench.settings().withUnsafeReplayOfUnknownWrites(true));
        without.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        without.path(0).script(attempt -> {
            attempt.accept();
            without.foreignPreempts();
            return SimAnswer.fail(LOST).landingLate(LATE);
        });
        var unused = without.bench.submit(IoRequest.create().write(0, DataPathBench.data(OLD, 1)));
        without.bench.runFor(LATE.plus(SECOND));

        assertThat(without.bench.disk().contents(0, DataPathBench.BLOCK)).isEqualTo(DataPathBench.bytes(OLD, 1));
    }

    @Test
    void fenceIsByPreemptAndAbortOfThatPathsKeyWithTheTypeThatIsReserved() {
        registered();
        assertThat(three.await(three.reservations.reserve(EXCLUSIVE_ACCESS_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);
        ReservationKey victim = three.keyOf(0);

        fenced();

        assertThat(three.sent(1, Preempt.class::isInstance))
                .containsExactly(new Preempt(three.keyOf(1), victim, EXCLUSIVE_ACCESS_REGISTRANTS_ONLY, true));
        assertThat(three.disk().state().count(victim)).isZero();
        assertThat(three.usable(0)).isFalse();
    }

    @Test
    void reservationStaysWhileAFencedPathIsNotPastItsHold() {
        reserved();
        fenced();

        assertThat(three.await(three.reservations.release())).isInstanceOf(Refused.class);
        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Refused.class);
        assertThat(three.await(three.reservations.clear())).isInstanceOf(Refused.class);
        assertThat(three.await(three.reservations.reserve(EXCLUSIVE_ACCESS_REGISTRANTS_ONLY)))
                .isInstanceOf(Refused.class);
        assertThat(three.disk().state().reservation()).isPresent();
        three.bench.runFor(HOLD);
        assertThat(three.await(three.reservations.release())).isInstanceOf(Done.class);
    }

    @Test
    void releaseBehindItsBackDropsItToHolding() {
        reserved();
        fenced();
        three.disk().carryOut(three.path(1).nexus(), new Release(three.keyOf(1), WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        three.bench.runFor(SECOND);

        DataPathBench.Ending newer = write(NEW);
        three.bench.runFor(SECOND);
        assertThat(newer.pending()).as("waits for the late one").isTrue();
        three.bench.runFor(HOLD);

        assertThat(newer.once()).isEqualTo(IoStatus.SUCCESS);
        holds(NEW);
        assertThat(three.bench.events).anyMatch(ReservationLost.class::isInstance);
    }

    @Test
    void clearByAnotherHostDropsItToHoldingAndStopsAllPaths() {
        reserved();
        fenced();
        three.foreignRegisters();
        foreign(new Clear(FOREIGN_KEY));

        assertThat(three.bench.device.unfenced()).isNotEmpty();
        assertThat(three.phase()).isEqualTo(Phase.LOST);
        assertThat(IntStream.range(0, 3)).noneMatch(three::usable);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void removalOfOneKeyByAnotherHostStopsAllPaths(int path) {
        reserved();
        three.foreignRegisters();
        foreign(new Preempt(FOREIGN_KEY, three.keyOf(path), WRITE_EXCLUSIVE_REGISTRANTS_ONLY, false));

        assertThat(three.phase()).isEqualTo(Phase.LOST);
        assertThat(three.bench.events).anyMatch(RegistrationLost.class::isInstance);
        assertThat(IntStream.range(0, 3)).noneMatch(three::usable);
        DataPathBench.Ending write = write(NEW);
        three.bench.runFor(Duration.ofSeconds(30));
        assertThat(write.pending()).isTrue();
        assertThat(three.disk().state().reservation())
                .as("what keeps others out stays")
                .isPresent();
    }

    @Test
    void stoppedHostGoesOnWhenItIsRegisteredAnew() {
        reserved();
        three.foreignRegisters();
        foreign(new Preempt(FOREIGN_KEY, three.keyOf(2), WRITE_EXCLUSIVE_REGISTRANTS_ONLY, false));

        registered();

        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void stoppedHostGoesOnWithoutRegistrationWhenItIsUnregistered() {
        reserved();
        three.foreignRegisters();
        foreign(new Preempt(FOREIGN_KEY, three.keyOf(0), WRITE_EXCLUSIVE_REGISTRANTS_ONLY, false));

        assertThat(three.await(three.reservations.unregister())).isInstanceOf(Done.class);

        assertThat(three.written()).as("by what the other host holds").isEqualTo(IoStatus.RESERVATION_CONFLICT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stoppedHostIsUnregisteredThoughAPathIsAway(boolean left) {
        reserved();
        ReservationKey away = three.keyOf(2);
        if (left) {
            three.path(2).vanish();
        } else {
            three.path(2).port().pull();
        }
        three.foreignRegisters();
        foreign(new Preempt(FOREIGN_KEY, three.keyOf(1), WRITE_EXCLUSIVE_REGISTRANTS_ONLY, false));
        assertThat(three.phase()).isEqualTo(Phase.LOST);

        ReservationOutcome outcome = three.await(three.reservations.unregister());

        assertThat(outcome).isInstanceOf(Done.class);
        assertThat(outcome.text()).contains(away.toString());
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
        three.path(2).port().putBack();
        three.bench.runFor(SECOND);
        assertThat(three.disk().state().count(away)).isEqualTo(left ? 1 : 0);
        assertThat(three.await(three.reservations.registerIgnoring(new Registration(HOST_KEY))))
                .isInstanceOf(Done.class);
        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void hostThatLostTheAnswerToItsUnregistrationOfAPathThatIsAwayIsNotStopped() {
        reserved();
        three.path(2).vanish();
        three.bench.runUntilIdle();
        for (int i = 0; i < 2; i++) {
            three.path(i)
                    .reserving()
                    .script(command ->
                            command instanceof Preempt ? SimReservationAnswer.lost() : SimReservationAnswer.carryOut());
        }

        assertThat(three.await(three.reservations.unregister())).isInstanceOf(ReservationOutcome.Unknown.class);
        three.bench.runFor(Duration.ofMinutes(1));

        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void pathIsRegisteredWhenItCanBeThoughAnotherOneWaitsForLonger() {
        three.path(0).hold(SECOND.multipliedBy(40));
        reserved();
        fenced();
        three.path(2)
                .reserving()
                .script(command -> command instanceof Register
                        ? SimReservationAnswer.notExecuted()
                        : SimReservationAnswer.carryOut());
        three.path(2).port().pull();
        three.bench.runFor(SECOND);
        three.path(2).port().putBack();
        three.bench.runFor(SECOND.multipliedBy(20));
        three.path(0).vanish();
        three.bench.runFor(SECOND.multipliedBy(13)); // the next try of path 2 is 30 s behind the last

        three.bench.world.await(three.bench.registry.offer(three.path(0)));
        three.bench.runFor(SECOND.multipliedBy(3));
        assertThat(three.usable(0)).as("it is still fenced").isFalse();
        three.bench.runFor(SECOND.multipliedBy(5)); // and no look is due

        assertThat(three.usable(0)).isTrue();
    }

    @Test
    void hostThatLostTheAnswerToItsUnregistrationOfOnePathIsNotStopped() {
        reserved();
        boolean[] asked = new boolean[2];
        for (int i = 0; i < 2; i++) {
            int path = i;
            three.path(i).reserving().script(command -> {
                boolean first = command instanceof Register register
                        && register.wanted().isNone()
                        && !asked[path];
                asked[path] |= first;
                SimReservationAnswer once =
                        path == 0 ? SimReservationAnswer.answerLost() : SimReservationAnswer.notExecuted();
                return first ? once : SimReservationAnswer.carryOut();
            });
        }

        assertThat(three.await(three.reservations.unregister())).isInstanceOf(ReservationOutcome.Unknown.class);
        three.bench.runFor(Duration.ofMinutes(1));

        assertThat(three.bench.events).noneMatch(RegistrationLost.class::isInstance);
        assertThat(three.phase()).isEqualTo(Phase.UNREGISTERED);
        assertThat(three.disk().state().registrants()).isEmpty();
        assertThat(three.written()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void hostThatAnotherKeepsOutLooksOnceASecondAndRegistersNothing() {
        registered();
        three.foreignRegisters();
        foreign(new Reserve(FOREIGN_KEY, EXCLUSIVE_ACCESS));
        long looks = sent(Read.class::isInstance);
        long registrations = sent(Register.class::isInstance);

        for (int i = 0; i < 50; i++) {
            DataPathBench.Ending refused = write(NEW);
            three.bench.runFor(Duration.ofMillis(100));
            assertThat(refused.once()).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        }

        assertThat(sent(Read.class::isInstance) - looks).isBetween(2L, 8L);
        assertThat(sent(Register.class::isInstance)).isEqualTo(registrations);
    }

    private long sent(Predicate<ReservationCommand> which) {
        return IntStream.range(0, 3)
                .mapToLong(path -> three.sent(path, which).size())
                .sum();
    }

    @Test
    void nexusWithALostRegistrationIsNotFenced() {
        three.path(0).next(1, SimAnswer.hang());
        DataPathBench.Ending lost = write(OLD);
        three.path(0)
                .reserving()
                .script(command -> command instanceof Register
                        ? SimReservationAnswer.late(Duration.ofSeconds(2))
                        : SimReservationAnswer.carryOut());
        reserved();

        three.path(0).attempts().get(0).fail(LOST);
        three.bench.runFor(SECOND);

        assertThat(lost.pending()).isTrue();
        assertThat(fences()).isEmpty();
        three.bench.runFor(HOLD);
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void fencedPathIsRegisteredAnewOnlyWhenAllThatItHadWasHandedBack() {
        reserved();
        three.path(0).next(1, SimAnswer.hang());
        DataPathBench.Ending hanging =
                three.bench.submit(IoRequest.create().write(8 * DataPathBench.BLOCK, DataPathBench.data(OLD, 1)));
        fenced();
        three.bench.runFor(HOLD.multipliedBy(3));

        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);
        assertThat(hanging.pending()).isTrue();
        three.path(0).underWay().get(0).fail(LOST);
        three.bench.runFor(SECOND);
        assertThat(hanging.once()).as("refused, so it was not held").isEqualTo(IoStatus.SUCCESS);
        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);
        three.bench.runFor(HOLD.plus(SECOND));

        assertThat(three.keyOf(0)).isNotEqualTo(ReservationKey.NONE);
        assertThat(three.usable(0)).isTrue();
    }

    @Test
    void fencedPathIsRegisteredAnewWithAnotherKeyWhenItsNexusWasReEstablished() {
        reserved();
        ReservationKey before = three.keyOf(0);
        fenced();
        three.path(0).port().pull();
        three.path(0).port().putBack();
        three.bench.runFor(SECOND);
        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);

        three.path(0).fence(); // its adapter saw it re-established
        three.bench.runFor(SECOND.multipliedBy(2));

        assertThat(three.keyOf(0)).isNotIn(ReservationKey.NONE, before);
        assertThat(three.usable(0)).isTrue();
    }

    @Test
    void withALostAnswerOfThePreemptionKeysAreReadAndTheWriteIsHeld() {
        reserved();
        ReservationKey victim = three.keyOf(0);
        answerPreempts(SimReservationAnswer.answerLost());

        DataPathBench.Ending lost = lostWrite();
        three.bench.runFor(SECOND);

        List<ReservationCommand> sent = three.sent(1, command -> true);
        int preempted = sent.indexOf(new Preempt(three.keyOf(1), victim, WRITE_EXCLUSIVE_REGISTRANTS_ONLY, true));
        assertThat(preempted).isNotNegative();
        assertThat(readsOf(preempted)).as("reads behind it").isPositive();
        assertThat(lost.pending()).isTrue();
        assertThat(fences()).isEmpty();
        three.bench.runFor(HOLD.plus(SECOND));
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        three.bench.runFor(HOLD);
        assertThat(three.usable(0)).isTrue();
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
    }

    private long readsOf(int preempted) {
        List<ReservationCommand> first = three.sent(0, Read.class::isInstance);
        List<ReservationCommand> behind = three.sent(1, command -> true);
        return first.size()
                + behind.stream().skip(preempted).filter(Read.class::isInstance).count();
    }

    private void answerPreempts(SimReservationAnswer answer) {
        for (int i = 0; i < 3; i++) {
            three.path(i)
                    .reserving()
                    .script(command -> command instanceof Preempt ? answer : SimReservationAnswer.carryOut());
        }
    }

    @Test
    void preemptionThatIsCarriedOutLateMeetsNoPathThatIsInUse() {
        reserved();
        ReservationKey victim = three.keyOf(0);
        answerPreempts(SimReservationAnswer.late(HOLD.minus(SECOND)));

        DataPathBench.Ending lost = lostWrite();
        three.bench.runFor(HOLD.minus(SECOND.multipliedBy(2)));
        assertThat(three.keyOf(0)).isEqualTo(victim);
        assertThat(three.usable(0)).isFalse();
        three.bench.runFor(HOLD.multipliedBy(3));

        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(three.keyOf(0)).isNotIn(victim, ReservationKey.NONE);
        assertThat(three.phase()).isEqualTo(Phase.REGISTERED);
        assertThat(three.usable(0)).isTrue();
    }

    @Test
    void reservationThatEndsUnderThePreemptionFencesNothing() {
        reserved();
        three.path(1).reserving().script(command -> {
            if (command instanceof Preempt) { // behind the look, before the preemption
                three.disk()
                        .carryOut(three.path(0).nexus(), new Release(three.keyOf(0), WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
            }
            return SimReservationAnswer.carryOut();
        });

        DataPathBench.Ending lost = lostWrite();
        three.bench.runFor(SECOND);
        assertThat(three.sent(1, Preempt.class::isInstance)).hasSize(1);
        assertThat(lost.pending()).isTrue();
        three.bench.runFor(HOLD);

        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(fences()).isEmpty();
    }

    @Test
    void refusedPreemptionLeavesTheWriteToItsHold() {
        reserved();
        answerPreempts(SimReservationAnswer.reply(new ReservationReply.Unsupported("no PREEMPT AND ABORT")));

        DataPathBench.Ending lost = lostWrite();
        three.bench.runFor(SECOND);
        assertThat(lost.pending()).isTrue();
        assertThat(three.usable(0)).as("it has proved that it is registered").isTrue();
        three.bench.runFor(HOLD);

        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(fences()).isEmpty();
    }

    @Test
    void nothingIsFencedWithoutAReservation() {
        registered();
        notFenced();
    }

    @Test
    void nothingIsFencedByWhatAnotherHostHolds() {
        registered();
        three.foreignRegisters();
        three.foreign(new Reserve(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        notFenced();
    }

    @Test
    void nothingIsFencedThroughThePathThatLostIt() {
        reserved();
        three.path(1).port().pull();
        three.path(2).port().pull();
        notFenced();
    }

    private void notFenced() {
        DataPathBench.Ending lost = lostWrite();
        three.bench.runFor(SECOND);
        assertThat(lost.pending()).isTrue();
        assertThat(fences()).isEmpty();
        assertThat(three.sent(1, Preempt.class::isInstance)).isEmpty();
        three.bench.runFor(HOLD);
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
    }

    @Test
    void pathThatHasLeftIsFencedAndOneThatComesMayBeTheSameNexus() {
        reserved();
        three.path(0).next(1, SimAnswer.hang());
        DataPathBench.Ending lost = write(OLD);
        three.bench.runUntilIdle();
        three.path(0).vanish();
        three.bench.runFor(SECOND);
        assertThat(lost.once()).isEqualTo(IoStatus.SUCCESS);
        assertThat(fences()).hasSize(1);

        three.bench.world.await(three.bench.registry.offer(three.path(0)));
        three.bench.runFor(SECOND);
        assertThat(three.keyOf(0)).isEqualTo(ReservationKey.NONE);
        assertThat(three.usable(0)).isFalse();
        three.bench.runFor(HOLD.plus(SECOND));

        assertThat(three.keyOf(0)).isNotEqualTo(ReservationKey.NONE);
        assertThat(three.usable(0)).isTrue();
    }

    @Test
    void pathThatComesBackAnewTakesUpTheKeyOfItsNexus() {
        reserved();
        ReservationKey key = three.keyOf(0);
        three.path(0).vanish();
        three.bench.runFor(SECOND);

        three.bench.world.await(three.bench.registry.offer(three.path(0)));
        three.bench.runFor(SECOND);

        assertThat(three.keyOf(0)).isEqualTo(key);
        assertThat(three.usable(0)).isTrue();
        three.path(1).accessState(AccessState.NON_OPTIMIZED);
        three.path(2).accessState(AccessState.NON_OPTIMIZED);
        three.bench.runUntilIdle();
        fenced();
    }

    @Test
    void deviceThatIsClosedLeavesWhatWasFencedInDoubt() {
        reserved();
        fenced();
        assertThat(three.bench.device.unfenced()).isEmpty();

        three.bench.world.await(three.bench.device.closeAsync());

        assertThat(three.bench.device.unfenced()).isNotEmpty();
        three.bench.runFor(HOLD);
        assertThat(three.bench.device.unfenced()).isEmpty();
    }

    @Test
    void nothingIsFencedUnlessItIsAskedFor() {
        assertThat(DeviceSettings.defaults().keyPerPath()).isFalse();
        var plain = new ReservationBench(3);
        plain.reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        plain.path(0).next(1, SimAnswer.fail(LOST));
        DataPathBench.Ending lost = plain.write();
        plain.bench.runFor(HOLD.minus(SECOND));

        assertThat(lost.pending()).isTrue();
        Predicate<ReservationCommand> preempts = Preempt.class::isInstance;
        assertThat(plain.sent(1, preempts)).isEmpty();
        assertThat(plain.sent(2, preempts)).isEmpty();
    }

    @Test
    void outcomeWhileItIsFencedSaysWhichPath() {
        reserved();
        fenced();

        ReservationOutcome refused = three.await(three.reservations.release());

        assertThat(refused.text()).contains("p0");
    }
}
