package io.mpath.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.ControlLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the control loop hands in wakes the pool once, and is run all the same. */
@Timeout(60)
class CallbackQueueTest {
    private static final int THREADS = 2;
    private static final int MUCH = 64;

    private final SteppedLoop loop = new SteppedLoop();
    private final Queue<Runnable> pool = new ArrayDeque<>();
    private final CallbackQueue callbacks = new CallbackQueue(loop, pool::add, THREADS);
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void whatATaskOfTheLoopHandsInIsAnnouncedOnceWhenItIsOver() {
        loop.inside = true;
        handIn(10);
        assertThat(pool).isEmpty();
        callbacks.announce();
        assertThat(pool).hasSize(THREADS);
        pool.remove().run();
        assertThat(ran).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void muchIsAnnouncedBeforeTheTaskIsOver() {
        loop.inside = true;
        handIn(MUCH);
        assertThat(pool).hasSize(THREADS);
    }

    @Test
    void oneTaskWakesOneThread() {
        loop.inside = true;
        handIn(1);
        callbacks.announce();
        assertThat(pool).hasSize(1);
    }

    @Test
    void whatAnotherThreadHandsInIsAnnouncedAtOnce() {
        handIn(1);
        assertThat(pool).hasSize(1);
    }

    @Test
    void aTaskOfTheLoopThatHandsInNothingWakesNobody() {
        loop.inside = true;
        callbacks.announce();
        assertThat(pool).isEmpty();
    }

    @Test
    void aTaskThatBlocksHoldsNoOtherUp() {
        loop.inside = true;
        callbacks.execute(() -> {
            pool.remove().run(); // the other thread, while this one is in here
            assertThat(ran).containsExactly(0, 1);
            ran.add(-1);
        });
        handIn(2);
        callbacks.announce();
        pool.remove().run();
        assertThat(ran).containsExactly(0, 1, -1);
    }

    @Test
    void aTaskThatThrowsIsTheOnlyOneThatIsLost() {
        loop.inside = true;
        callbacks.execute(() -> {
            throw new AssertionError("broken");
        });
        handIn(1);
        callbacks.announce();
        pool.remove().run();
        assertThat(ran).containsExactly(0);
        handIn(1);
        callbacks.announce();
        assertThat(pool).as("the one that is left, and one anew").hasSize(THREADS);
    }

    /** Adding before looking, and counting out before looking: without either a task would be left behind now and then. */
    @Test
    void noTaskIsLeftBehindByThreadsThatCeaseToWork() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            var real = new CallbackQueue(loop, threads, THREADS);
            for (int round = 0; round < 50_000; round++) {
                CountDownLatch both = new CountDownLatch(2);
                real.execute(both::countDown);
                real.execute(both::countDown);
                assertThat(both.await(30, TimeUnit.SECONDS))
                        .as("round %d", round)
                        .isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }

    private void handIn(int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            callbacks.execute(() -> ran.add(number));
        }
    }

    private static final class SteppedLoop implements ControlLoop {
        private boolean inside;

        @Override
        public boolean inLoop() {
            return inside;
        }

        @Override
        public void execute(Runnable task) {
            throw new UnsupportedOperationException();
        }
    }
}
