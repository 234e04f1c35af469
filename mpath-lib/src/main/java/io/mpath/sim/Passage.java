package io.mpath.sim;

import java.util.Locale;

/** A way that a request can take off the hot path. */
enum Passage {
    FAILOVER,
    REQUEUE,
    RETRY_PAUSE,
    OVERFLOW,
    QUEUE_FULL,
    SPLIT,
    ABORT,
    OVERDUE,
    HELD,
    HELD_UNTIL_FENCED_BY_REPORT,
    HELD_UNTIL_FENCED_BY_TIME,
    HELD_UNTIL_ITS_DEADLINE,
    OVERLAP,
    DEADLINE_WHILE_WAITING,
    DEADLINE_WITH_A_PATH,
    FLUSH_UNREACHED,
    NO_PATH_FAILURE,
    REMOVAL_DELAYED,
    RETURN_BEFORE_REMOVAL,
    LATE_COMPLETION,
    STRAY_COMPLETION,
    SUBMITTED_IN_A_CALLBACK,
    THROUGH_A_CHANNEL,
    CHANNEL_CLOSED_EARLY,
    ENDED_BY_CLOSE;

    private final String text = "passage " + name().toLowerCase(Locale.ROOT).replace('_', ' ');

    /** The name of its counter. */
    @Override
    public String toString() {
        return text;
    }
}
