package io.mpath.policy;

import com.google.common.collect.ImmutableMap;
import io.mpath.ConfigurationException;
import java.util.List;
import java.util.Map;

/**
 * The path with the least (bytes in flight + bytes of this request) / relative throughput: what the request would wait for, did
 * each path serve its bytes one after the other at that rate (Linux dm-multipath: path selector {@code service-time}). Of paths
 * that are equal by that the one of higher throughput is taken, and of those each in turn. A path of throughput 0 is used only
 * where no path of a higher one is usable.
 *
 * <p>Differences from dm: bytes are counted through the whole port, over all its logical units, for it is the port that is
 * congested; and a discard counts for nothing, since its bytes are not sent.
 *
 * @param relativeThroughput by the name of a path, 0 to 100; 1 for those not named
 */
public record ServiceTimePolicy(Map<String, Integer> relativeThroughput) implements IoPolicy {
    private static final int MOST = 100;

    /** Checks the ranges. @throws ConfigurationException naming the path whose throughput is out of its range */
    public ServiceTimePolicy {
        relativeThroughput = ImmutableMap.copyOf(relativeThroughput);
        relativeThroughput.forEach((path, throughput) -> {
            if (throughput < 0 || throughput > MOST) {
                throw new ConfigurationException(
                        "relative throughput " + throughput + " of path '" + path + "' is not 0 to " + MOST);
            }
        });
    }

    @Override
    public String name() {
        return "service-time";
    }

    @Override
    public boolean countsInFlight() {
        return true;
    }

    @Override
    public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
        return candidates.size() == 1 ? cursor -> 0 : new Soonest(candidates, throughputs(candidates));
    }

    private int[] throughputs(List<? extends SelectablePath> candidates) {
        return candidates.stream()
                .mapToInt(path -> relativeThroughput.getOrDefault(path.name(), 1))
                .toArray();
    }

    /** Searches behind the last choice, so that ties rotate. */
    private static final class Soonest implements PathSelector {
        private final SelectablePath[] candidates;
        private final int[] throughputs;
        private final int highest;

        Soonest(List<? extends SelectablePath> candidates, int[] throughputs) {
            this.candidates = candidates.toArray(SelectablePath[]::new);
            this.throughputs = throughputs;
            int most = 0;
            for (int throughput : throughputs) {
                most = Math.max(most, throughput);
            }
            this.highest = most;
        }

        @Override
        public int select(SelectorCursor cursor) {
            int count = candidates.length;
            long size = cursor.requestBytes();
            int best = -1;
            long bestLoad = 0;
            int at = cursor.searchFrom(count);
            for (int i = 0; i < count; i++) {
                if (++at >= count) {
                    at = 0;
                }
                int throughput = throughputs[at];
                if (throughput == 0 && highest > 0) {
                    continue;
                }
                long bytes = candidates[at].bytesInFlight();
                if (bytes == 0 && throughput == highest) {
                    best = at;
                    break;
                }
                long load = bytes + size;
                if (best < 0 || sooner(load, throughput, bestLoad, throughputs[best])) {
                    best = at;
                    bestLoad = load;
                }
            }
            cursor.chose(best, candidates[best].ordinal());
            return best;
        }

        /** Multiplied crosswise, which cannot overflow: 2^49 bytes times 100. */
        private static boolean sooner(long load, int throughput, long bestLoad, int bestThroughput) {
            if (throughput == bestThroughput) {
                return load < bestLoad;
            }
            long mine = load * bestThroughput;
            long its = bestLoad * throughput;
            return mine == its ? throughput > bestThroughput : mine < its;
        }
    }
}
