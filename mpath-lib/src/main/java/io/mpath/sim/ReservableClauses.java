package io.mpath.sim;

import io.mpath.path.Reservable;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The clauses of {@link DevicePathContract} for paths that are {@link Reservable}. They read, and change nothing. */
final class ReservableClauses {
    private ReservableClauses() {}

    /** What is asked is answered once, with what was asked for, or by saying that the device does not tell. */
    static void answersOnce(ContractBench bench) {
        if (bench.path instanceof Reservable reservable) {
            ReservationReply state = reply(bench, reservable, new ReservationCommand.Read());
            bench.expect(
                    state instanceof ReservationReply.Status || state instanceof ReservationReply.Unsupported,
                    "what is reserved is answered " + state);
            ReservationReply abilities = reply(bench, reservable, new ReservationCommand.ReadAbilities());
            bench.expect(
                    abilities instanceof ReservationReply.Abilities
                            || abilities instanceof ReservationReply.Unsupported,
                    "what it can reserve is answered " + abilities);
        }
    }

    /** A command that was under way when the path was closed is answered, whatever with; a later one was not executed. */
    static void answersOnceItIsClosed(ContractBench bench) {
        if (bench.path instanceof Reservable reservable) {
            List<ReservationReply> underWay = send(bench, reservable, new ReservationCommand.Read());
            bench.close(() -> {});
            bench.require(() -> !underWay.isEmpty(), "a command is not answered while it is closed");
            ReservationReply late = reply(bench, reservable, new ReservationCommand.Read());
            bench.expect(
                    late instanceof ReservationReply.NotExecuted,
                    "a command after close is answered " + late + ", not as not executed");
            bench.expect(underWay.size() == 1, "a command under way at close is answered " + underWay);
        }
    }

    private static ReservationReply reply(ContractBench bench, Reservable reservable, ReservationCommand command) {
        List<ReservationReply> replies = send(bench, reservable, command);
        bench.require(() -> !replies.isEmpty(), command + " is not answered");
        bench.waitAfterwards();
        bench.expect(replies.size() == 1, command + " is answered " + replies);
        return replies.get(0);
    }

    private static List<ReservationReply> send(ContractBench bench, Reservable reservable, ReservationCommand command) {
        List<ReservationReply> replies = Collections.synchronizedList(new ArrayList<>());
        bench.onBlockingThread(() -> reservable.reserve(command, replies::add));
        return replies;
    }
}
