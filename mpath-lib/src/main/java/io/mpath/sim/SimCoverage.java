package io.mpath.sim;

import io.mpath.AccessState;
import io.mpath.DeviceState;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Certainty;
import io.mpath.path.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often everything happened that a sweep of simulations is to meet: each kind of fault, each verdict, each legal change of
 * state, each way that a request can take. A sweep over clean seeds proves nothing about what stayed at zero.
 *
 * <p>Not thread-safe.
 */
public final class SimCoverage {
    /** In how many seeds, nothing about them given, everything surely happens at least once. */
    public static final int ENOUGH_SEEDS = 500;

    /** Ends that no run can meet: its disks are writable and whole, its clients careful, and its paths true to their word. */
    private static final List<IoStatus> NEVER =
            List.of(IoStatus.MISALIGNED, IoStatus.READ_ONLY, IoStatus.UNSUPPORTED, IoStatus.INTERNAL_ERROR);

    /** What takes a path that is left alone for ten seconds while all around it breaks. */
    private static final List<String> RARE = List.of("event PathCheckOverdue");

    /** What no run can meet: its disks keep what they acknowledged, and its clients have one key for all paths. */
    private static final List<Class<?>> UNTOLD =
            List.of(MultipathEvent.AcknowledgedWriteLost.class, MultipathEvent.PathFenced.class);

    private final Map<String, long[]> counters = new LinkedHashMap<>();

    /** All zero. */
    public SimCoverage() {
        for (SimFault fault : SimFault.values()) {
            add(of(fault));
        }
        for (Verdict verdict : Verdict.values()) {
            for (Certainty certainty : Certainty.values()) {
                add(of(verdict, certainty));
            }
        }
        for (IoStatus status : IoStatus.values()) {
            if (!NEVER.contains(status)) {
                add(of(status));
            }
        }
        for (DeviceState from : DeviceState.values()) {
            for (DeviceState to : DeviceState.values()) {
                if (Legal.move(from, to)) {
                    add(of(from, to));
                }
            }
        }
        for (Liveness from : Liveness.values()) {
            for (Liveness to : Liveness.values()) {
                if (from != to && from.mayBecome(to)) {
                    add(of(from, to));
                }
            }
        }
        for (AccessState state : AccessState.values()) {
            add(of(state));
        }
        Arrays.stream(MultipathEvent.class.getDeclaredClasses())
                .filter(kind -> kind.isRecord() && !UNTOLD.contains(kind))
                .map(SimCoverage::of)
                .sorted()
                .forEach(this::add);
        for (Passage passage : Passage.values()) {
            add(passage.toString());
        }
    }

    /** The names of all counters with what they count. */
    public Map<String, Long> counts() {
        Map<String, Long> copy = new LinkedHashMap<>();
        counters.forEach((name, count) -> copy.put(name, count[0]));
        return Collections.unmodifiableMap(copy);
    }

    /** The counters that are zero and are not to be so after {@link #ENOUGH_SEEDS} seeds. */
    public List<String> missing() {
        List<String> zero = new ArrayList<>();
        counters.forEach((name, count) -> {
            if (count[0] == 0 && !RARE.contains(name)) {
                zero.add(name);
            }
        });
        return Collections.unmodifiableList(zero);
    }

    /** Adds what {@code other} counted. */
    public void add(SimCoverage other) {
        other.counters.forEach((name, count) -> count(name, count[0]));
    }

    /** How many faults there were. */
    public long faults() {
        long sum = 0;
        for (SimFault fault : SimFault.values()) {
            sum += counter(of(fault))[0];
        }
        return sum;
    }

    void count(String name) {
        count(name, 1);
    }

    void count(String name, long times) {
        counter(name)[0] += times;
    }

    private long[] counter(String name) {
        long[] counter = counters.get(name);
        if (counter == null) {
            throw new IllegalStateException("there is no counter '" + name + "'");
        }
        return counter;
    }

    private void add(String name) {
        counters.put(name, new long[1]);
    }

    static String of(SimFault fault) {
        return "fault " + fault;
    }

    static String of(Verdict verdict, Certainty certainty) {
        return "answer " + verdict + " " + certainty;
    }

    static String of(IoStatus status) {
        return "end " + status;
    }

    static String of(DeviceState from, DeviceState to) {
        return "device " + from + " -> " + to;
    }

    static String of(Liveness from, Liveness to) {
        return "port " + from + " -> " + to;
    }

    static String of(Class<?> event) {
        return "event " + event.getSimpleName();
    }

    static String of(AccessState state) {
        return "access " + state;
    }
}
