package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import io.mpath.nvme.command.ReservationStatus;
import io.mpath.nvme.command.ReservationStatus.RegisteredController;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReportedReservationsTest {
    private static final String A = "000102030405060708090a0b0c0d0e0f";
    private static final String B = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    private static final String NOBODY = "00".repeat(16);

    private static RegisteredController told(int controllerId, boolean holder, long key, String host) {
        return new RegisteredController(OptionalInt.of(controllerId), holder, new ReservationKey(key), host);
    }

    private static ReservationState state(Optional<ReservationType> type, RegisteredController... registrants) {
        return ReportedReservations.state(new ReservationStatus(9, type, true, List.of(registrants)));
    }

    @Test
    void hostWithTwoControllersIsOneRegistrant() {
        ReservationState state = state(
                Optional.of(ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY),
                told(1, true, 0xa, A),
                told(2, true, 0xa, A),
                told(3, false, 0xb, B));

        assertThat(state.generation()).isEqualTo(9);
        assertThat(state.persistent()).isTrue();
        assertThat(state.registrants())
                .containsExactly(
                        new Registrant(new ReservationKey(0xa), true, A, OptionalInt.empty()),
                        new Registrant(new ReservationKey(0xb), false, B, OptionalInt.of(3)));
        assertThat(state.reservation())
                .contains(new ReservationState.Held(
                        ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, new ReservationKey(0xa)));
    }

    /** The standard: a host identifier of zero is of no other controller. */
    @Test
    void whoHasNoIdentifierIsAHostAtEachController() {
        ReservationState state = state(Optional.empty(), told(1, false, 0xa, NOBODY), told(2, false, 0xb, NOBODY));
        assertThat(state.registrants()).hasSize(2);
        assertThat(state.reservation()).isEmpty();
    }

    @Test
    void allRegistrantsHoldWithoutAHolder() {
        ReservationState state = state(
                Optional.of(ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS),
                told(1, true, 0xa, A),
                told(3, true, 0xb, B));
        assertThat(state.reservation())
                .contains(new ReservationState.Held(
                        ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS, ReservationKey.NONE));
        assertThat(state.heldBy(new ReservationKey(0xb))).isTrue();
    }

    @Test
    void hostWithTwoKeysIsNonsense() {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> state(Optional.empty(), told(1, false, 0xa, A), told(2, false, 0xb, A)))
                .satisfies(e -> assertThat(e.field()).isEqualTo("RKEY"));
    }

    @Test
    void reservationWithoutAHolderIsNonsense() {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> state(Optional.of(ReservationType.WRITE_EXCLUSIVE), told(1, false, 0xa, A)))
                .satisfies(e -> assertThat(e.field()).isEqualTo("RCSTS"));
    }
}
