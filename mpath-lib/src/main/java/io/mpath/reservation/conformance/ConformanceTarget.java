package io.mpath.reservation.conformance;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A device under test, and how it is reached. Nobody else may use its reservations meanwhile: all of them are removed.
 *
 * @param name what a report calls it
 * @param nexuses ways to it from at least two hosts: the first one is {@link Party#LOCAL}
 * @param blocking runs what blocks, each on a thread that may stay blocked for as long as the device lets it
 * @param timeout how long one command, or one I/O, may take
 * @param waiting how an answer is waited for
 * @param mayAbort whether PREEMPT AND ABORT may be tried; there are targets that it hangs for good
 * @param knownDefects what it is known to get wrong
 */
public record ConformanceTarget(
        String name,
        List<Nexus> nexuses,
        Executor blocking,
        Duration timeout,
        Waiting waiting,
        boolean mayAbort,
        List<KnownDefect> knownDefects) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException when the nexuses are all of one host, or some are known by themselves and some are not, or the
     *     time-out is not positive
     */
    public ConformanceTarget {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(blocking, "blocking");
        Objects.requireNonNull(waiting, "waiting");
        nexuses = ImmutableList.copyOf(nexuses);
        knownDefects = ImmutableList.copyOf(knownDefects);
        if (nexuses.stream().map(Nexus::host).distinct().count() < 2) {
            throw new IllegalArgumentException("reservations are tested from two hosts, not through " + nexuses);
        }
        if (nexuses.stream()
                        .map(nexus -> nexus.path().reservesPerNexus())
                        .distinct()
                        .count()
                > 1) {
            throw new IllegalArgumentException("not all of " + nexuses + " lead to a device of one kind");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a time-out of " + timeout);
        }
    }

    /** A device without known defects, that may be told to abort, and is waited for in real time. */
    public ConformanceTarget(String name, List<Nexus> nexuses, Executor blocking, Duration timeout) {
        this(name, nexuses, blocking, timeout, Waiting.inRealTime(), true, List.of());
    }

    /** The same, waited for like that. */
    public ConformanceTarget withWaiting(Waiting value) {
        return new ConformanceTarget(name, nexuses, blocking, timeout, value, mayAbort, knownDefects);
    }

    /** The same, never told to PREEMPT AND ABORT: what needs that is not supported. */
    public ConformanceTarget withoutAbort() {
        return new ConformanceTarget(name, nexuses, blocking, timeout, waiting, false, knownDefects);
    }

    /** The same, with these defects known. */
    public ConformanceTarget withKnownDefects(List<KnownDefect> value) {
        return new ConformanceTarget(name, nexuses, blocking, timeout, waiting, mayAbort, value);
    }

    /** Whether the device knows every nexus by itself (SCSI), or only hosts (NVMe). */
    public boolean perNexus() {
        return nexuses.get(0).path().reservesPerNexus();
    }

    /** Who that is here, or empty: only {@link Party#LOCAL_SECOND} may be missing. */
    public Optional<Nexus> nexus(Party party) {
        Nexus local = nexuses.get(0);
        return switch (party) {
            case LOCAL -> Optional.of(local);
            case LOCAL_SECOND ->
                nexuses.stream()
                        .skip(1)
                        .filter(nexus -> nexus.host().equals(local.host()))
                        .findFirst();
            case REMOTE ->
                nexuses.stream()
                        .filter(nexus -> !nexus.host().equals(local.host()))
                        .findFirst();
        };
    }
}
