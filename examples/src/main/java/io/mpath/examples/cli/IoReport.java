package io.mpath.examples.cli;

import io.mpath.examples.cli.EventLog.Entry;
import io.mpath.examples.workload.ByteSize;
import io.mpath.examples.workload.Latencies;
import io.mpath.examples.workload.WorkloadResult;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.JsonWriter;
import io.mpath.observe.PathSnapshot;
import io.mpath.observe.UnfencedRange;
import java.util.Locale;

/**
 * What {@code mpath io} found, as text and as JSON.
 *
 * @param interrupted whether the user ended it early
 */
record IoReport(DeviceSnapshot device, WorkloadResult result, EventLog log, boolean interrupted) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    private double seconds() {
        return result.nanos() / NANOS_PER_SECOND;
    }

    private double perSecond(long amount) {
        return result.nanos() == 0 ? 0 : amount / seconds();
    }

    private static double micros(long nanos) {
        return nanos / NANOS_PER_MICRO;
    }

    int exitStatus() {
        return result.clean() ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    String toJson() {
        var json = new JsonWriter();
        json.beginObject();
        json.name("device").value(device.id().toString());
        json.name("policy").value(device.policy());
        json.name("requests").value(result.requests());
        json.name("bytes").value(result.bytes());
        json.name("seconds").value(seconds());
        json.name("iops").value(perSecond(result.requests()));
        json.name("errors").value(result.findings().errors());
        json.name("miscompares").value(result.findings().miscompares());
        json.name("failovers").value(device.counters().failovers());
        json.name("requeues").value(device.counters().requeues());
        json.name("held").value(device.counters().heldWrites());
        json.name("unfenced").beginArray();
        device.unfenced().forEach(range -> unfenced(json, range));
        json.endArray();
        json.name("read_back").value(result.readBack());
        json.name("interrupted").value(interrupted);
        latency(json);
        paths(json);
        events(json);
        findings(json);
        return json.endObject().toString();
    }

    private static void unfenced(JsonWriter json, UnfencedRange range) {
        json.beginObject();
        json.name("offset").value(range.offset());
        json.name("length").value(range.length());
        json.name("path").value(range.path());
        json.name("left_seconds");
        if (range.left().isPresent()) {
            json.value(range.left().get().toNanos() / NANOS_PER_SECOND);
        } else {
            json.nullValue();
        }
        json.endObject();
    }

    private void latency(JsonWriter json) {
        Latencies latencies = result.latencies();
        json.name("latency_us").beginObject();
        json.name("p50").value(micros(latencies.atPercentile(50)));
        json.name("p99").value(micros(latencies.atPercentile(99)));
        json.name("p999").value(micros(latencies.atPercentile(99.9)));
        json.name("max").value(micros(latencies.longest()));
        json.name("max_at_ms");
        if (latencies.longest() == 0) {
            json.nullValue();
        } else {
            json.value(log.millisAt(latencies.longestEndedNanos()));
        }
        json.endObject();
    }

    private void paths(JsonWriter json) {
        json.name("paths").beginArray();
        for (PathSnapshot path : device.paths()) {
            json.beginObject();
            json.name("name").value(path.name());
            json.name("port").value(path.port());
            json.name("access_state").value(path.accessState().toString());
            json.name("liveness").value(path.liveness().toString());
            json.name("requests").value(path.counters().requests());
            json.name("errors").value(path.counters().errors());
            json.endObject();
        }
        json.endArray();
    }

    private void events(JsonWriter json) {
        json.name("events").beginArray();
        for (Entry event : log.since(0)) {
            json.beginObject();
            json.name("at_ms").value(event.atMillis());
            json.name("path");
            if (event.path() == null) {
                json.nullValue();
            } else {
                json.value(event.path());
            }
            json.name("what").value(event.what());
            json.endObject();
        }
        json.endArray();
    }

    private void findings(JsonWriter json) {
        json.name("first_errors").beginArray();
        result.findings().firstErrors().forEach(json::value);
        json.endArray();
        json.name("first_miscompares").beginArray();
        result.findings().firstMiscompares().forEach(miscompare -> json.value(miscompare.toString()));
        json.endArray();
    }

    String toText() {
        var text = new StringBuilder();
        line(text, "device     %s, %s%s", device.id(), device.policy(), interrupted ? ", interrupted" : "");
        line(
                text,
                "requests   %d in %.1f s: %.0f a second, %s a second",
                result.requests(),
                seconds(),
                perSecond(result.requests()),
                ByteSize.format(perSecond(result.bytes())));
        Latencies latencies = result.latencies();
        line(
                text,
                "latency    p50 %.0f µs, p99 %.0f µs, p99.9 %.0f µs, longest %.0f µs",
                micros(latencies.atPercentile(50)),
                micros(latencies.atPercentile(99)),
                micros(latencies.atPercentile(99.9)),
                micros(latencies.longest()));
        for (PathSnapshot path : device.paths()) {
            line(
                    text,
                    "path       %s: %s, %s, %d requests, %d errors",
                    path.name(),
                    path.accessState(),
                    path.liveness(),
                    path.counters().requests(),
                    path.counters().errors());
        }
        line(
                text,
                "failovers  %d, and %d requests waited for a path, %d writes were held",
                device.counters().failovers(),
                device.counters().requeues(),
                device.counters().heldWrites());
        device.unfenced().forEach(range -> unfenced(text, range));
        if (result.readBack() > 0) {
            line(text, "read back  %d blocks", result.readBack());
        }
        line(
                text,
                "errors     %d, and %d miscompares",
                result.findings().errors(),
                result.findings().miscompares());
        return text.append(firstFindings()).toString();
    }

    private static void unfenced(StringBuilder text, UnfencedRange range) {
        line(
                text,
                "unfenced   %d bytes at offset %d may still be changed by a write that %s lost, %s",
                range.length(),
                range.offset(),
                range.path(),
                range.left()
                        .map(left -> String.format(Locale.ROOT, "for %.1f s", left.toNanos() / NANOS_PER_SECOND))
                        .orElse("for an unknown time"));
    }

    /** The first few errors and miscompares, one a line. */
    String firstFindings() {
        var text = new StringBuilder();
        result.findings().firstErrors().forEach(error -> line(text, "error      %s", error));
        result.findings().firstMiscompares().forEach(miscompare -> line(text, "miscompare %s", miscompare));
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
