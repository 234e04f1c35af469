package io.mpath.scsi.sim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one command: whether and when it is executed, whether and when it is answered, and with what. A command whose
 * nexus was lost is no longer answered, and is executed all the same if its time comes before the target ends the session that
 * brought it: a ghost. Immutable.
 */
public final class SimFate {
    private static final long NEVER = -1;
    private static final int BY_EXECUTION = -1;
    private static final int ALL = -1;
    private static final int MAX_BYTE = 0xff;

    private static final SimFate NORMAL = new SimFate(0, 0, BY_EXECUTION, null, 0, ALL);

    private final long executeNanos;
    private final long answerNanos;
    private final int status;
    private final @Nullable SimSense sense;
    private final int hostByte;
    private final int transferBytes;

    private SimFate(
            long executeNanos,
            long answerNanos,
            int status,
            @Nullable SimSense sense,
            int hostByte,
            int transferBytes) {
        this.executeNanos = executeNanos;
        this.answerNanos = answerNanos;
        this.status = status;
        this.sense = sense;
        this.hostByte = hostByte;
        this.transferBytes = transferBytes;
    }

    /** It is executed and answered, in the port's latency. */
    public static SimFate normal() {
        return NORMAL;
    }

    /** It is lost: neither executed nor answered, until the host gives it up. */
    public static SimFate drop() {
        return new SimFate(NEVER, NEVER, BY_EXECUTION, null, 0, ALL);
    }

    /** It is executed, and its answer is lost. */
    public static SimFate unanswered() {
        return new SimFate(0, NEVER, BY_EXECUTION, null, 0, ALL);
    }

    /** It is executed after {@code delay} and then answered. */
    public static SimFate late(Duration delay) {
        return new SimFate(delay.toNanos(), 0, BY_EXECUTION, null, 0, ALL);
    }

    /** It is executed, and answered {@code delay} after that. */
    public static SimFate answeredLate(Duration delay) {
        return new SimFate(0, delay.toNanos(), BY_EXECUTION, null, 0, ALL);
    }

    /** It is answered as if it had been executed, and is not: an array that lies. Reads give nothing. */
    public static SimFate answeredWithoutEffect() {
        return new SimFate(NEVER, 0, Outcome.GOOD, null, 0, ALL);
    }

    /** It is not executed, and ends with this status: 08h BUSY, 18h RESERVATION CONFLICT, 28h TASK SET FULL, 40h TASK ABORTED. */
    public static SimFate status(int value) {
        if (value < 0 || value > MAX_BYTE) {
            throw new IllegalArgumentException(String.format("status %#x is no byte", value));
        }
        return new SimFate(NEVER, 0, value, null, 0, ALL);
    }

    /** It is not executed, and ends with CHECK CONDITION and this sense data. */
    public static SimFate sense(SimSense value) {
        return new SimFate(NEVER, 0, Outcome.CHECK_CONDITION, value, 0, ALL);
    }

    /** It is executed, and ends with CHECK CONDITION and this sense data all the same: a recovered error, for instance. */
    public static SimFate doneWithSense(SimSense value) {
        return new SimFate(0, 0, BY_EXECUTION, value, 0, ALL);
    }

    /** No more than the first {@code bytes} of its data are transferred; of blocks, those that are whole are executed. */
    public static SimFate transferring(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a transfer of " + bytes + " bytes");
        }
        return new SimFate(0, 0, BY_EXECUTION, null, 0, bytes);
    }

    /** The host's side gives it back with this host byte at once; the array never sees it. */
    public static SimFate hostByte(int value) {
        return hostByte(value, NEVER);
    }

    /** The host's side gives it back with this host byte at once, and the array executes it after {@code delay}: a ghost. */
    public static SimFate ghost(int hostByte, Duration delay) {
        return hostByte(hostByte, delay.toNanos());
    }

    private static SimFate hostByte(int value, long executeNanos) {
        if (value < 1 || value > MAX_BYTE) {
            throw new IllegalArgumentException(String.format("host byte %#x is not from 01h to ffh", value));
        }
        return new SimFate(executeNanos, NEVER, BY_EXECUTION, null, value, ALL);
    }

    /** Answered as soon as the port gets to it, like most commands. */
    boolean isPlain() {
        return (executeNanos == 0 || hasStatus()) && answerNanos == 0 && hostByte == 0;
    }

    boolean executed() {
        return executeNanos != NEVER;
    }

    boolean answered() {
        return answerNanos != NEVER;
    }

    boolean hasStatus() {
        return status != BY_EXECUTION;
    }

    /** What it ends with in the place of what its execution would give. */
    Outcome instead() {
        return sense == null ? Outcome.status(status) : Outcome.check(sense);
    }

    @Nullable
    SimSense sense() {
        return sense;
    }

    int hostByte() {
        return hostByte;
    }

    boolean cutsTransfer() {
        return transferBytes != ALL;
    }

    int transferBytes() {
        return transferBytes;
    }

    long executeNanos() {
        return executeNanos;
    }

    long answerNanos() {
        return answerNanos;
    }
}
