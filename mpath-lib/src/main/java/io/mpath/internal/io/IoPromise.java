package io.mpath.internal.io;

import io.mpath.DeviceIoException;
import io.mpath.IoCallback;
import io.mpath.IoFuture;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/** The future form of a flight: its callback, completable by nobody else. */
public final class IoPromise extends IoFuture implements IoCallback {
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    @Override
    public void completed(IoRequest request, IoStatus status) {
        boolean inUse = request.buffersInUse();
        DeviceIoException failure = request.failure();
        if (failure == null) {
            super.complete(null);
        } else {
            super.completeExceptionally(failure);
        }
        if (!inUse) {
            released.complete(null);
        }
    }

    @Override
    public void buffersReleased(IoRequest request) {
        released.complete(null);
    }

    @Override
    public void await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DeviceIoException failure) {
                // Made by the thread that ended the request: the caller wants to see where it waited, too.
                DeviceIoException mine =
                        new DeviceIoException(failure.status(), failure.effect(), String.valueOf(failure.getMessage()));
                mine.initCause(failure);
                throw mine;
            }
            throw new CompletionException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public CompletionStage<Void> buffersReleased() {
        return released.minimalCompletionStage();
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    @Override
    public boolean complete(Void value) {
        throw notYours();
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        throw notYours();
    }

    @Override
    public void obtrudeValue(Void value) {
        throw notYours();
    }

    @Override
    public void obtrudeException(Throwable failure) {
        throw notYours();
    }

    @Override
    public CompletableFuture<Void> completeAsync(
            java.util.function.Supplier<? extends Void> supplier, Executor executor) {
        throw notYours();
    }

    @Override
    public CompletableFuture<Void> orTimeout(long timeout, java.util.concurrent.TimeUnit unit) {
        throw notYours();
    }

    @Override
    public CompletableFuture<Void> completeOnTimeout(Void value, long timeout, java.util.concurrent.TimeUnit unit) {
        throw notYours();
    }

    private static UnsupportedOperationException notYours() {
        return new UnsupportedOperationException(
                "only the library completes an I/O; cancel detaches from it, copy() gives a future that others may complete");
    }
}
