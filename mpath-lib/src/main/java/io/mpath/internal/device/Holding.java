package io.mpath.internal.device;

import io.mpath.DeviceSettings;
import io.mpath.Timers;
import io.mpath.internal.Durations;
import io.mpath.internal.io.Fence;
import io.mpath.internal.io.Flight;
import io.mpath.internal.io.PathTarget;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.Fenceable;
import io.mpath.path.PathFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes whose attempt was lost. They are kept until the path's target has certainly given the attempt up, and sent again only
 * then: a write that is replayed while its first attempt may still land undoes what was written in between. A range stays in
 * {@link Doubts doubt} until then even when its request has ended. Used on the control loop only.
 */
final class Holding {
    private static final long NOT_YET = Long.MIN_VALUE;
    /** Holds that end in so short a time are ended together. */
    private static final long TOGETHER_NANOS = 1_000_000L;

    private final DeviceControl device;
    private final Doubts doubts;
    private final Consumer<Flight> fenced;
    private final Consumer<Flight> refused;
    private final long holdNanos;
    private final boolean unsafeReplay;
    private long openedNanos = NOT_YET;
    private final List<Doubt> held = new ArrayList<>();
    private final Map<Flight, Doubt> out = new HashMap<>();
    private final Map<String, Episode> episodes = new LinkedHashMap<>();
    private Timers.@Nullable Timer wake;
    private long wakeNanos;

    /**
     * Passes flights on to {@code fenced} that may be sent again, and to {@code refused} those whose attempt can take no effect any
     * more, but that another registry may have overwritten.
     */
    Holding(
            DeviceControl device,
            Doubts doubts,
            DeviceSettings settings,
            Consumer<Flight> fenced,
            Consumer<Flight> refused) {
        this.device = device;
        this.doubts = doubts;
        this.fenced = fenced;
        this.refused = refused;
        this.holdNanos = Durations.nanos("hold", settings.hold());
        this.unsafeReplay = settings.unsafeReplayOfUnknownWrites();
    }

    /**
     * Keeps the flight, whose attempt was handed back as {@code failure}, until it may be sent again; false when it may be by
     * now: the path had reported the fence before the failure.
     */
    boolean hold(Flight flight, PathFailure failure) {
        Doubt doubt = doubt(flight);
        long now = device.now();
        doubt.handedBack(failure.fenceEpoch(), now);
        if (doubt.over(now)) {
            return false;
        }
        doubt.hold(flight);
        held.add(doubt);
        doubts.add(doubt, now);
        device.tally().held++;
        Episode episode = episodes.get(doubt.path());
        if (episode == null) {
            episode = new Episode();
            episodes.put(doubt.path(), episode);
            device.emit(new MultipathEvent.WritesHeld(now, device.id(), doubt.path(), doubt.holdNanos()));
        }
        episode.held++;
        awaitEnd(doubt.nanosLeft(now));
        return true;
    }

    /** Settles in {@code nanos}, unless it does sooner; not left to the tick, for somebody waits for each end. */
    private void awaitEnd(long nanos) {
        long at = device.now() + nanos;
        if (nanos == Long.MAX_VALUE || (wake != null && wakeNanos - at <= 0)) {
            return;
        }
        cancelWake();
        wakeNanos = at;
        wake = device.environment().timers().schedule(nanos, this::woken);
    }

    private void woken() {
        wake = null;
        device.requests().fenced();
        long now = device.now();
        long next = held.stream().mapToLong(doubt -> doubt.nanosLeft(now)).min().orElse(Long.MAX_VALUE);
        awaitEnd(Math.max(next, TOGETHER_NANOS));
    }

    private void cancelWake() {
        if (wake != null) {
            wake.cancel();
            wake = null;
        }
    }

    /**
     * The flight ends, and its range stays in doubt: its attempt was handed back as {@code failure}. False when its path had
     * reported the fence before.
     */
    boolean endInDoubt(Flight flight, PathFailure failure) {
        Doubt doubt = doubt(flight);
        doubt.handedBack(failure.fenceEpoch(), device.now());
        if (doubt.over(device.now())) {
            return false;
        }
        if (!unsafeReplay && flight.changesRange()) {
            doubts.add(doubt, device.now());
        }
        return true;
    }

    /** The flight ends while its path still has the attempt. */
    void endWhileOut(Flight flight) {
        if (!unsafeReplay && flight.changesRange()) {
            keepOut(flight, doubt(flight));
        }
    }

    /**
     * The device has ended while the flight is under way: who opens it anew must not overtake it. Until {@link #underWayEnded},
     * or, where its path keeps the attempt for longer, {@link #handedBack}.
     */
    void endAround(Flight flight) {
        if (flight.target == null && !unsafeReplay) {
            // It is about to be sent, by a table of before the end.
            keepOut(flight, new Doubt("?", flight.offset(), flight.offset() + flight.length(), new Fence(), holdNanos));
        } else {
            endWhileOut(flight);
        }
    }

    /** In place of what was noted of the flight before: by now its path, and so its hold, may be known better. */
    private void keepOut(Flight flight, Doubt doubt) {
        Doubt before = out.put(flight, doubt);
        doubts.add(doubt, device.now());
        if (before != null) {
            doubts.change(before, Doubt::resolve);
        }
    }

