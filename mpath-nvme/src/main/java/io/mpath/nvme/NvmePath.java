package io.mpath.nvme;

import io.mpath.AccessState;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.nvme.ana.AnaMember;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.nvme.command.StatusCode;
import io.mpath.path.Certainty;
import io.mpath.path.Checkable;
import io.mpath.path.DevicePath;
import io.mpath.path.Fenceable;
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
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One namespace through one controller.
 *
 * <p>What an error says of the path is reported before the request is failed: a refusal for the state of the namespace takes
 * the path out until the controller's ANA log was read; one for the namespace itself, until it was identified anew; an error of
 * the path has the controller looked at, and a reservation conflict the reservations.
 *
 * <p>Threading: as {@link DevicePath} and {@link CommandJudge} say. {@code control} and {@code home} are written once, on the
 * loop; a bare device may send before that, and what those requests would have reported is found out by later ones.
 */
final class NvmePath implements DevicePath, Fenceable, Checkable, Reservable, CommandJudge, AnaMember {
    private final NvmeController controller;
    private final String name;
    private final Namespace namespace;
    private final NamespaceTransport transport;
    private final NamespaceReservations reservations;
    private final Attachment attachment = new Attachment();
    private volatile @Nullable PathControl control;
    private volatile @Nullable ControllerPaths home;
    private volatile boolean closed;

    NvmePath(NvmeController controller, String name, Namespace namespace, NamespaceOpener opener) {
        this.controller = controller;
        this.name = name;
        this.namespace = namespace;
        this.transport = opener.open(namespace.blockBytes(), this);
        this.reservations = new NamespaceReservations(this, controller, transport);
    }

    /** What it was when it was opened. */
    Namespace namespace() {
        return namespace;
    }

