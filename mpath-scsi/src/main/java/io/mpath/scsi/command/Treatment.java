package io.mpath.scsi.command;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.Verdict;

/**
 * What to do about a command for blocks that was not done.
 *
 * @param verdict whether to try again, and where
 * @param certainty what is known of the attempt
 * @param status what a caller is told who is told of it
 * @param retryDelayMillis with {@link Verdict#RETRY}: how long to wait, in milliseconds
 * @param recheck what is not to be believed any more until it was read again
 */
public record Treatment(Verdict verdict, Certainty certainty, IoStatus status, int retryDelayMillis, Recheck recheck) {
    /** What a logical unit says, or lets suspect, has changed. */
    public enum Recheck {
        /** Nothing. */
        NOTHING,
        /** The access states of the target port groups. */
        ACCESS_STATE,
        /** Which logical unit this is: the answer says that it is another one, or none. */
        IDENTITY,
        /** Which logical units there are under which numbers: any of them may be another one, or none. */
        INVENTORY,
        /** How large it is. */
        CAPACITY,
        /** Who has registered and reserved. */
        RESERVATIONS,
        /** Access states, reservations, identity and size: a reset takes the place of what would have told of a change before it. */
        RESET
    }

    static final int BUSY_MILLIS = 100;
    /** What ended a command for no reason of its own may be over soon, and is not over at once. */
    static final int AGAIN_MILLIS = 20;
    /** What is in progress in the logical unit takes seconds rather than milliseconds. */
    static final int IN_PROGRESS_MILLIS = 1_000;

    static Treatment retry(Certainty certainty, IoStatus status, int delayMillis) {
        return new Treatment(Verdict.RETRY, certainty, status, delayMillis, Recheck.NOTHING);
    }

    static Treatment failOver(Certainty certainty) {
        return new Treatment(Verdict.FAIL_OVER, certainty, IoStatus.PATH_ERROR, 0, Recheck.NOTHING);
    }

    static Treatment fail(Certainty certainty, IoStatus status) {
        return new Treatment(Verdict.FAIL, certainty, status, 0, Recheck.NOTHING);
    }

    /**
     * Whether the command only served to tell something (SAM-6 5.14: a unit attention condition, which is cleared by that): it was
     * not done, and may be sent again at once.
     */
    public boolean onlyTells() {
        return verdict == Verdict.RETRY && certainty == Certainty.NOT_EXECUTED && retryDelayMillis == 0;
    }

    Treatment recheck(Recheck what) {
        return new Treatment(verdict, certainty, status, retryDelayMillis, what);
    }
}
