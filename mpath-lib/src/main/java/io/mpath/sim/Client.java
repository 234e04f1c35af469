package io.mpath.sim;

import io.mpath.DeviceIoException;
import io.mpath.Effect;
import io.mpath.IoCallback;
import io.mpath.IoFuture;
import io.mpath.IoOperation;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A program that uses devices: several requests under way, most of them on a few small ranges that all programs share, in bursts
 * with pauses in between.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what a dependent throws, the referee keeps
final class Client {
    private static final long SHORT_THOUGHT = 200_000L;

    private final Run run;
    private final SimThread thread;
    private final SimRandom random;
    private final SimRandom doors;
    private final ClientChannels channels;
    private final long pauseNanos;

    Client(Run run, int number) {
        this.run = run;
        this.thread = run.world().thread("client " + number);
        this.random = run.world().random(thread.name());
        this.doors = run.world().random("doors of " + thread.name());
        this.channels = new ClientChannels(thread, doors, run.coverage());
        SimOptions options = run.options();
        long lanes = options.get(SimOption.CLIENTS) * options.get(SimOption.DEPTH);
        this.pauseNanos = 8 * options.get(SimOption.FAULTS_MS) * 1_000_000L * lanes / options.get(SimOption.REQUESTS);
    }

    void start() {
        for (int lane = 0; lane < run.options().count(SimOption.DEPTH); lane++) {
            thread.execute(this::issue);
        }
    }

    private void issue() {
        if (run.takesRequests()) {
            hand(run.requests().begin(draw()));
        }
    }

    private void next(ClientRequest ended) {
        if (ended.form != ClientRequest.Form.FUTURE && random.chance(1, 5) && run.takesRequests()) {
            run.coverage().count(Passage.SUBMITTED_IN_A_CALLBACK.toString());
            issue();
        } else if (run.takesRequests()) {
            long thought = random.chance(3, 4) ? random.between(0, SHORT_THOUGHT) : random.between(0, pauseNanos);
            thread.schedule(Duration.ofNanos(thought), this::issue);
        }
    }

    private ClientRequest draw() {
        Unit unit = run.units().get(random.nextInt(run.units().size()));
        IoOperation operation = operation();
        int blocks = 0;
        int first = 0;
        if (operation == IoOperation.COMPARE_AND_WRITE) {
            blocks = 1 + random.nextInt(Run.COMPARED_BLOCKS);
            first = hot(unit, blocks);
        } else if (operation != IoOperation.FLUSH && operation != IoOperation.PASSTHROUGH) {
            boolean wide = random.chance(1, 5);
            blocks = 1 + random.nextInt(wide ? unit.blocks() : 4);
            first = wide ? random.nextInt(unit.blocks() - blocks + 1) : hot(unit, blocks);
        }
        if (blocks > 0 && random.chance(1, 100)) {
            first = unit.blocks(); // where only a device that has grown has blocks
        }
        var form = random.chance(1, 2) ? door() : ClientRequest.Form.FUTURE;
        var request = new ClientRequest(
                run.requests().nextNumber(),
                thread.name(),
                unit,
                unit.device(),
                operation,
                form,
                (long) first * Unit.BLOCK,
                blocks * Unit.BLOCK);
        fill(request);
        request.timeoutNanos = run.options().get(SimOption.REQUEST_MS) * 1_000_000L;
        if (form != ClientRequest.Form.FUTURE && random.chance(run.options().count(SimOption.OWN_TIMEOUT), 100)) {
            request.ownTimeout = true;
            request.timeoutNanos = random.between(1_000_000L, 2 * request.timeoutNanos);
        }
        return request;
    }

    private ClientRequest.Form door() {
        return doors.chance(run.options().count(SimOption.CHANNELS), 100)
                ? ClientRequest.Form.CHANNEL
                : ClientRequest.Form.CALLBACK;
    }

    private IoOperation operation() {
        if (random.chance(run.options().count(SimOption.READS), 100)) {
            return IoOperation.READ;
        }
        int drawn = random.nextInt(100);
        if (drawn < 76) {
            return IoOperation.WRITE;
        }
        if (drawn < 82) {
            return IoOperation.WRITE_ZEROES;
        }
        if (drawn < 87) {
            return IoOperation.DISCARD;
        }
        if (drawn < 94) {
            return IoOperation.COMPARE_AND_WRITE;
        }
        return drawn < 97 ? IoOperation.FLUSH : IoOperation.PASSTHROUGH;
    }

