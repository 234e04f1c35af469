package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Abortable;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class BlockingThreadsTest {
    private final Semaphore started = new Semaphore(0);
    private final Semaphore mayEnd = new Semaphore(0);
    private final Semaphore rooms = new Semaphore(0);
    private final AtomicInteger memories = new AtomicInteger();
    private final List<TransferMemory> lost = new CopyOnWriteArrayList<>();
    private final CountDownLatch left = new CountDownLatch(1);

    /** Threads whose requests start and then hang until the test lets them end. */
    private BlockingThreads hanging(int threads, int waiting) {
        return threads(threads, waiting, (io, memory) -> {
            started.release();
            mayEnd.acquireUninterruptibly();
            return null;
        });
    }

    private BlockingThreads threads(int threads, int waiting, BlockingThreads.Work work) {
        return new BlockingThreads("test", threads, waiting, this::memory, work, lost::add, rooms::release);
    }

    /** Threads that leave as soon as there is nothing to be carried out. */
    private BlockingThreads impatient(int threads, int waiting, BlockingThreads.Work work) {
        return new BlockingThreads("test", threads, waiting, 0, 0, this::memory, work, lost::add, rooms::release);
    }

    private TransferMemory memory() {
        memories.incrementAndGet();
        return new TransferMemory(Syscalls.system(), 4096, 512);
    }

    private static TestIo flush() {
        return TestIo.of(IoOperation.FLUSH, 0, 0);
    }

    @Test
    void refusesWhenThreadsAndRingAreFullAndTellsOfRoomOnce() throws InterruptedException {
        BlockingThreads threads = hanging(2, 3);
        PathQueue queue = threads.queue(QueueKind.SHARED);
        List<TestIo> taken = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            submit(queue, taken);
            started.acquire();
        }
        for (int i = 0; i < 3; i++) {
            submit(queue, taken);
        }

        assertThat(queue.submit(flush())).isFalse();
        assertThat(queue.submit(flush())).isFalse();
        assertThat(rooms.availablePermits()).isZero();
        mayEnd.release();
        rooms.acquire();
        submit(queue, taken);
        mayEnd.release(5);
        for (TestIo io : taken) {
            assertThat(io.outcome()).isNull();
        }
        assertThat(rooms.availablePermits()).isZero();
        assertThat(memories).as("one transfer memory per thread").hasValue(2);
        close(threads);
    }

    @Test
    void everyRequestFindsAThreadWhileThereAreThreadsToStart() throws InterruptedException {
        BlockingThreads threads = hanging(8, 8);
        PathQueue queue = threads.queue(QueueKind.SHARED);
        List<TestIo> taken = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            submit(queue, taken);
        }

        assertThat(started.tryAcquire(8, 10, TimeUnit.SECONDS)).isTrue();
        mayEnd.release(8);
        close(threads);
    }

    @Test
    void threadsThatAreNotNeededAnyMoreLeaveAndOthersComeWhenTheyAre() throws InterruptedException {
        List<Thread> seen = new CopyOnWriteArrayList<>();
        BlockingThreads threads = impatient(4, 4, (io, memory) -> {
            seen.add(Thread.currentThread());
            started.release();
            mayEnd.acquireUninterruptibly();
            return null;
        });
        PathQueue queue = threads.queue(QueueKind.SHARED);
        List<TestIo> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            submit(queue, taken);
        }
        started.acquire(4);
        mayEnd.release(4);
        for (Thread thread : seen) {
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }
        mayEnd.release();
        submit(queue, taken);

        for (TestIo io : taken) {
            assertThat(io.outcome()).isNull();
        }
        assertThat(memories).hasValue(5);
        close(threads);
    }

    @Test
    void asManyThreadsAsAreToStayDo() throws InterruptedException {
        List<Thread> seen = new CopyOnWriteArrayList<>();
        BlockingThreads.Work work = (io, memory) -> {
            seen.add(Thread.currentThread());
            started.release();
            mayEnd.acquireUninterruptibly();
            return null;
        };
        var threads = new BlockingThreads("test", 4, 4, 1_000_000, 1, this::memory, work, lost::add, rooms::release);
        PathQueue queue = threads.queue(QueueKind.SHARED);
        List<TestIo> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            submit(queue, taken);
        }
        started.acquire(4);
        mayEnd.release(4);
        while (seen.stream().filter(Thread::isAlive).count() > 1) {
            Thread.onSpinWait();
        }
        for (TestIo io : taken) {
            assertThat(io.outcome()).isNull();
        }

        mayEnd.release();
        TestIo next = flush();
        queue.submit(next);
        assertThat(next.outcome()).isNull();
        assertThat(seen.subList(0, 4)).as("the one that stayed").contains(seen.get(4));
        close(threads);
    }

    /** Those that leave are not counted on by a request that comes in the same moment. */
    @Test
    void everyRequestIsCarriedOutWhateverTheMomentAtWhichThreadsLeave() throws InterruptedException {
        BlockingThreads threads = impatient(3, 10, (io, memory) -> null);
        PathQueue queue = threads.queue(QueueKind.SHARED);
        for (int i = 0; i < 500; i++) {
            List<TestIo> taken = new ArrayList<>();
            for (int j = 0; j < 4; j++) {
                submit(queue, taken);
            }
            for (TestIo io : taken) {
                assertThat(io.outcome()).isNull();
            }
        }
        assertThat(memories).as("threads that were made").hasValueGreaterThan(3);
        close(threads);
    }

    @Test
    void closingEndsWhereAllThreadsHaveLeft() throws InterruptedException {
        List<Thread> seen = new CopyOnWriteArrayList<>();
        BlockingThreads threads = impatient(1, 1, (io, memory) -> {
            seen.add(Thread.currentThread());
            return null;
        });
        TestIo io = flush();
        threads.queue(QueueKind.SHARED).submit(io);
        assertThat(io.outcome()).isNull();
        seen.get(0).join(10_000);
        assertThat(seen.get(0).isAlive()).isFalse();

        close(threads);
    }

    /** A thread that was idle and is still in the callback of its last request must not be counted on. */
    @Test
    void requestSubmittedFromACallbackIsNotLeftToTheThreadThatWaitsForIt() throws InterruptedException {
        BlockingThreads threads = threads(2, 4, (io, memory) -> null);
        PathQueue queue = threads.queue(QueueKind.SHARED);
        TestIo inner = flush();
        TestIo outer = flush().onEnd(() -> {
            queue.submit(inner);
            awaitEnd(inner);
        });
        queue.submit(outer);

        assertThat(outer.outcome()).isNull();
        close(threads);
    }

    @Test
    void closingFailsWhatWaitsAndLetsWhatRunsEnd() throws InterruptedException {
        BlockingThreads threads = hanging(1, 4);
        PathQueue queue = threads.queue(QueueKind.SHARED);
        TestIo running = flush();
        TestIo waiting = flush();
        queue.submit(running);
        started.acquire();
        queue.submit(waiting);
        threads.close(left::countDown);

        assertNotExecuted(waiting);
        TestIo late = flush();
        assertThat(queue.submit(late)).isTrue();
        assertNotExecuted(late);
        assertThat(running.hasEnded()).isFalse();
        assertThat(left.getCount()).as("a thread is still out").isEqualTo(1);

        mayEnd.release();
        assertThat(running.outcome()).isNull();
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closingWithoutThreadsLeavesOnAThreadOfItsOwn() throws InterruptedException {
        var leaver = new Thread[1];
        threads(1, 1, (io, memory) -> null).close(() -> {
            leaver[0] = Thread.currentThread();
            left.countDown();
        });

        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(leaver[0]).isNotSameAs(Thread.currentThread());
    }

    @Test
    void lateSubmittersAreAnsweredOnceWhateverTheMoment() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            BlockingThreads threads = threads(2, 1000, (io, memory) -> null);
            PathQueue queue = threads.queue(QueueKind.SHARED);
            var lastOut = new CountDownLatch(1);
            List<List<TestIo>> submitted = List.of(new ArrayList<>(), new ArrayList<>());
            List<Thread> submitters = submitted.stream()
                    .map(list -> new Thread(() -> {
                        for (int i = 0; i < 200; i++) {
                            submit(queue, list);
                        }
                    }))
                    .toList();
            submitters.forEach(Thread::start);
            threads.close(lastOut::countDown);
            for (Thread submitter : submitters) {
                submitter.join();
            }

            assertThat(lastOut.await(10, TimeUnit.SECONDS)).isTrue();
            for (List<TestIo> list : submitted) {
                for (TestIo io : list) {
                    io.outcome();
                }
            }
        }
    }

    @Test
    void confinedQueueEndsRequestsInPollOnly() throws InterruptedException {
        BlockingThreads threads = hanging(1, 2);
        PathQueue queue = threads.queue(QueueKind.CONFINED);
        var thread = new Thread[1];
        TestIo io = flush().onEnd(() -> thread[0] = Thread.currentThread());
        queue.submit(io);
        started.acquire();
        mayEnd.release();
        threads.close(left::countDown);
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(io.hasEnded()).isFalse();
        assertThat(queue.poll()).isEqualTo(1);
        assertThat(io.outcome()).isNull();
        assertThat(thread[0]).isSameAs(Thread.currentThread());
        assertThat(queue.poll()).isZero();
    }

    @Test
    void confinedQueueThatIsNotPolledFillsUpAndTellsOfRoomWhenItIs() throws InterruptedException {
        BlockingThreads threads = threads(1, 2, (io, memory) -> null);
        PathQueue queue = threads.queue(QueueKind.CONFINED);
        List<TestIo> taken = new ArrayList<>();
        while (taken.size() < 3) {
            TestIo io = flush();
            if (queue.submit(io)) {
                taken.add(io);
            } else {
                rooms.acquire();
            }
        }

        assertThat(queue.submit(flush())).isFalse();
        rooms.drainPermits();
        int polled = 0;
        while (polled < 3) {
            polled += queue.poll();
        }
        assertThat(rooms.availablePermits()).isPositive();
        close(threads);
    }

    @Test
    void driverThatThrowsBreaksItsRequestAndNothingElse() throws InterruptedException {
        var failing = new AtomicInteger(1);
        BlockingThreads threads = threads(1, 2, (io, memory) -> {
            if (failing.getAndDecrement() > 0) {
                throw new IllegalStateException("a bug");
            }
            return null;
        });
        PathQueue queue = threads.queue(QueueKind.SHARED);
        TestIo broken = flush();
        TestIo next = flush();
        queue.submit(broken);
        queue.submit(next);

        PathFailure failure = broken.outcome();
        assertThat(failure).isNotNull();
        assertThat(failure.status()).isEqualTo(IoStatus.INTERNAL_ERROR);
        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(next.outcome()).isNull();
        close(threads);
    }

    @Test
    void wantOfMemoryFailsWhatWaitsInsteadOfStrandingIt() throws InterruptedException {
        var threads = new BlockingThreads(
                "test",
                1,
                2,
                () -> {
                    throw new OutOfMemoryError("none left");
                },
                (io, memory) -> null,
                lost::add,
                rooms::release);
        TestIo io = flush();
        threads.queue(QueueKind.SHARED).submit(io);

        assertNotExecuted(io);
        close(threads);
    }

    /** races.md 31: what is still in a queue of the network stack must not change under it. */
    @Test
    void nothingIsCarriedOutWithTheMemoryOfALostWrite() throws InterruptedException {
        List<TransferMemory> used = new CopyOnWriteArrayList<>();
        BlockingThreads threads = threads(1, 4, (io, memory) -> {
            used.add(memory);
            return PathFailure.failOver(
                    io.operation() == IoOperation.FLUSH ? Certainty.TERMINATED : Certainty.UNKNOWN, "failed");
        });
        PathQueue queue = threads.queue(QueueKind.SHARED);
        List<IoOperation> operations =
                List.of(IoOperation.FLUSH, IoOperation.READ, IoOperation.WRITE_ZEROES, IoOperation.FLUSH);
        for (IoOperation operation : operations) {
            List<TransferMemory> lostAtEnd = new ArrayList<>();
            TestIo io = TestIo.of(operation, 0, 0).onEnd(() -> lostAtEnd.addAll(lost));
            queue.submit(io);
            awaitEnd(io);
            assertThat(lostAtEnd).hasSize(used.size() < 3 ? 0 : 1);
        }

        assertThat(used.get(1)).isSameAs(used.get(0));
        assertThat(used.get(2)).isSameAs(used.get(0));
        assertThat(lost).containsExactly(used.get(2));
        assertThat(used.get(3)).isNotSameAs(used.get(2));
        close(threads);
    }

    @Test
    void whatWaitsBehindALostRequestIsNotSentIntoTheUnknown() throws InterruptedException {
        List<TestIo> sent = new CopyOnWriteArrayList<>();
        BlockingThreads threads = threads(1, 2, (io, memory) -> {
            sent.add((TestIo) io);
            started.release();
            mayEnd.acquireUninterruptibly();
            return sent.size() == 1 ? PathFailure.failOver(Certainty.UNKNOWN, "the cable") : null;
        });
        PathQueue queue = threads.queue(QueueKind.SHARED);
        TestIo after = flush();
        TestIo lostOne = flush().onEnd(() -> queue.submit(after));
        List<TestIo> behind = new ArrayList<>();
        queue.submit(lostOne);
        started.acquire();
        submit(queue, behind);
        submit(queue, behind);
        assertThat(queue.submit(flush())).isFalse();

        mayEnd.release(2);

        assertThat(lostOne.outcome()).isNotNull();
        for (TestIo io : behind) {
            assertNotExecuted(io);
        }
        assertThat(after.outcome())
                .as("who submits after the loss was told knows of it")
                .isNull();
        assertThat(sent).containsExactly(lostOne, after);
        assertThat(rooms.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        close(threads);
    }

    @ParameterizedTest
    @EnumSource(QueueKind.class)
    void abortEndsARequestThatWaitsBehindThreadsThatHang(QueueKind kind) throws InterruptedException {
        BlockingThreads threads = hanging(1, 3);
        PathQueue queue = threads.queue(kind);
        TestIo running = flush();
        TestIo first = flush();
        TestIo aborted = flush();
        TestIo last = flush();
        queue.submit(running);
        started.acquire();
        queue.submit(first);
        queue.submit(aborted);
        queue.submit(last);

        ((Abortable) queue).abort(aborted, aborted.tag() + 1);
        ((Abortable) queue).abort(running, running.tag());
        queue.poll();
        assertThat(running.hasEnded() || aborted.hasEnded()).isFalse();
        ((Abortable) queue).abort(aborted, aborted.tag());
        queue.poll();

        assertNotExecuted(aborted);
        mayEnd.release(3);
        threads.close(left::countDown);
        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        queue.poll();
        assertThat(running.outcome()).isNull();
    }

    @Test
    void whatWaitsIsFailedAtOnceWhenThePathIsNotToBeUsed() throws InterruptedException {
        BlockingThreads threads = hanging(1, 2);
        PathQueue queue = threads.queue(QueueKind.SHARED);
        List<TestIo> waiting = new ArrayList<>();
        TestIo running = flush();
        queue.submit(running);
        started.acquire();
        submit(queue, waiting);
        submit(queue, waiting);

        threads.failWaiting(PathFailure.failOver(Certainty.NOT_EXECUTED, "not live"));

        for (TestIo io : waiting) {
            assertNotExecuted(io);
        }
        TestIo next = flush();
        queue.submit(next);
        assertThat(running.hasEnded() || next.hasEnded()).isFalse();
        mayEnd.release(2);
        assertThat(next.outcome()).isNull();
        close(threads);
    }

    private static void submit(PathQueue queue, List<TestIo> taken) {
        TestIo io = flush();
        assertThat(queue.submit(io)).isTrue();
        taken.add(io);
    }

    private static void awaitEnd(TestIo io) {
        try {
            io.outcome();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertNotExecuted(TestIo io) throws InterruptedException {
        PathFailure failure = io.outcome();
        assertThat(failure).isNotNull();
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
    }

    private void close(BlockingThreads threads) throws InterruptedException {
        threads.close(left::countDown);
        assertThat(left.await(10, TimeUnit.SECONDS)).as("the threads leave").isTrue();
    }
}
