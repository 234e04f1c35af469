package io.mpath.bench;

import io.mpath.sim.SimRandom;

/** When a simulated path ends a request. */
interface ModelPath {
    /** When it ends one that is given to it at {@code now}, in nanoseconds of virtual time. */
    long end(long now);

    /** Serves any number at once, each in {@code fixed} and a time drawn evenly from half to one and a half times {@code mean}. */
    static ModelPath delay(long fixed, long mean, SimRandom random) {
        return now -> now + fixed + drawn(mean, random);
    }

    /** Serves one after the other, each in a time drawn evenly from half to one and a half times {@code mean}. */
    static ModelPath server(long mean, SimRandom random) {
        return new ModelPath() {
            private long free;

            @Override
            public long end(long now) {
                free = Math.max(now, free) + drawn(mean, random);
                return free;
            }
        };
    }

    private static long drawn(long mean, SimRandom random) {
        return random.between(mean / 2, mean + mean / 2);
    }
}
