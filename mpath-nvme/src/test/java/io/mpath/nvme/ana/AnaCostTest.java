package io.mpath.nvme.ana;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.nvme.ana.AnaWorld.Path;
import io.mpath.nvme.command.AnaState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What it costs to keep ten thousand namespaces: from the bytes of a log in which each changed to the reports. Everything
 * happens on the test's thread. The best of some attempts counts, since the first ones also compile.
 */
class AnaCostTest {
    private static final int NAMESPACES = 10_000;
    private static final int ATTEMPTS = 30;
    private static final long MOST_NANOS = 20_000_000;

    private final AnaWorld ana = AnaWorld.withEvents();

    @Test
    void oneHundredGroupsChangeWithinTwentyMilliseconds() {
        assertThat(bestNanos(100)).isLessThan(MOST_NANOS);
    }

    /** Each group's list spans all members, and so would each group's own walk along them. */
    @Test
    void fiveThousandGroupsThatInterleaveCostNoMoreThanTheirNamespaces() {
        assertThat(bestNanos(5000)).isLessThan(MOST_NANOS);
    }

    private long bestNanos(int groups) {
        List<Path> paths = members(groups);
        long best = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            AnaState state = attempt % 2 == 0 ? AnaState.NON_OPTIMIZED : AnaState.OPTIMIZED;
            for (int group = 1; group <= groups; group++) {
                ana.controller.put(group, state);
            }
            ana.controller.prepared = ana.controller.page();
            ana.bulkReports.clear();

            long began = System.nanoTime();
            ana.monitor.changed();
            ana.settle();
            best = Math.min(best, System.nanoTime() - began);

            assertThat(ana.bulkReports).containsExactly(NAMESPACES);
        }
        assertThat(paths).allMatch(path -> path.state() == AccessState.OPTIMIZED);
        return best;
    }

    private List<Path> members(int groups) {
        List<Long> order =
                new ArrayList<>(LongStream.rangeClosed(1, NAMESPACES).boxed().toList());
        order.forEach(nsid -> ana.controller.put(nsid % groups + 1, AnaState.OPTIMIZED, nsid));
        Collections.shuffle(order, new Random(5));
        List<Path> paths = new ArrayList<>();
        order.forEach(nsid -> paths.add(ana.add(nsid)));
        ana.live();
        ana.settle();
        assertThat(paths).allMatch(path -> path.known == 1);
        return paths;
    }
}
