package io.mpath.sim;

import io.mpath.Effect;
import io.mpath.sim.Violation.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One block, checked as a linearizable register when the run is over, from nothing but what callers asked for, saw and were
 * told.
 *
 * <p>Every value but zero is put there by one change, so the operations that put or saw one value form a cluster; the first of
 * them to end and the last of them to begin tell when the block must have held it. Where that end comes before that beginning,
 * the block held it for all the time in between: no two such times may overlap, and no other cluster may lie inside one
 * (Gibbons and Korach, "Testing shared memories", 1997). Without changes to zeroes that is exact.
 *
 * <p>Zeroes may come from several changes, or from the beginning. Whoever saw them must have a source that nothing certain
 * had replaced, and neither that sight nor an acknowledged change to zeroes may lie inside the time of another value. So nobody
 * is accused falsely; missed is only what shows when several sources are told apart.
 *
 * <p>A change that ended as {@link Effect#MAY_STILL_HAPPEN} may take effect until its fence, but not after a change that was
 * asked for when it had ended: the library makes that one wait.
 */
final class BlockRegister {
    private final int block;
    private final Consumer<Violation> found;
    private final Map<Long, Cluster> clusters = new LinkedHashMap<>();
    private final List<RecordedChange> zeroing = new ArrayList<>();
    private final List<Op> zeroes = new ArrayList<>();
    private final TreeMap<Long, Cluster> lasting = new TreeMap<>();

    /** Tells {@code found} what is wrong with it. */
    BlockRegister(int block, Consumer<Violation> found) {
        this.block = block;
        this.found = found;
    }

    /** An operation at some moment of which the block held some value. */
    record Op(String name, Moment from, Moment to) {
        @Override
        public String toString() {
            return name + " (" + from + ".." + to + " ns)";
        }
    }

    /** All that put or saw one value. */
    private static final class Cluster {
        private final RecordedChange change;
        private Op firstToEnd;
        private Op lastToBegin;
        private boolean certain;

        Cluster(RecordedChange change) {
            this.change = change;
            this.firstToEnd = change.op();
            this.lastToBegin = firstToEnd;
        }

        void add(Op op) {
            firstToEnd = op.to().before(firstToEnd.to()) ? op : firstToEnd;
            lastToBegin = lastToBegin.from().before(op.from()) ? op : lastToBegin;
        }

        /** It was there by then at the latest. */
        Moment by() {
            return firstToEnd.to();
        }

        /** It was still there, or yet to come. */
        Moment until() {
            return lastToBegin.from();
        }

        boolean lasts() {
            return by().before(until());
        }

        @Override
        public String toString() {
            return lasts() ? change + ", there from " + firstToEnd + " to " + lastToBegin : change.toString();
        }
    }

    /** A change that has ended, or never did. All changes come before all sights. */
    void changed(RecordedChange change) {
        if (!change.zeroes()) {
            clusters.put(change.value(), new Cluster(change));
        } else if (!change.left(Effect.NONE)) {
            zeroing.add(change);
        }
    }

    /** Somebody saw {@code value}. */
    void saw(long value, Op op) {
        Cluster cluster = clusters.get(value);
        if (value == 0) {
            zeroes.add(op);
        } else if (cluster == null) {
            tell(Rule.INVENTED, op + " found " + value + ", which nobody wrote there");
        } else if (op.to().before(cluster.change.invoked())) {
            tell(Rule.INVENTED, op + " found what " + cluster + " was yet to write");
        } else if (cluster.change.left(Effect.NONE)) {
            tell(Rule.DENIED, op + " found what " + cluster + " is said not to have written");
        } else {
            cluster.add(op);
            happened(cluster);
        }
    }

    /** A change happened for certain; so a compare-and-write found what it expected. */
    private void happened(Cluster cluster) {
        if (!cluster.certain) {
            cluster.certain = true;
            if (cluster.change.compares()) {
                saw(cluster.change.expected(block), cluster.change.op());
            }
        }
    }

    /** Judges all that is known. */
    void check() {
        for (Cluster cluster : List.copyOf(clusters.values())) {
            if (cluster.change.left(Effect.DONE)) {
                happened(cluster);
            }
        }
        List<Cluster> certain =
                clusters.values().stream().filter(cluster -> cluster.certain).toList();
        checkComparisons(certain);
        checkGhosts(certain);
        checkTimes(certain);
        checkZeroes(certain);
    }

    private void checkComparisons(List<Cluster> certain) {
        Map<Long, Cluster> finders = new LinkedHashMap<>();
        for (Cluster cluster : certain) {
            if (cluster.change.compares() && cluster.change.expected(block) != 0) {
                Cluster other = finders.put(cluster.change.expected(block), cluster);
                if (other != null) {
                    tell(Rule.COMPARED, other + " and " + cluster + " both found " + cluster.change.expected(block));
                }
            }
        }
    }

    private void checkGhosts(List<Cluster> certain) {
        for (Cluster ghost : certain) {
            RecordedChange lost = ghost.change;
            if (lost.left(Effect.MAY_STILL_HAPPEN)) {
                for (Cluster later : certain) {
                    if (lost.ended().before(later.change.invoked())
                            && later.by().before(ghost.until())) {
                        tell(Rule.GHOST, lost + " came over " + later + ": " + ghost.lastToBegin + " found it");
                    }
                }
                for (RecordedChange later : zeroing) {
                    if (later.left(Effect.DONE)
                            && lost.ended().before(later.invoked())
                            && later.ended().before(ghost.until())) {
                        tell(Rule.GHOST, lost + " came over " + later + ": " + ghost.lastToBegin + " found it");
                    }
                }
            }
        }
    }

    private void checkTimes(List<Cluster> certain) {
        certain.stream()
                .filter(Cluster::lasts)
                .forEach(cluster -> lasting.put(cluster.by().step(), cluster));
        Cluster before = null;
        for (Cluster cluster : lasting.values()) {
            if (before != null && cluster.by().before(before.until())) {
                tell(Rule.STALE, before + " and " + cluster + " replaced each other");
            }
            before = before == null || before.until().before(cluster.until()) ? cluster : before;
        }
        for (Cluster cluster : certain) {
            Cluster around = cluster.lasts() ? null : around(cluster.until(), cluster.by());
            if (around != null) {
                boolean seen = !cluster.firstToEnd.equals(cluster.lastToBegin);
                tell(seen ? Rule.STALE : Rule.LOST, cluster + " came in the midst of " + around);
            }
        }
    }

    /** What the block held from before {@code from} until after {@code to}, if that is known. */
    private @Nullable Cluster around(Moment from, Moment to) {
        Entry<Long, Cluster> latest = lasting.lowerEntry(from.step());
        return latest != null && to.before(latest.getValue().until()) ? latest.getValue() : null;
    }

    private void checkZeroes(List<Cluster> certain) {
        for (RecordedChange change : zeroing) {
            Cluster around = change.left(Effect.DONE) ? around(change.invoked(), change.ended()) : null;
            if (around != null) {
                tell(Rule.LOST, change + " came in the midst of " + around);
            }
        }
        for (Op zero : zeroes) {
            Cluster around = around(zero.from(), zero.to());
            Cluster replaced = lastReplacedBefore(zero, certain);
            if (around != null) {
                tell(Rule.STALE, zero + " found zeroes in the midst of " + around);
            } else if (replaced != null
                    && zeroing.stream().noneMatch(change -> mayExplain(change, zero, replaced, certain))) {
                tell(Rule.LOST, zero + " found zeroes, and nothing explains what became of " + replaced);
            }
        }
    }

    /** Of all that had been there before {@code zero} began, what may have lasted longest. */
    private static @Nullable Cluster lastReplacedBefore(Op zero, List<Cluster> certain) {
        Cluster last = null;
        for (Cluster cluster : certain) {
            if (cluster.by().before(zero.from())
                    && (last == null || last.until().before(cluster.until()))) {
                last = cluster;
            }
        }
        return last;
    }

    private static boolean mayExplain(RecordedChange change, Op zero, Cluster replaced, List<Cluster> certain) {
        if (zero.to().before(change.invoked()) || change.latestEffect().before(replaced.until())) {
            return false;
        }
        return !change.left(Effect.MAY_STILL_HAPPEN)
                || certain.stream()
                        .noneMatch(later -> change.ended().before(later.change.invoked())
                                && (later == replaced || later.by().before(replaced.until())));
    }

    private void tell(Rule rule, String message) {
        found.accept(new Violation(rule, "block " + block + ": " + message));
    }
}
