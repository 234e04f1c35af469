package io.mpath.sim;

import io.mpath.observe.MultipathEvent;
import org.jspecify.annotations.Nullable;

/**
 * Something that must hold throughout a run, by what clients, paths, disks and listeners see. Told of everything in the order in
 * which it happens; a rule that is broken says so to its {@link Referee}.
 */
interface Rule {
    /** A client is about to hand in {@code request}. */
    default void began(ClientRequest request) {}

    /** The hand-in has returned. */
    default void returned(ClientRequest request) {}

    /** A path is given an attempt of {@code request}, where it can be told whose it is. */
    default void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {}

    /** An attempt took effect. */
    default void landed(Unit unit, SimDisk.Execution execution, byte[] data) {}

    /** A client was told the end of {@code request}. */
    default void ended(ClientRequest request) {}

    /** A client was told that the buffers of {@code request} are free. */
    default void released(ClientRequest request) {}

    /** A listener was told of {@code event}. */
    default void told(MultipathEvent event) {}

    /** Nothing is wrong any more, and every request has ended. */
    default void drained() {}

    /** The registry has closed. */
    default void closed() {}
}
