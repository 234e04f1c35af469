package io.mpath.sim;

import static io.mpath.reservation.ReservationKey.NONE;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply;
import io.mpath.path.ReservationReply.Conflict;
import io.mpath.path.ReservationReply.Done;
import io.mpath.path.ReservationReply.Refused;
import io.mpath.path.ReservationReply.Unsupported;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState.Held;
import io.mpath.reservation.ReservationType;
import io.mpath.sim.SimReservations.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimReservationsTest {
    private static final ReservationKey KEY = new ReservationKey(0xa);
    private static final ReservationKey OTHER_KEY = new ReservationKey(0xb);
    private static final SimNexus A = new SimNexus("host", "a");
    private static final SimNexus B = new SimNexus("host", "b");
    private static final SimNexus OTHER = new SimNexus("other", "a");

    private final SimReservations reservations = new SimReservations();
    private final List<String> heard = new ArrayList<>();

    SimReservationsTest() {
        reservations.listen(new SimReservations.Listener() {
            @Override
            public void noticed(SimNexus registrant, Notice notice) {
                heard.add(registrant.host() + '.' + registrant.port() + ' ' + notice);
            }

            @Override
            public void aborted(SimNexus registrant) {
                heard.add(registrant.host() + '.' + registrant.port() + " ABORTED");
            }
        });
    }

    private ReservationReply send(SimNexus from, ReservationCommand command) {
        return reservations.carryOut(from, command);
    }

    private void done(SimNexus from, ReservationCommand command) {
        assertThat(send(from, command)).isEqualTo(new Done());
    }

    private void conflict(SimNexus from, ReservationCommand command) {
        var before = reservations.state();
        assertThat(send(from, command)).isInstanceOf(Conflict.class);
        assertThat(reservations.state()).isEqualTo(before);
    }

    private void refused(SimNexus from, ReservationCommand command) {
        var before = reservations.state();
        assertThat(send(from, command)).isInstanceOf(Refused.class);
        assertThat(reservations.state()).isEqualTo(before);
    }

    private static Register register(ReservationKey existing, ReservationKey wanted) {
        return new Register(existing, wanted, false, false);
    }

    private static Register registerIgnoring(ReservationKey wanted) {
        return new Register(NONE, wanted, true, false);
    }

    private static Preempt preempt(ReservationKey key, ReservationKey victim, ReservationType type) {
        return new Preempt(key, victim, type, false);
    }

    /** {@link #A}, {@link #B} with one key and {@link #OTHER} with its own. */
    private void registerAll() {
        done(A, register(NONE, KEY));
        done(B, register(NONE, KEY));
        done(OTHER, register(NONE, OTHER_KEY));
    }

    private void registeredAre(SimNexus... expected) {
        for (SimNexus nexus : List.of(A, B, OTHER)) {
            assertThat(!reservations.key(nexus).isNone())
                    .as("%s is registered", nexus)
                    .isEqualTo(List.of(expected).contains(nexus));
        }
    }

    private void heldBy(SimNexus holder, ReservationType type) {
        assertThat(reservations.holds(holder)).isTrue();
        assertThat(reservations.state().reservation()).map(Held::type).contains(type);
    }

    private void nothingIsHeld() {
        assertThat(reservations.state().reservation()).isEmpty();
    }

    @Test
    void everyNexusIsRegisteredByItself() {
        done(A, register(NONE, KEY));
        registeredAre(A);

        done(B, register(NONE, KEY));
        assertThat(reservations.state().registrants())
                .containsExactly(
                        new Registrant(KEY, false, "host", OptionalInt.of(1)),
                        new Registrant(KEY, false, "host", OptionalInt.of(2)));
    }

    @Test
    void hostIsRegisteredOnceWhereHostsAre() {
        reservations.perNexus(false);
        done(A, register(NONE, KEY));
        registeredAre(A, B);
        done(B, new Reserve(KEY, WRITE_EXCLUSIVE));
        heldBy(A, WRITE_EXCLUSIVE);
        assertThat(reservations.state().registrants())
                .containsExactly(new Registrant(KEY, true, "host", OptionalInt.empty()));
        assertThat(reservations.allowed(A, true)).isTrue();
        assertThat(reservations.allowed(OTHER, true)).isFalse();
    }

    @Test
    void kindOfRegistrationStaysOnceSomebodyIsRegistered() {
        done(A, register(NONE, KEY));

        assertThatThrownBy(() -> reservations.perNexus(false)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void registeringTheSameKeyAgainIsRefusedToANexusAndGrantedToAHost() {
        done(A, register(NONE, KEY));
        conflict(A, register(NONE, KEY));

        var ofHosts = new SimReservations().perNexus(false);
        ofHosts.carryOut(A, register(NONE, KEY));
        assertThat(ofHosts.carryOut(A, register(NONE, KEY))).isEqualTo(new Done());
        assertThat(ofHosts.carryOut(A, register(NONE, OTHER_KEY))).isInstanceOf(Conflict.class);
    }

    @Test
    void existingKeyMustMatchUnlessItIsIgnored() {
        conflict(A, register(KEY, OTHER_KEY));
        done(A, register(NONE, KEY));
        conflict(A, register(OTHER_KEY, OTHER_KEY));
        conflict(A, register(NONE, OTHER_KEY));
        conflict(A, register(OTHER_KEY, NONE));

        done(A, register(KEY, OTHER_KEY));
        assertThat(reservations.key(A)).isEqualTo(OTHER_KEY);
        done(A, registerIgnoring(KEY));
        assertThat(reservations.key(A)).isEqualTo(KEY);
    }

    @Test
    void unregisteringWhoIsNotRegisteredIsNothingToANexusAndConflictsForAHost() {
        done(A, register(NONE, NONE));
        done(A, registerIgnoring(NONE));

        var ofHosts = new SimReservations().perNexus(false);
        assertThat(ofHosts.carryOut(A, register(NONE, NONE))).isInstanceOf(Conflict.class);
    }

    @Test
    void generationCountsChangesOfRegistrationsOnly() {
        registerAll();
        assertThat(reservations.state().generation()).isEqualTo(3);
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(A, new Release(KEY, WRITE_EXCLUSIVE));
        assertThat(reservations.state().generation()).isEqualTo(3);

        done(A, registerIgnoring(KEY));
        done(B, register(KEY, NONE));
        done(A, preempt(KEY, OTHER_KEY, WRITE_EXCLUSIVE));
        done(A, new Clear(KEY));
        assertThat(reservations.state().generation()).isEqualTo(7);
    }

    @Test
    void generationWraps() {
        reservations.generation(0xffff_ffffL);
        done(A, register(NONE, KEY));

        assertThat(reservations.state().generation()).isZero();
    }

    @Test
    void onlyWhoIsRegisteredWithTheKeyMayDoAnything() {
        done(A, register(NONE, KEY));
        for (SimNexus from : List.of(A, B)) {
            ReservationKey key = from.equals(A) ? OTHER_KEY : KEY;
            conflict(from, new Reserve(key, WRITE_EXCLUSIVE));
            conflict(from, new Release(key, WRITE_EXCLUSIVE));
            conflict(from, preempt(key, KEY, WRITE_EXCLUSIVE));
            conflict(from, new Clear(key));
        }
        conflict(B, new Clear(NONE));
    }

    @Test
    void holderReservesAgainWithoutEffectAndNobodyElseDoes() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        conflict(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        conflict(B, new Reserve(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        conflict(OTHER, new Reserve(OTHER_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        heldBy(A, WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        assertThat(reservations.state().reservation()).contains(new Held(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, KEY));
    }

    @Test
    void anyRegistrantHoldsWhatAllRegistrantsHold() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS));
        done(OTHER, new Reserve(OTHER_KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS));
        conflict(A, new Reserve(KEY, EXCLUSIVE_ACCESS_ALL_REGISTRANTS));
        heldBy(A, WRITE_EXCLUSIVE_ALL_REGISTRANTS);
        heldBy(OTHER, WRITE_EXCLUSIVE_ALL_REGISTRANTS);
        assertThat(reservations.state().reservation()).contains(new Held(WRITE_EXCLUSIVE_ALL_REGISTRANTS, NONE));

        done(OTHER, new Release(OTHER_KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS));
        nothingIsHeld();
    }

    @Test
    void releaseIsWithoutEffectUnlessByTheHolderAndRefusedWithAnotherType() {
        registerAll();
        done(A, new Release(KEY, WRITE_EXCLUSIVE));
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(B, new Release(KEY, WRITE_EXCLUSIVE));
        done(OTHER, new Release(OTHER_KEY, EXCLUSIVE_ACCESS));
        refused(A, new Release(KEY, EXCLUSIVE_ACCESS));
        heldBy(A, WRITE_EXCLUSIVE);

        done(A, new Release(KEY, WRITE_EXCLUSIVE));
        nothingIsHeld();
        registeredAre(A, B, OTHER);
    }

    @Test
    void holderEndsTheReservationWithItsRegistration() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        done(B, register(KEY, NONE));
        heldBy(A, WRITE_EXCLUSIVE_REGISTRANTS_ONLY);

        done(A, register(KEY, NONE));
        nothingIsHeld();
        assertThat(heard).containsExactly("other.a RESERVATIONS_RELEASED");
    }

    @Test
    void lastRegistrantEndsWhatAllRegistrantsHold() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS));
        done(A, register(KEY, NONE));
        done(B, register(KEY, NONE));
        heldBy(OTHER, WRITE_EXCLUSIVE_ALL_REGISTRANTS);

        done(OTHER, register(OTHER_KEY, NONE));
        nothingIsHeld();
    }

    @Test
    void anotherKeyLeavesTheHolderTheHolder() {
        done(A, register(NONE, KEY));
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(A, register(KEY, OTHER_KEY));

        assertThat(reservations.state().reservation()).contains(new Held(WRITE_EXCLUSIVE, OTHER_KEY));
    }

    @Test
    void clearRemovesAllAndTellsTheOthers() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(OTHER, new Clear(OTHER_KEY));

        registeredAre();
        nothingIsHeld();
        assertThat(heard).containsExactly("host.a RESERVATIONS_PREEMPTED", "host.b RESERVATIONS_PREEMPTED");
    }

    @Test
    void preemptingTheHolderTakesTheReservationOver() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(OTHER, preempt(OTHER_KEY, KEY, EXCLUSIVE_ACCESS));

        registeredAre(OTHER);
        heldBy(OTHER, EXCLUSIVE_ACCESS);
        assertThat(heard).containsExactly("host.a REGISTRATIONS_PREEMPTED", "host.b REGISTRATIONS_PREEMPTED");
    }

    @Test
    void preemptingOnesOwnKeyMovesTheReservationAndKeepsOneRegistration() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(B, preempt(KEY, KEY, EXCLUSIVE_ACCESS));

        registeredAre(B, OTHER);
        heldBy(B, EXCLUSIVE_ACCESS);
        assertThat(heard).containsExactly("host.a REGISTRATIONS_PREEMPTED", "other.a RESERVATIONS_RELEASED");
    }

    @Test
    void preemptingOnesOwnKeyAsTheHolderChangesTheType() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(A, preempt(KEY, KEY, WRITE_EXCLUSIVE));

        registeredAre(A, OTHER);
        heldBy(A, WRITE_EXCLUSIVE);
        assertThat(heard).containsExactly("host.b REGISTRATIONS_PREEMPTED");
    }

    @Test
    void preemptingWhoHoldsNothingRemovesRegistrationsOnly() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(A, preempt(KEY, OTHER_KEY, EXCLUSIVE_ACCESS));
        registeredAre(A, B);
        heldBy(A, WRITE_EXCLUSIVE);

        conflict(A, preempt(KEY, OTHER_KEY, EXCLUSIVE_ACCESS));
    }

    @Test
    void preemptingWithoutAReservationReservesNothing() {
        registerAll();
        done(OTHER, preempt(OTHER_KEY, KEY, EXCLUSIVE_ACCESS));

        registeredAre(OTHER);
        nothingIsHeld();
    }

    @Test
    void preemptingAllRegistrantsTakesTheReservationOver() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS));
        done(OTHER, preempt(OTHER_KEY, NONE, WRITE_EXCLUSIVE));

        registeredAre(OTHER);
        heldBy(OTHER, WRITE_EXCLUSIVE);
    }

    @Test
    void preemptingOneOfAllRegistrantsLeavesTheReservation() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS));
        done(OTHER, preempt(OTHER_KEY, KEY, WRITE_EXCLUSIVE));

        registeredAre(OTHER);
        heldBy(OTHER, WRITE_EXCLUSIVE_ALL_REGISTRANTS);
    }

    @Test
    void preemptingNobodyIsRefusedUnlessAllRegistrantsHold() {
        registerAll();
        refused(A, preempt(KEY, NONE, WRITE_EXCLUSIVE));
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        refused(A, preempt(KEY, NONE, WRITE_EXCLUSIVE));
    }

    @Test
    void abortIsHeardBeforeTheNoticeAndByTheVictimsOnly() {
        registerAll();
        done(OTHER, new Preempt(OTHER_KEY, KEY, WRITE_EXCLUSIVE, true));

        assertThat(heard)
                .containsExactly(
                        "host.a ABORTED",
                        "host.a REGISTRATIONS_PREEMPTED",
                        "host.b ABORTED",
                        "host.b REGISTRATIONS_PREEMPTED");
    }

    @Test
    void releaseIsToldWhereRegistrantsHadAccess() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(A, new Release(KEY, WRITE_EXCLUSIVE));
        assertThat(heard).isEmpty();

        done(A, new Reserve(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        done(A, new Release(KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        assertThat(heard).containsExactly("host.b RESERVATIONS_RELEASED", "other.a RESERVATIONS_RELEASED");
    }

    @Test
    void powerLossTakesWhatWasNotToPersist() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        reservations.losePower();

        registeredAre();
        nothingIsHeld();
        assertThat(reservations.state().generation()).isZero();
    }

    @Test
    void lastRegistrationDecidesWhetherPowerLossTakesAnything() {
        registerAll();
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        done(OTHER, new Register(OTHER_KEY, OTHER_KEY, false, true));
        assertThat(reservations.state().persistent()).isTrue();
        reservations.losePower();
        registeredAre(A, B, OTHER);
        heldBy(A, WRITE_EXCLUSIVE);

        done(A, registerIgnoring(KEY));
        reservations.losePower();
        registeredAre();
    }

    @ParameterizedTest
    @EnumSource
    void accessIsTheHoldersOrTheRegistrantsAsTheTypeSays(ReservationType type) {
        done(A, register(NONE, KEY));
        done(B, register(NONE, KEY));
        assertThat(reservations.allowed(OTHER, true)).isTrue();
        done(A, new Reserve(KEY, type));
        boolean toAllReaders = type.toString().startsWith("write-exclusive");
        boolean toRegistrants =
                type.toString().endsWith("registrants") || type.toString().endsWith("only");

        assertThat(reservations.allowed(A, true)).isTrue();
        assertThat(reservations.allowed(A, false)).isTrue();
        assertThat(reservations.allowed(B, true)).isEqualTo(toRegistrants);
        assertThat(reservations.allowed(B, false)).isEqualTo(toRegistrants || toAllReaders);
        assertThat(reservations.allowed(OTHER, true)).isFalse();
        assertThat(reservations.allowed(OTHER, false)).isEqualTo(toAllReaders);
    }

    @Test
    void reportHidesWhoIsRegisteredWhereTheDiskDoesNotSay() {
        done(A, register(NONE, KEY));
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        assertThat(send(B, new ReservationCommand.Read())).isEqualTo(new ReservationReply.Status(reservations.state()));

        reservations.fullStatus(false);
        assertThat(send(B, new ReservationCommand.Read()))
                .isInstanceOfSatisfying(ReservationReply.Status.class, told -> {
                    assertThat(told.state().registrants()).containsExactly(new Registrant(KEY));
                    assertThat(told.state().reservation()).contains(new Held(WRITE_EXCLUSIVE, KEY));
                });
    }

    @Test
    void abilitiesSayWhatTheDiskDoes() {
        reservations.perNexus(false).types(Set.of(WRITE_EXCLUSIVE)).fullStatus(false);
        done(A, new Register(NONE, KEY, false, true));
        assertThat(send(A, new ReservationCommand.ReadAbilities()))
                .isInstanceOfSatisfying(ReservationReply.Abilities.class, told -> {
                    assertThat(told.capabilities().types()).containsExactly(WRITE_EXCLUSIVE);
                    assertThat(told.capabilities().persistentNow()).isTrue();
                    assertThat(told.capabilities().perNexus()).isFalse();
                    assertThat(told.capabilities().fullStatus()).isFalse();
                });

        assertThat(send(A, new Reserve(KEY, EXCLUSIVE_ACCESS))).isInstanceOf(Unsupported.class);
        done(A, new Reserve(KEY, WRITE_EXCLUSIVE));
        assertThat(send(A, preempt(KEY, KEY, EXCLUSIVE_ACCESS))).isInstanceOf(Unsupported.class);
        heldBy(A, WRITE_EXCLUSIVE);
    }
}
