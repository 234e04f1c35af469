package io.mpath.sim;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Tasks that run in the order in which they came. Only the first of them is an event of the world, so any other lane's tasks
 * may come between two of these.
 */
final class SimLane {
    private final SimWorld world;
    private final SimThread runsOn;
    private final SimEvent.Kind kind;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean held;
    private boolean scheduled;

    SimLane(SimWorld world, SimThread runsOn, SimEvent.Kind kind) {
        this.world = world;
        this.runsOn = runsOn;
        this.kind = kind;
    }

    void add(Runnable task) {
        tasks.add(task);
        scheduleFirst();
    }

    void hold() {
        held = true;
    }

    void release() {
        held = false;
        scheduleFirst();
    }

    int size() {
        return tasks.size();
    }

    private void scheduleFirst() {
        if (!held && !scheduled && !tasks.isEmpty()) {
            scheduled = true;
            world.enqueue(0, kind, runsOn, this::runFirst);
        }
    }

    private void runFirst() {
        scheduled = false;
        if (held) {
            return;
        }
        Runnable first = tasks.remove();
        scheduleFirst();
        first.run();
    }
}
