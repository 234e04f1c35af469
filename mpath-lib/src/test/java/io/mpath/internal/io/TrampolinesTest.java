package io.mpath.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoCallback;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More threads in callbacks than there are trampolines, and callbacks inside callbacks. */
@Timeout(30)
class TrampolinesTest {
    private static final int THREADS = 100;

    private final Trampolines trampolines = new Trampolines();

    /** Each callback waits for all others: were one put off until another returns, none would. */
    @Test
    void callbacksOfAnyNumberOfThreadsRunAtOnceEachOnItsOwn() throws Exception {
        CyclicBarrier allInside = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<List<String>>> told = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            told.add(threads.submit(() -> tellNested(() -> allInside.await(10, TimeUnit.SECONDS))));
        }
        for (Future<List<String>> ends : told) {
            assertThat(ends.get()).containsExactly("outer begins", "outer ends", "inner", "innermost");
        }
        threads.shutdown();
    }

    /** All of them have one number, so look for a trampoline in the same place. */
    @Test
    void threadsThatLookInOnePlaceTellNothingInsideOneAnother() throws Exception {
        SameNumber[] threads = {new SameNumber(), new SameNumber(), new SameNumber()};
        for (Thread thread : threads) {
            thread.start();
        }
        for (SameNumber thread : threads) {
            thread.join();
            assertThat(thread.wrong).isZero();
            assertThat(thread.told).isEqualTo(2 * SameNumber.ROUNDS);
        }
    }

    private final class SameNumber extends Thread implements IoCallback {
        private static final int ROUNDS = 200_000;

        private final Flight outer = flight(this);
        private final Flight inner = flight(this);
        private boolean inside;
        private int told;
        private int wrong;

        @Override
        public long getId() {
            return 1;
        }

        @Override
        public void run() {
            for (int i = 0; i < ROUNDS; i++) {
                trampolines.tellEnd(outer);
            }
        }

        @Override
        public void completed(IoRequest request, IoStatus status) {
            told++;
            if (inside || Thread.currentThread() != this) {
                wrong++;
            }
            inside = true;
            if (request == outer) {
                trampolines.tellEnd(inner);
            }
            inside = false;
        }
    }

    /** Negative control: called directly, the inner one runs inside the outer one. */
    @Test
    void withoutATrampolineCallbacksNest() {
        List<String> order = new ArrayList<>();
        Flight inner = flight((request, status) -> order.add("inner"));
        flight((request, status) -> {
                    order.add("outer begins");
                    inner.tellEnd();
                    order.add("outer ends");
                })
                .tellEnd();
        assertThat(order).containsExactly("outer begins", "inner", "outer ends");
    }

    @Test
    void trampolineIsFreeAgainAfterCallbacksThatThrow() throws Exception {
        for (int i = 0; i < 40; i++) {
            trampolines.tellEnd(flight((request, status) -> {
                throw new IllegalStateException("thrown by a test's callback");
            }));
        }
        assertThat(tellNested(() -> {})).hasSize(4);
    }

    private interface Wait {
        void await() throws Exception;
    }

    private List<String> tellNested(Wait wait) throws Exception {
        List<String> order = new ArrayList<>();
        Thread self = Thread.currentThread();
        Flight innermost = flight((request, status) -> order.add("innermost"));
        Flight inner = flight((request, status) -> {
            trampolines.tellEnd(innermost);
            order.add("inner");
        });
        trampolines.tellEnd(flight((request, status) -> {
            order.add("outer begins");
            await(wait);
            trampolines.tellEnd(inner);
            order.add(Thread.currentThread() == self ? "outer ends" : "outer ends elsewhere");
        }));
        return order;
    }

    private static void await(Wait wait) {
        try {
            wait.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Flight flight(IoCallback callback) {
        Flight flight = Flight.create();
        flight.onComplete(callback);
        return flight;
    }
}
