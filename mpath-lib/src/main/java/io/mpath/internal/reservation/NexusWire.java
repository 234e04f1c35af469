package io.mpath.internal.reservation;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends each command with the key of the nexus through which it goes. Used on the control loop only. */
final class NexusWire {
    /** How often it is read at most while it changes all the time. */
    private static final int READS = 4;

    private final NexusLedger ledger;
    private final Wire wire;

    NexusWire(NexusLedger ledger, Wire wire) {
        this.ledger = ledger;
        this.wire = wire;
    }

    /**
     * What came of a command.
     *
     * @param through the nexus that answered; null when none took it
     */
    record Answer(@Nullable Nexus through, ReservationReply reply) {}

    long now() {
        return wire.now();
    }

    /** Those that are registered, and through which a command may be sent now, in the device's order. */
    List<Nexus> joined() {
        List<Nexus> joined = new ArrayList<>();
        for (Nexus nexus : ledger.present()) {
            if (nexus.member().joined() && nexus.testifies() && nexus.member().reachable()) {
                joined.add(nexus);
            }
        }
        return joined;
    }

    CompletableFuture<ReservationReply> send(Nexus nexus, ReservationCommand command) {
        return wire.send(nexus.member(), command);
    }

    /** Sends what {@code command} makes of a key through the first of them, and through the next where one was not reached. */
    CompletableFuture<Answer> sendThroughAny(
            List<Nexus> nexuses, Function<ReservationKey, ReservationCommand> command) {
        return sendFrom(nexuses, 0, command, "no registered path can be reached");
    }

    private CompletableFuture<Answer> sendFrom(
            List<Nexus> nexuses, int index, Function<ReservationKey, ReservationCommand> command, String why) {
        if (index == nexuses.size()) {
            return CompletableFuture.completedFuture(new Answer(null, new ReservationReply.NotExecuted(why)));
        }
        Nexus nexus = nexuses.get(index);
        ReservationKey key = Objects.requireNonNull(nexus.key(), "a nexus without a key");
        return send(nexus, command.apply(key))
                .thenCompose(reply -> reply.kind() == Kind.NOT_EXECUTED
                        ? sendFrom(nexuses, index + 1, command, nexus.name() + ": " + reply.cause())
                        : CompletableFuture.completedFuture(new Answer(nexus, reply)));
    }

    /** Reads what the device says, through whichever path can, and gives that to {@code then}; or the reply that is none. */
    <T> CompletableFuture<T> read(
            Function<ReservationState, CompletableFuture<T>> then,
            Function<ReservationReply, CompletableFuture<T>> otherwise) {
        return read(wire::reachable, then, otherwise, READS);
    }

    /** As {@link #read}, through one of {@code nexuses}. */
    <T> CompletableFuture<T> read(
            Supplier<List<Nexus>> nexuses,
            Function<ReservationState, CompletableFuture<T>> then,
            Function<ReservationReply, CompletableFuture<T>> otherwise) {
        return read(() -> nexuses.get().stream().map(Nexus::member).toList(), then, otherwise, READS);
    }

    /**
     * What was read when the device said that it changed is of before that, and is read again; but not for ever, as a host that is
     * kept out hears of it with every request. Then it confirms no fence.
     */
    private <T> CompletableFuture<T> read(
            Supplier<List<Member>> members,
            Function<ReservationState, CompletableFuture<T>> then,
            Function<ReservationReply, CompletableFuture<T>> otherwise,
            int times) {
        ledger.ask();
        List<Nexus> strays = ledger.settledStrays();
        return wire.sendThroughAny(members.get(), new ReservationCommand.Read()).thenCompose(sent -> {
            if (!(sent.reply() instanceof ReservationReply.Status status)) {
                return otherwise.apply(sent.reply());
            }
            if (!ledger.heeded() && times > 1) {
                return read(members, then, otherwise, times - 1);
            }
            ledger.seen(strays, status.state());
            return then.apply(status.state());
        });
    }
}
