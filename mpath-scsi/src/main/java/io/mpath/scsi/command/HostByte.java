package io.mpath.scsi.command;

import static io.mpath.path.Certainty.TERMINATED;
import static io.mpath.path.Certainty.UNKNOWN;

import io.mpath.IoStatus;
import java.util.Optional;

/**
 * What became of a command on this host's side, in the order of the numbers that Linux gives in {@code sg_io_hdr.host_status}
 * ({@code enum scsi_host_status}).
 *
 * <p>None of them proves that a command did not reach the device: drivers give the same byte for a command that was never sent
 * and for one that was lost with its answer. So a command is {@code UNKNOWN} after all of them, but for the four that are made
 * from what the device answered. Those by which a driver asks for a repetition are no exception, for drivers also give them for
 * what was under way when something was reset: a request goes another way, since the fault is this one's, and a write that may
 * have been sent is held before that like any other.
 *
 * <p>Linux repeats commands with {@link #DID_IMM_RETRY} and {@link #DID_REQUEUE} by itself, as it does those with the status BUSY or
 * TASK SET FULL, without counting and whatever was asked of it, until their time-out has passed: these are seen here only then, and
 * the command may have been sent any number of times.
 */
public enum HostByte {
    /** The status byte tells. */
    DID_OK,
    /** Could not connect before the timeout, or the port is gone. */
    DID_NO_CONNECT,
    /** The bus stayed busy. */
    DID_BUS_BUSY,
    /** Timed out. */
    DID_TIME_OUT,
    /** No such target. */
    DID_BAD_TARGET,
    /** Aborted by the host. */
    DID_ABORT,
    /** A parity error. */
    DID_PARITY,
    /** An error inside the host's adapter. */
    DID_ERROR,
    /** Reset by somebody. */
    DID_RESET,
    /** An interrupt that was not expected. */
    DID_BAD_INTR,
    /** To be passed through. */
    DID_PASSTHROUGH,
    /** An error that the driver wants repeated. */
    DID_SOFT_ERROR,
    /** To be repeated at once without being counted, which Linux does until the time-out. */
    DID_IMM_RETRY,
    /** To be queued again without being counted, which Linux does until the time-out. */
    DID_REQUEUE,
    /** The transport was disrupted, and may come back. */
    DID_TRANSPORT_DISRUPTED,
    /** The transport was away for so long that I/O is failed fast. */
    DID_TRANSPORT_FAILFAST,
    /** Made from sense data: the target failed it. */
    DID_TARGET_FAILURE,
    /** Made from a reservation conflict. */
    DID_NEXUS_FAILURE,
    /** Made from sense data: no space was left. */
    DID_ALLOC_FAILURE,
    /** Made from sense data: the medium failed it. */
    DID_MEDIUM_ERROR,
    /** The transport is marked marginal. */
    DID_TRANSPORT_MARGINAL;

    private static final HostByte[] BY_NUMBER = values();

    /** The host byte of that number; empty for what no Linux gave when this was written. */
    public static Optional<HostByte> of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? Optional.of(BY_NUMBER[number]) : Optional.empty();
    }

    /** The number. */
    public int number() {
        return ordinal();
    }

    /** Whether the device answered, so that its answer, when it is there, tells more than this. */
    boolean answered() {
        return switch (this) {
            case DID_OK, DID_TARGET_FAILURE, DID_NEXUS_FAILURE, DID_ALLOC_FAILURE, DID_MEDIUM_ERROR -> true;
            default -> false;
        };
    }

    /** What to do about a command that ended so, with no answer of the device that tells more; empty for {@link #DID_OK}. */
    public Optional<Treatment> treatment() {
        return switch (this) {
            case DID_OK -> Optional.empty();
            case DID_NO_CONNECT,
                    DID_BUS_BUSY,
                    DID_TIME_OUT,
                    DID_BAD_TARGET,
                    DID_ABORT,
                    DID_PARITY,
                    DID_ERROR,
                    DID_RESET,
                    DID_BAD_INTR,
                    DID_PASSTHROUGH,
                    DID_SOFT_ERROR,
                    DID_IMM_RETRY,
                    DID_REQUEUE,
                    DID_TRANSPORT_DISRUPTED,
                    DID_TRANSPORT_FAILFAST,
                    DID_TRANSPORT_MARGINAL -> Optional.of(Treatment.failOver(UNKNOWN));
            case DID_TARGET_FAILURE -> Optional.of(Treatment.fail(TERMINATED, IoStatus.TARGET_ERROR));
            case DID_NEXUS_FAILURE ->
                Optional.of(Treatment.fail(TERMINATED, IoStatus.RESERVATION_CONFLICT)
                        .recheck(Treatment.Recheck.RESERVATIONS));
            case DID_ALLOC_FAILURE -> Optional.of(Treatment.fail(TERMINATED, IoStatus.NO_SPACE));
            case DID_MEDIUM_ERROR -> Optional.of(Treatment.fail(TERMINATED, IoStatus.MEDIUM_ERROR));
        };
    }
}
