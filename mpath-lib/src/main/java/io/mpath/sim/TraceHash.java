package io.mpath.sim;

/** A running FNV-1a hash of what happened in a world: two runs are the same when their hashes are. */
final class TraceHash {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long value = BASIS;

    /** The hash of one text. */
    static long of(String text) {
        var hash = new TraceHash();
        hash.add(text);
        return hash.value;
    }

    void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            value = (value ^ text.charAt(i)) * PRIME;
        }
    }

    void add(long number) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            value = (value ^ (number >>> shift & 0xff)) * PRIME;
        }
    }

    long value() {
        return value;
    }
}
