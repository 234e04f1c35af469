package io.mpath.internal.reservation;

import io.mpath.Environment;
import io.mpath.Timers;
import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Sends commands through paths; every answer comes on the control loop, in bounded time. One that takes too long is lost, and its
 * path gets no other before it has come after all. Used on the control loop only.
 */
final class Wire {
    static final long TIMEOUT_NANOS = 60_000_000_000L;

    private final ReservedDevice device;
    private final Environment environment;

    Wire(ReservedDevice device) {
        this.device = device;
        this.environment = device.environment();
    }

    long now() {
        return environment.ticker().nanos();
    }

    CompletableFuture<ReservationReply> send(Member member, ReservationCommand command) {
        CompletableFuture<ReservationReply> answer = new CompletableFuture<>();
        Reservable path = member.reservable();
        if (path == null || !member.reachable()) {
            answer.complete(new ReservationReply.NotExecuted(member.name() + " is away"));
            return answer;
        }
        member.busy(true);
        Timers.Timer overdue = environment.timers().schedule(TIMEOUT_NANOS, () -> {
            if (!answer.isDone()) {
                answered(member, command, answer, lost(command, "no answer within 60 s"));
            }
        });
        environment.blocking().execute(() -> {
            try {
                path.reserve(command, reply -> environment.loop().execute(() -> {
                    member.busy(false);
                    overdue.cancel();
                    if (answer.isDone()) {
                        device.membersChanged(); // it can be reached again
                    } else {
                        answered(member, command, answer, reply);
                    }
                }));
            } catch (Throwable t) {
                environment.loop().execute(() -> {
                    member.busy(false);
                    overdue.cancel();
                    answered(member, command, answer, lost(command, "its reserve threw " + t));
                });
            }
        });
        return answer;
    }

    private static ReservationReply lost(ReservationCommand command, String why) {
        return reads(command) ? new ReservationReply.NotExecuted(why) : new ReservationReply.Unknown(why);
    }

    private static boolean reads(ReservationCommand command) {
        return command instanceof ReservationCommand.Read || command instanceof ReservationCommand.ReadAbilities;
    }

    private void answered(
            Member member,
            ReservationCommand command,
            CompletableFuture<ReservationReply> answer,
            ReservationReply reply) {
        ReservationReply told = reply;
        if (reply.kind() == ReservationReply.Kind.UNKNOWN) {
            told = lost(command, reply.cause());
        }
        if (told instanceof ReservationReply.Unknown) {
            member.lost(now());
        }
        answer.complete(told);
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
        List<Member> joined = new ArrayList<>(reachable());
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
                .thenCompose(reply -> reply.kind() == ReservationReply.Kind.NOT_EXECUTED
                        ? sendFrom(members, index + 1, command, member.name() + ": " + reply.cause())
                        : CompletableFuture.completedFuture(new Sent(member, reply)));
    }

    /** Reads what the device says, through whichever path can, and gives that to {@code then}; or the reply that is none. */
    <T> CompletableFuture<T> read(
            Function<ReservationState, CompletableFuture<T>> then, Function<ReservationReply, CompletableFuture<T>> otherwise) {
        return sendThroughAny(reachable(), new ReservationCommand.Read())
                .thenCompose(sent -> sent.reply() instanceof ReservationReply.Status status
                        ? then.apply(status.state())
                        : otherwise.apply(sent.reply()));
    }
}
