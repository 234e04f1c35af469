package io.mpath.examples.cli;

import io.mpath.observe.JsonWriter;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import java.util.stream.Collectors;

/** What {@code mpath reserve} says, as text and as JSON. */
record ReservationReport(ReservationState state, ReservationCapabilities capabilities) {
    String toText() {
        var text = new StringBuilder();
        text.append("generation ")
                .append(state.generation())
                .append(state.persistent() ? ", outlives a loss of power\n" : "\n");
        text.append(state.reservation()
                        .map(held -> held.type()
                                + (held.holder().isNone() ? ", held by all registrants" : ", held by " + held.holder()))
                        .orElse("not reserved"))
                .append('\n');
        for (Registrant registrant : state.registrants()) {
            text.append("registered ").append(registrant.key());
            if (!registrant.host().isEmpty()) {
                text.append(" by ").append(registrant.host());
            }
            registrant.port().ifPresent(port -> text.append(" through port ").append(port));
            text.append(registrant.holder() ? ", holds it\n" : "\n");
        }
        text.append("types: ")
                .append(capabilities.types().stream()
                        .sorted()
                        .map(ReservationType::toString)
                        .collect(Collectors.joining(", ")))
                .append('\n');
        return text.toString();
    }

    String toJson() {
        var json = new JsonWriter();
        json.beginObject();
        state(json, state);
        json.name("capabilities").beginObject();
        json.name("types").beginArray();
        capabilities.types().stream().sorted().forEach(type -> json.value(type.toString()));
        json.endArray();
        json.name("persistent").value(capabilities.persistent());
        json.name("per_nexus").value(capabilities.perNexus());
        json.name("all_target_ports").value(capabilities.allTargetPorts());
        json.name("full_status").value(capabilities.fullStatus());
        json.endObject();
        return json.endObject().toString();
    }

    private static void state(JsonWriter json, ReservationState state) {
        json.name("generation").value(state.generation());
        json.name("persistent").value(state.persistent());
        json.name("reservation");
        if (state.reservation().isPresent()) {
            ReservationState.Held held = state.reservation().get();
            json.beginObject().name("type").value(held.type().toString());
            json.name("holder");
            if (held.holder().isNone()) {
                json.nullValue();
            } else {
                json.value(held.holder().toString());
            }
            json.endObject();
        } else {
            json.nullValue();
        }
        json.name("registrants").beginArray();
        for (Registrant registrant : state.registrants()) {
            json.beginObject().name("key").value(registrant.key().toString());
            json.name("holder").value(registrant.holder());
            json.name("host").value(registrant.host());
            json.name("port");
            if (registrant.port().isPresent()) {
                json.value(registrant.port().getAsInt());
            } else {
                json.nullValue();
            }
            json.endObject();
        }
        json.endArray();
    }

    /** How a change ended. */
    static String outcome(String action, ReservationOutcome outcome) {
        var json = new JsonWriter();
        json.beginObject().name("action").value(action);
        json.name("outcome").value(word(outcome));
        json.name("text").value(outcome.text());
        json.name("state");
        if (outcome instanceof ReservationOutcome.Conflict conflict
                && conflict.state().isPresent()) {
            json.beginObject();
            state(json, conflict.state().get());
            json.endObject();
        } else {
            json.nullValue();
        }
        return json.endObject().toString();
    }

    private static String word(ReservationOutcome outcome) {
        if (outcome instanceof ReservationOutcome.Conflict) {
            return "conflict";
        }
        if (outcome instanceof ReservationOutcome.NotSupported) {
            return "not_supported";
        }
        if (outcome instanceof ReservationOutcome.NoPath) {
            return "no_path";
        }
        if (outcome instanceof ReservationOutcome.Unknown) {
            return "unknown";
        }
        return outcome.done() ? "done" : "refused";
    }
}
