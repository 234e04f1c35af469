package io.mpath.sim;

/**
 * A point of a run. Many things happen in one virtual nanosecond; the step says which of them came first.
 *
 * @param step grows with everything that happens
 * @param nanos the virtual time
 */
record Moment(long step, long nanos) {
    /** Before all else. */
    static final Moment START = new Moment(0, 0);

    /** After all else. */
    static final Moment NEVER = new Moment(Long.MAX_VALUE, Long.MAX_VALUE);

    boolean before(Moment other) {
        return step < other.step;
    }

    @Override
    public String toString() {
        return equals(NEVER) ? "never" : Long.toString(nanos);
    }
}
