package io.mpath;

import static io.mpath.DataPathBench.GEOMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many paths are described anew at once, and which of them first. */
class DescriptionTurnsTest {
    private static final PathPort PORT = new PathPort("port");

    private final Queue<Runnable> held = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final List<Described> paths = new ArrayList<>();
    private boolean holding;
    private final DataPathBench bench = new DataPathBench(
            0,
            DeviceSettings.defaults(),
            GEOMETRY,
            environment -> environment.withBlocking(task -> {
                if (holding) {
                    held.add(task);
                } else {
                    environment.blocking().execute(task);
                }
            }));

    private final class Described extends ScriptedPath {
        boolean silent;

        Described(String name, PathPort port) {
            super(name, port, new PathDescription(DataPathBench.ID, GEOMETRY), io -> false);
        }

        @Override
        public PathDescription describe() {
            asked.add(name());
            if (silent) {
                throw new MultipathException("by this test");
            }
            return super.describe();
        }

        PathControl control() {
            return Objects.requireNonNull(control);
        }
    }

    private void join(int count, PathPort port) {
        for (int i = 0; i < count; i++) {
            var path = new Described(port.name() + " " + i, port);
            bench.world.await(bench.registry.offer(path));
            paths.add(path);
        }
        bench.runUntilIdle();
        asked.clear();
        holding = true;
    }

    private void allChanged() {
        paths.forEach(path -> path.control().changed());
        bench.runUntilIdle();
    }

    /** @return how many were held */
    private int answerThoseHeld() {
        List<Runnable> now = List.copyOf(held);
        held.clear();
        now.forEach(Runnable::run);
        bench.runUntilIdle();
        return now.size();
    }

    @Test
    void portIsAskedByOneThreadMoreWithEachAnswerAndByEightAtMost() {
        join(60, PORT);
        allChanged();

        List<Integer> atOnce = new ArrayList<>();
        while (!held.isEmpty()) {
            atOnce.add(answerThoseHeld());
        }

        assertThat(atOnce).startsWith(1, 2, 4, 8, 8).allMatch(count -> count <= 8);
        assertThat(asked).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void portThatDoesNotAnswerHoldsOneThread() {
        join(20, PORT);
        paths.forEach(path -> path.silent = true);
        allChanged();

        for (int i = 0; i < 20; i++) {
            assertThat(answerThoseHeld()).isOne();
        }
        assertThat(asked).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void portsTogetherTakeFewerThanHalfOfTheThreads() {
        for (int port = 0; port < 16; port++) {
            join(3, new PathPort("port" + port));
            holding = false;
        }
        holding = true;
        allChanged();
        assertThat(held).hasSize(12);

        while (!held.isEmpty()) {
            assertThat(answerThoseHeld()).isLessThanOrEqualTo(12);
        }
        assertThat(asked).hasSize(48).doesNotHaveDuplicates();
    }

    @Test
    void pathThatIsKeptOutIsAskedBeforeThoseThatAreUsed() {
        join(10, PORT);
        allChanged();

        paths.get(9).control().identityInDoubt();
        bench.runUntilIdle();
        while (!held.isEmpty()) {
            answerThoseHeld();
        }

        assertThat(asked).startsWith("port 0", "port 9").hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void pathThatWentIsNotAsked() {
        join(3, PORT);
        allChanged();

        paths.get(1).control().gone("by this test");
        bench.runUntilIdle();
        while (!held.isEmpty()) {
            answerThoseHeld();
        }

        assertThat(asked).containsExactly("port 0", "port 2");
    }

    /** On the threads that the library brings: a path through another port has its turn though these never answer. */
    @Test
    void deadPortDoesNotKeepPathsOfOtherPortsFromBeingDescribed() throws InterruptedException {
        var dead = new CountDownLatch(1);
        var answered = new CountDownLatch(1);
        List<Blocking> behindTheDeadPort = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            behindTheDeadPort.add(new Blocking("dead " + i, PORT, dead));
        }
        var well = new Blocking("well", new PathPort("another"), new CountDownLatch(0)) {
            @Override
            public PathDescription describe() {
                if (control != null) {
                    answered.countDown();
                }
                return super.describe();
            }
        };
        try (Multipath registry =
                Multipath.builder().environment(Environment.system()).build()) {
            behindTheDeadPort.forEach(registry::join);
            registry.join(well);

            behindTheDeadPort.forEach(
                    path -> Objects.requireNonNull(path.control).changed());
            Objects.requireNonNull(well.control).changed();

            assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
            dead.countDown();
        }
    }

    /** Answers when it is joined, and later when it is let. */
    private static class Blocking extends ScriptedPath {
        private final CountDownLatch until;

        Blocking(String name, PathPort port, CountDownLatch until) {
            super(name, port, new PathDescription(DataPathBench.ID, GEOMETRY), io -> false);
            this.until = until;
        }

        @Override
        public PathDescription describe() {
            boolean joined = control != null;
            try {
                if (joined) {
                    until.await();
                }
            } catch (InterruptedException e) {
                throw new MultipathException("interrupted", e);
            }
            return super.describe();
        }
    }
}
