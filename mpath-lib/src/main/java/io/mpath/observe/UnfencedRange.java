package io.mpath.observe;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A range of a device that an attempt, lost on a path, may still change. Later changes that overlap it wait until the target has
 * given the attempt up (NVMe Base 2.1 9.6, Communication Loss Handling); reads do not.
 *
 * @param offset where it starts, in bytes
 * @param length how long it is, in bytes; {@link Long#MAX_VALUE}: all of the device
 * @param path the path that lost the attempt
 * @param held whether the lost request waits to be sent again; else it has ended with an outcome that is not known
 * @param left how long it takes until time alone is proof; empty when time alone never is, or does not run yet because the attempt
 *     is still with its path
 */
public record UnfencedRange(long offset, long length, String path, boolean held, Optional<Duration> left) {
    /** Checks that all parts are there. */
    public UnfencedRange {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(left, "left");
    }
}
