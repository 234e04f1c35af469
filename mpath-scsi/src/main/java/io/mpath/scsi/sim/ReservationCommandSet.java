package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PERSISTENT RESERVE IN and OUT (SPC-6 6.15, 6.16) for one logical unit, through one nexus.
 *
 * <p>Threading: under the array's lock.
 */
final class ReservationCommandSet {
    private static final int READ_KEYS = 0x00;
    private static final int READ_RESERVATION = 0x01;
    private static final int REPORT_CAPABILITIES = 0x02;
    private static final int READ_FULL_STATUS = 0x03;

    private static final int REGISTER = 0x00;
    private static final int RESERVE = 0x01;
    private static final int RELEASE = 0x02;
    private static final int CLEAR = 0x03;
    private static final int PREEMPT_AND_ABORT = 0x05;
    private static final int REGISTER_AND_IGNORE = 0x06;

    private static final int HEADER_BYTES = 8;
    private static final int KEY_BYTES = 8;
    private static final int RESERVATION_BYTES = 16;
    private static final int DESCRIPTOR_BYTES = 24;
    private static final int CAPABILITIES_BYTES = 8;
    private static final int PARAMETER_BYTES = 24;
    private static final int APTPL = 0x01;
    private static final int ALL_TG_PT = 0x04;
    private static final int SPEC_I_PT = 0x08;
    private static final int PTPL_C = 0x01;
    private static final int PTPL_A = 0x01;
    private static final int TYPE_MASK_VALID = 0x80;
    private static final int ALL_TYPES = 0xea01;
    private static final int R_HOLDER = 0x01;

    private final SimLogicalUnit unit;
    private final SimReservations state;
    private final SimReservations.Nexus nexus;

    ReservationCommandSet(SimLogicalUnit unit, SimNexus nexus) {
        this.unit = unit;
        this.state = unit.reservations();
        this.nexus = nexus.named();
    }

    Outcome execute(SimCommand command) {
        if (!state.isSupported()) {
            return Outcome.check(SimSense.INVALID_OPCODE);
        }
        return command.opcode() == SimCommand.PERSISTENT_RESERVE_IN ? in(command) : out(command);
    }

    private Outcome in(SimCommand command) {
        byte[] data = switch (command.serviceAction()) {
            case READ_KEYS -> keys();
            case READ_RESERVATION -> reservation();
            case REPORT_CAPABILITIES -> state.hasCapabilities() ? capabilities() : null;
            case READ_FULL_STATUS -> state.hasFullStatus() ? fullStatus() : null;
            default -> null;
        };
        return data == null ? Outcome.check(SimSense.INVALID_FIELD_IN_CDB) : Outcome.data(data, command.u16(7));
    }

    private byte[] answer(int additionalBytes) {
        return ByteBuffer.allocate(HEADER_BYTES + additionalBytes)
                .putInt(0, state.generationBits())
                .putInt(4, additionalBytes)
                .array();
    }

    private byte[] keys() {
        byte[] data = answer(state.registered().size() * KEY_BYTES);
        ByteBuffer out = ByteBuffer.wrap(data).position(HEADER_BYTES);
        state.registered().values().forEach(out::putLong);
        return data;
    }

    private byte[] reservation() {
        if (state.currentType() == SimReservations.NO_TYPE) {
            return answer(0);
        }
        byte[] data = answer(RESERVATION_BYTES);
        ByteBuffer.wrap(data).putLong(8, state.holderKey()).put(21, (byte) state.currentType());
        return data;
    }

    private byte[] capabilities() {
        return ByteBuffer.allocate(CAPABILITIES_BYTES)
                .putShort(0, (short) CAPABILITIES_BYTES)
                .put(2, (byte) (state.hasPersistence() ? PTPL_C : 0))
                .put(3, (byte) (TYPE_MASK_VALID | (state.isPersistent() ? PTPL_A : 0)))
                .putShort(4, (short) ALL_TYPES)
                .array();
    }

    private byte[] fullStatus() {
        List<byte[]> descriptors = new ArrayList<>();
        state.registered().forEach((who, key) -> descriptors.add(descriptor(who, key)));
        byte[] data = answer(descriptors.stream().mapToInt(one -> one.length).sum());
        ByteBuffer out = ByteBuffer.wrap(data).position(HEADER_BYTES);
        descriptors.forEach(out::put);
        return data;
    }

