package io.mpath.scsi.sim;

import org.jspecify.annotations.Nullable;

/** Which commands a logical unit supports in which asymmetric access state, and how it refuses the others (SPC-6 5.18.2.5 to 5.18.2.9). */
final class AccessGate {
    private AccessGate() {}

    /** Why {@code command} is refused in {@code state}, or null. INQUIRY, REPORT LUNS and REQUEST SENSE never are. */
    @Nullable
    static Outcome refusal(SimCommand command, SimAluaState state, SimTransitionAnswer inTransition) {
        return switch (state) {
            case OPTIMIZED, NON_OPTIMIZED, LBA_DEPENDENT -> null;
            case STANDBY -> forAnyState(command) || forStandby(command) ? null : Outcome.check(SimSense.STANDBY);
            case UNAVAILABLE -> forAnyState(command) ? null : Outcome.check(SimSense.UNAVAILABLE);
            case OFFLINE -> forAnyState(command) ? null : Outcome.check(SimSense.OFFLINE);
            case TRANSITIONING -> command.reportsTargetPortGroups() ? null : transition(inTransition);
        };
    }

    private static boolean forAnyState(SimCommand command) {
        return command.reportsTargetPortGroups() || command.setsTargetPortGroups();
    }

    private static boolean forStandby(SimCommand command) {
        return command.readsReservations() || command.changesReservations();
    }

    private static Outcome transition(SimTransitionAnswer answer) {
        return switch (answer) {
            case NOT_READY -> Outcome.check(SimSense.TRANSITION);
            case UNIT_ATTENTION -> Outcome.check(SimSense.of(SimSense.UNIT_ATTENTION, 0x04, 0x0a));
            case BUSY -> Outcome.status(Outcome.BUSY);
        };
    }
}
