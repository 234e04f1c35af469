package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The commands of reservations, through one association (NVMe Base 2.1 7.5 to 7.8).
 *
 * <p>Threading: under the subsystem's lock, so that each takes effect as a whole.
 */
final class ReservationCommandSet {
    static final int REGISTER = 0x0d;
    static final int REPORT = 0x0e;
    static final int ACQUIRE = 0x11;
    static final int RELEASE = 0x15;

    private static final int IGNORE_EXISTING_KEY = 1 << 3;
    private static final int NO_CHANGE = 0;
    private static final int PERSISTENCE_OFF = 2;
    private static final int PERSISTENCE_ON = 3;
    private static final int NO_CONTROLLER = 0xffff;
    private static final int PAGE_BYTES = 4096;
    private static final int MOST_BYTES = 16 << 20;

    private final SimAssociation association;
    private final SimHostId host;

    ReservationCommandSet(SimAssociation association) {
        this.association = association;
        this.host = association.features().host();
    }

    static boolean has(int opcode) {
        return opcode == REPORT || changes(opcode);
    }

    static boolean changes(int opcode) {
        return opcode == REGISTER || opcode == ACQUIRE || opcode == RELEASE;
    }

    Outcome execute(SimCommand command, SimNamespace namespace) {
        int keys = switch (command.opcode()) {
            case REGISTER, ACQUIRE -> 2;
            case RELEASE -> 1;
            default -> 0;
        };
        if (command.payload().length < keys * Long.BYTES) {
            return Outcome.refused(WireStatus.DATA_LENGTH_INVALID);
        }
        if (command.opcode() == REPORT) {
            return report(command, namespace);
        }
        int status = switch (command.opcode()) {
            case REGISTER -> register(command, namespace);
            case ACQUIRE -> acquire(command, namespace);
            default -> release(command, namespace);
        };
        return status == WireStatus.SUCCESS ? Outcome.DONE : Outcome.refused(status);
    }

    private int register(SimCommand command, SimNamespace namespace) {
        ReservationTable table = namespace.reservations();
        boolean ignoreKey = (command.dword(10) & IGNORE_EXISTING_KEY) != 0;
        int persistence = command.dword(10) >>> 30;
        boolean can = persistence != PERSISTENCE_ON || (namespace.rescap() & 1) != 0;
        if ((persistence != NO_CHANGE && persistence < PERSISTENCE_OFF) || !can) {
            return WireStatus.INVALID_FIELD;
        }
        int status = switch (command.dword(10) & 7) {
            case 0 -> table.register(host, key(command, 1));
            case 1 -> table.unregister(host, key(command, 0), ignoreKey, others(namespace));
            case 2 -> table.replace(host, key(command, 0), key(command, 1), ignoreKey);
            default -> WireStatus.INVALID_FIELD;
        };
        if (status == WireStatus.SUCCESS && persistence != NO_CHANGE) {
            table.persistent(persistence == PERSISTENCE_ON);
        }
        return status;
    }

    private int acquire(SimCommand command, SimNamespace namespace) {
        ReservationTable table = namespace.reservations();
        int type = type(command);
        boolean has = type > ReservationTable.NO_RESERVATION
                && type <= ReservationTable.LAST_TYPE
                && (namespace.rescap() & 1 << type) != 0;
        if ((command.dword(10) & IGNORE_EXISTING_KEY) != 0 || !has) {
            return WireStatus.INVALID_FIELD;
        }
        int action = command.dword(10) & 7;
        return switch (action) {
            case 0 -> table.acquire(host, key(command, 0), type);
            case 1, 2 -> table.preempt(host, key(command, 0), key(command, 1), type, action == 2, others(namespace));
            default -> WireStatus.INVALID_FIELD;
        };
    }

    private int release(SimCommand command, SimNamespace namespace) {
        if ((command.dword(10) & IGNORE_EXISTING_KEY) != 0) {
            return WireStatus.INVALID_FIELD;
        }
        ReservationTable table = namespace.reservations();
        return switch (command.dword(10) & 7) {
            case 0 -> table.release(host, key(command, 0), type(command), others(namespace));
            case 1 -> table.clear(host, key(command, 0), others(namespace));
            default -> WireStatus.INVALID_FIELD;
        };
    }

    private static int type(SimCommand command) {
        return command.dword(10) >> 8 & 0xff;
    }

    private static long key(SimCommand command, int index) {
        return ByteBuffer.wrap(command.payload()).order(ByteOrder.LITTLE_ENDIAN).getLong(index * Long.BYTES);
    }

    private ReservationTable.Others others(SimNamespace namespace) {
        SimSubsystem subsystem = association.controller().subsystem();
        return new ReservationTable.Others() {
            @Override
            public void told(SimHostId other, int notification) {
                subsystem
                        .associationsOf(other, namespace)
                        .forEach(each -> each.reservationNotice(namespace.nsid(), notification));
            }

            @Override
            public void aborted(SimHostId other) {
                subsystem.associationsOf(other, namespace).forEach(each -> each.preempted(namespace.nsid()));
            }
        };
    }

    /** A data structure for each controller of a registrant; one for a registrant that has none now. */
    private Outcome report(SimCommand command, SimNamespace namespace) {
        boolean extended = (command.dword(11) & 1) != 0;
        if (extended != association.features().extendedHostIdentifier()) {
            return Outcome.refused(WireStatus.HOST_IDENTIFIER_INCONSISTENT);
        }
        long length = ((command.dword(10) & 0xffff_ffffL) + 1) * Integer.BYTES;
        int mdts = association.controller().mdts();
        if (length > (mdts > 0 ? (long) PAGE_BYTES << mdts : MOST_BYTES)) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        ReservationTable table = namespace.reservations();
        List<byte[]> entries = new ArrayList<>();
        for (Map.Entry<SimHostId, Long> registrant : table.registrants().entrySet()) {
            SimHostId who = registrant.getKey();
            int[] controllers = association.controller().subsystem().associationsOf(who, namespace).stream()
                    .mapToInt(each -> each.controller().id())
                    .distinct()
                    .toArray();
            for (int id : controllers.length == 0 ? new int[] {NO_CONTROLLER} : controllers) {
                entries.add(entry(extended, id, table.holds(who), registrant.getValue(), who));
            }
        }
        int header = extended ? 64 : 24;
        ByteBuffer out = ByteBuffer.allocate(header + entries.size() * header).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0, table.generation())
                .put(4, (byte) table.type())
                .putShort(5, (short) entries.size())
                .put(9, (byte) (table.persistent() ? 1 : 0))
                .position(header);
        entries.forEach(out::put);
        return Outcome.data(Arrays.copyOf(out.array(), (int) length));
    }

    private static byte[] entry(boolean extended, int controllerId, boolean holds, long key, SimHostId who) {
        ByteBuffer out = ByteBuffer.allocate(extended ? 64 : 24).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort(0, (short) controllerId)
                .put(2, (byte) (holds ? 1 : 0))
                .putLong(extended ? 8 : 16, key)
                .put(extended ? 16 : 8, who.bytes(), 0, extended ? 16 : 8);
        return out.array();
    }
}
