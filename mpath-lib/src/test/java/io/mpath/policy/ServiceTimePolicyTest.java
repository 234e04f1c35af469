package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.ConfigurationException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceTimePolicyTest {
    private final BytesPath a = new BytesPath(0, "a");
    private final BytesPath b = new BytesPath(1, "b");
    private final SelectorCursor cursor = new SelectorCursor(NumaTopology.flat(), 0);

    @Test
    void bytesCountAndNotRequests() {
        a.inFlight = 1;
        a.bytes = 1 << 20;
        b.inFlight = 100;
        b.bytes = 100 * 4096;

        assertThat(chosen(IoPolicies.serviceTime(), 4096)).isSameAs(b);
    }

    @Test
    void requestGoesWhereItsOwnBytesEndSoonest() {
        IoPolicy policy = IoPolicies.serviceTime(Map.of("a", 4));
        a.bytes = 5 * 4096;

        assertThat(chosen(policy, 1024)).isSameAs(b);
        assertThat(chosen(policy, 64 * 1024)).isSameAs(a);
    }

    @Test
    void fasterOfTwoPathsThatAreEqualByTimeIsTaken() {
        IoPolicy policy = IoPolicies.serviceTime(Map.of("b", 2));
        a.bytes = 4096;
        b.bytes = 3 * 4096;

        for (int i = 0; i < 3; i++) {
            assertThat(chosen(policy, 4096)).isSameAs(b);
        }
    }

    @Test
    void idleFasterPathIsTakenEveryTime() {
        for (int i = 0; i < 3; i++) {
            assertThat(chosen(IoPolicies.serviceTime(Map.of("b", 2)), 4096)).isSameAs(b);
        }
    }

    @Test
    void pathsWithoutAnyThroughputAreComparedByTheirBytes() {
        IoPolicy policy = IoPolicies.serviceTime(Map.of("a", 0, "b", 0));
        a.bytes = 8192;
        b.bytes = 4096;

        assertThat(chosen(policy, 4096)).isSameAs(b);
        b.bytes = 1 << 20;
        assertThat(chosen(policy, 4096)).isSameAs(a);
    }

    @Test
    void mostBytesThatCanBeCountedDoNotOverflow() {
        IoPolicy policy = IoPolicies.serviceTime(Map.of("a", 100, "b", 99));
        a.bytes = (1L << 49) - 512;
        b.bytes = (1L << 49) - 512;

        assertThat(chosen(policy, 1L << 31)).isSameAs(a);
    }

    @Test
    void sharesOfRequestsThatEndFollowTheThroughput() {
        IoPolicy policy = IoPolicies.serviceTime(Map.of("a", 2));
        PathSelector selector = policy.selector(List.of(a, b), NumaTopology.flat());
        int[] times = new int[2];
        for (int i = 0; i < 3000; i++) {
            cursor.request(4096);
            int chosen = selector.select(cursor);
            times[chosen]++;
            (chosen == 0 ? a : b).bytes += 4096;
            if (i % 3 == 2) {
                a.bytes -= 2 * 4096;
                b.bytes -= 4096;
            }
        }

        assertThat(times[0]).as(Arrays.toString(times)).isBetween(1990, 2010);
    }

    @Test
    void throughputOutOfItsRangeIsRefusedByName() {
        assertThatThrownBy(() -> IoPolicies.serviceTime(Map.of("a", 101)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("relative throughput 101 of path 'a' is not 0 to 100");
        assertThatThrownBy(() -> IoPolicies.serviceTime(Map.of("a", -1))).isInstanceOf(ConfigurationException.class);
    }

    private SelectablePath chosen(IoPolicy policy, long size) {
        cursor.request(size);
        PathSelector selector = policy.selector(List.of(a, b), NumaTopology.flat());
        return selector.select(cursor) == 0 ? a : b;
    }

    private static final class BytesPath implements SelectablePath {
        private final int ordinal;
        private final String name;
        private int inFlight;
        private long bytes;

        BytesPath(int ordinal, String name) {
            this.ordinal = ordinal;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int numaNode() {
            return -1;
        }

        @Override
        public boolean preferred() {
            return false;
        }

        @Override
        public int ordinal() {
            return ordinal;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public long bytesInFlight() {
            return bytes;
        }

        @Override
        public ServiceHistory history() {
            return new ServiceHistory();
        }
    }
}
