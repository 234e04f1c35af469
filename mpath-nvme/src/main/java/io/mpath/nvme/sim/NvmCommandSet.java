package io.mpath.nvme.sim;

import io.mpath.IoOperation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The I/O commands of one controller (NVM Command Set 1.1 3.3).
 *
 * <p>Threading: under the subsystem's lock, so that each takes effect as a whole.
 */
final class NvmCommandSet {
    static final int FLUSH = 0x00;
    static final int READ = 0x02;
    static final int COMPARE = 0x05;
    static final int FIRST = 1;
    static final int SECOND = 2;
    static final int MAX_FUSED_BLOCKS = 64;

    private static final int WRITE = 0x01;
    private static final int WRITE_ZEROES = 0x08;
    private static final int DATASET_MANAGEMENT = 0x09;

    private static final int HAS_COMPARE = 1;
    private static final int HAS_DATASET_MANAGEMENT = 1 << 2;
    private static final int HAS_WRITE_ZEROES = 1 << 3;
    static final int HAS_RESERVATIONS = 1 << 5;

    /** ONCS with all of them. */
    static final int ALL_OPTIONAL = HAS_COMPARE | HAS_DATASET_MANAGEMENT | HAS_WRITE_ZEROES | HAS_RESERVATIONS;

    static final long ALL_NAMESPACES = 0xffff_ffffL;
    private static final int PAGE_BYTES = 4096;
    private static final int FORCE_UNIT_ACCESS = 1 << 30;
    private static final int DEALLOCATE = 1 << 2;
    private static final int RANGE_BYTES = 16;

    private final SimAssociation association;
    private final SimController controller;
    private final ReservationAccess access;

    /** @param access what reservations left to the host when the command came */
    NvmCommandSet(SimAssociation association, ReservationAccess access) {
        this.association = association;
        this.controller = association.controller();
        this.access = access;
    }

    Outcome execute(SimCommand command) {
        if (command.fuse() != 0) {
            return Outcome.refused(WireStatus.MISSING_FUSED);
        }
        if (command.opcode() == FLUSH && command.nsid() == ALL_NAMESPACES) {
            return access.allows(FLUSH) ? flushAll(command) : Outcome.refused(WireStatus.RESERVATION_CONFLICT);
        }
        Outcome refusal = refusal(command);
        return refusal == null ? execute(command, namespace(command)) : refusal;
    }

    /** Compare and Write fused (NVM Command Set 1.1 3.1.1): the second is not executed unless the first succeeds. */
    List<Outcome> executePair(SimCommand compare, SimCommand write) {
        boolean pair = compare.opcode() == COMPARE && write.opcode() == WRITE && compare.nsid() == write.nsid();
        boolean same = compare.dwords(10) == write.dwords(10) && blocks(compare) == blocks(write);
        if (!controller.fuses() || !pair || !same) {
            Outcome invalid = Outcome.refused(WireStatus.INVALID_FIELD);
            return List.of(invalid, invalid);
        }
        Outcome refusal = refusal(compare);
        if (refusal == null) {
            refusal = refusal(write);
        }
        if (refusal == null && blocks(compare) > MAX_FUSED_BLOCKS) {
            refusal = Outcome.refused(WireStatus.ATOMIC_WRITE_UNIT_EXCEEDED);
        }
        Outcome compared = refusal == null ? compare(compare, namespace(compare)) : refusal;
        if (!compared.success()) {
            return List.of(compared, Outcome.failed(WireStatus.FAILED_FUSED));
        }
        byte[] expectedAndNew = Arrays.copyOf(compare.payload(), 2 * compare.payload().length);
        System.arraycopy(write.payload(), 0, expectedAndNew, compare.payload().length, write.payload().length);
        land(write, namespace(write), IoOperation.COMPARE_AND_WRITE, expectedAndNew);
        return List.of(Outcome.DONE, Outcome.DONE);
    }

