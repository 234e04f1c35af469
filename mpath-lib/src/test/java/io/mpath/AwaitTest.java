package io.mpath;

import static io.mpath.DataPathBench.GEOMETRY;
import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The blocking form, on real threads. */
@Timeout(30)
class AwaitTest {
    private final LinkedBlockingQueue<PathIo> taken = new LinkedBlockingQueue<>();
    private final Multipath registry = Multipath.create();
    private final MultipathDevice device =
            registry.join(new ScriptedPath("path", new PathDescription(DataPathBench.ID, GEOMETRY), taken::add));

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void awaitReturnsWhenTheRequestHasSucceeded() throws Exception {
        CompletableFuture<Void> waited = awaitElsewhere(device.read(0, room(1)));
        assertThat(waited).isNotDone();
        PathIo io = take();
        io.complete(io.tag());
        assertThat(waited).succeedsWithin(10, TimeUnit.SECONDS);
    }

    /** Thrown where it is waited for, with the place where it came about as its cause. */
    @Test
    void awaitThrowsWhatIsKnownOfTheFailure() throws Exception {
        IoFuture read = device.read(0, room(1));
        PathIo io = take();
        io.fail(io.tag(), PathFailure.fail(IoStatus.TARGET_ERROR, "internal target failure"));

        DeviceIoException failure = catchThrowableOfType(DeviceIoException.class, read::await);
        assertThat(failure.status()).isEqualTo(IoStatus.TARGET_ERROR);
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
        assertThat(failure).hasMessageContaining("internal target failure");
        assertThat(failure.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(AwaitTest.class.getName()));
        assertThat(failure.getCause()).isInstanceOf(DeviceIoException.class);
    }

    @Test
    void interruptDoesNotEndTheWaitAndIsKept() throws Exception {
        IoFuture read = device.read(0, room(1));
        CompletableFuture<Thread> waiter = new CompletableFuture<>();
        CompletableFuture<Boolean> interruptedAfterwards = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            waiter.complete(Thread.currentThread());
            Thread.currentThread().interrupt();
            read.await();
            interruptedAfterwards.complete(Thread.interrupted());
        });
        thread.start();
        PathIo io = take();
        waiter.get().interrupt();
        assertThat(interruptedAfterwards).isNotDone();

        io.complete(io.tag());
        assertThat(interruptedAfterwards).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(true);
    }

    /** Negative control: the wait of any other future is ended by an interrupt. */
    @Test
    void interruptEndsAnOrdinaryGet() throws Exception {
        IoFuture read = device.read(0, room(1));
        Thread.currentThread().interrupt();
        assertThat(catchThrowableOfType(InterruptedException.class, read::get)).isNotNull();
        PathIo io = take();
        io.complete(io.tag());
        read.await();
    }

    @Test
    void waitSurvivesAFailover() throws Exception {
        CompletableFuture<Void> waited = awaitElsewhere(device.read(0, room(1)));
        PathIo io = take();
        io.fail(io.tag(), PathFailure.failOver(Certainty.NOT_EXECUTED, "connection lost"));
        PathIo again = take();
        again.complete(again.tag());
        assertThat(waited).succeedsWithin(10, TimeUnit.SECONDS);
    }

    private PathIo take() throws InterruptedException {
        return java.util.Objects.requireNonNull(taken.poll(10, TimeUnit.SECONDS), "the path was given nothing");
    }

    private static CompletableFuture<Void> awaitElsewhere(IoFuture future) {
        return CompletableFuture.runAsync(future::await);
    }
}
