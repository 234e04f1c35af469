package io.mpath.scsi.alua;

import io.mpath.internal.adapter.LogPace;
import io.mpath.path.PathPort;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.command.ScsiCommand;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent on one target, whatever registries its logical units are in: how many of them are asked for their access
 * states at once, in the order in which they came; and how many log lines. A logical unit has one command under way at most.
 *
 * <p>Threading: any thread; guarded by the monitor of this, which is not held while anything else is called.
 */
public final class AluaBudget {
    private final String target;
    private final int most;
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final Map<PathPort, Integer> underWay = new HashMap<>();
    private final Map<Topic, LogPace> paces = new EnumMap<>(Topic.class);
    private int taken;

    /** What is said of many logical units at once, when a target fails or moves. */
    enum Topic {
        SENSE,
        FAILURE,
        UNLISTED,
        LATE,
        ACTIVATION
    }

    /**
     * For one target.
     *
     * @param target its name, for messages
     * @param most how many logical units at once
     */
    public AluaBudget(String target, int most) {
        if (most < 1) {
            throw new IllegalArgumentException(target + ": " + most + " at once");
        }
        this.target = target;
        this.most = most;
        for (Topic topic : Topic.values()) {
            paces.put(topic, new LogPace());
        }
    }

    /** Queues for a turn: {@code granted} is run on {@code loop} when it is there, unless it was ended before. */
    Turn ask(Executor loop, Runnable granted) {
        var turn = new Turn(loop, granted);
        synchronized (this) {
            waiting.add(turn);
        }
        grant();
        return turn;
    }

    private void grant() {
        for (Turn turn = next(); turn != null; turn = next()) {
            Turn held = turn;
            held.loop.execute(held::begin);
        }
    }

    private synchronized @Nullable Turn next() {
        if (taken == most || waiting.isEmpty()) {
            return null;
        }
        Turn turn = waiting.iterator().next();
        waiting.remove(turn);
        turn.held = true;
        taken++;
        return turn;
    }

    /** Executes a command through {@code member}, and counts it meanwhile. */
    ScsiReply execute(AluaMember member, ScsiCommand command, @Nullable ByteBuffer data) {
        count(member.port(), 1);
        try {
            return member.execute(command, data);
        } finally {
            count(member.port(), -1);
        }
    }

    private synchronized void count(PathPort port, int change) {
        if (underWay.merge(port, change, Integer::sum) == 0) {
            underWay.remove(port);
        }
    }

    /** How many commands are under way through {@code port}: one that does not answer gathers them. */
    synchronized int underWay(PathPort port) {
        return underWay.getOrDefault(port, 0);
    }

    /** Lets the log lines of one topic pass. */
    LogPace pace(Topic topic) {
        return Objects.requireNonNull(paces.get(topic));
    }

    /** One logical unit's turn. */
    final class Turn {
        private final Executor loop;
        private final Runnable granted;
        private boolean held;

        private Turn(Executor loop, Runnable granted) {
            this.loop = loop;
            this.granted = granted;
        }

        private void begin() {
            synchronized (AluaBudget.this) {
                if (!held) {
                    return;
                }
            }
            granted.run();
        }

        /** It is over, or is not wanted any more. */
        void end() {
            synchronized (AluaBudget.this) {
                waiting.remove(this);
                taken -= held ? 1 : 0;
                held = false;
            }
            grant();
        }
    }

    @Override
    public String toString() {
        return target + ", " + most + " at once";
    }
}
