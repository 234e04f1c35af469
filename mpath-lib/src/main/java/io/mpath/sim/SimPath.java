package io.mpath.sim;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable.CheckDone;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathControl;
import io.mpath.path.PathControl.AccessChange;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A simulated path to a {@link SimDisk}, whose every answer can be scripted. As a candidate it may be offered again after it
 * was closed, as a device that came back.
 *
 * <p>It starts optimized, ready, without latency and without a bound of attempts, and succeeds.
 *
 * <p>Threading: any thread. Answers that succeed at once still end on the port's thread, unless they say {@link
 * SimAnswer.Execute#inSubmit}.
 */
public final class SimPath implements PathCandidate {
    private final String name;
    private final SimPort port;
    private final SimDisk disk;
    private final Object lock = new Object();
    private final SimRandom random;
    private final Recent<SimAttempt> attempts = new Recent<>();
    private final List<SimSession> former = new ArrayList<>();
    private final Queue<SimAnswer> next = new ArrayDeque<>();
    private final SimReserving reserving;
    private final SimRandom transits;
    private Function<SimAttempt, SimAnswer> script = attempt -> SimAnswer.succeed();
    private long submitted;
    private long aborted;
    private long checks;
    private long leastLatencyNanos;
    private long mostLatencyNanos;
    private long leastTransitNanos;
    private long mostTransitNanos;

    private volatile String host = "host";
    private volatile boolean inTransit;
    private volatile String transport = "sim";
    private volatile @Nullable String notCapable;
    private volatile @Nullable String optOut;
    private volatile @Nullable String openFailure;
    private volatile @Nullable Supplier<PathDescription> description;
    private volatile @Nullable Consumer<CheckDone> check;
    private volatile Consumer<SimAttempt> whenGiven = attempt -> {};
    private volatile Consumer<SimAttempt> whenRefused = attempt -> {};
    private volatile int capacity = Integer.MAX_VALUE;
    private volatile long holdNanos = Long.MAX_VALUE;
    private volatile boolean aborts;
    private volatile long abortNanos;
    private volatile AccessState accessState = AccessState.OPTIMIZED;
    private volatile boolean preferred;
    private volatile boolean ready = true;
    private volatile @Nullable SimSession session;

