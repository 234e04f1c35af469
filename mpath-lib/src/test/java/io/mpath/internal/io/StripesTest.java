package io.mpath.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.policy.NumaTopology;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slots: each is somebody's alone, and who got none holds none. */
@Timeout(30)
class StripesTest {
    private static final int ROUNDS = 300_000;

    @Test
    void thereAreAsManySlotsAsWereAskedForHoweverManyStripes() {
        for (int slots : new int[] {1, 3, 8, 9, 100}) {
            Stripes stripes = new Stripes(8, slots, NumaTopology.flat(), 0);
            for (int i = 0; i < slots; i++) {
                assertThat(stripes.claim(Flight.create())).isTrue();
            }
            Flight beyond = Flight.create();
            assertThat(stripes.claim(beyond)).isFalse();
            assertThat(beyond.stripe).isNull();
            AtomicInteger seen = new AtomicInteger();
            stripes.scan(flight -> seen.incrementAndGet());
            assertThat(seen).hasValue(slots);
        }
    }

    /** A flight that believed in a slot that it lost to another would give that other's back. */
    @Test
    void whoLosesTheLastSlotToAnotherHoldsNone() throws Exception {
        Stripes stripes = new Stripes(1, 1, NumaTopology.flat(), 0);
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<Integer>> claims = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            claims.add(threads.submit(() -> {
                int claimed = 0;
                Flight flight = Flight.create();
                for (int round = 0; round < ROUNDS; round++) {
                    if (stripes.claim(flight)) {
                        claimed++;
                        wrong.addAndGet(holders.incrementAndGet() - 1);
                        holders.decrementAndGet();
                    } else if (flight.stripe != null) {
                        wrong.incrementAndGet();
                    }
                    stripes.release(flight);
                }
                return claimed;
            }));
        }
        int claimed = 0;
        for (Future<Integer> one : claims) {
            claimed += one.get();
        }
        threads.shutdown();
        assertThat(wrong).hasValue(0);
        assertThat(claimed).as("claims, some of which failed").isBetween(1, 3 * ROUNDS - 1);
        assertThat(stripes.claim(Flight.create()))
                .as("the slot is free at the end")
                .isTrue();
    }
}
