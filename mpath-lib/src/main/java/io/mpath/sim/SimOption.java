package io.mpath.sim;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** One number that a {@link Simulation} is made of: drawn from its seed, unless it is given. */
public enum SimOption {
    /** How many logical units there are. */
    DEVICES(1, 3, random -> random.between(1, 3)),
    /** How many ports lead to them. */
    PORTS(1, 4, random -> random.between(1, 4)),
    /** How many client threads there are. */
    CLIENTS(1, 8, random -> random.between(1, 4)),
    /** How many requests each of them has under way. */
    DEPTH(1, 32, random -> random.between(1, 8)),
    /** How many requests they make in all. */
    REQUESTS(1, 1_000_000, random -> random.between(100, 400)),
    /** How many of a hundred requests in the callback form go through a channel of their client's. */
    CHANNELS(0, 100, random -> pick(random, 0, 0, 50, 100)),
    /** The size of each device, in blocks of 512 bytes. */
    BLOCKS(16, 4096, random -> random.between(16, 128)),
    /** How many small ranges get most of the requests. */
    HOT(1, 8, random -> random.between(1, 4)),
    /** How many of a hundred requests are reads. */
    READS(0, 100, random -> random.between(20, 70)),
    /** How paths are chosen. */
    POLICY(
            0,
            5,
            random -> random.between(0, 5),
            "numa",
            "round-robin",
            "queue-depth",
            "service-time",
            "historical-service-time",
            "latency"),
    /** Whether submitters are preempted while they choose a path. */
    PREEMPT(0, 1, random -> random.chance(2, 3) ? 1 : 0),
    /** How long devices wait for a path, in milliseconds; 0: not at all, -1: for ever. */
    NO_PATH_MS(-1, 600_000, random -> pick(random, -1, 0, 50, 500, 3000, 20_000)),
    /** How long devices outlive their last path, in milliseconds. */
    REMOVAL_MS(0, 600_000, random -> pick(random, 0, 0, 50, 400, 3000)),
    /** How often idle paths are checked, in milliseconds; 0: only when they failed or came back. */
    CHECK_MS(0, 600_000, random -> pick(random, 0, 100, 1000, 30_000)),
    /** How long requests may take, in milliseconds. */
    REQUEST_MS(50, 600_000, random -> pick(random, 200, 1000, 5000, 20_000)),
    /** How many of a hundred requests have a time-out of their own. */
    OWN_TIMEOUT(0, 100, random -> pick(random, 0, 20, 50)),
    /** How long a path may have an attempt, in milliseconds. */
    IO_MS(10, 600_000, random -> pick(random, 60, 300, 2000)),
    /** How long closing waits for requests that are with a path, in milliseconds. */
    CLOSE_MS(0, 600_000, random -> pick(random, 0, 100, 2000)),
    /** How many requests a device takes at once. */
    IN_FLIGHT(1, 4096, random -> pick(random, 1, 2, 4, 16, 64, 64)),
    /** The longest transfer that paths take, in blocks. */
    TRANSFER(1, 1024, random -> pick(random, 1, 4, 16, 64)),
    /** How many attempts a path has room for. */
    ROOM(1, 4096, random -> pick(random, 1, 2, 8, 4096)),
    /** Until a lost port's paths no longer count as ones that may come back, in milliseconds; 0: never. */
    FAST_FAIL_MS(0, 600_000, random -> pick(random, 0, 0, 100)),
    /** Until a lost port is dead, in milliseconds; 0: never. */
    LOSS_MS(0, 600_000, random -> pick(random, 0, 0, 800)),
    /** Whether paths can abort. */
    ABORTS(0, 1, random -> random.between(0, 1)),
    /** Until the target confirms an abort, in microseconds. */
    ABORT_US(0, 60_000_000, random -> pick(random, 0, 500, 100_000)),
    /** Until the target has given up what was lost, in milliseconds; 0: time alone never proves that. */
    HOLD_MS(0, 600_000, random -> pick(random, 0, 50, 200, 1000)),
    /** Whether changes wait for one hold when a device comes into being. */
    HOLD_AT_OPEN(0, 1, random -> random.chance(1, 8) ? 1 : 0),
    /** The longest time that an attempt takes on a sound path, in microseconds. */
    LATENCY_US(0, 60_000_000, random -> pick(random, 0, 20, 500, 5000)),
    /** How many of a thousand attempts meet a fault. */
    FAULTS_PER_MILLE(0, 1000, random -> pick(random, 0, 5, 30, 100, 300)),
    /** The mean time between two faults of ports, paths, devices and executors, in milliseconds. */
    FAULT_EVERY_MS(1, 600_000, random -> pick(random, 5, 20, 100, 400)),
    /** How long there are faults, in milliseconds. */
    FAULTS_MS(1, 86_400_000, random -> pick(random, 300, 1000, 1000, 3000, 20_000)),
    /** How many memory nodes there are. */
    NODES(1, 4, random -> random.between(1, 2)),
    /** Whether a flush covers only what was written through its own port. */
    FLUSH_PER_PORT(0, 1, random -> random.chance(1, 2) ? 1 : 0),
    /** Whether a lost write is sent again at once, which is unsafe. */
    UNSAFE_REPLAY(0, 1, random -> 0),
    /** Which write the disk acknowledges and forgets: none when 0. */
    FORGET_WRITE(0, 1_000_000, random -> 0),
    /** Whether the host has registered with the devices and reserved them. */
    RESERVED(0, 1, random -> random.chance(1, 4) ? 1 : 0),
    /** How many of a thousand commands of reservations meet a fault. */
    RESERVATION_FAULTS(0, 1000, random -> pick(random, 0, 50, 150)),
    /** Whether another host preempts what is reserved. */
    RIVAL(0, 1, random -> random.chance(2, 3) ? 1 : 0);

    private final long least;
    private final long most;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state, all of them above
    private final ToLongFunction<SimRandom> draw;

    private final ImmutableList<String> words;

    SimOption(long least, long most, ToLongFunction<SimRandom> draw, String... words) {
        this.least = least;
        this.most = most;
        this.draw = draw;
        this.words = ImmutableList.copyOf(words);
    }

    private static long pick(SimRandom random, long... values) {
        return values[random.nextInt(values.length)];
    }

    /** Draws from a generator of its own, so that one more option leaves what the others get. */
    long draw(SimRandom options) {
        return draw.applyAsLong(options.split(name()));
    }

    long parse(String text) {
        int word = words.indexOf(text);
        if (word >= 0) {
            return word;
        }
        String range = words.isEmpty() ? "a number from " + least + " to " + most : "one of " + words;
        try {
            long value = Long.parseLong(text);
            if (words.isEmpty() && value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(this + "=" + text + ": give " + range, e);
        }
        throw new IllegalArgumentException(this + "=" + text + ": give " + range);
    }

    String print(long value) {
        return words.isEmpty() ? Long.toString(value) : words.get((int) value);
    }

    /** The name in lower case with dashes. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
