package io.mpath.internal.reservation;

import io.mpath.Environment;
import io.mpath.Timers;
import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands through paths; every answer comes on the control loop, in bounded time. One that takes too long is lost, and its
 * path gets no other before it has come after all. Each path is told what a command of it may leave behind. Used on the control
 * loop only.
 */
final class Wire {
    static final long TIMEOUT_NANOS = 60_000_000_000L;

    private final ReservedDevice device;
    private final Environment environment;
    private final Predicate<ReservationCommand> lingersToo;
    private final Set<Timers.Timer> waiting = new LinkedHashSet<>();
    private boolean over;

    /**
     * For {@code device}.
     *
     * @param lingersToo commands behind which, besides preemptions and registrations, a path is not used while they are lost and may
     *     take effect
     */
    Wire(ReservedDevice device, Predicate<ReservationCommand> lingersToo) {
        this.device = device;
        this.environment = device.environment();
        this.lingersToo = lingersToo;
    }

    long now() {
        return environment.ticker().nanos();
    }

    CompletableFuture<ReservationReply> send(Member member, ReservationCommand command) {
        CompletableFuture<ReservationReply> answer = new CompletableFuture<>();
        Reservable path = member.reservable();
        if (over || path == null || !member.reachable()) {
            answer.complete(new ReservationReply.NotExecuted(member.name() + " is away"));
            return answer;
        }
        @Nullable ReservationKey unseenBefore = member.unseen();
        if (command instanceof Register register && registers(register)) {
            member.mayBeRegistered(register.wanted());
        }
        Consumer<ReservationReply> refused = reply -> {
            if (provesNothingDone(reply)) {
                member.mayBeRegistered(unseenBefore);
            }
        };
        member.busy(true);
        Timers.Timer overdue = environment.timers().schedule(TIMEOUT_NANOS, () -> {
            member.out(!reads(command));
            answer.complete(lost(command, "no answer within 60 s"));
        });
        waiting.add(overdue);
        AtomicBoolean told = new AtomicBoolean();
        environment.blocking().execute(() -> {
            try {
                path.reserve(command, reply -> handBack(member, command, answer, overdue, told, refused, reply));
            } catch (Throwable t) {
                handBack(member, command, answer, overdue, told, refused, lost(command, "its reserve threw " + t));
            }
        });
        return answer;
    }

    /** Any thread. */
    private void handBack(
            Member member,
            ReservationCommand command,
            CompletableFuture<ReservationReply> answer,
            Timers.Timer overdue,
            AtomicBoolean told,
            Consumer<ReservationReply> refused,
            ReservationReply reply) {
        if (told.compareAndSet(false, true)) {
            environment.loop().execute(() -> {
                overdue.cancel();
                waiting.remove(overdue);
                member.busy(false);
                member.out(false);
                ReservationReply judged =
                        reply.kind() == Kind.UNKNOWN && reads(command) ? lost(command, reply.cause()) : reply;
                refused.accept(judged);
                if (judged instanceof ReservationReply.Unknown lost && lingers(command)) {
                    member.lost(now(), lost.fenceEpoch());
                }
                if (!answer.complete(judged)) {
                    device.membersChanged(); // it can be reached again
                }
            });
        }
    }

    /** The device has ended: nobody waits for an answer any more, and nothing is sent. */
    void end() {
        over = true;
        waiting.forEach(Timers.Timer::cancel);
        waiting.clear();
    }

    private static boolean provesNothingDone(ReservationReply reply) {
        return switch (reply.kind()) {
            case CONFLICT, UNSUPPORTED, REFUSED, NOT_EXECUTED -> true;
            case DONE, STATUS, ABILITIES, UNKNOWN -> false;
        };
    }

    private static ReservationReply lost(ReservationCommand command, String why) {
        return reads(command) ? new ReservationReply.NotExecuted(why) : new ReservationReply.Unknown(why);
    }

    private static boolean reads(ReservationCommand command) {
        return command instanceof ReservationCommand.Read || command instanceof ReservationCommand.ReadAbilities;
    }

    private static boolean registers(Register register) {
        return !register.wanted().isNone()
                && (register.ignoreExisting() || !register.existing().equals(register.wanted()));
    }

    /** Whether a path is not to be used before this command, lost, can take effect no more. */
    private boolean lingers(ReservationCommand command) {
        return command instanceof Preempt
                || lingersToo.test(command)
                || (command instanceof Register register && !register.existing().equals(register.wanted()));
    }

    /** Those through which a command may be sent now, in the device's order. */
    List<Member> reachable() {
        List<Member> reachable = new ArrayList<>();
        for (Member member : device.members()) {
            if (member.reachable()) {
                reachable.add(member);
            }
        }
        return reachable;
    }

    /** Those of them that are registered. */
    List<Member> reachableJoined() {
        List<Member> joined = reachable();
        joined.removeIf(member -> !member.joined());
        return joined;
    }

    /** Sends through the first of them, and through the next where one was not reached. */
    CompletableFuture<Sent> sendThroughAny(List<Member> members, ReservationCommand command) {
        return sendFrom(members, 0, command, "no path can be reached");
    }

    private CompletableFuture<Sent> sendFrom(List<Member> members, int index, ReservationCommand command, String why) {
        if (index == members.size()) {
            return CompletableFuture.completedFuture(new Sent(null, new ReservationReply.NotExecuted(why)));
        }
        Member member = members.get(index);
        return send(member, command)
                .thenCompose(reply -> reply.kind() == Kind.NOT_EXECUTED
                        ? sendFrom(members, index + 1, command, member.name() + ": " + reply.cause())
                        : CompletableFuture.completedFuture(new Sent(member, reply)));
    }

    /** Reads what the device says, through whichever path can, and gives that to {@code then}; or the reply that is none. */
    <T> CompletableFuture<T> read(
            Function<ReservationState, CompletableFuture<T>> then,
            Function<ReservationReply, CompletableFuture<T>> otherwise) {
        return sendThroughAny(reachable(), new ReservationCommand.Read())
                .thenCompose(sent -> sent.reply() instanceof ReservationReply.Status status
                        ? then.apply(status.state())
                        : otherwise.apply(sent.reply()));
    }
}
