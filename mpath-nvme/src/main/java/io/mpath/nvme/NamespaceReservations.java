package io.mpath.nvme;

import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.PageFormatException;
import io.mpath.nvme.command.Feature;
import io.mpath.nvme.command.GetFeatures;
import io.mpath.nvme.command.IoCommand;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.nvme.command.Rescap;
import io.mpath.nvme.command.ReservationAcquire;
import io.mpath.nvme.command.ReservationChange;
import io.mpath.nvme.command.ReservationRegister;
import io.mpath.nvme.command.ReservationRelease;
import io.mpath.nvme.command.ReservationReport;
import io.mpath.nvme.command.ReservationStatus;
import io.mpath.nvme.command.StatusCode;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.path.Verdict;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationKey;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The reservations of one namespace through one controller (NVMe Base 2.1 7.5 to 7.8; Linux: {@code nvme/host/pr.c}). The device
 * knows the host by its identifier, and not by the controller.
 *
 * <p>What an end means is what it means for a write: what was refused before it took effect was not executed, an answer that leaves
 * that open is as good as none. Only what was not executed, or only reads, is sent again: a few times, after the delay that the
 * controller asks for.
 *
 * <p>Registering without asking for persistence leaves it as it is (CPTPL 0), because that setting is the namespace's, and of all
 * hosts.
 *
 * <p>Threading: {@link #carryOut} blocks; immutable.
 */
final class NamespaceReservations {
    private static final int MOST_TRIES = 4;
    private static final int MOST_REPORTS = 8;

    /** Between tries, at the least: who asks for no delay may still not be ready at once. */
    private static final long PAUSE_NANOS = 100_000_000;

    private final NvmePath path;
    private final NvmeController controller;
    private final NamespaceTransport transport;
    private final long nsid;

    NamespaceReservations(NvmePath path, NvmeController controller, NamespaceTransport transport) {
        this.path = path;
        this.controller = controller;
        this.transport = transport;
        this.nsid = path.nsid();
    }

    /**
     * What came of one try.
     *
     * @param againNanos how long to wait before the next one; negative: there is none
     */
    private record Try(ReservationReply reply, long againNanos) {
        static Try last(ReservationReply reply) {
            return new Try(reply, -1);
        }

        static Try again(ReservationReply reply, long afterNanos) {
            return new Try(reply, Math.max(afterNanos, PAUSE_NANOS));
        }
    }

    void carryOut(ReservationCommand command, Consumer<ReservationReply> done) {
        carryOut(command, MOST_TRIES, done);
    }

    private void carryOut(ReservationCommand command, int tries, Consumer<ReservationReply> done) {
        Try ended = once(command);
        boolean again = ended.againNanos() >= 0
                && tries > 1
                && path.later(ended.againNanos(), () -> carryOut(command, tries - 1, done));
        if (!again) {
            done.accept(ended.reply());
        }
    }

    private Try once(ReservationCommand command) {
        PathFailure unfit = path.unfit();
        if (unfit != null) {
            return Try.last(new ReservationReply.NotExecuted(unfit.cause()));
        }
        try {
            if (command instanceof ReservationCommand.Read) {
                return read();
            }
            return command instanceof ReservationCommand.ReadAbilities ? readAbilities() : change(command);
        } catch (PageFormatException e) {
            return Try.last(new ReservationReply.Refused(path + ": " + e.getMessage()));
        }
    }

    private Try change(ReservationCommand command) {
        CommandEnd end = send(changeOf(command));
        if (command instanceof ReservationCommand.Register register && replacesWhatever(register) && isConflict(end)) {
            // By the standard this never conflicts. There are targets that replace only what is there: the host is not
            // registered.
            end = send(register(register, ReservationRegister.Action.REGISTER));
        }
        return judged(end, false, dependsOnWhatIsReserved(command));
    }

    private static boolean replacesWhatever(ReservationCommand.Register register) {
        return register.ignoreExisting() && !register.wanted().isNone();
    }

    private static boolean isConflict(CommandEnd end) {
        return end instanceof CommandEnd.Completed completed && is(completed.status(), StatusCode.RESERVATION_CONFLICT);
    }

    /** Whether an invalid field may be the type or the victim as things stand, and not what the device lacks. */
    private static boolean dependsOnWhatIsReserved(ReservationCommand command) {
        return command instanceof ReservationCommand.Release
                || (command instanceof ReservationCommand.Preempt preempt
                        && preempt.victim().isNone());
    }

    private ReservationChange changeOf(ReservationCommand command) {
        if (command instanceof ReservationCommand.Register register) {
            return register(register, action(register));
        }
        if (command instanceof ReservationCommand.Reserve reserve) {
            return new ReservationAcquire(
                    nsid, ReservationAcquire.Action.ACQUIRE, reserve.type(), reserve.key(), ReservationKey.NONE);
        }
        if (command instanceof ReservationCommand.Release release) {
            return ReservationRelease.release(nsid, release.type(), release.key());
        }
        if (command instanceof ReservationCommand.Preempt preempt) {
            var action =
                    preempt.abort() ? ReservationAcquire.Action.PREEMPT_AND_ABORT : ReservationAcquire.Action.PREEMPT;
            return new ReservationAcquire(nsid, action, preempt.type(), preempt.key(), preempt.victim());
        }
        if (command instanceof ReservationCommand.Clear clear) {
            return ReservationRelease.clear(nsid, clear.key());
        }
        throw new IllegalArgumentException(command + " changes nothing");
    }

    private static ReservationRegister.Action action(ReservationCommand.Register register) {
        if (register.wanted().isNone()) {
            return ReservationRegister.Action.UNREGISTER;
        }
        return register.ignoreExisting() || !register.existing().isNone()
                ? ReservationRegister.Action.REPLACE
                : ReservationRegister.Action.REGISTER;
    }

    private ReservationRegister register(ReservationCommand.Register register, ReservationRegister.Action action) {
        return new ReservationRegister(
                nsid,
                action,
                register.ignoreExisting() && action != ReservationRegister.Action.REGISTER,
                register.persistent() ? ReservationRegister.Persistence.SET : ReservationRegister.Persistence.NO_CHANGE,
                register.existing(),
                register.wanted());
    }

    /** Whole, in one command: longer than expected, it is read again; so it is in the other format, where the host's is that. */
    private Try read() {
        boolean extended = true;
        int bytes = Math.min(ReservationStatus.BYTES, transport.maxTransferBytes());
        for (int reports = 0; reports < MOST_REPORTS; reports++) {
            ByteBuffer data = ByteBuffer.allocate(bytes);
            CommandEnd end = send(new ReservationReport(nsid, extended, bytes), data);
            if (extended
                    && end instanceof CommandEnd.Completed completed
                    && is(completed.status(), StatusCode.HOST_IDENTIFIER_INCONSISTENT_FORMAT)) {
                extended = false;
                continue;
            }
            if (!(end instanceof CommandEnd.Completed completed
                    && completed.status().success())) {
                return judged(end, true, false);
            }
            int whole = ReservationStatus.wholeBytes(data, extended);
            if (whole <= bytes) {
                return Try.last(new ReservationReply.Status(
                        ReportedReservations.state(ReservationStatus.decode(data, extended))));
            }
            if (whole > transport.maxTransferBytes()) {
                return Try.last(new ReservationReply.Refused(path + ": there are more registrants, in " + whole
                        + " bytes, than the " + transport.maxTransferBytes() + " that one command moves here"));
            }
            bytes = whole;
        }
        return Try.last(new ReservationReply.Refused(path + ": hosts registered faster than who is could be read"));
    }

    private Try readAbilities() {
        try {
            Namespace now = controller.namespace(nsid);
            Rescap can = now.identify().reservations();
            if (!now.controller().reservations() || !can.supported()) {
                return Try.last(new ReservationReply.Unsupported(path + ": no reservations, by ONCS and RESCAP"));
            }
            boolean persistent = can.persistsThroughPowerLoss();
            return Try.last(new ReservationReply.Abilities(new ReservationCapabilities(
                    can.types(), persistent, persistent && persistsNow(), false, false, true)));
        } catch (NvmeStatusException e) {
            return judged(new CommandEnd.Completed(e.status()), true, false);
        } catch (PageFormatException e) {
            throw e;
        } catch (MultipathException e) {
            return judged(new CommandEnd.Unanswered(String.valueOf(e.getMessage())), true, false);
        }
    }

    private boolean persistsNow() {
        var get = GetFeatures.value(Feature.RESERVATION_PERSISTENCE, nsid);
        try {
            AdminResult value = controller
                    .transport()
                    .admin(get, null, controller.settings().adminTimeout());
            return (value.dword0() & 1) != 0;
        } catch (NvmeStatusException e) {
            if (e.status().pathRelated()) {
                throw e;
            }
            return false;
        }
    }

    private CommandEnd send(ReservationChange command) {
        ByteBuffer keys = ByteBuffer.allocate(command.dataBytes());
        command.encodeKeys(keys);
        return send(command, keys.flip());
    }

    private CommandEnd send(IoCommand command, ByteBuffer data) {
        return transport.carryOut(command, data);
    }

    private Try judged(CommandEnd end, boolean reads, boolean dependsOnWhatIsReserved) {
        String cause = path + ": " + end.cause();
        if (end instanceof CommandEnd.Completed completed) {
            return completed(completed.status(), cause, reads, dependsOnWhatIsReserved);
        }
        controller.look();
        if (end instanceof CommandEnd.NotSent notSent) {
            return Try.last(
                    notSent.status() == IoStatus.UNSUPPORTED
                            ? new ReservationReply.Unsupported(cause)
                            : new ReservationReply.NotExecuted(cause));
        }
        return reads
                ? Try.again(new ReservationReply.NotExecuted(cause), 0)
                : Try.last(new ReservationReply.Unknown(cause));
    }

    private Try completed(NvmeStatus status, String cause, boolean reads, boolean dependsOnWhatIsReserved) {
        if (status.success()) {
            return Try.last(new ReservationReply.Done());
        }
        if (is(status, StatusCode.RESERVATION_CONFLICT)) {
            return Try.last(new ReservationReply.Conflict(cause));
        }
        path.report(status);
        if (is(status, StatusCode.INVALID_COMMAND_OPCODE)
                || (is(status, StatusCode.INVALID_FIELD_IN_COMMAND) && !dependsOnWhatIsReserved)) {
            return Try.last(new ReservationReply.Unsupported(cause));
        }
        boolean notExecuted = reads || status.certainty() == Certainty.NOT_EXECUTED;
        if (notExecuted && status.verdict() == Verdict.RETRY && !is(status, StatusCode.INVALID_FIELD_IN_COMMAND)) {
            return Try.again(new ReservationReply.NotExecuted(cause), path.retryDelayNanos(status));
        }
        if (!notExecuted) {
            return Try.last(new ReservationReply.Unknown(cause));
        }
        return Try.last(
                status.pathRelated() || is(status, StatusCode.INVALID_NAMESPACE_OR_FORMAT)
                        ? new ReservationReply.NotExecuted(cause)
                        : new ReservationReply.Refused(cause));
    }

    private static boolean is(NvmeStatus status, StatusCode code) {
        return status.value() == code.value();
    }
}
