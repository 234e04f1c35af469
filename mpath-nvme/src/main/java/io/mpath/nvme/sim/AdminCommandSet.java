package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * The admin commands of one association (NVMe Base 2.1 5.1), but for those that are about other commands.
 *
 * <p>Threading: under the subsystem's lock.
 */
final class AdminCommandSet {
    static final int ABORT = 0x08;
    static final int ASYNCHRONOUS_EVENT_REQUEST = 0x0c;
    static final int KEEP_ALIVE = 0x18;

    private static final int GET_LOG_PAGE = 0x02;
    private static final int IDENTIFY = 0x06;
    private static final int SET_FEATURES = 0x09;
    private static final int GET_FEATURES = 0x0a;
    private static final int CROSS_CONTROLLER_RESET = 0x38;

    private static final int CHANGED_NAMESPACES = 0x04;
    private static final int MAX_CHANGED = 1024;
    private static final int RETAIN_EVENT = 1 << 15;

    private final SimAssociation association;
    private final SimController controller;

    AdminCommandSet(SimAssociation association) {
        this.association = association;
        this.controller = association.controller();
    }

    Outcome execute(SimCommand command) {
        return switch (command.opcode()) {
            case GET_LOG_PAGE -> logPage(command);
            case IDENTIFY -> new IdentifyPages(association).identify(command);
            case SET_FEATURES -> association.features().set(command);
            case GET_FEATURES -> association.features().get(command);
            case KEEP_ALIVE -> Outcome.DONE;
            case CROSS_CONTROLLER_RESET ->
                controller.resets() ? resetAnother(command) : Outcome.refused(WireStatus.INVALID_OPCODE);
            default -> Outcome.refused(WireStatus.INVALID_OPCODE);
        };
    }

    private Outcome logPage(SimCommand command) {
        int page = command.dword(10) & 0xff;
        int specific = command.dword(10) >> 8 & 0x7f;
        boolean retain = (command.dword(10) & RETAIN_EVENT) != 0;
        boolean known = page == CHANGED_NAMESPACES
                || (page == AnaLogPage.LID && controller.subsystem().hasAna())
                || (page == ResetLog.LID && controller.resets())
                || (page == ReservationLog.LID && controller.hasReservations());
        if (!known) {
            return Outcome.refused(WireStatus.INVALID_LOG_PAGE);
        }
        byte[] all = switch (page) {
            case CHANGED_NAMESPACES -> changedNamespaces(retain);
            case ResetLog.LID -> association.resets().read(controller.id(), (specific & 1) != 0);
            case ReservationLog.LID -> association.reservationLog().read(retain);
            default -> controller.edited(controller.anaLog().encode((specific & 1) != 0));
        };
        long offset = command.dwords(12);
        long dwords = ((command.dword(11) & 0xffffL) << 16 | command.dword(10) >>> 16) + 1;
        if (offset < 0 || offset > all.length || offset % Integer.BYTES != 0) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        if (!retain) {
            association.events().read(page);
            association.reservationsLeft();
        }
        int length = Math.toIntExact(Math.min(dwords * Integer.BYTES, Integer.MAX_VALUE / 2));
        byte[] piece = Arrays.copyOfRange(all, (int) offset, Math.min(all.length, (int) offset + length));
        return Outcome.data(Arrays.copyOf(piece, length));
    }

    /** Changed Attached Namespace List (NVMe Base 2.1 5.1.12.1.5): read once, unless the event is retained. */
    private byte[] changedNamespaces(boolean retain) {
        ByteBuffer out = ByteBuffer.allocate(MAX_CHANGED * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        association.changedNamespaces().forEach(nsid -> out.putInt((int) (long) nsid));
        if (!retain) {
            association.changedNamespaces().clear();
        }
        return out.array();
    }

    /** Cross-Controller Reset (NVMe Base 2.3 5.4.3): ends one life of another controller. A life that is over is reset already. */
    private Outcome resetAnother(SimCommand command) {
        int impacted = command.dword(10) & 0xffff;
        int uniquifier = command.dword(10) >> 16 & 0xff;
        long randomNumber = command.dwords(12);
        List<SimController> named = controller.subsystem().controllers().stream()
                .filter(candidate -> candidate.id() == impacted && candidate != controller && candidate.resets())
                .toList();
        if (named.isEmpty()) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        for (SimAssociation life : named.get(0).associations()) {
            if (life.uniquifier() == uniquifier && life.randomNumber() == randomNumber) {
                return reset(life);
            }
        }
        return Outcome.result(1);
    }

    private Outcome reset(SimAssociation life) {
        if (life.controller().resetNanos() == 0) {
            life.end("the controller was reset through another one");
            return Outcome.result(1);
        }
        if (life.resetting()) {
            return Outcome.failed(WireStatus.RESET_IN_PROGRESS);
        }
        Runnable logged = association.resets().begin(life.controller().id(), life.uniquifier());
        life.reset(() -> {
            logged.run();
            association.raise(EventSlots.RESET_COMPLETED);
        });
        return Outcome.result(0);
    }
}
