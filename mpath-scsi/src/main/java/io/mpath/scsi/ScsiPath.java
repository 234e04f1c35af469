package io.mpath.scsi;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.internal.adapter.LogPace;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable;
import io.mpath.path.DevicePath;
import io.mpath.path.PathControl;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.path.Verdict;
import io.mpath.scsi.alua.AluaBudget;
import io.mpath.scsi.alua.AluaMember;
import io.mpath.scsi.alua.AluaMonitor;
import io.mpath.scsi.command.Read10;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.StandardInquiry;
import io.mpath.scsi.command.Treatment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One logical unit through one I_T nexus.
 *
 * <p>What sense data says of the unit is reported before the request is failed: a refusal for its access state, or a
 * hint that the state changed, has the states of all its port groups read once; another identity or size has it
 * described anew; what tells of other reservations, a conflict among it, has these read; a reset, which hides what was to be told
 * before it, has all of this done; an error of the transport has the nexus looked at.
 *
 * <p>A target tells once that another unit may be behind a number, and takes the next command for that one. So from then on
 * nothing is sent, of what is with this path already neither, before the unit has said who it is: the registry, which keeps new
 * requests away, cannot reach those.
 *
 * <p>Threading: as {@link DevicePath} and {@link CommandJudge} say. {@code control} is written once, on the loop, and {@code
 * monitor} there whenever the unit begins or ceases to have access states; a bare device may send before that, and what those
 * requests would have reported is found out by later ones. {@code attachedTo} belongs to the loop; {@code unit}, {@code meant},
 * {@code elsewhere} and {@code dispelled} are replaced when the path is described, by one thread at a time; {@code stateKnown} is
 * guarded by this object's monitor, and so are changes of {@code away}.
 */
final class ScsiPath implements DevicePath, Checkable, Reservable, CommandJudge, AluaMember {
    private static final int MOST_CHECK_TRIES = 4;
    private static final DeviceId NOBODY = DeviceId.named("unidentified");
    private static final Logger LOG = LoggerFactory.getLogger(ScsiPath.class);

    private final ScsiHost host;
    private final ScsiTransport transport;
    private final String name;
    private final ScsiNexus nexus;
    private final LogicalUnitReader reader;
    private final LogicalUnitReservations reservations;
    private final LogicalUnitTransport io;
    private final LongAdder commandsEnded = new LongAdder();
    private final LogPace lossPace = new LogPace();
    private final LogPace statesPace = new LogPace();
    // Of a unit that is not known yet.
    private @Nullable ScsiResult lossToldAtOpen;
    private volatile boolean unitKnown;
    // What its device is called.
    private final DeviceId joined;
    private volatile LogicalUnit unit;
    private volatile @Nullable PathControl control;
    private volatile @Nullable AluaMonitor monitor;
    private volatile @Nullable AluaBudget budget;
    private @Nullable DeviceId attachedTo;
    private volatile boolean closed;
    private boolean stateKnown;
    private volatile @Nullable String away;
    // How often another unit may have taken this one's place, and how many of those times it has answered since.
    private final AtomicLong doubts = new AtomicLong();
    private volatile long dispelled;
    // What it said before it was attached, and whether it said something else since.
    private volatile @Nullable PathDescription meant;
    private volatile boolean elsewhere;

    /** What a unit said, and how many doubts that dispels. */
    private record Answer(LogicalUnit unit, long doubts) {}

    ScsiPath(ScsiHost host, ScsiTransport transport, String name) {
        this.host = host;
        this.transport = transport;
        this.name = name;
        this.reader = new LogicalUnitReader(transport, host.settings().commandTimeout(), this::aside);
        this.reservations = new LogicalUnitReservations(
                new ReservationExchange(new ForReservations(), host.settings().commandTimeout()));
        Answer answer = ask(null);
        LogicalUnit first = answer.unit();
        this.dispelled = answer.doubts();
        this.joined = first.id();
        this.unit = first;
        this.unitKnown = true;
        this.io = transport.open(first.capacity().blockBytes(), this);
        this.nexus = host.nexus(transport.port());
        host.described(this, first);
        if (lossToldAtOpen != null) {
            host.acknowledgedWriteLost(first.id(), lossToldAtOpen);
        }
        try {
            transport.listen(new Told());
        } catch (RuntimeException | Error e) {
            leaveHost();
            io.close(() -> {});
            throw e;
        }
    }

