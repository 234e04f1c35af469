package io.mpath.nvme.sim;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Asynchronous events of one association (NVMe Base 2.1 5.1.2): requests that wait for an event, and events that wait for a
 * request. An event is told once, and then masked until the log page that it names is read.
 *
 * <p>Threading: guarded by the subsystem's lock.
 */
final class EventSlots {
    /** AERL: as many requests may wait, less one. */
    static final int LIMIT = 3;

    /** A namespace was changed, attached or detached; log page 04h. */
    static final int NAMESPACE_ATTRIBUTE = notice(0x00, 0x04);
    /** The ANA log changed. */
    static final int ANA_CHANGE = notice(0x03, AnaLogPage.LID);
    /** A Cross-Controller Reset is over (NVMe Base 2.3); log page 1Eh. */
    static final int RESET_COMPLETED = notice(0xf4, ResetLog.LID);

    /** Something happened to reservations; log page 80h. Not configured, but masked for each namespace. */
    static final int RESERVATION_LOG = event(6, 0x00, ReservationLog.LID);

    private static final int NOTICE = 2;

    private final Queue<IntConsumer> waiting = new ArrayDeque<>();
    private final Queue<Integer> pending = new ArrayDeque<>();
    private final Set<Integer> masked = new HashSet<>();

    /** Dword 0 of the completion. */
    private static int notice(int information, int logPage) {
        return event(NOTICE, information, logPage);
    }

    private static int event(int type, int information, int logPage) {
        return type | information << 8 | logPage << 16;
    }

    /** The bit of an event in OAES and in the Asynchronous Event Configuration feature. */
    static int bit(int event) {
        return switch (event >> 8 & 0xff) {
            case 0x00 -> 1 << 8;
            case 0x03 -> 1 << 11;
            default -> 1 << 20;
        };
    }

    /** Waits for an event; false when too many wait already. */
    boolean request(IntConsumer answer) {
        if (waiting.size() > LIMIT) {
            return false;
        }
        waiting.add(answer);
        pair();
        return true;
    }

    void raise(int event) {
        if (masked.add(logPage(event))) {
            pending.add(event);
            pair();
        }
    }

    /** The log page was read, without RAE. */
    void read(int logPage) {
        masked.remove(logPage);
        pending.removeIf(event -> logPage(event) == logPage);
    }

    private void pair() {
        while (!waiting.isEmpty() && !pending.isEmpty()) {
            waiting.remove().accept(pending.remove());
        }
    }

    private static int logPage(int event) {
        return event >> 16;
    }
}
