package io.mpath;

/** Chance, for jitter and for where rotations start. Called on the control loop only. */
@FunctionalInterface
public interface Entropy {
    /** A number from 0 to {@code bound} - 1. */
    int nextInt(int bound);
}
