package io.mpath.sim;

/**
 * Something that no correct run shows of a disk.
 *
 * @param rule what was broken
 * @param message where, by which requests, and when, in virtual nanoseconds
 */
record Violation(Rule rule, String message) {
    /** What may be wrong; printed as what should be. */
    enum Rule {
        /** An acknowledged change is gone, and nobody asked for what might have replaced it. */
        LOST("an acknowledged change stays until it is replaced"),
        /** A value came back that had been replaced. */
        STALE("an older value does not come back"),
        /** A block held what nobody wrote, or before anybody did. */
        INVENTED("a block holds what was written there"),
        /** A change took effect that is said to have had none. */
        DENIED("what had no effect, as is said, is not there"),
        /** A change is said to be done, and is not on the disk. */
        MISSING("what is done, as is said, is on the disk"),
        /** An attempt landed whose request had ended with a certain outcome. */
        LATE("nothing lands for a request whose outcome is certain"),
        /** An attempt landed over a change that was asked for after its request had ended with an uncertain outcome. */
        GHOST("nothing lands over what was asked for after its end"),
        /** An attempt repeated a change over one that had replaced it and was acknowledged. */
        UNDONE("a replay does not undo what was acknowledged meanwhile"),
        /** Two compare-and-writes found the same data. */
        COMPARED("one compare-and-write finds what it expects");

        private final String text;

        Rule(String text) {
            this.text = text;
        }

        /** What a disk behind several paths owes to its users. */
        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public String toString() {
        return rule + ": " + message;
    }
}
