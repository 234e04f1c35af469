package io.mpath.scsi.alua;

import io.mpath.Ticker;
import io.mpath.internal.adapter.LogPace;
import io.mpath.path.PathPort;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent on one target, whatever registries its logical units are in: how many of them are asked for their access
 * states at once, and how many log lines. A logical unit has one command under way at most.
 *
 * <p>Turns that somebody waits for come first, and every eighth is a routine one's while there are any; else they come in the order
 * in which they were asked for. Each is for one port. No port has all of them, so that one which swallows commands does not keep the
 * others waiting. One that has swallowed a command is silent until it answers one: it has one turn at a time, and all that are
 * silent have half of the turns.
 *
 * <p>Threading: any thread; guarded by the monitor of this, which is not held while anything else is called.
 */
public final class AluaBudget {
    /** A turn that takes longer hangs, for all that can be seen by then. */
    static final long HUNG_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How many urgent turns come in a row at most while a routine one waits. */
    static final int URGENT_IN_A_ROW = 7;

    private final AluaBudgets all;
    private final String target;
    private final int most;
    private final Map<Topic, LogPace> paces = new EnumMap<>(Topic.class);
    // A port that nobody has any more is forgotten, and with it that it was silent.
    private final Map<PathPort, Port> ports = new WeakHashMap<>();
    private int taken;
    private int urgentInARow;
    private long asked;

    /** What is said of many logical units at once, when a target fails or moves. */
    enum Topic {
        SENSE,
        FAILURE,
        UNLISTED,
        LATE,
        ACTIVATION
    }

    /** The turns of one port. */
    private static final class Port {
        final Set<Turn> urgent = new LinkedHashSet<>();
        final Set<Turn> routine = new LinkedHashSet<>();
        final Set<Turn> held = new LinkedHashSet<>();
        boolean silent;

        boolean hangs() {
            return held.stream().anyMatch(Turn::hangs);
        }

        boolean isIdle() {
            return held.isEmpty() && urgent.isEmpty() && routine.isEmpty();
        }
    }

    AluaBudget(AluaBudgets all, String target, int most) {
        this.all = all;
        this.target = target;
        this.most = most;
        for (Topic topic : Topic.values()) {
            paces.put(topic, new LogPace());
        }
    }

    /** The target's name. */
    String target() {
        return target;
    }

    /**
     * Queues for a turn: {@code granted} is run on the member's loop when it is there, unless it was given back before.
     *
     * @param urgently whether somebody may be waiting for what is found out
     */
    Turn ask(AluaMember through, boolean urgently, Runnable granted) {
        all.use(this);
        Turn turn;
        synchronized (this) {
            turn = new Turn(through, ++asked, granted);
            Port port = port(turn.port);
            (urgently ? port.urgent : port.routine).add(turn);
        }
        grant();
        return turn;
    }

    private Port port(PathPort of) {
        return ports.computeIfAbsent(of, absent -> new Port());
    }

    private void grant() {
        for (Turn turn = next(); turn != null; turn = next()) {
            Turn held = turn;
            held.loop.execute(held::begin);
        }
    }

    private synchronized @Nullable Turn next() {
        if (taken == most) {
            return null;
        }
        Turn urgent = first(port -> port.urgent);
        Turn routine = first(port -> port.routine);
        boolean routineIsDue = routine != null && (urgent == null || urgentInARow >= URGENT_IN_A_ROW);
        Turn turn = routineIsDue ? routine : urgent;
        if (turn != null) {
            urgentInARow = routineIsDue || routine == null ? 0 : urgentInARow + 1;
            take(turn);
        }
        return turn;
    }

    private void take(Turn turn) {
        Port port = port(turn.port);
        port.urgent.remove(turn);
        port.routine.remove(turn);
        port.held.add(turn);
        turn.held = true;
        turn.began = turn.ticker.nanos();
        taken++;
    }

