package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The features of one association (NVMe Base 2.1 5.1.11, 5.1.25); they end with it. None can be saved.
 *
 * <p>Threading: guarded by the subsystem's lock.
 */
final class ControllerFeatures {
    /** OAES: what {@link #EVENT_CONFIGURATION} may ask for. */
    static final int OFFERED_EVENTS = 1 << 8 | 1 << 11;

    private static final int VOLATILE_WRITE_CACHE = 0x06;
    private static final int EVENT_CONFIGURATION = 0x0b;
    private static final int KEEP_ALIVE_TIMER = 0x0f;
    private static final int HOST_IDENTIFIER = 0x81;
    private static final int SELECT_DEFAULT = 1;
    private static final int SHORT_IDENTIFIER = 8;
    private static final int LONG_IDENTIFIER = 16;

    private final SimController controller;
    private final boolean fabrics;
    private final ReservationFeatures reservations;
    private byte[] hostIdentifier;
    private SimHostId host;
    private long keepAliveMillis;
    private int events;

    ControllerFeatures(SimController controller, byte[] hostIdentifier, long keepAliveMillis, boolean fabrics) {
        this.controller = controller;
        this.hostIdentifier = Arrays.copyOf(hostIdentifier, LONG_IDENTIFIER);
        this.host = SimHostId.of(this.hostIdentifier, controller);
        this.keepAliveMillis = controller.roundedUp(keepAliveMillis);
        this.fabrics = fabrics;
        this.reservations = new ReservationFeatures(controller);
    }

    long keepAliveMillis() {
        return keepAliveMillis;
    }

    /** Who the host is to reservations. */
    SimHostId host() {
        return host;
    }

    /** Over fabrics identifiers have 128 bits, whatever these are. */
    boolean extendedHostIdentifier() {
        return fabrics || !isShort();
    }

    private boolean isShort() {
        return ByteBuffer.wrap(hostIdentifier).getLong(SHORT_IDENTIFIER) == 0;
    }

    ReservationFeatures reservations() {
        return reservations;
    }

    boolean wants(int event) {
        return (events & EventSlots.bit(event)) != 0;
    }

    int offeredEvents() {
        return OFFERED_EVENTS | (controller.resets() ? EventSlots.bit(EventSlots.RESET_COMPLETED) : 0);
    }

    Outcome get(SimCommand command) {
        int select = command.dword(10) >> 8 & 7;
        if (select > SELECT_DEFAULT) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        boolean current = select != SELECT_DEFAULT;
        return switch (command.dword(10) & 0xff) {
            case VOLATILE_WRITE_CACHE ->
                controller.hasVolatileCache()
                        ? Outcome.result(!current || controller.caches() ? 1 : 0)
                        : Outcome.refused(WireStatus.INVALID_FIELD);
            case EVENT_CONFIGURATION -> Outcome.result(current ? events & 0xffff_ffffL : 0);
            case KEEP_ALIVE_TIMER -> Outcome.result(current ? keepAliveMillis : 0);
            case HOST_IDENTIFIER -> hostIdentifier((command.dword(11) & 1) != 0);
            case ReservationFeatures.NOTIFICATION_MASK, ReservationFeatures.PERSISTENCE ->
                reservations.get(command, current);
            default -> Outcome.refused(WireStatus.INVALID_FIELD);
        };
    }

    private Outcome hostIdentifier(boolean extended) {
        if (extended) {
            return Outcome.data(hostIdentifier.clone());
        }
        // Over fabrics identifiers have 128 bits, and one that has them cannot be told in 64.
        if (fabrics || !isShort()) {
            return Outcome.refused(fabrics ? WireStatus.INVALID_FIELD : WireStatus.HOST_IDENTIFIER_INCONSISTENT);
        }
        return Outcome.data(Arrays.copyOf(hostIdentifier, SHORT_IDENTIFIER));
    }

    Outcome set(SimCommand command) {
        int value = command.dword(11);
        if (command.dword(10) < 0) {
            return Outcome.refused(WireStatus.FEATURE_NOT_SAVEABLE);
        }
        return switch (command.dword(10) & 0xff) {
            case VOLATILE_WRITE_CACHE -> cache((value & 1) != 0);
            case EVENT_CONFIGURATION -> {
                if ((value & ~(offeredEvents() | 0xff)) != 0) {
                    yield Outcome.refused(WireStatus.INVALID_FIELD);
                }
                events = value;
                yield Outcome.DONE;
            }
            case KEEP_ALIVE_TIMER -> {
                keepAliveMillis = controller.roundedUp(value & 0xffff_ffffL);
                yield Outcome.DONE;
            }
            case HOST_IDENTIFIER -> identify(command);
            case ReservationFeatures.NOTIFICATION_MASK, ReservationFeatures.PERSISTENCE -> reservations.set(command);
            default -> Outcome.refused(WireStatus.INVALID_FIELD);
        };
    }

    private Outcome cache(boolean enable) {
        if (!controller.hasVolatileCache()) {
            return Outcome.refused(WireStatus.INVALID_FIELD);
        }
        if (!enable) {
            controller.subsystem().namespaces().values().forEach(namespace -> namespace.flush(controller, 0));
        }
        controller.cacheEnabled(enable);
        return Outcome.DONE;
    }

    private Outcome identify(SimCommand command) {
        if (fabrics) {
            // It was told in Connect.
            return Outcome.refused(WireStatus.SEQUENCE_ERROR);
        }
        int length = (command.dword(11) & 1) != 0 ? LONG_IDENTIFIER : SHORT_IDENTIFIER;
        if (command.payload().length < length) {
            return Outcome.refused(WireStatus.DATA_LENGTH_INVALID);
        }
        hostIdentifier = Arrays.copyOf(Arrays.copyOf(command.payload(), length), LONG_IDENTIFIER);
        host = SimHostId.of(hostIdentifier, controller);
        return Outcome.DONE;
    }
}
