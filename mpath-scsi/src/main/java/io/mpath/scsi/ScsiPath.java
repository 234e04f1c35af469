package io.mpath.scsi;

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
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.Treatment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
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
 * <p>Threading: as {@link DevicePath} and {@link CommandJudge} say. {@code control} is written once, on the loop; a bare device may send
 * before that, and what those requests would have reported is found out by later ones.
 */
final class ScsiPath implements DevicePath, Checkable, Reservable, CommandJudge {
    private static final Logger LOG = LoggerFactory.getLogger(ScsiPath.class);

    private final ScsiHost host;
    private final ScsiTransport transport;
    private final String name;
    private final ScsiNexus nexus;
    private final IdentityDoubts doubts = new IdentityDoubts();
    private final UnitIdentity identity;
    private final UnitAccess access;
    private final FirstBlockCheck check;
    private final LogicalUnitReservations reservations;
    private final LogicalUnitTransport io;
    private final LogPace lossPace = new LogPace();
    // Of a unit that is not known yet.
    private @Nullable ScsiResult lossToldAtOpen;
    private volatile boolean unitKnown;
    private volatile @Nullable PathControl control;
    private volatile boolean closed;

    ScsiPath(ScsiHost host, ScsiTransport transport, String name) {
        this.host = host;
        this.transport = transport;
        this.name = name;
        Duration timeout = host.settings().commandTimeout();
        this.check = new FirstBlockCheck(transport, timeout, read -> judged(IoOperation.READ, read, 0, 1));
        this.reservations = new LogicalUnitReservations(new ReservationExchange(new ForReservations(), timeout));
        // It calls back while most of this is null: nothing but doubts and lossToldAtOpen is used before the unit is
        // known.
        this.identity = new UnitIdentity(host, name, new LogicalUnitReader(transport, timeout, this::aside), doubts);
        this.access = new UnitAccess(this, host, transport, identity);
        LogicalUnit first = unit();
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
            access.changed();
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
            UnitIdentity.Answer answer = identity.ask();
            PathDescription description = description(answer.unit());
            described(answer, description);
            return description;
        } catch (MultipathException e) {
            look();
            PathDescription another = identity.findElsewhere();
            if (another == null) {
                throw e;
            }
            return another;
        }
    }

    private PathDescription description(LogicalUnit now) {
        Geometry geometry = now.geometry(io.maxTransferBytes(), io.readOnly() != null);
        PathDescription description = new PathDescription(now.id(), now.attributes(), geometry)
                .withAliases(now.identification().uniqueIds());
        return host.settings().requireAlua()
                ? now.lacksAlua().map(description::withNotCapable).orElse(description)
                : description;
    }

    private void described(UnitIdentity.Answer answer, PathDescription description) {
        LogicalUnit now = answer.unit();
        boolean another = identity.replace(now);
        tellUnreadable(now);
        host.described(this, now);
        if (another) {
            reservations.forget();
        }
        // Last, for requests may go there from here on.
        boolean doubted = identity.settle(answer, description, control != null);
        access.described(!another && !doubted);
    }

    private LogicalUnit unit() {
        return identity.unit();
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

    @Override
    public void attach(PathControl to) {
        control = to;
        nexus.attach(this, to);
        nexus.look(transport);
        tellUnreadable(unit());
        access.attach(to);
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return io.openQueue(kind);
    }

    @Override
    public void close(Runnable whenClosed) {
        closed = true;
        access.detach();
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

    UnitAccess access() {
        return access;
    }

    /** Null before it is attached. */
    @Nullable
    PathControl reportsTo() {
        return control;
    }

    /** The nexus is in another state: told by it, in the order of its states, after the registry was told. */
    void nexus(Liveness now) {
        if (now != Liveness.LIVE) {
            failWaiting();
        }
        access.nexus(now);
    }

    /** Looks at the nexus and at what is this unit's own. */
    private void look() {
        nexus.look(transport);
        access.look();
    }

    /** What waits for those that are sent may wait for as long as the transport hopes. Elsewhere, for it ends requests. */
    void failWaiting() {
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
    @Nullable
    String unfit() {
        if (nexus.seenNotLive()) {
            return nexus + " is not live";
        }
        if (identity.elsewhere()) {
            return name + " leads to another logical unit";
        }
        return doubts.pending() ? name + " may lead to another logical unit" : access.away();
    }

    /** What the end of a command of who keeps the access states says of anything else. */
    void noticedBesideStates(ScsiResult result) {
        PathControl to = control;
        noticedEarlierFailure(result);
        if (to != null) {
            result.treatment().ifPresent(what -> noticedOfUnit(what.recheck(), to));
        }
    }

    @Override
    public @Nullable PathFailure beforeSending(IoOperation operation) {
        String unfit = unfit();
        return unfit == null ? null : PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent: " + unfit);
    }

    @Override
    public @Nullable PathFailure completed(IoOperation operation, ScsiResult result, long lba, int blocks) {
        if (result.treatment().isEmpty()) {
            access.ioEnded();
        }
        return judged(operation, result, lba, blocks);
    }

    private @Nullable PathFailure judged(IoOperation operation, ScsiResult result, long lba, int blocks) {
        Optional<Treatment> treatment = result.treatment();
        int blockBytes = unit().capacity().blockBytes();
        long done = blocks == 0 ? 0 : result.doneBytes(lba, blocks, blockBytes);
        // Blocks may be written in any order: of a change that is not done, all is sent again.
        long readBehind = operation == IoOperation.READ ? done : 0;
        if (operation == IoOperation.FLUSH && treatment.isEmpty()) {
            ScsiResult lost = host.takeLossBeforeFlush(unit().id());
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
        if (what.recheck() == Treatment.Recheck.ACCESS_STATE) {
            access.refusedForState(result);
        }
        long delay = what.verdict() == Verdict.RETRY ? TimeUnit.MILLISECONDS.toNanos(what.retryDelayMillis()) : 0;
        return failure(
                operation, what.verdict(), what.certainty(), what.status(), result.toString(), delay, readBehind);
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
                        doubts.raise();
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
            access.sense(result);
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
            access.sense(result);
        }
        noticedOfUnit(treatment.recheck(), to);
    }

    /** It is told once, to whichever command comes next; whoever's that is, it is the loss of somebody else's data. */
    private void noticedEarlierFailure(ScsiResult result) {
        if (!result.tellsOfEarlierFailure()) {
            return;
        }
        if (unitKnown) {
            host.acknowledgedWriteLost(unit().id(), result);
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
            doubts.raise();
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

    @Override
    public void check(CheckDone done) {
        look();
        if (closed || nexus.seenNotLive()) {
            done.done(false, closed ? "the path is closed" : nexus + " is not live");
            return;
        }
        try {
            FirstBlockCheck.Outcome outcome = check.run(unit().capacity().blockBytes());
            done.done(outcome.works(), outcome.cause());
        } catch (MultipathException e) {
            done.done(false, String.valueOf(e.getMessage()));
        }
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

    @Override
    public String toString() {
        return name;
    }
}
