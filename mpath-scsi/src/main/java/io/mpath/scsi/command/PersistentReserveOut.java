package io.mpath.scsi.command;

import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * PERSISTENT RESERVE OUT (SPC-6): changes what is registered and reserved, through the I_T nexus that carries it. Of
 * the scope of a logical unit; registrations of other I_T nexuses (SPEC_I_PT) cannot be asked for.
 *
 * @param action the service action
 * @param type the type of reservation, for the actions that have one, and for no others
 * @param key RESERVATION KEY: what the nexus is registered with
 * @param actionKey SERVICE ACTION RESERVATION KEY: what to register it with, or whose registration to remove
 * @param persistent APTPL, of the actions that register: whether all of this is to outlive a loss of power
 * @param allTargetPorts ALL_TG_PT, of the actions that register: whether to register the initiator port with all target
 *     ports
 */
public record PersistentReserveOut(
        Action action,
        Optional<ReservationType> type,
        ReservationKey key,
        ReservationKey actionKey,
        boolean persistent,
        boolean allTargetPorts)
        implements ScsiCommand {
    private static final String NAME = "PERSISTENT RESERVE OUT";
    private static final int PARAMETER_BYTES = 24;
    private static final int APTPL = 0x01;
    private static final int ALL_TG_PT = 0x04;

    /** The service actions, in the order of their numbers. */
    public enum Action {
        /** Registers the nexus, where it is registered with the key that is told. */
        REGISTER,
        /** Reserves. */
        RESERVE,
        /** Ends the nexus's reservation. */
        RELEASE,
        /** Ends the reservation and every registration. */
        CLEAR,
        /** Removes registrations, and takes the reservation of whom it removes. */
        PREEMPT,
        /** The same, and aborts the commands of whom it removes. */
        PREEMPT_AND_ABORT,
        /** Registers the nexus, whatever it is registered with. */
        REGISTER_AND_IGNORE_EXISTING_KEY;

        private boolean hasType() {
            return this == RESERVE || this == RELEASE || this == PREEMPT || this == PREEMPT_AND_ABORT;
        }

        private boolean registers() {
            return this == REGISTER || this == REGISTER_AND_IGNORE_EXISTING_KEY;
        }
    }

    /** Checks that the action has what is told of it. @throws CommandFieldException when it has not */
    public PersistentReserveOut {
        if (type.isPresent() != action.hasType()) {
            throw new CommandFieldException(name(action), "TYPE", type.isPresent() ? "means nothing" : "is missing");
        }
        if ((persistent || allTargetPorts) && !action.registers()) {
            throw new CommandFieldException(name(action), persistent ? "APTPL" : "ALL_TG_PT", "means nothing");
        }
    }

    /** Registers a nexus that is registered with {@code existing}, or not at all ({@link ReservationKey#NONE}). */
    public static PersistentReserveOut register(ReservationKey existing, ReservationKey wanted, boolean persistent) {
        return new PersistentReserveOut(Action.REGISTER, Optional.empty(), existing, wanted, persistent, false);
    }

    /** Registers a nexus whatever it is registered with. */
    public static PersistentReserveOut registerAnyway(ReservationKey wanted, boolean persistent) {
        return new PersistentReserveOut(
                Action.REGISTER_AND_IGNORE_EXISTING_KEY,
                Optional.empty(),
                ReservationKey.NONE,
                wanted,
                persistent,
                false);
    }

    /** Reserves, or finds that the nexus has reserved so. */
    public static PersistentReserveOut reserve(ReservationKey key, ReservationType type) {
        return new PersistentReserveOut(Action.RESERVE, Optional.of(type), key, ReservationKey.NONE, false, false);
    }

    /** Ends the reservation, if it is the nexus's. */
    public static PersistentReserveOut release(ReservationKey key, ReservationType type) {
        return new PersistentReserveOut(Action.RELEASE, Optional.of(type), key, ReservationKey.NONE, false, false);
    }

    /** Ends everything. */
    public static PersistentReserveOut clear(ReservationKey key) {
        return new PersistentReserveOut(Action.CLEAR, Optional.empty(), key, ReservationKey.NONE, false, false);
    }

    /**
     * Removes who is registered with {@code victim}, and has a reservation of {@code type} in the place of the
     * victim's.
     */
    public static PersistentReserveOut preempt(
            ReservationKey key, ReservationKey victim, ReservationType type, boolean abort) {
        return new PersistentReserveOut(
                abort ? Action.PREEMPT_AND_ABORT : Action.PREEMPT, Optional.of(type), key, victim, false, false);
    }

    /** Writes the parameter list, which is the command's data, at the buffer's position and moves that behind it. */
    public void encodeParameters(ByteBuffer data) {
        Cdb.begin(data, dataBytes())
                .putLong(0, key.value())
                .putLong(8, actionKey.value())
                .put(20, (byte) ((persistent ? APTPL : 0) | (allTargetPorts ? ALL_TG_PT : 0)));
    }

    private static String name(Action action) {
        return NAME + ", " + action.name().replace('_', ' ');
    }

    /** The name and the action, as {@code PERSISTENT RESERVE OUT, PREEMPT AND ABORT}. */
    @Override
    public String name() {
        return name(action);
    }

    @Override
    public int cdbBytes() {
        return 10;
    }

    @Override
    public void encode(ByteBuffer cdb) {
        Cdb.begin(cdb, cdbBytes())
                .put(0, (byte) 0x5f)
                .put(1, (byte) action.ordinal())
                .put(2, (byte) type.map(ReservationTypeCode::of).orElse(0).intValue())
                .putInt(5, dataBytes());
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_DEVICE;
    }

    @Override
    public int dataBytes() {
        return PARAMETER_BYTES;
    }
}
