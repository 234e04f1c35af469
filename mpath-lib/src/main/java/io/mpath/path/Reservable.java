package io.mpath.path;

import java.util.function.Consumer;

/**
 * A {@link DevicePath} through which reservations can be read and changed. It sends what it is asked to send, once, and says what
 * came of it; what follows from that for the other paths is the core's.
 */
public interface Reservable {
    /** Whether the device knows this path by itself (SCSI), or only the host (NVMe). The same for all paths of a device. */
    boolean reservesPerNexus();

    /**
     * Carries one command out. Called on a thread that may block, for one command of a path at a time, and possibly while the
     * path is described or checked.
     *
     * <p>A command that the device refuses without having looked at it (a unit attention, busy) is sent again by the path, a few
     * times. One whose answer is lost never is, unless it only reads.
     *
     * @param done told once, by any thread, also when the path is closed meanwhile: further calls have no effect
     */
    void reserve(ReservationCommand command, Consumer<ReservationReply> done);
}
