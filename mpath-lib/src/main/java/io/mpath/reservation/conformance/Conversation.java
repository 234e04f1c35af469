package io.mpath.reservation.conformance;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Read;
import io.mpath.path.ReservationCommand.ReadAbilities;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a target, one question at a time, each with its time-out. A nexus may not be given a command while it has
 * another, so that after a question without an answer nothing is asked before {@link #settle}.
 *
 * <p>Threading: the thread that runs the suite.
 */
final class Conversation {
    /** What the suite itself registers with, to remove everything. */
    private static final ReservationKey SWEEPER = new ReservationKey(0x6d70_6174_6800_00ffL);

    private final ConformanceTarget target;
    private @Nullable Question unanswered;

    private record Question(String text, CompletableFuture<?> answer) {}

    Conversation(ConformanceTarget target) {
        this.target = target;
    }

    Nexus nexus(Party party) {
        return target.nexus(party)
                .orElseThrow(() -> new IllegalArgumentException(target.name() + " is not reached by a " + party));
    }

    ReservationReply send(Nexus nexus, ReservationCommand command) throws NoAnswerException {
        var reply = new CompletableFuture<ReservationReply>();
        return answer(new Question(nexus + ": " + command, reply), reply, () -> {
            try {
                nexus.path().reserve(command, reply::complete);
            } catch (RuntimeException e) {
                reply.complete(new ReservationReply.Unknown("the path threw " + e));
            }
        });
    }

    Access tryAccess(Nexus nexus, boolean write) throws NoAnswerException {
        var access = new CompletableFuture<Access>();
        String what = write ? "a write" : "a read";
        return answer(new Question(nexus + ": " + what, access), access, () -> {
            try {
                access.complete(nexus.blocks().tryAccess(write));
            } catch (RuntimeException e) {
                access.complete(Access.failed("it threw " + e));
            }
        });
    }

    /** Gives what was not answered in time as much time again. */
    void settle() throws SuiteStoppedException {
        Question open = unanswered;
        if (open != null && !target.waiting().await(open.answer(), target.timeout())) {
            throw new SuiteStoppedException(open.text() + " is still not answered, and may yet be carried out");
        }
        unanswered = null;
    }

    /** What the device says it can, or empty where it does not say. */
    Optional<ReservationCapabilities> abilities() throws SuiteStoppedException {
        ReservationReply reply = must(new ReadAbilities());
        if (reply instanceof ReservationReply.Abilities abilities) {
            return Optional.of(abilities.capabilities());
        }
        if (reply instanceof ReservationReply.Unsupported) {
            return Optional.empty();
        }
        throw new SuiteStoppedException("what the device can is answered " + text(reply));
    }

    /** Removes everything that is registered and reserved. @return what the device says of it after that */
    ReservationState clear() throws SuiteStoppedException {
        done(new Register(ReservationKey.NONE, SWEEPER, true, false));
        done(new Clear(SWEEPER));
        ReservationReply reply = must(new Read());
        if (!(reply instanceof ReservationReply.Status status)) {
            throw new SuiteStoppedException("what is registered and reserved is answered " + text(reply));
        }
        ReservationState state = status.state();
        if (!state.registrants().isEmpty() || state.reservation().isPresent()) {
            throw new SuiteStoppedException("the device cannot be cleared: after CLEAR it says " + state);
        }
        return state;
    }

    /** A reply, for an operator. */
    static String text(ReservationReply reply) {
        return reply.cause().isEmpty() ? reply.kind().toString() : reply.kind() + " (" + reply.cause() + ")";
    }

    private void done(ReservationCommand command) throws SuiteStoppedException {
        ReservationReply reply = must(command);
        if (reply.kind() != ReservationReply.Kind.DONE) {
            throw new SuiteStoppedException("the device cannot be cleared: " + command + " is answered " + text(reply));
        }
    }

    private ReservationReply must(ReservationCommand command) throws SuiteStoppedException {
        try {
            return send(nexus(Party.LOCAL), command);
        } catch (NoAnswerException e) {
            throw new SuiteStoppedException(e.text());
        }
    }

    private <T> T answer(Question question, CompletableFuture<T> answer, Runnable ask) throws NoAnswerException {
        target.blocking().execute(ask);
        if (!target.waiting().await(answer, target.timeout())) {
            unanswered = question;
            throw new NoAnswerException(question.text() + " is not answered within " + target.timeout());
        }
        return answer.join();
    }
}
