package io.mpath.examples.fence;

import java.util.Optional;

/**
 * What was seen of one host's being fenced by another.
 *
 * @param aborted whether PREEMPT AND ABORT was used: then nothing lands after it is done
 * @param atOnce the number in the fenced host's block right after the preempt was done
 * @param first what had become of the fenced host's writes when the one that was under way then had ended
 * @param settled the number in its block after that
 * @param later what had become of its writes when it had tried some more
 * @param last the number in its block after that
 */
record FenceEvidence(boolean aborted, long atOnce, WriteCounts first, long settled, WriteCounts later, long last) {
    /** What it shows that must not be, or empty. */
    Optional<String> broken() {
        if (aborted && atOnce != last) {
            return Optional.of(
                    "write " + atOnce + " was there when the preempt was done, and " + last + " landed after it");
        }
        if (later.accepted() != first.accepted()) {
            return Optional.of(
                    (later.accepted() - first.accepted()) + " of its writes were accepted after the preempt");
        }
        if (settled != last) {
            return Optional.of("write " + last + " landed after the preempt, and after " + settled);
        }
        if (last < later.last()) {
            return Optional.of("write " + later.last() + " was accepted, and " + last + " is there");
        }
        if (later.failures() != first.failures()) {
            return Optional.of("its writes failed otherwise than with the conflict: " + later.cause());
        }
        return later.conflicts() == first.conflicts()
                ? Optional.of("none of its writes met the conflict")
                : Optional.empty();
    }

    /** How many of its writes met the conflict, as far as it was looked at. */
    long refused() {
        return later.conflicts() - first.conflicts();
    }
}
