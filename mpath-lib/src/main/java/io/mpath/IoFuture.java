package io.mpath;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The end of a request, to come. Only the library completes it; cancelling it detaches the caller and changes nothing for the
 * request, whose buffers stay in use until {@link #buffersReleased}. Fails with {@link DeviceIoException}.
 */
public abstract sealed class IoFuture extends CompletableFuture<Void> permits io.mpath.internal.io.IoPromise {
    /** Only the library makes these. */
    protected IoFuture() {}

    /**
     * Waits for the end: the blocking form of every operation. Suits virtual threads. An interrupt does not end the wait (the
     * buffers are in use) and is kept.
     *
     * @throws DeviceIoException when the request failed
     */
    public abstract void await();

    /** Completes when no attempt can touch the buffers any more: with this, or later. */
    public abstract CompletionStage<Void> buffersReleased();
}