    /** What the transport tells of it; of no interest before it is attached. */
    private final class Told implements ScsiTransport.Listener {
        @Override
        public void livenessMayHaveChanged() {
            look();
        }

        @Override
        public void accessStateMayHaveChanged() {
            AluaMonitor states = monitor;
            if (states != null) {
                states.changed(ScsiPath.this);
            }
        }

        @Override
        public void mayHaveChanged() {
            PathControl to = control;
            if (to != null) {
                to.changed();
            }
            accessStateMayHaveChanged();
        }

        @Override
        public void mayBeAnother() {
            mayLeadElsewhere(Treatment.Recheck.IDENTITY);
        }

        @Override
        public void inventoryMayHaveChanged() {
            mayLeadElsewhere(Treatment.Recheck.INVENTORY);
        }

        private void mayLeadElsewhere(Treatment.Recheck what) {
            PathControl to = control;
            if (to != null) {
                noticedOfUnit(what, to);
            }
        }

        @Override
        public void gone(String reason) {
            PathControl to = control;
            if (to != null) {
                to.gone(reason);
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public PathPort port() {
        return transport.port();
    }

    /** The array behind it. */
    String target() {
        return transport.target();
    }

    @Override
    public PathDescription describe() {
        if (closed) {
            throw new MultipathException(name + " is closed");
        }
        look();
        if (nexus.seenNotLive()) {
            throw new MultipathException(nexus + " is not live");
        }
        try {
            Answer answer = ask(joined);
            PathDescription description = description(answer.unit());
            described(answer, description);
            return description;
        } catch (MultipathException e) {
            look();
            PathDescription another = another();
            if (another == null) {
                throw e;
            }
            elsewhere = true;
            return another;
        }
    }

    /** What it says after the last of all doubts: what it said before that may be the unit's that it was. */
    private Answer ask(@Nullable DeviceId knownBy) {
        for (int tries = 1; tries <= MOST_CHECK_TRIES; tries++) {
            long before = doubts.get();
            LogicalUnit said = reader.read(page -> host.identity(page, knownBy), host::sibling);
            if (doubts.get() == before) {
                return new Answer(said, before);
            }
        }
        throw new MultipathException(
                name + ": each time that it is asked, it says that it may be another logical unit");
    }

    private PathDescription description(LogicalUnit now) {
        Geometry geometry = now.geometry(io.maxTransferBytes(), io.readOnly() != null);
        PathDescription description = new PathDescription(now.id(), now.attributes(), geometry)
                .withAliases(now.identification().uniqueIds());
        return host.settings().requireAlua()
                ? now.lacksAlua().map(description::withNotCapable).orElse(description)
                : description;
    }

    private void described(Answer answer, PathDescription description) {
        LogicalUnit now = answer.unit();
        boolean another = !now.id().equals(unit.id());
        boolean doubted = dispelled != answer.doubts();
        unit = now;
        tellUnreadable(now);
        host.described(this, now);
        if (another) {
            reservations.forget();
        }
        PathDescription before = meant;
        if (before == null || control == null) {
            meant = description;
        } else {
            elsewhere = before.contradiction(description).isPresent();
        }
        dispelled = answer.doubts();
        tellMonitor(another || doubted);
    }

    /** Of a unit that cannot be described and yet says who it is, and that this is another one than before; null else. */
    private @Nullable PathDescription another() {
        PathDescription before = meant;
        if (before == null) {
            return null;
        }
        try {
            DeviceId said = host.identity(reader.identification(), joined).orElse(NOBODY);
            return said.equals(before.id()) ? null : new PathDescription(said, before.geometry());
        } catch (MultipathException e) {
            LOG.debug("{}: its identity cannot be read either: {}", name, e.getMessage());
            return null;
        }
    }

    private void tellUnreadable(LogicalUnit now) {
        PathControl to = control;
        if (to != null && !now.unreadable().isEmpty() && host.mayLogUnreadable(to.ticker())) {
            LOG.warn(
                    "{}: {}: part of what the unit tells of itself cannot be read, and counts as not told: {}; the like is not"
                            + " logged for 10 s",
                    name,
                    transport.port(),
                    now.unreadable());
        }
    }

    private void tellMonitor(boolean notLookedThrough) {
        PathControl to = control;
        if (to != null) {
            to.loop().execute(() -> {
                if (!closed && Objects.equals(unit.id(), attachedTo)) {
                    followStates(to, notLookedThrough);
                }
            });
        }
    }

    private void followStates(PathControl to, boolean notLookedThrough) {
        AluaMonitor states = monitor;
        // Whose port only names no group any more has states all the same, and nobody knows this path's.
        boolean hasNone = unit.inquiry().targetPortGroups() == StandardInquiry.Tpgs.NONE;
        if (states == null && unit.lacksAlua().isEmpty()) {
            join(to);
        } else if (states != null && hasNone) {
            monitor = null;
            states.remove(this);
            host.leaveMonitor(this);
            useWithoutStates(to);
        } else if (states != null && notLookedThrough) {
            // While it led elsewhere, or might have, nobody looked through it.
            states.nexusLive(this);
        } else if (states != null) {
            states.described(this);
        }
    }

    @Override
    public void attach(PathControl to) {
        control = to;
        nexus.attach(this, to);
        look();
        attachedTo = unit.id();
        tellUnreadable(unit);
        if (unit.lacksAlua().isEmpty()) {
            join(to);
        } else {
            useWithoutStates(to);
        }
    }

    private void join(PathControl to) {
        AluaBudget ofTarget = host.budget(this);
        AluaMonitor states = host.monitor(this, unit, ofTarget, to);
        budget = ofTarget;
        monitor = states;
        states.add(this);
    }

    private void useWithoutStates(PathControl to) {
        to.accessState(AccessState.OPTIMIZED);
        to.preferred(false);
        stateKnown();
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return io.openQueue(kind);
    }

    @Override
    public void close(Runnable whenClosed) {
        closed = true;
        PathControl to = control;
        AluaMonitor states = monitor;
        if (to != null && states != null) {
            states.remove(this);
            host.leaveMonitor(this);
        }
        nexus.detach(this);
        reservations.close();
        leaveHost();
        io.close(() -> {
            transport.close();
            whenClosed.run();
        });
    }

    private void leaveHost() {
        host.leave(port());
        host.forget(this);
    }

    boolean closed() {
        return closed;
    }

    /** The nexus is in another state: told by it, in the order of its states, after the registry was told. */
    void nexus(Liveness now) {
        if (now != Liveness.LIVE) {
            failWaiting();
        }
        PathControl to = control;
        AluaMonitor states = monitor;
        if (to != null && states != null) {
            to.loop().execute(() -> {
                if (closed) {
                    return;
                }
                if (now == Liveness.LIVE) {
                    states.nexusLive(this);
                } else {
                    states.nexusNotLive(this);
                }
            });
        }
    }

    /** Looks at the nexus and at what is this unit's own. */
    private void look() {
        nexus.look(transport);
        PathControl to = control;
        if (to == null) {
            return;
        }
        synchronized (this) {
            String now = transport.away();
            boolean changed = (now == null) != (away == null);
            away = now;
            if (changed && now != null) {
                to.notReady(now);
                failWaiting();
            }
            if (changed) {
                to.loop().execute(() -> awayOrBack(to));
            }
        }
    }

    /** What its state became while nobody could read it through this path is read anew before it is used. */
    private void awayOrBack(PathControl to) {
        AluaMonitor states = monitor;
        boolean back = away == null;
        if (closed) {
            return;
        }
        if (states != null && back) {
            states.nexusLive(this);
        } else if (states != null) {
            states.nexusNotLive(this);
        }
        synchronized (this) {
            if (stateKnown && away == null) {
                to.ready();
            }
        }
    }

    /** What waits for those that are sent may wait for as long as the transport hopes. Elsewhere, for it ends requests. */
    private void failWaiting() {
        PathControl to = control;
        if (to != null) {
            to.loop().execute(() -> {
                PathFailure unfit = beforeSending(IoOperation.WRITE);
                if (unfit != null) {
                    io.failWaiting(unfit);
                }
            });
        }
    }

    /** Why nothing is to be sent, or null. */
    private @Nullable String unfit() {
        if (nexus.seenNotLive()) {
            return nexus + " is not live";
        }
        if (elsewhere) {
            return name + " leads to another logical unit";
        }
        return inDoubt() ? name + " may lead to another logical unit" : away;
    }

    private boolean inDoubt() {
        return doubts.get() != dispelled;
    }

    @Override
    public PathControl control() {
        return Objects.requireNonNull(control, "attached");
    }

    @Override
    public PathControl.AccessChange change(AccessState state, boolean preferred) {
        if (state.usable() && unit.sizeIsASiblings()) {
            // Through this port its size can be read now.
            control().changed();
        }
        return new PathControl.AccessChange(this, state, preferred);
    }

    @Override
    public synchronized void stateKnown() {
        stateKnown = true;
        if (away == null) {
            control().ready();
        }
    }

    @Override
    public AluaBudget budget() {
        return Objects.requireNonNull(budget, "attached");
    }

    @Override
    public int targetPortGroup() {
        return unit.targetPortGroup().orElse(NO_GROUP);
    }

    @Override
    public int relativeTargetPort() {
        return unit.relativeTargetPort();
    }

    /** A path that leads elsewhere by now must not be asked for the states of the unit that it led to. */
    @Override
    public boolean live() {
        return !closed && unfit() == null && Objects.equals(unit.id(), attachedTo);
    }

    @Override
    public long commandsEnded() {
        return commandsEnded.sum();
    }

    @Override
    public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, long leastTimeoutNanos) {
        Duration usual = host.settings().commandTimeout();
        Duration least = Duration.ofNanos(leastTimeoutNanos);
        ScsiReply reply = transport.execute(command, data, usual.compareTo(least) < 0 ? least : usual);
        PathControl to = control;
        noticedEarlierFailure(reply.result());
        if (to != null) {
            reply.result().treatment().ifPresent(what -> noticedOfUnit(what.recheck(), to));
        }
        return reply;
    }

    @Override
    public @Nullable PathFailure beforeSending(IoOperation operation) {
        String unfit = unfit();
        return unfit == null ? null : PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent: " + unfit);
    }

    @Override
    public @Nullable PathFailure completed(IoOperation operation, ScsiResult result, long lba, int blocks) {
        if (result.treatment().isEmpty()) {
            commandsEnded.increment();
        }
        return judged(operation, result, lba, blocks);
    }

    private @Nullable PathFailure judged(IoOperation operation, ScsiResult result, long lba, int blocks) {
        Optional<Treatment> treatment = result.treatment();
        int blockBytes = unit.capacity().blockBytes();
        long done = blocks == 0 ? 0 : result.doneBytes(lba, blocks, blockBytes);
        // Blocks may be written in any order: of a change that is not done, all is sent again.
        long readBehind = operation == IoOperation.READ ? done : 0;
        if (operation == IoOperation.FLUSH && treatment.isEmpty()) {
            ScsiResult lost = host.takeLossBeforeFlush(unit.id());
            return lost == null ? null : flushAfterLoss(lost);
        }
        if (treatment.isEmpty()) {
            return done == (long) blocks * blockBytes
                    ? null
                    : new PathFailure(
                            Verdict.RETRY,
                            Certainty.TERMINATED,
                            IoStatus.TARGET_ERROR,
                            shortOf(result),
                            0,
                            readBehind,
                            0);
        }
        Treatment what = treatment.get();
        noticed(result, what);
        if (what.certainty() == Certainty.UNKNOWN) {
            look();
        }
        if (what.recheck() == Treatment.Recheck.ACCESS_STATE && monitor == null) {
            refusedWithoutStates(result);
        }
        long delay = what.verdict() == Verdict.RETRY ? TimeUnit.MILLISECONDS.toNanos(what.retryDelayMillis()) : 0;
        return failure(
                operation, what.verdict(), what.certainty(), what.status(), result.toString(), delay, readBehind);
    }

    /** A unit that had no access states, and refuses for one, may have them by now: it is asked so, once in 10 s. */
    private void refusedWithoutStates(ScsiResult result) {
        PathControl to = control;
        boolean refused = result.sense()
                .filter(sense -> sense.key() == SenseKey.NOT_READY)
                .isPresent();
        if (to != null && refused && statesPace.passes(to.ticker())) {
            to.changed();
        }
    }

    private PathFailure flushAfterLoss(ScsiResult lost) {
        IoStatus status = lost.treatment().map(Treatment::status).orElse(IoStatus.TARGET_ERROR);
        return failure(IoOperation.FLUSH, Verdict.FAIL, Certainty.TERMINATED, status, lost.toString(), 0, 0);
    }

    /**
     * What a command for housekeeping was told in place of what it asked for. That there is no such unit is the answer itself: to
     * doubt its identity for that would have it asked without end.
     */
    private void aside(ScsiResult result) {
        result.treatment()
                .filter(what -> what.recheck() != Treatment.Recheck.IDENTITY || what.verdict() == Verdict.RETRY)
                .ifPresent(what -> {
                    if (control == null && tellsOfAnother(what.recheck())) {
                        doubts.incrementAndGet();
                    }
                    if (what.recheck() == Treatment.Recheck.RESET) {
                        resetMeanwhile(result);
                    } else {
                        noticed(result, what);
                    }
                });
    }

    private static boolean tellsOfAnother(Treatment.Recheck what) {
        return what == Treatment.Recheck.IDENTITY || what == Treatment.Recheck.INVENTORY;
    }

    /** A reset that is told to who describes the unit: all that is read of it is read behind that. */
    private void resetMeanwhile(ScsiResult result) {
        PathControl to = control;
        if (to != null) {
            stateMayBeAnother(result);
            to.reservationsMayHaveChanged();
        }
    }

    private static String shortOf(ScsiResult result) {
        return "ended well, " + result.residualBytes() + " bytes short";
    }

    /** What sense data says of the unit. Reported at once, by the thread that learnt it. */
    private void noticed(ScsiResult result, Treatment treatment) {
        noticedEarlierFailure(result);
        PathControl to = control;
        if (to == null) {
            return;
        }
        if (treatment.recheck() == Treatment.Recheck.ACCESS_STATE || treatment.recheck() == Treatment.Recheck.RESET) {
            stateMayBeAnother(result);
        }
        noticedOfUnit(treatment.recheck(), to);
    }

    private void stateMayBeAnother(ScsiResult result) {
        AluaMonitor states = monitor;
        if (states != null && !closed) {
            result.sense().ifPresent(sense -> states.sense(this, sense));
        }
    }

    /** It is told once, to whichever command comes next; whoever's that is, it is the loss of somebody else's data. */
    private void noticedEarlierFailure(ScsiResult result) {
        if (!result.tellsOfEarlierFailure()) {
            return;
        }
        if (unitKnown) {
            host.acknowledgedWriteLost(unit.id(), result);
        } else {
            lossToldAtOpen = result;
        }
        PathControl to = control;
        if (to == null || lossPace.passes(to.ticker())) {
            LOG.warn(
                    "{}: {}: {}: a write that it had acknowledged has failed after all, and its data may be lost; the like of this path is"
                            + " not logged for 10 s",
                    name,
                    transport.port(),
                    result);
        }
        if (to != null) {
            to.acknowledgedWriteLost(result.toString());
        }
    }

    /** A unit that may be another one gets nothing before it has said which: not even what has just been refused, tried again. */
    private void noticedOfUnit(Treatment.Recheck what, PathControl to) {
        if (tellsOfAnother(what)) {
            doubts.incrementAndGet();
            to.identityInDoubt();
            failWaiting();
        }
        switch (what) {
            case INVENTORY -> nexus.inventoryChanged(to);
            case CAPACITY -> to.changed();
            case RESERVATIONS -> to.reservationsMayHaveChanged();
            case RESET -> {
                to.reservationsMayHaveChanged();
                to.changed();
            }
            case NOTHING, ACCESS_STATE, IDENTITY -> {}
        }
    }

    @Override
    public PathFailure unanswered(IoOperation operation, String cause) {
        look();
        return failure(operation, Verdict.FAIL_OVER, Certainty.UNKNOWN, IoStatus.PATH_ERROR, cause, 0, 0);
    }

    @Override
    public PathFailure refused(IoOperation operation, IoStatus status, String cause) {
        Verdict verdict = status == IoStatus.PATH_ERROR ? Verdict.FAIL_OVER : Verdict.FAIL;
        return failure(operation, verdict, Certainty.NOT_EXECUTED, status, cause, 0, 0);
    }

    private PathFailure failure(
            IoOperation operation,
            Verdict verdict,
            Certainty certainty,
            IoStatus status,
            String cause,
            long retryDelayNanos,
            long doneBytes) {
        PathControl to = control;
        boolean lost = certainty == Certainty.UNKNOWN && !operation.harmless() && to != null;
        long epoch = lost ? nexus.lost(transport, Objects.requireNonNull(to)) : 0;
        return new PathFailure(verdict, certainty, status, cause, retryDelayNanos, doneBytes, epoch);
    }

    @Override
    public void roomAgain() {
        PathControl to = control;
        if (to != null) {
            to.roomAgain();
        }
    }

    @Override
    public OptionalLong keepNanos() {
        PathControl to = control;
        return to == null ? OptionalLong.empty() : OptionalLong.of(to.holdNanos());
    }

    /**
     * Reads the first block, since there are ports that say that they are ready and then fail every request. A unit that refuses
     * it for its access state works, and so does the way to it.
     */
    @Override
    public void check(CheckDone done) {
        look();
        if (closed || nexus.seenNotLive()) {
            done.done(false, closed ? "the path is closed" : nexus + " is not live");
            return;
        }
        try {
            ScsiResult result = readFirstBlock();
            done.done(works(result), result.treatment().isEmpty() ? "the first block can be read" : result.toString());
        } catch (MultipathException e) {
            done.done(false, String.valueOf(e.getMessage()));
        }
    }

    /** Any answer of the unit's will do that no other path would better, but for its access state. */
    private static boolean works(ScsiResult result) {
        return result.treatment()
                .filter(what -> what.certainty() == Certainty.UNKNOWN
                        || (what.verdict() == Verdict.FAIL_OVER && what.recheck() != Treatment.Recheck.ACCESS_STATE))
                .isEmpty();
    }

    /** A unit attention that this consumes is told like one that a request consumes. */
    private ScsiResult readFirstBlock() {
        var read = new Read10(0, 1, unit.capacity().blockBytes(), false);
        ScsiResult result = tried(read);
        for (int tries = 1; tries < MOST_CHECK_TRIES && isAsideTold(result); tries++) {
            result = tried(read);
        }
        return result;
    }

    private ScsiResult tried(ScsiCommand read) {
        ScsiResult result =
                transport.execute(read, null, host.settings().commandTimeout()).result();
        judged(IoOperation.READ, result, 0, 1);
        return result;
    }

    @Override
    public boolean reservesPerNexus() {
        return true;
    }

    @Override
    public void reserve(ReservationCommand command, Consumer<ReservationReply> done) {
        PathControl to = control;
        if (to == null) {
            done.accept(new ReservationReply.NotExecuted(name + " is not attached"));
        } else {
            reservations.carryOut(command, to, reply -> done.accept(numbered(reply, to)));
        }
    }

    /** A loss gets its number, as a write's does: when the target has ended the nexus, it can take effect no more. */
    private ReservationReply numbered(ReservationReply reply, PathControl to) {
        return reply instanceof ReservationReply.Unknown lost
                ? new ReservationReply.Unknown(lost.cause(), nexus.lost(transport, to))
                : reply;
    }

    /**
     * A conflict is the answer itself there, and reported by nobody else: who asked for the change knows what to read
     * anew.
     */
    private final class ForReservations implements ReservationExchange.Way {
        @Override
        public @Nullable String unusable() {
            if (closed) {
                return name + " is closed";
            }
            return unfit();
        }

        @Override
        public ScsiReply send(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) {
            ScsiReply reply;
            try {
                reply = transport.execute(command, data, timeout);
            } catch (MultipathException e) {
                look();
                throw e;
            }
            reply.result()
                    .treatment()
                    .filter(what -> what.status() != IoStatus.RESERVATION_CONFLICT)
                    .ifPresent(what -> noticedByReservations(reply.result(), what));
            return reply;
        }
    }

    private void noticedByReservations(ScsiResult result, Treatment what) {
        noticed(result, what);
        if (what.certainty() == Certainty.UNKNOWN) {
            look();
        }
    }

    private static boolean isAsideTold(ScsiResult result) {
        return result.treatment().filter(Treatment::onlyTells).isPresent();
    }

    @Override
    public String toString() {
        return name;
    }
}