    /** A path of that name, through {@code port}, to {@code disk}. */
    public SimPath(String name, SimPort port, SimDisk disk) {
        this.name = name;
        this.port = port;
        this.disk = disk;
        this.random = port.random(name);
        this.transits = random.split("transit");
        this.reserving = new SimReserving(this, random.split("reservations"));
        port.add(this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String transport() {
        return transport;
    }

    @Override
    public Optional<String> notCapable() {
        return Optional.ofNullable(notCapable);
    }

    @Override
    public Optional<String> optOut() {
        return Optional.ofNullable(optOut);
    }

    @Override
    public DevicePath open() {
        String failure = openFailure;
        if (failure != null) {
            throw new MultipathException("cannot open " + name + ": " + failure);
        }
        var opened = new SimSession(this);
        SimSession before = session;
        if (before != null) {
            synchronized (lock) {
                former.add(before);
            }
        }
        session = opened;
        return opened;
    }

    /** The port it goes through. */
    public SimPort port() {
        return port;
    }

    /** The disk it leads to. */
    public SimDisk disk() {
        return disk;
    }

    /** What it does with commands of reservations. */
    public SimReserving reserving() {
        return reserving;
    }

    /** The host that it belongs to, as the disk knows it: of that name. All belong to {@code host}, unless told otherwise. */
    public SimPath host(String value) {
        host = value;
        return this;
    }

    /** Who comes through it, for the disk: its host, by the name of its port. */
    public SimNexus nexus() {
        return new SimNexus(host, port.port().name());
    }

    /** As a candidate: of another transport than {@code sim}. */
    public SimPath transport(String value) {
        transport = value;
        return this;
    }

    /** As a candidate: cannot be one path of several, because of {@code reason}; null: can. */
    public SimPath notCapable(@Nullable String reason) {
        notCapable = reason;
        return this;
    }

    /** As a candidate: advised against, because of {@code reason}; null: not. */
    public SimPath optOut(@Nullable String reason) {
        optOut = reason;
        return this;
    }

    /** As a candidate: cannot be opened, because of {@code reason}; null: can. */
    public SimPath openFails(@Nullable String reason) {
        openFailure = reason;
        return this;
    }

    /** Every attempt takes {@code value}. */
    public SimPath latency(Duration value) {
        return latency(value, value);
    }

    /** Every attempt takes a time drawn from {@code least} to {@code most}. */
    public SimPath latency(Duration least, Duration most) {
        synchronized (lock) {
            leastLatencyNanos = least.toNanos();
            mostLatencyNanos = most.toNanos();
        }
        return this;
    }

    /**
     * Every attempt is {@linkplain SimAttempt#accept accepted} by the disk after a time drawn from {@code least} to {@code most},
     * however long it takes or hangs; by default, and where it takes effect sooner, in the moment in which it does.
     */
    public SimPath transit(Duration least, Duration most) {
        synchronized (lock) {
            leastTransitNanos = least.toNanos();
            mostTransitNanos = most.toNanos();
        }
        inTransit = true;
        return this;
    }

    /** Refuses attempts while {@code value} are under way, and then tells of room. */
    public SimPath capacity(int value) {
        capacity = value;
        return this;
    }

    /** Whether it can abort attempts that hang; not by default. */
    public SimPath aborts(boolean value) {
        aborts = value;
        return this;
    }

    /** It can abort attempts, and the target confirms that after {@code delay}, unless they end before. */
    public SimPath abortsAfter(Duration delay) {
        abortNanos = delay.toNanos();
        return aborts(true);
    }

    /** How long after a loss the target has given up what was lost; never by time alone, by default. */
    public SimPath hold(Duration value) {
        holdNanos = value.toNanos();
        return this;
    }

    /** Answers every attempt with {@code answer}, from here on. */
    public SimPath answer(SimAnswer answer) {
        return script(attempt -> answer);
    }

    /** Answers every attempt as {@code value} says, from here on. It runs inside submit, one call at a time. */
    public SimPath script(Function<SimAttempt, SimAnswer> value) {
        synchronized (lock) {
            script = value;
        }
        return this;
    }

    /** Answers the next {@code count} attempts with {@code answer}, behind those that were given answers so already. */
    public SimPath next(int count, SimAnswer answer) {
        synchronized (lock) {
            for (int i = 0; i < count; i++) {
                next.add(answer);
            }
        }
        return this;
    }

    /** Describes itself as {@code value} says, which may throw; null: as its disk does. */
    public SimPath describe(@Nullable Supplier<PathDescription> value) {
        description = value;
        return this;
    }

    /** Describes another identity than its disk's: the target mapped something else here. */
    public SimPath describeIdentity(DeviceId id) {
        return describe(() -> new PathDescription(
                id, disk.description().attributes(), disk.description().geometry()));
    }

    /** Describes another geometry than its disk's. */
    public SimPath describeGeometry(Geometry geometry) {
        return describe(() -> disk.description().withGeometry(geometry));
    }

    /** Describes other attributes than its disk's. */
    public SimPath describeAttributes(Map<String, String> attributes) {
        return describe(() -> new PathDescription(
                disk.description().id(), attributes, disk.description().geometry()));
    }

    /** Cannot be described: the device does not answer. */
    public SimPath describeFails(String reason) {
        return describe(() -> {
            throw new MultipathException("cannot describe " + name + ": " + reason);
        });
    }

    /**
     * Answers checks as {@code value} does: at once, later (the check hangs until then), never, or by throwing; null: as it
     * stands with its port. What its requests meet is not known to it, so a path that fails them lies.
     */
    public SimPath check(@Nullable Consumer<CheckDone> value) {
        check = value;
        return this;
    }

    /** How often it was checked. */
    public long checks() {
        synchronized (lock) {
            return checks;
        }
    }

    /** Its access state. */
    public AccessState accessState() {
        return accessState;
    }

    /** Changes and reports its access state. */
    public SimPath accessState(AccessState value) {
        accessState = value;
        report(to -> to.accessState(value));
        return this;
    }

    /** Changes and reports whether the target prefers it. */
    public SimPath preferred(boolean value) {
        preferred = value;
        report(to -> to.preferred(value));
        return this;
    }

    /** Reports that it may be given I/O. */
    public SimPath ready() {
        ready = true;
        report(PathControl::ready);
        return this;
    }

    /** Reports that it must not be given I/O; before it is attached: does not report that it may. */
    public SimPath notReady(String reason) {
        ready = false;
        report(to -> to.notReady(reason));
        return this;
    }

    /** Reports that what it leads to may have changed. */
    public void changed() {
        report(PathControl::changed);
    }

    /** Reports that what it leads to says that it is another one. */
    public void identityInDoubt() {
        report(PathControl::identityInDoubt);
    }

    /** The target gives up everything lost so far, which takes no effect any more, and that is reported. */
    public void fence() {
        List<SimSession> before;
        synchronized (lock) {
            before = List.copyOf(former);
            former.removeIf(SimSession::idle);
        }
        before.forEach(SimSession::fence);
        SimSession open = session;
        if (open != null) {
            open.fence();
        }
    }

    /** Reports that the target has given up what was lost with {@code epoch} or less: in scripts that number losses themselves. */
    public void fence(long epoch) {
        report(to -> to.fenced(epoch));
    }

    /** Vanishes: reports that it is gone, and fails what is under way as lost. */
    public void vanish() {
        report(to -> to.gone("path " + name + " vanished"));
        endAll(SimAnswer.fail(PathFailure.failOver(Certainty.UNKNOWN, "path " + name + " vanished")));
    }

    /** The attempts that are under way, in the order in which they came. */
    public List<SimAttempt> underWay() {
        SimSession open = session;
        return open == null ? List.of() : open.underWay();
    }

    /** The attempts that it took, in that order: the last 65,536 of them. */
    public List<SimAttempt> attempts() {
        synchronized (lock) {
            return attempts.copy();
        }
    }

    /** How many attempts it took. */
    public long submitted() {
        synchronized (lock) {
            return submitted;
        }
    }

    /** Ends what is under way as {@code answer} says, without waiting. */
    void endAll(SimAnswer.Execute answer) {
        SimSession open = session;
        if (open != null) {
            open.endAll(answer);
        }
    }

    boolean attached() {
        SimSession open = session;
        return open != null && open.attached();
    }

    void report(Consumer<PathControl> report) {
        SimSession open = session;
        if (open != null) {
            open.report(report);
        }
    }

    /** Makes a report of its own accord after a delay, if it is in use and its port live then. */
    void tellLater(long delayNanos, String what, Consumer<PathControl> report) {
        SimSession open = session;
        if (open != null) {
            open.tellLater(delayNanos, what, report);
        }
    }

    /** The disk ends what it has, and had, from this path. */
    void abortAtDisk() {
        List<SimSession> all;
        synchronized (lock) {
            all = new ArrayList<>(former);
        }
        SimSession open = session;
        if (open != null) {
            all.add(open);
        }
        all.forEach(SimSession::abortAtDisk);
    }

    /** Why the disk does not accept it, for what is reserved; null: it does. */
    @Nullable
    PathFailure barred(IoOperation operation) {
        SimNexus nexus = nexus();
        return disk.reservations().allowed(nexus, operation != IoOperation.READ)
                ? null
                : PathFailure.fail(
                        IoStatus.RESERVATION_CONFLICT, "reservation conflict: the disk keeps " + nexus + " out");
    }

    /** Changes its access state and says how to report it along with others; null when it is not attached. */
    @Nullable
    AccessChange change(AccessState value) {
        accessState = value;
        SimSession open = session;
        return open == null || !open.attached() ? null : new AccessChange(open, value, preferred);
    }

    SimAnswer answerTo(SimAttempt attempt) {
        if (!port.usable()) {
            return SimAnswer.fail(
                    PathFailure.failOver(Certainty.NOT_EXECUTED, "port " + port.port() + " is " + port.liveness()));
        }
        synchronized (lock) {
            SimAnswer given = next.poll();
            return given == null ? script.apply(attempt) : given;
        }
    }

    /** Shows {@code given} every attempt that is handed in, and {@code refused} every one that there is no room for. */
    void watch(Consumer<SimAttempt> given, Consumer<SimAttempt> refused) {
        whenGiven = given;
        whenRefused = refused;
    }

    void given(SimAttempt attempt) {
        whenGiven.accept(attempt);
    }

    void refused(SimAttempt attempt) {
        whenRefused.accept(attempt);
    }

    void record(SimAttempt attempt) {
        synchronized (lock) {
            submitted++;
            attempts.add(attempt);
        }
    }

    boolean inTransit() {
        return inTransit;
    }

    long drawTransit() {
        synchronized (lock) {
            return transits.between(leastTransitNanos, mostTransitNanos);
        }
    }

    long drawLatency() {
        synchronized (lock) {
            return leastLatencyNanos == mostLatencyNanos
                    ? leastLatencyNanos
                    : random.between(leastLatencyNanos, mostLatencyNanos);
        }
    }

    PathDescription describe() {
        Supplier<PathDescription> scripted = description;
        return scripted == null ? disk.description() : scripted.get();
    }

    void answerCheck(CheckDone done) {
        synchronized (lock) {
            checks++;
        }
        Consumer<CheckDone> scripted = check;
        if (scripted == null) {
            done.done(port.usable(), "port " + port.port() + " is " + port.liveness());
        } else {
            scripted.accept(done);
        }
    }

    int capacity() {
        return capacity;
    }

    long holdNanos() {
        return holdNanos;
    }

    boolean aborts() {
        return aborts;
    }

    void countAbort() {
        synchronized (lock) {
            aborted++;
        }
    }

    /** How many attempts it was asked to abort while it had them. */
    long aborted() {
        synchronized (lock) {
            return aborted;
        }
    }

    long abortNanos() {
        return abortNanos;
    }

    boolean preferred() {
        return preferred;
    }

    boolean isReady() {
        return ready;
    }
}
