package io.mpath.internal.device;

import static io.mpath.AccessState.NON_OPTIMIZED;
import static io.mpath.AccessState.OPTIMIZED;
import static io.mpath.AccessState.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Admission;
import io.mpath.DeviceSettings;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.observe.MultipathEvent.FlushIncomplete;
import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Flushes of devices whose ports keep what was written through them to themselves. */
@ParameterizedClass
@EnumSource(Via.class)
class PortFlushTest {
    private static final Geometry CACHED = new Geometry(
            Scene.SIZE, Scene.BLOCK, Scene.BLOCK, Scene.LIMIT, Scene.LIMIT, Scene.LIMIT, Scene.LIMIT, true, false);

    @Parameter
    Via via;

    private Scene scene(DeviceSettings settings, Geometry geometry, String... ports) {
        var scene = via.of(SimWorld.seeded(1), Admission.capable(), settings);
        PathDescription described = Scene.description("d").withGeometry(geometry);
        scene.disk().describe(described);
        for (String port : ports) {
            scene.join(new PathPort(port));
        }
        return scene;
    }

    private Scene perPort(String... ports) {
        return scene(DeviceSettings.defaults(), CACHED.withFlushPerPort(true), ports);
    }

    private static Told flush(Scene scene) {
        Told flush = scene.request().of(IoOperation.FLUSH, 0).submit(scene.device());
        scene.idle();
        return flush;
    }

    private static void write(Scene scene, int block) {
        Told write = scene.write(block, 1);
        scene.idle();
        assertThat(write.status).isEqualTo(IoStatus.SUCCESS);
    }

    private static long flushes(Scene scene, String port) {
        return scene.path(port).attempts().stream()
                .filter(attempt -> attempt.operation() == IoOperation.FLUSH)
                .count();
    }

    private static void onlyOptimized(Scene scene, String best, String... others) {
        for (String other : others) {
            scene.becomes(other, NON_OPTIMIZED);
        }
        scene.becomes(best, OPTIMIZED);
    }

    @Test
    void flushGoesToEveryPortThatWasWrittenThrough() {
        var scene = scene(
                DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin()),
                CACHED.withFlushPerPort(true),
                "a",
                "b",
                "c");
        write(scene, 0);
        write(scene, 1);
        write(scene, 2);

