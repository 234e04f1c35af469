package io.mpath.sim;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a run, as lines for people: when, who, what. The same for the same seed, byte for byte, on every Java version:
 * integers only, and nothing in an order that is not the run's own.
 */
final class Story {
    private static final int NANOS_PER_MICRO = 1000;
    private static final int WHO = 12;

    private final SimWorld world;
    private final @Nullable Consumer<String> listener;
    private final TraceHash hash = new TraceHash();

    /** A story told to {@code listener}, or, without one, to nobody. */
    Story(SimWorld world, @Nullable Consumer<String> listener) {
        this.world = world;
        this.listener = listener;
    }

    /** Whether anybody listens: else nothing need be put into words. */
    boolean told() {
        return listener != null;
    }

    void tell(String who, String what) {
        if (listener != null) {
            String line = time(world.nanos()) + "  " + who + " ".repeat(Math.max(1, WHO - who.length())) + what;
            hash.add(line);
            hash.add("\n");
            listener.accept(line);
        }
    }

    /** A line that is no part of the hash. */
    void close(String line) {
        if (listener != null) {
            listener.accept(line);
        }
    }

    String hash() {
        return hex(hash.value());
    }

    static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    /** A time in milliseconds and whole microseconds. */
    static String time(long nanos) {
        long micros = nanos / NANOS_PER_MICRO;
        String fraction =
                Long.toString(NANOS_PER_MICRO + micros % NANOS_PER_MICRO).substring(1);
        String whole = Long.toString(micros / NANOS_PER_MICRO);
        return " ".repeat(Math.max(0, 8 - whole.length())) + whole + "." + fraction + " ms";
    }
}
