package io.mpath.nvme.command;

/**
 * What of a namespace's reservations a controller does not report (feature 82h, Reservation Notification Mask; NVMe Base 2.1
 * 5.1.25.1.29).
 *
 * @param registrationPreempted REGPRE: whether {@link ReservationNotification.Kind#REGISTRATION_PREEMPTED} is masked
 * @param reservationReleased RESREL: whether {@link ReservationNotification.Kind#RESERVATION_RELEASED} is
 * @param reservationPreempted RESPRE: whether {@link ReservationNotification.Kind#RESERVATION_PREEMPTED} is
 */
public record ReservationNotificationMask(
        boolean registrationPreempted, boolean reservationReleased, boolean reservationPreempted) {
    private static final int REGPRE = 1 << 1;
    private static final int RESREL = 1 << 2;
    private static final int RESPRE = 1 << 3;

    /** What Get Features returned, dword 0 of the completion. */
    public static ReservationNotificationMask decode(int result) {
        return new ReservationNotificationMask((result & REGPRE) != 0, (result & RESREL) != 0, (result & RESPRE) != 0);
    }

    /** Command dword 11 of Set Features. */
    public int encode() {
        return (registrationPreempted ? REGPRE : 0)
                | (reservationReleased ? RESREL : 0)
                | (reservationPreempted ? RESPRE : 0);
    }
}
