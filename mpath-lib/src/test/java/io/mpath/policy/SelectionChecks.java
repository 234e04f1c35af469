package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What must hold of every selector, as checks that can be given broken ones too. */
final class SelectionChecks {
    private SelectionChecks() {}

    /** Every choice over the whole history is the reference's, or one of those that it leaves open. */
    static void agreesWithReference(IoPolicy policy, SelectionHistory history) {
        CheckedPolicy checked = new CheckedPolicy(policy);
        SelectionSubject subject = SelectionSubject.selectorsOf(checked, history.numa());
        int[] inFlight = new int[history.ports()];
        List<Integer> lastTier = List.of();
        int lastOrdinal = -1;
        for (SelectionHistory.Step step : history.steps()) {
            for (int request = 0; request < step.requests(); request++) {
                int port = step.completions().get(request % step.completions().size()) % history.ports();
                inFlight[port] = Math.max(0, inFlight[port] - 1);
                List<ModelPath> paths = step.paths().stream()
                        .map(path -> path.withInFlight(inFlight[path.ordinal() % history.ports()]))
                        .toList();
                List<Integer> tier = ReferenceSelection.tier(paths).stream()
                        .map(ModelPath::ordinal)
                        .toList();

                Optional<ModelPath> chosen = subject.choose(paths);

                assertThat(allowed(policy.name(), paths, history.numa(), lastOrdinal, tier.equals(lastTier)))
                        .as("%s of %s behind ordinal %d", policy.name(), paths, lastOrdinal)
                        .contains(chosen);
                if (chosen.isPresent()) {
                    lastOrdinal = chosen.get().ordinal();
                    lastTier = tier;
                    inFlight[lastOrdinal % history.ports()]++;
                }
            }
        }
        assertThat(checked.violations()).isEmpty();
    }

    /** Queue-depth says nothing of which of several shallowest paths comes first after a change of the tier. */
    private static List<Optional<ModelPath>> allowed(
            String policy, List<ModelPath> paths, NumaTopology numa, int lastOrdinal, boolean sameTier) {
        return switch (policy) {
            case "numa" -> List.of(ReferenceSelection.numa(paths, numa));
            case "round-robin" -> List.of(ReferenceSelection.roundRobin(paths, lastOrdinal));
            // Of requests of one size service-time is queue-depth, and so are the other two where nothing was timed.
            case "queue-depth", "service-time", "historical-service-time", "latency" -> {
                List<ModelPath> shallowest = ReferenceSelection.shallowest(paths);
                yield sameTier || shallowest.isEmpty()
                        ? List.of(ReferenceSelection.queueDepth(paths, lastOrdinal))
                        : shallowest.stream().map(Optional::of).toList();
            }
            default -> throw new IllegalArgumentException("no reference for " + policy);
        };
    }

    /** Over every window of the requests, no candidate is chosen more than once more often than another. */
    static void sharesEvenly(IoPolicy policy, List<ModelPath> candidates, int start, int requests) {
        PathSelector selector = policy.selector(candidates, NumaTopology.flat());
        SelectorCursor cursor = new SelectorCursor(NumaTopology.flat(), start);
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            chosen.add(selector.select(cursor));
        }
        for (int from = 0; from < requests; from++) {
            int[] times = new int[candidates.size()];
            for (int to = from; to < requests; to++) {
                times[chosen.get(to)]++;
                int most = Arrays.stream(times).max().orElseThrow();
                int fewest = Arrays.stream(times).min().orElseThrow();
                assertThat(most - fewest)
                        .as("requests %d to %d of %s", from, to, chosen)
                        .isLessThanOrEqualTo(1);
            }
        }
    }

    /** Whatever another thread or another policy left in the cursor, the choice is one of the candidates. */
    static void staysInBounds(IoPolicy policy, List<ModelPath> candidates, int position, int lastOrdinal) {
        PathSelector selector = policy.selector(candidates, NumaTopology.flat());
        SelectorCursor cursor = new SelectorCursor(NumaTopology.flat(), 0);
        cursor.chose(position, lastOrdinal);
        for (int i = 0; i <= candidates.size(); i++) {
            assertThat(selector.select(cursor))
                    .as("%s over %d candidates", policy.name(), candidates.size())
                    .isBetween(0, candidates.size() - 1);
        }
    }

    /** The first choices of as many stripes as a device may have fall evenly on the candidates. */
    static void stripesStartApart(IoPolicy policy, List<ModelPath> candidates, int stripes) {
        PathSelector selector = policy.selector(candidates, NumaTopology.flat());
        int[] times = new int[candidates.size()];
        for (int stripe = 0; stripe < stripes; stripe++) {
            times[selector.select(new SelectorCursor(NumaTopology.flat(), stripe))]++;
        }
        assertThat(Arrays.stream(times).max().orElseThrow()
                        - Arrays.stream(times).min().orElseThrow())
                .as("first choices of %d stripes: %s", stripes, Arrays.toString(times))
                .isLessThanOrEqualTo(1);
    }
}
