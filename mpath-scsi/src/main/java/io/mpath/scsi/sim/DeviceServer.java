package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out commands that came through one I_T nexus: in the order of SAM-6 5.3.3 and 5.14, first what is exempt from
 * unit attentions, then one that tells of a reset, then what is reserved, then other unit attentions, then the
 * asymmetric access state, then the command.
 *
 * <p>Threading: under the array's lock, so that each command takes effect as a whole.
 */
final class DeviceServer {
    private static final int LEAST_LIST_BYTES = 16;
    private static final int LUN_LIST_HEADER_BYTES = 8;
    private static final int MOST_SELECT_REPORT = 2;
    private static final int WELL_KNOWN_ONLY = 1;
    private static final int NO_SUCH_UNIT_BYTES = 36;

    private final SimNexus nexus;
    private final SimTargetPort port;
    private final SimScsiArray array;

    DeviceServer(SimNexus nexus) {
        this.nexus = nexus;
        this.port = nexus.targetPort();
        this.array = port.array();
    }

    /** Carries out a command; {@code tag} is its number, for the record of the disk. */
    Outcome execute(SimCommand command, long tag) {
        SimLogicalUnit unit = array.accessible(command.lun(), port);
        if (command.opcode() == SimCommand.REPORT_LUNS) {
            return reportLuns(command, unit);
        }
        if (unit == null) {
            return ofNoUnit(command);
        }
        UnitAttentions attentions = nexus.attentionsOf(command.lun());
        switch (command.opcode()) {
            case SimCommand.INQUIRY -> {
                return new InquiryPages(unit, port).inquire(command);
            }
            case SimCommand.REQUEST_SENSE -> {
                return requestSense(command, attentions.take());
            }
            default -> {
                Outcome refusal = refusal(command, unit, attentions);
                return refusal == null ? execute(command, unit, tag) : refusal;
            }
        }
    }

    private @Nullable Outcome refusal(SimCommand command, SimLogicalUnit unit, UnitAttentions attentions) {
        SimSense reset = attentions.takeReset();
        if (reset != null) {
            return Outcome.check(reset);
        }
        if (ReservationGate.conflicts(command, unit.reservations(), nexus)) {
            return Outcome.status(Outcome.RESERVATION_CONFLICT);
        }
        SimSense attention = attentions.take();
        return attention == null ? accessRefusal(command, unit) : Outcome.check(attention);
    }

    private @Nullable Outcome accessRefusal(SimCommand command, SimLogicalUnit unit) {
        if (!array.hasAlua()) {
            return null;
        }
        return AccessGate.refusal(command, unit.access().of(port.group()).state(), array.transitionAnswer());
    }

    private Outcome execute(SimCommand command, SimLogicalUnit unit, long tag) {
        if (command.opcode() == SimCommand.TEST_UNIT_READY) {
            return Outcome.DONE;
        }
        if (command.reportsTargetPortGroups() && array.hasAlua()) {
            return new PortGroups(unit).report(command);
        }
        if (command.setsTargetPortGroups() && array.takesSetTargetPortGroups()) {
            return new PortGroups(unit).set(command, nexus);
        }
        if (command.readsReservations() || command.changesReservations()) {
            return new ReservationCommandSet(unit, nexus).execute(command);
        }
        return new BlockCommandSet(unit, port + "." + unit.lun(), tag).execute(command);
    }

    /** SPC-6 6.6.1: PERIPHERAL QUALIFIER 011b, PERIPHERAL DEVICE TYPE 1Fh; everything else is refused. */
    private Outcome ofNoUnit(SimCommand command) {
        return switch (command.opcode()) {
            case SimCommand.INQUIRY -> {
                if ((command.u8(1) & 1) != 0) {
                    yield Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
                }
                byte[] page = new byte[NO_SUCH_UNIT_BYTES];
                page[0] = 0x7f;
                page[4] = (byte) (NO_SUCH_UNIT_BYTES - 5);
                yield Outcome.data(page, command.u16(3));
            }
            case SimCommand.REQUEST_SENSE -> requestSense(command, SimSense.NO_SUCH_UNIT);
            default -> Outcome.check(SimSense.NO_SUCH_UNIT);
        };
    }

    /** REQUEST SENSE (SPC-6 6.39): what there is to tell, as data and with status GOOD. */
    private Outcome requestSense(SimCommand command, @Nullable SimSense attention) {
        boolean descriptors = (command.u8(1) & 1) != 0;
        SimSense sense = attention == null ? SimSense.NONE : attention;
        return Outcome.data(sense.bytes(descriptors), command.u8(4));
    }

    /** REPORT LUNS (SPC-6 6.33), which logical unit 0 has even where nothing else has that number. */
    private Outcome reportLuns(SimCommand command, @Nullable SimLogicalUnit unit) {
        if (unit == null && command.lun() != 0) {
            return Outcome.check(SimSense.NO_SUCH_UNIT);
        }
        int select = command.u8(2);
        if (select > MOST_SELECT_REPORT || command.u32(6) < LEAST_LIST_BYTES) {
            return Outcome.check(SimSense.INVALID_FIELD_IN_CDB);
        }
        nexus.clearAttentions(SimSense.LUNS_CHANGED);
        List<Long> luns = select == WELL_KNOWN_ONLY ? List.of() : array.accessibleLuns(port);
        ByteBuffer list = ByteBuffer.allocate(LUN_LIST_HEADER_BYTES + luns.size() * Long.BYTES);
        list.putInt(luns.size() * Long.BYTES).position(LUN_LIST_HEADER_BYTES);
        luns.forEach(lun -> list.putLong(LunFormat.encode(lun)));
        return Outcome.data(list.array(), command.u32(6));
    }

    /** Carries out {@code command}, of whose data no more than the first {@code bytes} are transferred. */
    Outcome executePart(SimCommand command, long tag, int bytes) {
        SimLogicalUnit unit = array.accessible(command.lun(), port);
        boolean writes = command.opcode() == SimCommand.WRITE_10 || command.opcode() == SimCommand.WRITE_16;
        if (unit == null || !writes) {
            Outcome whole = execute(command, tag);
            return whole.done() ? Outcome.data(whole.data(), bytes) : whole;
        }
        int blocks = Math.min(bytes, command.payload().length) / unit.blockBytes();
        SimCommand part = command.cutTo(blocks, Arrays.copyOf(command.payload(), blocks * unit.blockBytes()));
        Outcome outcome = execute(part, tag);
        return outcome.done() ? outcome.taking(bytes) : outcome;
    }
}
