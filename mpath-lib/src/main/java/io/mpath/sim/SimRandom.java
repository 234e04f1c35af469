package io.mpath.sim;

/**
 * A small generator of pseudo-random integers (SplitMix64) whose sequence is the same on every Java version. Not thread-safe.
 *
 * <p>{@link #split} derives a generator from the seed and a label, not from the draws made so far: one more draw in one
 * component leaves the draws of all others as they were.
 */
public final class SimRandom {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private final long seed;
    private long state;

    /** A generator that every other one with this seed repeats. */
    public SimRandom(long seed) {
        this.seed = seed;
        this.state = seed;
    }

    /** A generator for the component called {@code label}. */
    public SimRandom split(String label) {
        return new SimRandom(mix(seed ^ TraceHash.of(label)));
    }

    /** Any number. */
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /**
     * A number from 0 to {@code bound} - 1.
     *
     * @throws IllegalArgumentException when {@code bound} is not positive
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound + " is not positive");
        }
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    /** A number from {@code least} to {@code most}, both included; their difference is less than 2^62. */
    public long between(long least, long most) {
        if (most < least) {
            throw new IllegalArgumentException("nothing lies between " + least + " and " + most);
        }
        return least + Long.remainderUnsigned(nextLong(), most - least + 1);
    }

    /** True {@code times} in {@code outOf}. */
    public boolean chance(int times, int outOf) {
        return nextInt(outOf) < times;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
