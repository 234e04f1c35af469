package io.mpath;

import static io.mpath.DataPathBench.room;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.PathDescription;
import io.mpath.path.PathQueue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callbacks that submit again on paths that end everything at once: neither nested nor deep. */
@Timeout(60)
class TrampolineTest {
    private static final int MANY = 1_000_000;
    private static final PathQueue AT_ONCE = io -> {
        io.complete(io.tag());
        return true;
    };

    private final Multipath registry = Multipath.create();
    private final MultipathDevice device = open("one");
    private final MultipathDevice other = open("other");

    private int ended;
    private int depth;
    private int deepest;
    private int stackWithinFirst;
    private int deepestStack;

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void millionRequestsEachSubmittedByTheCallbackOfTheOneBeforeEndInsideTheFirstSubmit() {
        ByteBuffer buffer = room(1);
        IoRequest request = IoRequest.create();
        request.onComplete((it, status) -> countAnd(status, () -> {
            buffer.clear();
            device.submit(request.read(0, buffer));
        }));
        device.submit(request.read(0, buffer));
        assertAllEndedFlat();
    }

    @Test
    void millionRequestsFromDeviceToDeviceAreAsFlat() {
        ByteBuffer buffer = room(1);
        IoRequest request = IoRequest.create();
        request.onComplete((it, status) -> countAnd(status, () -> {
            buffer.clear();
            (ended % 2 == 0 ? device : other).submit(request.read(0, buffer));
        }));
        device.submit(request.read(0, buffer));
        assertAllEndedFlat();
        assertThat(device.snapshot().paths().get(0).counters().requests()).isBetween(MANY / 2L, MANY / 2L + 1);
        assertThat(other.snapshot().paths().get(0).counters().requests()).isBetween(MANY / 2L, MANY / 2L + 1);
    }

    /** What cannot be sent ends inside submit too. */
    @Test
    void millionRefusedRequestsAreAsFlat() {
        IoRequest request = IoRequest.create();
        request.onComplete((it, status) -> {
            assertThat(status).isEqualTo(IoStatus.MISALIGNED);
            countAnd(IoStatus.SUCCESS, () -> device.submit(request.discard(1, 1)));
        });
        device.submit(request.discard(1, 1));
        assertAllEndedFlat();
    }

    @Test
    void endsInsideACallbackAreToldInOrderWhenItHasReturned() {
        List<String> order = new ArrayList<>();
        IoRequest first = IoRequest.create().flush();
        first.onComplete((it, status) -> {
            for (String name : List.of("a", "b", "c")) {
                device.submit(IoRequest.create().flush().onComplete((inner, how) -> order.add(name)));
            }
            order.add("returned");
        });
        device.submit(first);
        assertThat(order).containsExactly("returned", "a", "b", "c");
    }

    /** The last of many that throw leaves the thread as it found it. */
    @Test
    void callbacksThatThrowLoseNoneOfThoseBehindThem() {
        List<String> order = new ArrayList<>();
        device.submit(IoRequest.create().flush().onComplete((it, status) -> {
            device.submit(IoRequest.create().flush().onComplete((inner, how) -> {
                throw new IllegalStateException("thrown by a test's callback");
            }));
            device.submit(IoRequest.create().flush().onComplete((inner, how) -> order.add("behind it")));
            throw new IllegalStateException("thrown by a test's callback");
        }));
        device.flush().await();
        assertThat(order).containsExactly("behind it");
    }

    /** Negative control of the measure: recursion shows. */
    @Test
    void recursionWouldBeSeen() {
        countAnd(IoStatus.SUCCESS, () -> countAnd(IoStatus.SUCCESS, () -> {}));
        assertThat(deepest).isEqualTo(2);
        assertThat(deepestStack).isGreaterThan(stackWithinFirst);
    }

    private void countAnd(IoStatus status, Runnable next) {
        assertThat(status).isEqualTo(IoStatus.SUCCESS);
        depth++;
        ended++;
        deepest = Math.max(deepest, depth);
        if (ended < 10 || ended % 100_000 == 0) {
            int stack = new Throwable().getStackTrace().length;
            stackWithinFirst = ended == 1 ? stack : stackWithinFirst;
            deepestStack = Math.max(deepestStack, stack);
        }
        if (ended < MANY) {
            next.run();
        }
        depth--;
    }

    private void assertAllEndedFlat() {
        assertThat(ended).as("all of them, before submit returned").isEqualTo(MANY);
        assertThat(deepest).isEqualTo(1);
        assertThat(deepestStack).isLessThanOrEqualTo(stackWithinFirst + 2);
    }

    private MultipathDevice open(String name) {
        var path = new ScriptedPath(name, new PathDescription(DeviceId.named(name), DataPathBench.GEOMETRY), AT_ONCE);
        MultipathDevice opened = registry.join(path);
        opened.flush().await(); // usable from here on
        return opened;
    }
}
