package io.mpath.scsi;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.ReservationReply;
import io.mpath.path.Verdict;
import io.mpath.scsi.command.PersistentReserveIn;
import io.mpath.scsi.command.PersistentReserveOut;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.ScsiStatus;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.Treatment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One PERSISTENT RESERVE command, and what came of it.
 *
 * <p>What a device tells ahead of a command, it tells instead of it: after a unit attention the command is sent again,
 * a few times. A change whose answer is lost is not, and neither is one that the device gave up in the middle: both are
 * unknown. A read changes nothing, so that one is sent again, and was not executed when its answer is lost again.
 *
 * <p>Sense key 5 is refusal. Operation code, service action or type that it does not know (20h, 22h, 24h) are what a
 * device lacks, and so is a field of the parameter list (26h) where that asks for what not every device has: to outlive
 * a loss of power. The rest is a command that fits nothing that there is: too many registrations (55h), a release of
 * another type (26h/04h), nobody's key 0.
 *
 * <p>Threading: immutable; every method blocks.
 */
final class ReservationExchange {
    /** As long as nothing else is known: an array writes what is to outlive a loss of power to its disks. */
    private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(30);

    private static final int MOST_TRIES = 6;
    private static final int MOST_LOST = 2;

    private final Way way;
    private final Duration readTimeout;

    /** How commands are sent. */
    interface Way {
        /** Why nothing is to be sent now, or null. */
        @Nullable
        String unusable();

        /**
         * {@link ScsiTransport#execute}; what its end says of the path and of the unit is reported before this returns.
         */
        ScsiReply send(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout);
    }

    /** What there is in the place of an answer. */
    static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient ReservationReply reply;
        private final int againMillis;

        private NoAnswer(ReservationReply reply, int againMillis) {
            super(reply.toString(), null, false, false);
            this.reply = reply;
            this.againMillis = againMillis;
        }

        ReservationReply reply() {
            return reply;
        }

        /** When a device that is busy may be asked again, in milliseconds; 0: nothing is to be had by asking again. */
        int againMillis() {
            return againMillis;
        }
    }

    ReservationExchange(Way way, Duration readTimeout) {
        this.way = way;
        this.readTimeout = readTimeout;
    }

    /** Returns once it is done. */
    void change(PersistentReserveOut command) throws NoAnswer {
        ByteBuffer list = ByteBuffer.allocate(command.dataBytes());
        command.encodeParameters(list.duplicate());
        ScsiResult result;
        try {
            result = settled(command, list, CHANGE_TIMEOUT).result();
        } catch (CommandNotSentException e) {
            throw notExecuted(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            throw new NoAnswer(new ReservationReply.Unknown(String.valueOf(e.getMessage())), 0);
        }
        Optional<Treatment> treatment = result.treatment();
        if (treatment.isPresent()) {
            String cause = command.name() + ": " + result;
            throw treatment.get().certainty() == Certainty.NOT_EXECUTED
                            || answered(treatment.get())
                            || isRefusal(result, treatment.get())
                    ? refused(result, treatment.get(), cause, command.persistent())
                    : new NoAnswer(new ReservationReply.Unknown(cause), 0);
        }
    }

    /** The data. */
    ByteBuffer read(PersistentReserveIn command) throws NoAnswer {
        for (int lost = 1; ; lost++) {
            NoAnswer why;
            try {
                ScsiReply reply = settled(command, null, readTimeout);
                Optional<Treatment> treatment = reply.result().treatment();
                if (treatment.isEmpty()) {
                    return reply.data();
                }
                why = refused(reply.result(), treatment.get(), command.name() + ": " + reply.result(), false);
                if (treatment.get().certainty() == Certainty.NOT_EXECUTED
                        || treatment.get().verdict() == Verdict.FAIL
                        || isRefusal(reply.result(), treatment.get())) {
                    throw why;
                }
            } catch (RuntimeException e) {
                why = notExecuted(String.valueOf(e.getMessage()));
            }
            if (lost == MOST_LOST) {
                throw why;
            }
        }
    }

    /** Its end, once what the device wanted to tell first is told, or it has told too much. */
    private ScsiReply settled(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) throws NoAnswer {
        for (int tries = 1; ; tries++) {
            String unusable = way.unusable();
            if (unusable != null) {
                throw notExecuted(command.name() + " was not sent: " + unusable);
            }
            ScsiReply reply = way.send(command, data == null ? null : data.duplicate(), timeout);
            if (tries == MOST_TRIES || !toldSomethingElse(reply.result())) {
                return reply;
            }
        }
    }

    private static boolean toldSomethingElse(ScsiResult result) {
        return result.treatment()
                .filter(told -> told.verdict() == Verdict.RETRY
                        && told.certainty() == Certainty.NOT_EXECUTED
                        && told.retryDelayMillis() == 0)
                .isPresent();
    }

    private static NoAnswer notExecuted(String cause) {
        return new NoAnswer(new ReservationReply.NotExecuted(cause), 0);
    }

    private static boolean answered(Treatment treatment) {
        return treatment.status() == IoStatus.RESERVATION_CONFLICT;
    }

    private static boolean isRefusal(ScsiResult result, Treatment treatment) {
        return treatment.certainty() != Certainty.UNKNOWN
                && result.sense()
                        .filter(sense -> !sense.deferred() && sense.key() == SenseKey.ILLEGAL_REQUEST)
                        .isPresent();
    }

    /** Of a command that changed nothing. */
    private static NoAnswer refused(ScsiResult result, Treatment treatment, String cause, boolean asksForMore) {
        if (answered(treatment)) {
            return new NoAnswer(new ReservationReply.Conflict(cause), 0);
        }
        if (isRefusal(result, treatment)) {
            return new NoAnswer(ofRefusal(result, cause, asksForMore), 0);
        }
        if (treatment.verdict() == Verdict.FAIL) {
            return new NoAnswer(new ReservationReply.Refused(cause), 0);
        }
        return new NoAnswer(new ReservationReply.NotExecuted(cause), isBusy(result) ? treatment.retryDelayMillis() : 0);
    }

    private static ReservationReply ofRefusal(ScsiResult result, String cause, boolean asksForMore) {
        int asc = result.sense().orElseThrow().asc();
        int ascq = result.sense().orElseThrow().ascq();
        return switch (asc) {
            case 0x20, 0x22, 0x24 -> new ReservationReply.Unsupported(cause);
            case 0x26 ->
                asksForMore && ascq != 0x04
                        ? new ReservationReply.Unsupported(cause)
                        : new ReservationReply.Refused(cause);
            // The path leads to no logical unit any more, and another may.
            case 0x25 -> new ReservationReply.NotExecuted(cause);
            default -> new ReservationReply.Refused(cause);
        };
    }

    private static boolean isBusy(ScsiResult result) {
        return result.statusByte() == ScsiStatus.BUSY.value()
                || result.statusByte() == ScsiStatus.TASK_SET_FULL.value();
    }
}