        assertThat(flush(scene).status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flushes(scene, "a")).isOne();
        assertThat(flushes(scene, "b")).isOne();
        assertThat(flushes(scene, "c")).isOne();
    }

    @Test
    void whereOneFlushCoversAllItGoesToOnePath() {
        for (Geometry geometry : new Geometry[] {CACHED, Scene.GEOMETRY.withFlushPerPort(true)}) {
            var scene = scene(DeviceSettings.defaults(), geometry, "a", "b");
            onlyOptimized(scene, "a", "b");
            write(scene, 0);
            onlyOptimized(scene, "b", "a");

            assertThat(flush(scene).status).isEqualTo(IoStatus.SUCCESS);
            assertThat(flushes(scene, "a")).isZero();
            assertThat(flushes(scene, "b")).isOne();
        }
    }

    @Test
    void flushReachesAPortThatIsNotChosenAnyMoreAndOnlyOnce() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        onlyOptimized(scene, "b", "a");
        flush(scene);
        assertThat(flushes(scene, "a")).isOne();
        assertThat(flushes(scene, "b")).isZero();
        flush(scene);

        assertThat(flushes(scene, "a")).isOne();
        assertThat(flushes(scene, "b")).isOne();
    }

    @Test
    void readsDoNotMakeAPortUnflushed() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        scene.read(0);
        onlyOptimized(scene, "b", "a");
        flush(scene);

        assertThat(flushes(scene, "a")).isZero();
    }

    @Test
    void portThatCannotBeReachedDoesNotFailTheFlushAndIsFlushedWhenItIsBack() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.becomes("a", UNAVAILABLE);

        assertThat(flush(scene).status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flush(scene).status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flushes(scene, "b")).isEqualTo(2);
        assertThat(scene.events(FlushIncomplete.class))
                .extracting(FlushIncomplete::ports)
                .containsExactly("a");
        assertThat(scene.device().snapshot().counters().unreachedFlushes()).isEqualTo(2);

        scene.becomes("a", NON_OPTIMIZED);
        flush(scene);
        assertThat(flushes(scene, "a")).isOne();
    }

    @Test
    void portThatLeftUnflushedIsToldOfOnce() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.path("a").vanish();
        scene.idle();

        assertThat(flush(scene).status).isEqualTo(IoStatus.SUCCESS);
        scene.pass(Duration.ofSeconds(2));
        assertThat(flush(scene).status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.events(FlushIncomplete.class))
                .extracting(FlushIncomplete::ports)
                .containsExactly("a");
        assertThat(scene.device().snapshot().counters().unreachedFlushes()).isOne();
    }

    @Test
    void portThatLeftAndCameBackIsFlushed() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.path("a").vanish();
        scene.idle();
        scene.await(scene.offer("a"));
        onlyOptimized(scene, "b", "a");
        flush(scene);

        assertThat(flushes(scene, "a")).isOne();
        assertThat(scene.events(FlushIncomplete.class)).isEmpty();
    }

    @Test
    void flushThatFailsOnOnePortFailsAndIsDoneAgainByTheNext() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        onlyOptimized(scene, "b", "a");
        write(scene, 1);
        scene.path("a").next(1, SimAnswer.fail(PathFailure.fail(IoStatus.MEDIUM_ERROR, "no")));

        assertThat(flush(scene).status).isEqualTo(IoStatus.MEDIUM_ERROR);
        assertThat(flush(scene).status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flushes(scene, "a")).isEqualTo(2);
        assertThat(flushes(scene, "b")).isOne();
    }

    @Test
    void partThatItsPathFailsWaitsForThatPathToHaveRested() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.path("a").next(1, SimAnswer.fail(PathFailure.failOver(Certainty.UNKNOWN, "reset")));
        Told flush = flush(scene);
        scene.pass(Duration.ofMillis(500));

        assertThat(flush.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flushes(scene, "a")).isEqualTo(2);
        assertThat(scene.events(FlushIncomplete.class)).isEmpty();
    }

    @Test
    void pathThatKeepsFailingKeepsNoFlush() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.path("a").answer(SimAnswer.fail(PathFailure.failOver(Certainty.NOT_EXECUTED, "reset")));
        Told flush = flush(scene);
        scene.pass(Duration.ofSeconds(10));

        assertThat(flush.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flush.endedAtNanos).isLessThan(Duration.ofSeconds(5).toNanos());
        assertThat(scene.events(FlushIncomplete.class)).hasSize(1);
        assertThat(flushes(scene, "b")).isOne();
    }

    @Test
    void portLostDuringItsPartLetsTheFlushGoOn() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.path("a").next(1, SimAnswer.hang());
        Told flush = flush(scene);
        scene.port("a").pull();
        scene.idle();

        assertThat(flush.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(scene.events(FlushIncomplete.class)).hasSize(1);
    }

    /** It found the mark of its path set before the flush took it, and its data goes out behind the flush. */
    @Test
    void writeSubmittedAroundAFlushIsCoveredByTheNext() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        var flush = new AtomicReference<Told>();
        scene.path("a").script(attempt -> {
            if (attempt.operation() == IoOperation.WRITE && flush.get() == null) {
                flush.set(scene.request().of(IoOperation.FLUSH, 0).submit(scene.device()));
                scene.idle();
            }
            return SimAnswer.succeed();
        });
        write(scene, 1);
        assertThat(flush.get().status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flushes(scene, "a")).isOne();
        onlyOptimized(scene, "b", "a");
        flush(scene);

        assertThat(flushes(scene, "a")).isEqualTo(2);
    }

    /** A path that is chosen and not yet marked when the flush takes the marks. */
    @Test
    void writeThatChoseItsPathBeforeAFlushIsCoveredByTheNext() {
        var policy = new PreemptedPolicy(IoPolicies.numa());
        var scene = scene(DeviceSettings.defaults().withPolicy(policy), CACHED.withFlushPerPort(true), "a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        policy.preemptNext(() -> flush(scene));
        write(scene, 1);
        onlyOptimized(scene, "b", "a");
        flush(scene);

        assertThat(flushes(scene, "a")).isEqualTo(2);
    }

    /** The first may fail: then nothing has covered what the second promises. */
    @Test
    void flushDoesNotTrustOneThatIsUnderWay() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.path("a").next(1, SimAnswer.hang());
        Told first = flush(scene);
        onlyOptimized(scene, "b", "a");
        Told second = flush(scene);

        assertThat(second.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flushes(scene, "a")).isEqualTo(2);
        SimAttempt hanging = scene.path("a").underWay().get(0);
        hanging.fail(PathFailure.fail(IoStatus.TARGET_ERROR, "no"));
        scene.idle();
        assertThat(first.status).isEqualTo(IoStatus.TARGET_ERROR);
    }

    @Test
    void deviceThatTakesOneRequestAtOnceIsFlushedThroughBothPorts() {
        var scene = scene(DeviceSettings.defaults().withMaxInFlight(1), CACHED.withFlushPerPort(true), "a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        onlyOptimized(scene, "b", "a");
        write(scene, 1);

        assertThat(flush(scene).status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flushes(scene, "a") + flushes(scene, "b")).isEqualTo(2);
    }

    @Test
    void partsEndByTheDeadlineOfTheFlush() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.path("a").answer(SimAnswer.hang());
        Told flush = scene.request().of(IoOperation.FLUSH, 0).timeout(Duration.ofSeconds(1));
        flush.submit(scene.device());
        scene.pass(Duration.ofSeconds(2));

        assertThat(flush.status).isEqualTo(IoStatus.TIMED_OUT);
        assertThat(flush.ends).isOne();
    }

    @Test
    void closingAnswersAFlushThatIsUnderWay() {
        var scene = perPort("a", "b");
        onlyOptimized(scene, "a", "b");
        write(scene, 0);
        scene.path("a").answer(SimAnswer.hang());
        Told flush = flush(scene);
        scene.await(scene.device().closeAsync());
        scene.idle();

        assertThat(flush.ends).isOne();
        assertThat(flush.status).isEqualTo(IoStatus.CLOSED);
    }

    @Test
    void bareDeviceHasOnePortToFlush() {
        var scene = via.of(SimWorld.seeded(1), Admission.capable(), DeviceSettings.defaults());
        scene.disk().describe(Scene.description("d").withGeometry(CACHED.withFlushPerPort(true)));
        scene.array.withPort("a");
        var bare = scene.registry.openBare(scene.path("a"));
        Told flush = scene.request().of(IoOperation.FLUSH, 0).submit(bare);
        scene.idle();

        assertThat(flush.status).isEqualTo(IoStatus.SUCCESS);
        assertThat(flushes(scene, "a")).isOne();
    }
}
