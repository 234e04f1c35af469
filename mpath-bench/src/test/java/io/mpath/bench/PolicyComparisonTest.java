package io.mpath.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.policy.IoPolicies;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Time is virtual and the seed fixed, so the tables are the same to the last digit until a policy or the model changes. */
class PolicyComparisonTest {
    private static final double PUBLISHED_READS = 350.0 / 230;
    private static final double PUBLISHED_WRITES = 446.0 / 385;

    @Test
    void tablesAreThoseThatWereLookedAtLast() throws IOException {
        try (InputStream pinned = getClass().getResourceAsStream("policy-comparison.txt")) {
            String expected = new String(Objects.requireNonNull(pinned).readAllBytes(), StandardCharsets.UTF_8);

            assertThat(PolicyComparison.report()).isEqualTo(expected);
        }
    }

    @Test
    void latencyGainsOnQueueDepthAsMuchAsIsPublished() {
        DelayedPath reads = DelayedPath.fitting(50, 105);
        DelayedPath writes = DelayedPath.fitting(65.9, 125);

        assertThat(gain(reads)).isGreaterThanOrEqualTo(PUBLISHED_READS);
        assertThat(gain(writes)).isGreaterThanOrEqualTo(PUBLISHED_WRITES);
    }

    /** The negative control: a policy that does not know latencies does not gain that. */
    @Test
    void policyThatCountsOnlyGainsNothing() {
        DelayedPath reads = DelayedPath.fitting(50, 105);

        assertThat(reads.throughput(IoPolicies.serviceTime()) / reads.throughput(IoPolicies.queueDepth()))
                .isBetween(0.95, 1.05);
    }

    @Test
    void modelIsFittedToTheTwoRowsItIsGiven() {
        // 1 MiB in 30 ms and 4 ms, and 2 MiB in 30 ms and twice 4 ms.
        DelayedPath fitted = DelayedPath.fitting(1000 / 34.0, 2000 / 38.0);

        assertThat(fitted.bytes()).isEqualTo(1);
        assertThat(fitted.latencyMillis()).isBetween(3.98, 4.02);
        assertThat(fitted.throughput(IoPolicies.numa())).isBetween(28.5, 30.5);
        assertThat(fitted.throughput(IoPolicies.roundRobin())).isBetween(51.0, 54.5);
    }

    private static double gain(DelayedPath path) {
        return path.throughput(IoPolicies.latency()) / path.throughput(IoPolicies.queueDepth());
    }
}