    private byte[] descriptor(SimReservations.Nexus who, long key) {
        byte[] transportId = who.initiator().transportId();
        boolean holds = state.holds(who);
        return ByteBuffer.allocate(DESCRIPTOR_BYTES + transportId.length)
                .putLong(0, key)
                .put(12, (byte) (holds ? R_HOLDER : 0))
                .put(13, (byte) (holds ? state.currentType() : 0))
                .putShort(18, (short) who.target().relativeId())
                .putInt(20, transportId.length)
                .put(DESCRIPTOR_BYTES, transportId)
                .array();
    }

    private Outcome out(SimCommand command) {
        int action = command.serviceAction();
        if (action > REGISTER_AND_IGNORE) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        if (command.u32(5) != PARAMETER_BYTES || command.payload().length < PARAMETER_BYTES) {
            return Outcome.check(SimSense.PARAMETER_LIST_LENGTH);
        }
        ByteBuffer list = ByteBuffer.wrap(command.payload());
        long key = list.getLong(0);
        long actionKey = list.getLong(8);
        Long own = state.keyOf(nexus);
        if (action == REGISTER || action == REGISTER_AND_IGNORE) {
            return register(action == REGISTER, own, key, actionKey, list.get(20));
        }
        if (own == null || own != key) {
            return Outcome.status(Outcome.RESERVATION_CONFLICT);
        }
        int scopeAndType = command.u8(2);
        return switch (action) {
            case RESERVE -> reserve(scopeAndType);
            case RELEASE -> release(scopeAndType);
            case CLEAR -> {
                state.clear(nexus);
                yield Outcome.DONE;
            }
            default -> preempt(actionKey, scopeAndType, action == PREEMPT_AND_ABORT);
        };
    }

    /** Table "register behaviors". Nothing registered that is to become nothing stays as it is. */
    private Outcome register(boolean compares, @Nullable Long own, long existing, long wanted, int flags) {
        boolean persistent = (flags & APTPL) != 0;
        if ((flags & (ALL_TG_PT | SPEC_I_PT)) != 0 || (persistent && !state.hasPersistence())) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_PARAMETERS);
        }
        if (compares && existing != (own == null ? 0 : own)) {
            return Outcome.status(Outcome.RESERVATION_CONFLICT);
        }
        if (wanted != 0) {
            if (own == null && state.isFull()) {
                return Outcome.check(SimSense.NO_ROOM_FOR_REGISTRATION);
            }
            state.register(nexus, wanted, persistent);
        } else if (own != null) {
            state.unregister(nexus, persistent);
        }
        return Outcome.DONE;
    }

    private Outcome reserve(int scopeAndType) {
        if (!isType(scopeAndType)) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        int current = state.currentType();
        if (current != SimReservations.NO_TYPE) {
            return state.holds(nexus) && current == scopeAndType
                    ? Outcome.DONE
                    : Outcome.status(Outcome.RESERVATION_CONFLICT);
        }
        state.reserve(nexus, scopeAndType);
        return Outcome.DONE;
    }

    /** Of who does not hold it: done, and nothing released. */
    private Outcome release(int scopeAndType) {
        if (!state.holds(nexus)) {
            return Outcome.DONE;
        }
        if (scopeAndType != state.currentType()) {
            return Outcome.check(SimSense.INVALID_RELEASE);
        }
        state.release(nexus);
        return Outcome.DONE;
    }

    /** Table "preempting actions". */
    private Outcome preempt(long victimKey, int scopeAndType, boolean aborts) {
        int current = state.currentType();
        boolean ofAll = SimReservations.isForAllRegistrants(current);
        if (victimKey == 0 && !ofAll) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_PARAMETERS);
        }
        Set<SimReservations.Nexus> victims = state.withKey(victimKey);
        if (victims.isEmpty()) {
            return Outcome.status(Outcome.RESERVATION_CONFLICT);
        }
        boolean takesOver =
                ofAll ? victimKey == 0 : current != SimReservations.NO_TYPE && state.holderKey() == victimKey;
        if (takesOver) {
            if (!isType(scopeAndType)) {
                return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
            }
            victims.remove(nexus);
            state.preempt(nexus, victims, scopeAndType);
        } else {
            state.remove(nexus, victims);
        }
        if (aborts) {
            abort(victims);
        }
        return Outcome.DONE;
    }

    private void abort(Set<SimReservations.Nexus> victims) {
        for (SimNexus one : unit.array().nexuses()) {
            if (!one.named().equals(nexus) && victims.contains(one.named())) {
                one.abort(unit.lun());
            }
        }
    }

    /** Of the scope of a logical unit, which is 0. */
    private static boolean isType(int scopeAndType) {
        return switch (scopeAndType) {
            case 1, 3, 5, 6, 7, 8 -> true;
            default -> false;
        };
    }
}
