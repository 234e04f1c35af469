package io.mpath.internal.io;

/** What canaries are made of. */
public final class Canaries {
    private static final int SPINS = 20;

    private Canaries() {}

    /** Between two steps of a canary, so that the other thread finds it there even in a short run. */
    public static void dawdle() {
        for (int i = 0; i < SPINS; i++) {
            Thread.onSpinWait();
        }
    }
}
