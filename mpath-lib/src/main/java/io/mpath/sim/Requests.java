package io.mpath.sim;

import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the clients of a run ask for, each request from its making until its buffers are free, and whose attempt is whose. */
final class Requests {
    private final SimWorld world;
    private final SimOptions options;
    private final SimCoverage coverage;
    private final Story story;
    private final Referee referee;
    private final List<ClientRequest> all = new ArrayList<>();
    private final Map<Long, ClientRequest> byNumber = new HashMap<>();
    private final IdentityHashMap<ByteBuffer, ClientRequest> byBuffer = new IdentityHashMap<>();
    private final IdentityHashMap<SimThread, ClientRequest> handingIn = new IdentityHashMap<>();
    private long numbers;
    private long attempts;
    private int open;

    Requests(SimWorld world, SimOptions options, SimCoverage coverage, Story story, Referee referee) {
        this.world = world;
        this.options = options;
        this.coverage = coverage;
        this.story = story;
        this.referee = referee;
    }

    /** All that there were so far, in the order in which they were made. */
    List<ClientRequest> all() {
        return Collections.unmodifiableList(all);
    }

    /** How many were made. */
    long made() {
        return numbers;
    }

    /** How many attempts paths were given. */
    long attempts() {
        return attempts;
    }

    /** Whether the buffers of some are not free. */
    boolean anyOpen() {
        return open > 0;
    }

    long nextNumber() {
        return ++numbers;
    }

    ClientRequest begin(ClientRequest request) {
        request.beganNanos = world.nanos();
        all.add(request);
        open++;
        if (request.stamps()) {
            byNumber.put(request.number, request);
        } else if (request.operation == IoOperation.READ) {
            byBuffer.put(request.data, request);
        }
        long limit = limit(request.operation);
        request.pieces = (int) Math.max(1, (request.length + limit - 1) / limit);
        request.mayOverflow = request.unit.slots() + request.pieces > options.get(SimOption.IN_FLIGHT);
        request.unit.slots(request.pieces);
        request.unit.mayHaveBeenFull |= request.mayOverflow;
        if (request.pieces > 1) {
            coverage.count(Passage.SPLIT.toString());
        }
        if (story.told()) {
            story.tell(request.client, request + " is handed in");
        }
        referee.began(request);
        return request;
    }

    private long limit(IoOperation operation) {
        long transfer = options.get(SimOption.TRANSFER) * Unit.BLOCK;
        return switch (operation) {
            case READ, WRITE, WRITE_ZEROES -> transfer;
            case DISCARD -> 2 * transfer;
            case FLUSH, COMPARE_AND_WRITE, PASSTHROUGH -> Long.MAX_VALUE;
        };
    }

    /** Its hand-in begins on the running thread. @return what that thread is in the middle of handing in */
    @Nullable
    ClientRequest enter(ClientRequest request) {
        return handingIn.put(world.current(), request);
    }

    void leave(ClientRequest request, @Nullable ClientRequest outer) {
        if (outer == null) {
            handingIn.remove(world.current());
        } else {
            handingIn.put(world.current(), outer);
        }
        referee.returned(request);
        if (request.mayOverflow && request.attempts == 0 && request.ends == 0) {
            coverage.count(Passage.OVERFLOW.toString());
        }
    }

    /** What the running thread is in the middle of handing in; null: nothing. */
    @Nullable
    ClientRequest beingHandedIn() {
        return handingIn.get(world.current());
    }

    void given(Route route, SimAttempt attempt) {
        attempts++;
        ClientRequest request = requestOf(attempt);
        if (request != null) {
            request.attempts++;
        }
        referee.submitted(route, attempt, request);
        if (request != null) {
            request.taken++;
        }
    }

    void refused(SimAttempt attempt) {
        ClientRequest request = requestOf(attempt);
        if (request != null) {
            request.taken--;
        }
    }

    /** Whose attempt it is; null where nothing in it tells. */
    private @Nullable ClientRequest requestOf(SimAttempt attempt) {
        return switch (attempt.operation()) {
            case READ -> byBuffer.get(attempt.io().buffer(0));
            case WRITE -> byNumber.get(ByteBuffer.wrap(attempt.payload()).getLong(0));
            case COMPARE_AND_WRITE -> replacing(attempt.payload());
            case PASSTHROUGH -> attempt.io().command() instanceof ClientRequest request ? request : null;
            case FLUSH, DISCARD, WRITE_ZEROES -> null;
        };
    }

    /** The one of that number, which it writes; null: none. */
    @Nullable
    ClientRequest numbered(long number) {
        return byNumber.get(number);
    }

    /** Whose compare-and-write it is that compares and replaces {@code data}; null where nothing in it tells. */
    @Nullable
    ClientRequest replacing(byte[] data) {
        return byNumber.get(ByteBuffer.wrap(data).getLong(data.length / 2));
    }

    void ended(ClientRequest request, IoStatus status, Effect effect, String message) {
        request.ends++;
        request.status = status;
        request.effect = effect;
        request.message = message;
        request.endedNanos = world.nanos();
        if (story.told()) {
            story.tell(request.client, request + " ends as " + status + ", " + effect + tail(message));
        }
        coverage.count(SimCoverage.of(status));
        count(request, status);
        referee.ended(request);
    }

    private static String tail(String message) {
        return message.isEmpty() ? "" : ": " + message;
    }

    private void count(ClientRequest request, IoStatus status) {
        switch (status) {
            case QUEUE_FULL -> coverage.count(Passage.QUEUE_FULL.toString());
            case CLOSED -> coverage.count(Passage.ENDED_BY_CLOSE.toString());
            case TIMED_OUT, OUTCOME_UNKNOWN -> {
                if (request.buffersInUse) {
                    coverage.count(Passage.DEADLINE_WITH_A_PATH.toString());
                } else if (status == IoStatus.TIMED_OUT) {
                    coverage.count(Passage.DEADLINE_WHILE_WAITING.toString());
                }
            }
            default -> {}
        }
    }

    void released(ClientRequest request) {
        request.releases++;
        open--;
        request.unit.slots(-request.pieces);
        if (story.told() && request.buffersInUse) {
            story.tell(request.client, request + " has its buffers back");
        }
        referee.released(request);
    }
}
