package io.mpath.path;

import io.mpath.MultipathException;

/**
 * One route to one logical unit, open (Linux: {@code nvme_ns}, {@code scsi_device}). What a transport can do beyond this it
 * says by also implementing {@link Abortable} (its queues), {@link Checkable}, {@link Fenceable} or {@link Reservable}.
 *
 * <p>Threading: {@link #attach} and {@link #close} are called once each on the control loop and must not block; {@link
 * #describe} is called on threads that may, one at a time; {@link #openQueue} by any thread, and must not block.
 */
public interface DevicePath {
    /** The name of the candidate that it was. */
    String name();

    /** The port that it goes through; always the same object. */
    PathPort port();

    /**
     * Reads from the device what the path leads to: when it is opened, when it comes back, when {@link
     * PathControl#changed} asks for it. May block; must end by itself.
     *
     * @throws MultipathException when the device does not answer, or answers nonsense
     */
    PathDescription describe();

    /**
     * The path is about to join a device: from here on it reports to {@code control}. It is not usable before it has reported
     * {@link PathControl#ready} and, unless it starts {@link PathPort live} and optimized, its states.
     */
    void attach(PathControl control);

    /**
     * A queue to submit to. One {@link QueueKind#SHARED} queue may be returned to all who ask for one.
     *
     * @param kind who will use it
     */
    PathQueue openQueue(QueueKind kind);

    /**
     * Refuses new requests from now on (each fails as {@link Certainty#NOT_EXECUTED}), ends those under way as they end, and
     * lets go of the device when the last thread is out of it: a descriptor that is closed under a late submitter might be
     * another device's a moment later. Returns at once; {@code closed} is run, once, when all of that is done.
     */
    void close(Runnable closed);
}