    boolean leadsThrough(NamespaceTransport namespaceTransport) {
        return transport == namespaceTransport;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public PathPort port() {
        return controller.port();
    }

    @Override
    public long nsid() {
        return namespace.nsid();
    }

    @Override
    public PathDescription describe() {
        if (closed) {
            throw new MultipathException(name + " is closed");
        }
        long asked = attachment.asked();
        Namespace now = controller.namespace(namespace.nsid());
        PathControl to = control;
        if (to != null) {
            attachment.found(asked, to.ticker().nanos());
        }
        Geometry geometry = now.geometry(transport.maxTransferBytes(), transport.fuses(), transport.readOnly() != null);
        return new PathDescription(now.id(), now.attributes(), geometry, now.onlyPath(), now.identities());
    }

    @Override
    public void attach(PathControl to) {
        control = to;
        home = controller.attach(this);
    }

    @Override
    public PathControl control() {
        return Objects.requireNonNull(control, "attached");
    }

    @Override
    public PathControl.AccessChange change(AccessState state) {
        return new PathControl.AccessChange(this, state, false);
    }

    @Override
    public void stateKnown() {
        control().ready();
    }

    @Override
    public PathQueue openQueue(QueueKind kind) {
        return transport.openQueue(kind);
    }

    @Override
    public void close(Runnable whenClosed) {
        closed = true;
        ControllerPaths attachedTo = home;
        if (attachedTo != null) {
            controller.detach(this, attachedTo);
        }
        transport.close(whenClosed);
    }

    @Override
    public @Nullable PathFailure beforeSending(IoOperation operation) {
        return controller.seenNotLive()
                ? PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent: " + controller + " is not live")
                : null;
    }

    /** Why nothing can be sent that is no request, or null. */
    @Nullable
    PathFailure unfit() {
        return closed
                ? PathFailure.failOver(Certainty.NOT_EXECUTED, name + " is closed")
                : beforeSending(IoOperation.PASSTHROUGH);
    }

    @Override
    public @Nullable PathFailure completed(IoOperation operation, NvmeStatus status) {
        if (status.success()) {
            return null;
        }
        report(status);
        if (lostItsNamespace(status)) {
            return PathFailure.failOver(Certainty.NOT_EXECUTED, status.toString());
        }
        if (mayHaveLostItsNamespace(operation, status)) {
            return failure(operation, Verdict.FAIL_OVER, status.certainty(), status.ioStatus(), status.toString(), 0);
        }
        return failure(
                operation,
                status.verdict(),
                status.certainty(),
                status.ioStatus(),
                status.toString(),
                retryDelayNanos(status));
    }

    /** Reports what {@code status}, which is no success, says of the path. */
    void report(NvmeStatus status) {
        ControllerPaths siblings = home;
        boolean explained = status.rereadsAccessState() && siblings != null && siblings.accessRefused(this, status);
        if (!explained && status.pathRelated()) {
            controller.look();
        } else if (lostItsNamespace(status)) {
            tell(PathControl::identityInDoubt);
        } else if (status.value() == StatusCode.LBA_OUT_OF_RANGE.value()) {
            tell(PathControl::changed);
        } else if (status.value() == StatusCode.RESERVATION_CONFLICT.value()) {
            tell(PathControl::reservationsMayHaveChanged);
        }
    }

    private void tell(Consumer<PathControl> report) {
        PathControl to = control;
        if (to != null) {
            report.accept(to);
        }
    }

    /**
     * Another controller of the subsystem may still have the namespace attached. Under its number this one may have another
     * by the time of the next command, which must not be sent before it is known which.
     */
    private static boolean lostItsNamespace(NvmeStatus status) {
        return status.value() == StatusCode.INVALID_NAMESPACE_OR_FORMAT.value();
    }

    /** So may an inactive namespace be refused, and a wrong command too; a passthrough is its caller's own. */
    private boolean mayHaveLostItsNamespace(IoOperation operation, NvmeStatus status) {
        PathControl to = control;
        if (status.value() != StatusCode.INVALID_FIELD_IN_COMMAND.value()
                || operation == IoOperation.PASSTHROUGH
                || to == null
                || !attachment.doubted(to.ticker().nanos())) {
            return false;
        }
        to.identityInDoubt();
        return true;
    }

    /** How long the controller asks to wait before the command is sent again, in nanoseconds; 0 while that is not known. */
    long retryDelayNanos(NvmeStatus status) {
        NvmeController.Facts facts = controller.factsSoFar();
        return facts == null ? 0 : TimeUnit.MILLISECONDS.toNanos(status.retryDelayMillis(facts.identify()));
    }

    @Override
    public PathFailure unanswered(IoOperation operation, String cause) {
        controller.look();
        return failure(operation, Verdict.FAIL_OVER, Certainty.UNKNOWN, IoStatus.PATH_ERROR, cause, 0);
    }

    @Override
    public PathFailure refused(IoOperation operation, IoStatus status, String cause) {
        Verdict verdict = Verdict.FAIL;
        if (status == IoStatus.PATH_ERROR) {
            verdict = Verdict.FAIL_OVER;
            controller.look();
        }
        return failure(operation, verdict, Certainty.NOT_EXECUTED, status, cause, 0);
    }

    private PathFailure failure(
            IoOperation operation,
            Verdict verdict,
            Certainty certainty,
            IoStatus status,
            String cause,
            long retryDelayNanos) {
        PathControl to = control;
        boolean lost = certainty == Certainty.UNKNOWN && !operation.harmless() && to != null;
        long epoch = lost ? controller.lost(Objects.requireNonNull(to)) : 0;
        return new PathFailure(
                verdict, certainty, status, cause, verdict == Verdict.RETRY ? retryDelayNanos : 0, 0, epoch);
    }

    @Override
    public void roomAgain() {
        tell(PathControl::roomAgain);
    }

    @Override
    public long holdNanos() {
        return controller.holdNanos(() -> control().holdNanos());
    }

    @Override
    public OptionalLong keepNanos() {
        return control == null ? OptionalLong.empty() : OptionalLong.of(holdNanos());
    }

    @Override
    public boolean reservesPerNexus() {
        return false;
    }

    @Override
    public void reserve(ReservationCommand command, Consumer<ReservationReply> done) {
        reservations.carryOut(command, done);
    }

    /** Runs {@code task}, which may block, after a while. False: there is nobody who keeps the time. */
    boolean later(long nanos, Runnable task) {
        PathControl to = control;
        if (to != null) {
            to.loop()
                    .execute(() ->
                            to.timers().schedule(nanos, () -> to.blocking().execute(task)));
        }
        return to != null;
    }

    /** Reads the first block. A controller that refuses it for the state of the namespace works, and so does the way to it. */
    @Override
    public void check(CheckDone done) {
        controller.look();
        if (closed || controller.seenNotLive()) {
            done.done(false, closed ? "the path is closed" : controller + " is not live");
            return;
        }
        PathFailure failure = transport.readFirstBlock();
        boolean answered = failure == null
                || failure.verdict() != Verdict.FAIL_OVER
                || (failure.certainty() == Certainty.NOT_EXECUTED && !closed && !controller.seenNotLive());
        done.done(answered, failure == null ? "the first block can be read" : failure.cause());
    }

    @Override
    public String toString() {
        return name;
    }
}
