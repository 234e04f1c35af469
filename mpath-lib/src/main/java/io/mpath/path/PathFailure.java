package io.mpath.path;

import io.mpath.IoStatus;

/**
 * Why an attempt failed, decoded by the adapter.
 *
 * @param verdict what to do about it
 * @param certainty what is known of the attempt
 * @param status what the caller is told if it is told of this failure; never {@link IoStatus#SUCCESS}
 * @param cause the decoded cause, such as {@code sense 02/04/0B logical unit not accessible, target port in standby state}
 * @param retryDelayNanos with {@link Verdict#RETRY}: how long the device asks to wait, in nanoseconds
 * @param doneBytes how many bytes, from the start, are known to be done: a replay resumes behind them
 * @param fenceEpoch with {@link Certainty#UNKNOWN}: the number of the loss, from 1 on, which never shrinks from one loss of the
 *     path to the next; {@link PathControl#fenced} reports that everything lost up to a number is given up by the target. 0: a
 *     loss without a number, which no report covers, only time
 */
public record PathFailure(
        Verdict verdict,
        Certainty certainty,
        IoStatus status,
        String cause,
        long retryDelayNanos,
        long doneBytes,
        long fenceEpoch) {
    /** Checks that a failure is one. @throws IllegalArgumentException when its status is success, or a number negative */
    public PathFailure {
        if (status == IoStatus.SUCCESS) {
            throw new IllegalArgumentException("a failure with status SUCCESS: " + cause);
        }
        if (retryDelayNanos < 0 || doneBytes < 0 || fenceEpoch < 0) {
            throw new IllegalArgumentException("a failure with a retry delay of " + retryDelayNanos + " ns, "
                    + doneBytes + " bytes done and fence epoch " + fenceEpoch + ": " + cause);
        }
    }

    /** Another path is to be tried; a loss has no number. */
    public static PathFailure failOver(Certainty certainty, String cause) {
        return new PathFailure(Verdict.FAIL_OVER, certainty, IoStatus.PATH_ERROR, cause, 0, 0, 0);
    }

    /** The device answered that it cannot. */
    public static PathFailure fail(IoStatus status, String cause) {
        return new PathFailure(Verdict.FAIL, Certainty.TERMINATED, status, cause, 0, 0, 0);
    }

    /** The device is busy and took no part of it. */
    public static PathFailure retry(long delayNanos, String cause) {
        return new PathFailure(Verdict.RETRY, Certainty.NOT_EXECUTED, IoStatus.TARGET_ERROR, cause, delayNanos, 0, 0);
    }
}