    private @Nullable Outcome refusal(SimCommand command) {
        int opcode = command.opcode();
        if (!knows(opcode)) {
            return Outcome.refused(WireStatus.INVALID_OPCODE);
        }
        long nsid = command.nsid();
        if (nsid < 1 || nsid > controller.subsystem().maxNsid()) {
            return Outcome.refused(WireStatus.INVALID_NAMESPACE_OR_FORMAT);
        }
        SimNamespace namespace = controller.subsystem().namespaces().get(nsid);
        if (namespace == null || !namespace.attachedTo(controller)) {
            // A namespace that is not active is not one that cannot be (NVMe Base 2.1 3.2.1.4).
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        boolean ofReservations = ReservationCommandSet.has(opcode);
        if (ofReservations && namespace.rescap() == 0) {
            return Outcome.refused(WireStatus.INVALID_OPCODE);
        }
        int inaccessible = controller.stateOf(namespace).status();
        if (inaccessible != WireStatus.SUCCESS) {
            return Outcome.failed(inaccessible);
        }
        if (!access.allows(opcode)) {
            return Outcome.refused(WireStatus.RESERVATION_CONFLICT);
        }
        if (namespace.isWriteProtected() && command.changes()) {
            return Outcome.refused(WireStatus.WRITE_PROTECTED);
        }
        boolean ofOneRange = opcode != FLUSH && opcode != DATASET_MANAGEMENT && !ofReservations;
        return ofOneRange ? rangeRefusal(command, namespace) : null;
    }

    private @Nullable Outcome rangeRefusal(SimCommand command, SimNamespace namespace) {
        long block = command.dwords(10);
        long count = blocks(command);
        if (block < 0 || block > namespace.sizeInBlocks() - count) {
            return Outcome.refused(WireStatus.LBA_OUT_OF_RANGE);
        }
        if (command.opcode() == WRITE_ZEROES) {
            return null;
        }
        long bytes = count * namespace.blockBytes();
        if (controller.mdts() > 0 && bytes > (long) PAGE_BYTES << controller.mdts()) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        return command.opcode() != READ && command.payload().length != bytes
                ? Outcome.refused(WireStatus.DATA_LENGTH_INVALID)
                : null;
    }

    private boolean knows(int opcode) {
        int optional = controller.optionalCommands();
        return switch (opcode) {
            case FLUSH, WRITE, READ -> true;
            case COMPARE -> (optional & HAS_COMPARE) != 0 || controller.fuses();
            case WRITE_ZEROES -> (optional & HAS_WRITE_ZEROES) != 0;
            case DATASET_MANAGEMENT -> (optional & HAS_DATASET_MANAGEMENT) != 0;
            default -> controller.hasReservations() && ReservationCommandSet.has(opcode);
        };
    }

    private Outcome execute(SimCommand command, SimNamespace namespace) {
        if (ReservationCommandSet.has(command.opcode())) {
            return new ReservationCommandSet(association).execute(command, namespace);
        }
        switch (command.opcode()) {
            case FLUSH -> namespace.flush(controller, command.commandId());
            case READ -> {
                return Outcome.data(
                        namespace.read(controller, command.dwords(10), blocks(command), command.commandId()));
            }
            case COMPARE -> {
                return compare(command, namespace);
            }
            case WRITE -> land(command, namespace, IoOperation.WRITE, command.payload());
            case WRITE_ZEROES -> land(command, namespace, IoOperation.WRITE_ZEROES, new byte[0]);
            default -> {
                return deallocate(command, namespace);
            }
        }
        return Outcome.DONE;
    }

    private Outcome flushAll(SimCommand command) {
        for (SimNamespace namespace : controller.subsystem().namespaces().values()) {
            if (namespace.attachedTo(controller)) {
                namespace.flush(controller, command.commandId());
            }
        }
        return Outcome.DONE;
    }

    private static Outcome compare(SimCommand command, SimNamespace namespace) {
        byte[] held = namespace.contents(command.dwords(10), blocks(command));
        return Arrays.equals(held, command.payload()) ? Outcome.DONE : Outcome.failed(WireStatus.COMPARE_FAILURE);
    }

    private void land(SimCommand command, SimNamespace namespace, IoOperation operation, byte[] data) {
        boolean through = (command.dword(12) & FORCE_UNIT_ACCESS) != 0;
        namespace.land(controller, operation, command.dwords(10), blocks(command), data, through, command.commandId());
    }

    /** Dataset Management: all of its ranges, or none if one is not there. Attributes other than Deallocate are hints. */
    private Outcome deallocate(SimCommand command, SimNamespace namespace) {
        int ranges = (command.dword(10) & 0xff) + 1;
        ByteBuffer in = ByteBuffer.wrap(command.payload()).order(ByteOrder.LITTLE_ENDIAN);
        if (in.capacity() != ranges * RANGE_BYTES) {
            return Outcome.refused(WireStatus.DATA_LENGTH_INVALID);
        }
        for (int at = 0; at < in.capacity(); at += RANGE_BYTES) {
            long block = in.getLong(at + 8);
            if (block < 0 || block > namespace.sizeInBlocks() - length(in, at)) {
                return Outcome.refused(WireStatus.LBA_OUT_OF_RANGE);
            }
        }
        boolean deallocates = (command.dword(11) & DEALLOCATE) != 0;
        for (int at = 0; deallocates && at < in.capacity(); at += RANGE_BYTES) {
            namespace.land(
                    controller,
                    IoOperation.DISCARD,
                    in.getLong(at + 8),
                    length(in, at),
                    new byte[0],
                    false,
                    command.commandId());
        }
        return Outcome.DONE;
    }

    private static long length(ByteBuffer ranges, int at) {
        return ranges.getInt(at + 4) & 0xffff_ffffL;
    }

    /** NLB counts from 0. */
    private static long blocks(SimCommand command) {
        return (command.dword(12) & 0xffff) + 1L;
    }

    private SimNamespace namespace(SimCommand command) {
        SimNamespace namespace = controller.subsystem().namespaces().get(command.nsid());
        if (namespace == null) {
            throw new IllegalStateException(command + " was not checked");
        }
        return namespace;
    }
}
