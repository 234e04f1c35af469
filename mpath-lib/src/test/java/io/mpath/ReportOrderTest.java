package io.mpath;

import static io.mpath.DataPathBench.GEOMETRY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.observe.MultipathEvent;
import io.mpath.path.PathControl.AccessChange;
import io.mpath.path.PathDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport learns the state of one path on any thread, and any of its paths may speak for all. */
@Timeout(60)
class ReportOrderTest {
    private static final List<AccessState> STATES =
            List.of(AccessState.OPTIMIZED, AccessState.NON_OPTIMIZED, AccessState.UNAVAILABLE);
    private static final int THREADS = 4;
    private static final int REPORTS = 300;

    private final List<AccessState> made = new ArrayList<>();
    private final ScriptedPath path = path("path", "disk");
    private final ScriptedPath sibling = path("sibling", "disk");
    private final ScriptedPath bare = path("bare", "private");

    private static ScriptedPath path(String name, String device) {
        return new ScriptedPath(name, new PathDescription(DeviceId.named(device), GEOMETRY), io -> true);
    }

    @Test
    void reportsOfSeveralThreadsAreCarriedOutInTheOrderInWhichTheyWereMade() throws Exception {
        Queue<AccessState> told = new ConcurrentLinkedQueue<>();
        var removed = new CompletableFuture<Void>();
        try (Multipath registry = Multipath.create()) {
            registry.listen(event -> {
                if (event instanceof MultipathEvent.AccessStateChanged changed) {
                    told.add(changed.to());
                } else if (event instanceof MultipathEvent.PathRemoved) {
                    removed.complete(null);
                }
            });
            registry.openBare(bare);
            registry.join(path); // behind the attaching of the bare one
            registry.join(sibling);

            reportOnSeveralThreads();
            Objects.requireNonNull(path.control).gone("all is reported");
            removed.get(30, TimeUnit.SECONDS);
        }
        assertThat(made).hasSize(THREADS * REPORTS);
        assertThat(told).containsExactlyElementsOf(made);
    }

    private void reportOnSeveralThreads() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            var thread = new Thread(() -> {
                for (int n = 0; n < REPORTS; n++) {
                    reportNext();
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private synchronized void reportNext() {
        made.add(STATES.get((made.size() + 1) % STATES.size()));
        AccessState state = made.get(made.size() - 1);
        List<AccessChange> change = List.of(new AccessChange(path, state, false));
        switch (made.size() % 5) {
            case 0, 1 -> Objects.requireNonNull(path.control).accessState(state);
            case 2, 3 -> Objects.requireNonNull(sibling.control).accessStates(change);
            default -> Objects.requireNonNull(bare.control).accessStates(change);
        }
    }
}
