package io.mpath.nvme.sim;

import java.time.Duration;

/**
 * What becomes of one command: whether and when it is executed, whether, when and how often it is answered. A command whose
 * association ends at the host is no longer answered, and is executed all the same if its time comes before the controller gives
 * it up: a ghost. Immutable.
 */
public final class SimFate {
    private static final long NEVER = -1;
    private static final int BY_EXECUTION = -1;
    private static final int MAX_STATUS = 0x7ff;
    private static final int MAX_DELAY_INDEX = 3;

    private static final SimFate NORMAL = new SimFate(0, 0, BY_EXECUTION, 1);

    private final long executeNanos;
    private final long answerNanos;
    private final int status;
    private final int answers;

    private SimFate(long executeNanos, long answerNanos, int status, int answers) {
        this.executeNanos = executeNanos;
        this.answerNanos = answerNanos;
        this.status = status;
        this.answers = answers;
    }

    /** It is executed and answered, in the controller's latency. */
    public static SimFate normal() {
        return NORMAL;
    }

    /** It is lost: neither executed nor answered, until the association ends. */
    public static SimFate drop() {
        return new SimFate(NEVER, NEVER, BY_EXECUTION, 1);
    }

    /** It is executed, and its answer is lost. */
    public static SimFate unanswered() {
        return new SimFate(0, NEVER, BY_EXECUTION, 1);
    }

    /** It is executed after {@code delay} and then answered. */
    public static SimFate late(Duration delay) {
        return new SimFate(delay.toNanos(), 0, BY_EXECUTION, 1);
    }

    /** It is executed, and answered {@code delay} after that. */
    public static SimFate answeredLate(Duration delay) {
        return new SimFate(0, delay.toNanos(), BY_EXECUTION, 1);
    }

    /** It is answered as if it had been executed, and is not: a controller that lies. Reads give nothing. */
    public static SimFate answeredWithoutEffect() {
        return new SimFate(NEVER, 0, WireStatus.SUCCESS, 1);
    }

    /** It is executed, and answered twice. */
    public static SimFate answeredTwice() {
        return new SimFate(0, 0, BY_EXECUTION, 2);
    }

    /**
     * It is not executed, and answered with this status, without DNR and CRD.
     *
     * @param value status code type in bits 10:8, status code in bits 7:0; not 0
     */
    public static SimFate status(int value) {
        if (value < 1 || value > MAX_STATUS) {
            throw new IllegalArgumentException(String.format("status %#x is not from 0x001 to 0x7ff", value));
        }
        return new SimFate(NEVER, 0, value, 1);
    }

    /** This status with DNR. */
    public SimFate doNotRetry() {
        requireStatus("DNR");
        return new SimFate(executeNanos, answerNanos, status | 1 << 14, answers);
    }

    /** This status with CRD: the index of the delay that the controller asks for, 1 to 3. */
    public SimFate retryDelay(int index) {
        requireStatus("CRD");
        if (index < 1 || index > MAX_DELAY_INDEX) {
            throw new IllegalArgumentException("CRD " + index + " is not from 1 to 3");
        }
        return new SimFate(executeNanos, answerNanos, status | index << 11, answers);
    }

    private void requireStatus(String what) {
        if (status == BY_EXECUTION) {
            throw new IllegalStateException(what + " of a fate without a status");
        }
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

    int status() {
        return status;
    }

    long executeNanos() {
        return executeNanos;
    }

    long answerNanos() {
        return answerNanos;
    }

    int answers() {
        return answers;
    }
}