    /** The one that was asked for first, of the ports that may have one more. */
    private @Nullable Turn first(Function<Port, Collection<Turn>> queue) {
        Turn first = null;
        for (Port port : ports.values()) {
            Collection<Turn> waiting = queue.apply(port);
            if (!waiting.isEmpty() && mayHaveOneMore(port)) {
                Turn head = waiting.iterator().next();
                first = first == null || head.number < first.number ? head : first;
            }
        }
        return first;
    }

    private boolean mayHaveOneMore(Port port) {
        return port.silent ? port.held.isEmpty() && silentMayHaveOneMore() : port.held.size() < mostOfPort();
    }

    private int mostOfPort() {
        return Math.max(1, most - 1);
    }

    private boolean silentMayHaveOneMore() {
        int ofSilent = ports.values().stream()
                .filter(port -> port.silent)
                .mapToInt(port -> port.held.size())
                .sum();
        // Where there is one turn only, it is for those that answer.
        return ofSilent < most / 2 || (most == 1 && !anyWaitsForOneThatAnswers());
    }

    private boolean anyWaitsForOneThatAnswers() {
        return ports.values().stream().anyMatch(port -> !port.silent && !port.isIdle());
    }

    /** How many turns through {@code port} are under way, or are waited for. */
    synchronized int turns(PathPort of) {
        Port port = port(of);
        return port.held.size() + port.urgent.size() + port.routine.size();
    }

    /** Whether {@code port} does not answer, or not in time. */
    synchronized boolean isSilent(PathPort of) {
        Port port = port(of);
        return port.silent || port.hangs();
    }

    /** Whether others are trying already whether {@code port} answers, so that a turn may be long in coming. */
    synchronized boolean isBeingTried(PathPort of) {
        Port port = port(of);
        return port.hangs() || (port.silent && !port.isIdle());
    }

    /** The port can be given commands again, for all that is known. */
    void returned(PathPort of) {
        synchronized (this) {
            port(of).silent = false;
        }
        grant();
    }

    /** Lets the log lines of one topic pass. */
    LogPace pace(Topic topic) {
        return Objects.requireNonNull(paces.get(topic));
    }

    /** One logical unit's turn, through one port. */
    final class Turn {
        private final PathPort port;
        private final Executor loop;
        private final Ticker ticker;
        private final long number;
        private final Runnable granted;
        private boolean held;
        private boolean over;
        private long began;

        private Turn(AluaMember through, long number, Runnable granted) {
            this.port = through.port();
            this.loop = through.control().loop();
            this.ticker = through.control().ticker();
            this.number = number;
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

        private boolean hangs() {
            return ticker.nanos() - began >= HUNG_NANOS;
        }

        /** Whether it serves for {@code member}, too. */
        boolean isFor(AluaMember member) {
            return member.port() == port && member.budget() == AluaBudget.this;
        }

        /** Somebody waits for it by now. */
        void hurry() {
            synchronized (AluaBudget.this) {
                Port of = port(port);
                if (of.routine.remove(this)) {
                    of.urgent.add(this);
                }
            }
            grant();
        }

        /**
         * It is over.
         *
         * @param answered whether the last command was answered
         */
        void end(boolean answered) {
            synchronized (AluaBudget.this) {
                if (held && (answered || hangs())) {
                    port(port).silent = !answered;
                }
            }
            giveBack();
        }

        /** It is not wanted any more, or nothing was sent. Of no effect after the end. */
        void giveBack() {
            synchronized (AluaBudget.this) {
                if (over) {
                    return;
                }
                Port of = port(port);
                of.urgent.remove(this);
                of.routine.remove(this);
                of.held.remove(this);
                taken -= held ? 1 : 0;
                held = false;
                over = true;
            }
            all.leave(AluaBudget.this);
            grant();
        }
    }

    @Override
    public String toString() {
        return target + ", " + most + " at once";
    }
}
