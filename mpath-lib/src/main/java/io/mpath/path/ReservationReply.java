package io.mpath.path;

import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationState;

/** What came of a {@link ReservationCommand}. */
public sealed interface ReservationReply {
    /** Which of them it is. */
    Kind kind();

    /** Why, decoded for an operator; empty where it was carried out. */
    default String cause() {
        return "";
    }

    /** The replies, for a {@code switch}. */
    enum Kind {
        /** {@link Done}. */
        DONE,
        /** {@link Status}. */
        STATUS,
        /** {@link Abilities}. */
        ABILITIES,
        /** {@link Conflict}. */
        CONFLICT,
        /** {@link Unsupported}. */
        UNSUPPORTED,
        /** {@link Refused}. */
        REFUSED,
        /** {@link NotExecuted}. */
        NOT_EXECUTED,
        /** {@link Unknown}. */
        UNKNOWN
    }

    /** The device carried it out. */
    record Done() implements ReservationReply {
        @Override
        public Kind kind() {
            return Kind.DONE;
        }
    }

    /** The answer of {@link ReservationCommand.Read}. */
    record Status(ReservationState state) implements ReservationReply {
        @Override
        public Kind kind() {
            return Kind.STATUS;
        }
    }

    /** The answer of {@link ReservationCommand.ReadAbilities}. */
    record Abilities(ReservationCapabilities capabilities) implements ReservationReply {
        @Override
        public Kind kind() {
            return Kind.ABILITIES;
        }
    }

    /** The device refused it for what is registered or reserved (SCSI status 18h, NVMe status 83h). */
    record Conflict(String cause) implements ReservationReply {
        @Override
        public Kind kind() {
            return Kind.CONFLICT;
        }
    }

    /** The device does not have this command, service action or type. */
    record Unsupported(String cause) implements ReservationReply {
        @Override
        public Kind kind() {
            return Kind.UNSUPPORTED;
        }
    }

    /** The device answered with another error, or with nonsense. It changed nothing. */
    record Refused(String cause) implements ReservationReply {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }
    }

    /** It did not reach the device, or the device did not take it: another path may. */
    record NotExecuted(String cause) implements ReservationReply {
        @Override
        public Kind kind() {
            return Kind.NOT_EXECUTED;
        }
    }

    /**
     * Nobody answered: it may have been carried out, and may still be.
     *
     * @param fenceEpoch the number of the loss among those of its path, as {@link PathFailure#fenceEpoch}; 0: no report covers it
     */
    record Unknown(String cause, long fenceEpoch) implements ReservationReply {
        /** Checks the number. @throws IllegalArgumentException when it is negative */
        public Unknown {
            if (fenceEpoch < 0) {
                throw new IllegalArgumentException("fence epoch " + fenceEpoch + ": " + cause);
            }
        }

        /** A loss without a number. */
        public Unknown(String cause) {
            this(cause, 0);
        }

        @Override
        public Kind kind() {
            return Kind.UNKNOWN;
        }
    }
}
