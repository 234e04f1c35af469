package io.mpath.internal.io;

import io.mpath.path.PathFailure;
import org.jspecify.annotations.Nullable;

/** The device that a request was submitted to: told how its attempts end, by the thread that ended them. */
public interface FlightOwner {
    /** The present attempt succeeded. {@code inline}: before its path's {@code submit} returned, on the submitting thread. */
    void succeeded(Flight flight, boolean inline);

    /** The present attempt failed. */
    void failed(Flight flight, PathFailure failure, boolean inline);

    /** An attempt ended, with {@code failure} unless it succeeded, whose request had ended before it. */
    void endedLate(Flight flight, @Nullable PathFailure failure);

    /** A path ended an attempt that was not under way. */
    void stray(Flight flight);

    /** Names the device, for messages. */
    String describe();
}