    /** Hot ranges are spread over the unit; all clients know the same. */
    private int hot(Unit unit, int blocks) {
        int ranges = run.options().count(SimOption.HOT);
        int at = random.nextInt(ranges) * unit.blocks() / ranges + random.nextInt(2);
        return Math.min(at, unit.blocks() - blocks);
    }

    private void fill(ClientRequest request) {
        if (request.operation == IoOperation.READ || request.stamps()) {
            request.data = ByteBuffer.allocate(request.length);
        }
        if (request.stamps()) {
            Stamp.fill(request.data, request.unit.number(), request.firstBlock(), request.blocks(), request.number);
        }
        if (request.operation == IoOperation.COMPARE_AND_WRITE) {
            boolean right = random.chance(2, 3);
            request.expected = right
                    ? ByteBuffer.wrap(request.unit.disk().contents(request.offset, request.length))
                    : ByteBuffer.allocate(request.length);
        }
    }

    private void hand(ClientRequest request) {
        if (request.form == ClientRequest.Form.CHANNEL && channels.submitting()) {
            request.form = ClientRequest.Form.CALLBACK;
        }
        ClientRequest outer = run.requests().enter(request);
        try {
            switch (request.form) {
                case CALLBACK -> request.device.submit(inCallbackForm(request));
                case CHANNEL -> {
                    run.coverage().count(Passage.THROUGH_A_CHANNEL.toString());
                    channels.submit(request.device, inCallbackForm(request));
                }
                case FUTURE -> start(request);
            }
        } finally {
            run.requests().leave(request, outer);
        }
    }

    private IoRequest inCallbackForm(ClientRequest what) {
        IoRequest request = IoRequest.create();
        switch (what.operation) {
            case READ -> request.read(what.offset, what.data);
            case WRITE -> request.write(what.offset, what.data).forceUnitAccess(random.chance(1, 8));
            case FLUSH -> request.flush();
            case DISCARD -> request.discard(what.offset, what.length);
            case WRITE_ZEROES -> request.writeZeroes(what.offset, what.length);
            case COMPARE_AND_WRITE -> request.compareAndWrite(what.offset, what.expected, what.data);
            case PASSTHROUGH -> request.passthrough(what);
        }
        if (what.ownTimeout) {
            request.timeout(Duration.ofNanos(what.timeoutNanos));
        }
        return request.onComplete(new Listener(what));
    }

    private void start(ClientRequest what) {
        IoFuture future = future(what.device, what);
        future.whenComplete((done, failure) -> ended(what, failure));
        future.buffersReleased().thenRun(() -> released(what));
    }

    private static IoFuture future(MultipathDevice device, ClientRequest what) {
        return switch (what.operation) {
            case READ -> device.read(what.offset, what.data);
            case WRITE -> device.write(what.offset, what.data);
            case FLUSH -> device.flush();
            case DISCARD -> device.discard(what.offset, what.length);
            case WRITE_ZEROES -> device.writeZeroes(what.offset, what.length);
            case COMPARE_AND_WRITE -> device.compareAndWrite(what.offset, what.expected, what.data);
            case PASSTHROUGH -> device.passthrough(what);
        };
    }

    private void ended(ClientRequest what, @Nullable Throwable failure) {
        run.referee().guard(() -> end(what, failure));
    }

    private void end(ClientRequest what, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            run.requests().ended(what, IoStatus.SUCCESS, Effect.DONE, "");
        } else if (cause instanceof DeviceIoException io) {
            run.requests().ended(what, io.status(), io.effect(), String.valueOf(io.getMessage()));
        } else {
            throw new IllegalStateException("a future failed with " + cause, cause);
        }
    }

    private void released(ClientRequest what) {
        run.referee().guard(() -> {
            run.requests().released(what);
            next(what);
        });
    }

    /** The callback form. */
    private final class Listener implements IoCallback {
        private final ClientRequest what;

        Listener(ClientRequest what) {
            this.what = what;
        }

        @Override
        public void completed(IoRequest request, IoStatus status) {
            what.buffersInUse = request.buffersInUse();
            DeviceIoException failure = status == IoStatus.SUCCESS ? null : request.failure();
            String message = failure == null ? "" : String.valueOf(failure.getMessage());
            run.referee().guard(() -> run.requests().ended(what, status, request.effect(), message));
            if (!what.buffersInUse) {
                released(what);
            }
        }

        @Override
        public void buffersReleased(IoRequest request) {
            released(what);
        }
    }
}
