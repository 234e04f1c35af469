package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SelectorCursorTest {
    @Test
    void callersNodeIsAskedOnceIn256Times() {
        AtomicInteger asked = new AtomicInteger();
        SelectorCursor cursor = new SelectorCursor(countingAsks(asked), 0);

        for (int i = 0; i < 256; i++) {
            cursor.node();
        }
        assertThat(asked).hasValue(1);

        cursor.node();
        assertThat(asked).hasValue(2);
    }

    @Test
    void movedCallerIsServedByItsOwnNodeAfterTheNextAsking() {
        AtomicInteger node = new AtomicInteger();
        SelectorCursor cursor = new SelectorCursor(countingAsks(node), 0);

        assertThat(cursor.node()).isEqualTo(1);
        for (int i = 0; i < 255; i++) {
            assertThat(cursor.node()).isEqualTo(1);
        }
        assertThat(cursor.node()).isEqualTo(2);
    }

    /** Two threads of one stripe, each with a table of its own size: what one leaves behind is garbage to the other. */
    @Test
    void threadsThatShareACursorStayInBounds() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (IoPolicy policy : IoPolicies.all()) {
                SelectorCursor cursor = new SelectorCursor(NumaTopology.flat(), 0);
                List<Future<Integer>> outOfBounds =
                        threads.invokeAll(List.of(choices(policy, 2, cursor), choices(policy, 31, cursor)));
                for (Future<Integer> count : outOfBounds) {
                    assertThat(count.get()).as(policy.name()).isZero();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Callable<Integer> choices(IoPolicy policy, int count, SelectorCursor cursor) {
        List<ModelPath> candidates = new ArrayList<>();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            candidates.add(ModelPath.of(ordinal, AccessState.OPTIMIZED));
        }
        PathSelector selector = policy.selector(candidates, NumaTopology.flat());
        return () -> {
            int outOfBounds = 0;
            for (int i = 0; i < 200_000; i++) {
                int chosen = selector.select(cursor);
                outOfBounds += chosen < 0 || chosen >= count ? 1 : 0;
            }
            return outOfBounds;
        };
    }

    private static NumaTopology countingAsks(AtomicInteger asked) {
        return new NumaTopology() {
            @Override
            public int currentNode() {
                return asked.incrementAndGet();
            }

            @Override
            public int nodes() {
                return 3;
            }

            @Override
            public int distance(int from, int to) {
                return from == to ? 10 : 20;
            }
        };
    }
}
