package io.mpath.reservation.conformance;

import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.conformance.ConformanceResult.Status;
import io.mpath.reservation.conformance.StateFact.Observation;
import io.mpath.reservation.conformance.Step.ExpectAccess;
import io.mpath.reservation.conformance.Step.ExpectState;
import io.mpath.reservation.conformance.Step.Send;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One scenario being carried out, on a device that is clear. */
final class ScenarioRun {
    private final ConformanceScenario scenario;
    private final Conversation conversation;
    private final boolean perNexus;
    private long generation;

    /** @param generation the generation of the clear device */
    ScenarioRun(ConformanceScenario scenario, Conversation conversation, boolean perNexus, long generation) {
        this.scenario = scenario;
        this.conversation = conversation;
        this.perNexus = perNexus;
        this.generation = generation;
    }

    ConformanceResult run() {
        int number = 0;
        for (Step step : scenario.steps()) {
            number++;
            try {
                Optional<String> contradiction = contradiction(step);
                if (contradiction.isPresent()) {
                    String who = conversation.nexus(step.party()) + " " + step;
                    return ended(Status.FAIL, number, who + ": " + contradiction.get());
                }
            } catch (NoAnswerException e) {
                return ended(Status.TIMED_OUT, number, e.text());
            }
        }
        return new ConformanceResult(scenario, Status.PASS, "");
    }

    private ConformanceResult ended(Status status, int number, String detail) {
        return new ConformanceResult(scenario, status, OptionalInt.of(number), detail);
    }

    private Optional<String> contradiction(Step step) throws NoAnswerException {
        Nexus nexus = conversation.nexus(step.party());
        if (step instanceof Send send) {
            ReservationReply reply = conversation.send(nexus, send.command());
            return send.expected().contains(reply.kind())
                    ? Optional.empty()
                    : instead(Conversation.text(reply), oneOf(send));
        }
        if (step instanceof ExpectAccess tried) {
            Access access = conversation.tryAccess(nexus, tried.write());
            return access.kind() == tried.expected()
                    ? Optional.empty()
                    : instead(access.toString(), tried.expected().toString());
        }
        if (step instanceof ExpectState expected) {
            ReservationReply reply = conversation.send(nexus, new ReservationCommand.Read());
            return reply instanceof ReservationReply.Status status
                    ? contradiction(expected, status.state())
                    : instead(Conversation.text(reply), ReservationReply.Kind.STATUS.toString());
        }
        throw new IllegalArgumentException("no step: " + step);
    }

    private Optional<String> contradiction(ExpectState expected, ReservationState state) {
        var observation = new Observation(state, generation, perNexus);
        generation = state.generation();
        List<String> all = new ArrayList<>();
        for (StateFact fact : expected.facts()) {
            fact.contradiction(observation).ifPresent(found -> all.add(found + ", expected " + fact));
        }
        return all.isEmpty() ? Optional.empty() : Optional.of("found " + String.join("; found ", all));
    }

    private static Optional<String> instead(String found, String expected) {
        return Optional.of("found " + found + ", expected " + expected);
    }

    private static String oneOf(Send send) {
        return String.join(" or ", send.expected().stream().map(Enum::toString).toList());
    }
}
