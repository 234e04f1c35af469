package io.mpath.sim;

import io.mpath.path.PathFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a simulated path answers an attempt. Immutable. */
public sealed interface SimAnswer {
    /** Succeeds after the path's latency, taking effect at that moment. */
    static Execute succeed() {
        return new Execute(When.AFTER_LATENCY, Landing.AT_END, 0, null, 1);
    }

    /** Fails after the path's latency, without effect. */
    static Execute fail(PathFailure failure) {
        return new Execute(When.AFTER_LATENCY, Landing.NEVER, 0, failure, 1);
    }

    /** Fails after the path's latency, having done exactly the whole blocks among the bytes that the failure says are done. */
    static Execute failBehind(PathFailure failure) {
        return new Execute(When.AFTER_LATENCY, Landing.DONE_BYTES, 0, failure, 1);
    }

    /** Stays under way until the script ends it ({@link SimAttempt#complete}, {@link SimAttempt#fail}), or an abort does. */
    static Execute hang() {
        return new Execute(When.ON_RELEASE, Landing.AT_END, 0, null, 1);
    }

    /** Refuses it for want of room, and tells of room after the path's latency. */
    static SimAnswer refuse() {
        return new Refuse();
    }

    /** Throws out of {@code submit}, which no path may. */
    static SimAnswer breakContract() {
        return new Throw();
    }

    /** When an attempt ends. */
    enum When {
        /** Before {@code submit} returns; on a confined queue at the next poll. */
        IN_SUBMIT,
        /** When the path's latency has passed. */
        AFTER_LATENCY,
        /** When the script says so. */
        ON_RELEASE
    }

    /** When an attempt takes effect. */
    enum Landing {
        /** Not at all. */
        NEVER,
        /** At once. */
        AT_SUBMIT,
        /** In the moment before its end is reported. */
        AT_END,
        /** In the moment before its end is reported, as far as its failure says that it is done. */
        DONE_BYTES,
        /** Some time after its end was reported: the ghost write. */
        LATE
    }

    /**
     * Takes it and ends it.
     *
     * @param when when it ends
     * @param landing when it takes effect
     * @param lateNanos with {@link Landing#LATE}: how long after its end, in nanoseconds
     * @param failure how it fails, or null when it succeeds
     * @param ends how often its end is reported; anything but 1 breaks the contract of paths
     */
    record Execute(
            When when,
            Landing landing,
            long lateNanos,
            @Nullable PathFailure failure,
            int ends) implements SimAnswer {
        /** This, ending before {@code submit} returns. */
        public Execute inSubmit() {
            return new Execute(When.IN_SUBMIT, landing, lateNanos, failure, ends);
        }

        /** This, its end reported twice: a broken path. */
        public Execute twice() {
            return new Execute(when, landing, lateNanos, failure, 2);
        }

        /** This, taking effect at once, whatever is reported later. */
        public Execute landingAtSubmit() {
            return new Execute(when, Landing.AT_SUBMIT, 0, failure, ends);
        }

        /** This, taking effect when its end is reported, even as a failure. */
        public Execute landingAtEnd() {
            return new Execute(when, Landing.AT_END, 0, failure, ends);
        }

        /** This, taking effect {@code delay} after its end was reported. Reads are not affected: their buffers are gone. */
        public Execute landingLate(Duration delay) {
            return new Execute(when, Landing.LATE, delay.toNanos(), failure, ends);
        }
    }

    /** Has no room. */
    record Refuse() implements SimAnswer {}

    /** Throws. */
    record Throw() implements SimAnswer {}
}