    /** It has ended, and what is still in doubt of it was noted before. */
    void underWayEnded(Flight flight) {
        Doubt doubt = out.remove(flight);
        if (doubt != null) {
            doubts.change(doubt, Doubt::resolve);
            settle();
        }
    }

    /** The attempt of a flight that ended before it was handed back, as {@code failure} unless it succeeded. */
    void handedBack(Flight flight, @Nullable PathFailure failure) {
        Doubt doubt = out.remove(flight);
        if (doubt == null) {
            return;
        }
        long now = device.now();
        doubts.change(doubt, it -> {
            if (failure != null && failure.certainty() == Certainty.UNKNOWN) {
                it.handedBack(failure.fenceEpoch(), now);
            } else {
                it.resolve();
            }
        });
    }

    /**
     * The whole device is in doubt, from when it was opened, for the time that losses of a process before this one may take to
     * land: on {@code path}, or on one that has not joined yet.
     */
    void doubtAll(PathTarget path) {
        long now = device.now();
        openedNanos = openedNanos == NOT_YET ? now : openedNanos;
        long own = holdNanosOf(path.path());
        long nanos = own == Long.MAX_VALUE ? holdNanos : Math.max(holdNanos, own);
        Doubt doubt = new Doubt(path.name(), 0, Long.MAX_VALUE, path.fence(), nanos);
        doubt.handedBack(0, openedNanos);
        if (!doubt.over(now)) {
            doubts.add(doubt, now);
        }
    }

    /** The flight, a change that was sent before, is sent again in pieces: whatever overlaps it waits for the last of them. */
    Doubt replayInPieces(Flight flight) {
        Doubt doubt = doubt(flight);
        doubt.replayed();
        doubts.add(doubt, device.now());
        return doubt;
    }

    /** The last piece has ended. Any thread. */
    void piecesEnded(Doubt doubt) {
        doubts.change(doubt, Doubt::resolve);
        device.environment().loop().execute(device.requests()::fenced);
    }

    private Doubt doubt(Flight flight) {
        PathTarget path = Objects.requireNonNull(flight.target, "a lost attempt without a path");
        return new Doubt(
                path.name(),
                flight.offset(),
                flight.offset() + flight.length(),
                path.fence(),
                holdNanosOf(path.path()));
    }

    /** How long what that path loses is held, in nanoseconds; {@link Long#MAX_VALUE}: never by time alone. */
    long holdNanosOf(DevicePath path) {
        if (!(path instanceof Fenceable fenceable)) {
            return holdNanos;
        }
        String fault;
        try {
            long nanos = fenceable.holdNanos();
            if (nanos >= 0) {
                return nanos;
            }
            fault = "its hold is " + nanos + " ns";
        } catch (Throwable t) {
            fault = "holdNanos threw " + t;
        }
        device.misbehaved(path.name(), fault);
        return Long.MAX_VALUE;
    }

    /** The hold of what is lost on a path that does not say how long it takes. Any thread. */
    long assumedNanos() {
        return holdNanos;
    }

    /** Whatever this process has lost so far is given up, as somebody says who knows. */
    void assumeFenced() {
        doubts.assumeFenced();
    }

    /** Passes those on whose path is fenced by now, by report or by time. */
    void settle() {
        doubts.settle(device.now());
        List<Doubt> over = new ArrayList<>();
        held.removeIf(doubt -> !doubts.has(doubt) && over.add(doubt));
        for (Doubt doubt : over) {
            if (doubt.shared()) {
                refused.accept(letGo(doubt, false));
            } else {
                fenced.accept(letGo(doubt, true));
            }
        }
    }

    private Flight letGo(Doubt doubt, boolean replayed) {
        Flight flight = Objects.requireNonNull(doubt.held(), "a held flight");
        doubts.change(doubt, Doubt::letGo);
        if (held.isEmpty()) {
            cancelWake();
        }
        Episode episode = Objects.requireNonNull(episodes.get(doubt.path()), "a hold without a beginning");
        episode.held--;
        episode.replayed += replayed ? 1 : 0;
        episode.ended += replayed ? 0 : 1;
        if (episode.held == 0) {
            episodes.remove(doubt.path());
            device.emit(new MultipathEvent.WritesReleased(
                    device.now(), device.id(), doubt.path(), episode.replayed, episode.ended));
        }
        return flight;
    }

    /** Ends those that {@code expired} accepts and then {@code end} takes; their ranges stay in doubt. */
    void endIf(Predicate<Flight> expired, Consumer<Flight> end) {
        List<Doubt> ending = new ArrayList<>();
        held.removeIf(doubt -> {
            Flight flight = doubt.held();
            return flight != null && expired.test(flight) && ending.add(doubt);
        });
        for (Doubt doubt : ending) {
            end.accept(letGo(doubt, false));
        }
    }

    int size() {
        return held.size();
    }

    /** Whether nothing is held, or in doubt. */
    boolean isOver() {
        return held.isEmpty() && doubts.isEmpty();
    }

    /** From the first write of a path that is held to the moment when none of it is. */
    private static final class Episode {
        private int held;
        private long replayed;
        private long ended;
    }
}
