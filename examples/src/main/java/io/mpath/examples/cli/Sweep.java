package io.mpath.examples.cli;

import io.mpath.observe.JsonWriter;
import io.mpath.sim.SimCoverage;
import io.mpath.sim.SimReport;
import io.mpath.sim.SimViolation;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sum of many simulated runs. */
final class Sweep {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_HOUR = 3600e9;

    private final long beganNanos;
    private final SimCoverage coverage = new SimCoverage();
    private long nanos;
    private long seeds;
    private long requests;
    private long attempts;
    private long faults;
    private long virtualNanos;
    private @Nullable SimViolation violation;

    Sweep(long nowNanos) {
        beganNanos = nowNanos;
    }

    void add(SimReport report, long nowNanos) {
        seeds++;
        requests += report.requests();
        attempts += report.attempts();
        faults += report.faults();
        virtualNanos += report.virtualNanos();
        coverage.add(report.coverage());
        nanos = nowNanos - beganNanos;
    }

    void broken(SimViolation found) {
        violation = found;
    }

    @Nullable
    SimViolation violation() {
        return violation;
    }

    long seeds() {
        return seeds;
    }

    SimCoverage coverage() {
        return coverage;
    }

    private double perSecond(double amount) {
        return nanos == 0 ? 0 : amount * NANOS_PER_SECOND / nanos;
    }

    private double hours() {
        return virtualNanos / NANOS_PER_HOUR;
    }

    /** How often everything happened, what went wrong, and in one line at the end what was run. */
    String toText(long first) {
        var text = new StringBuilder();
        for (Map.Entry<String, Long> counter : coverage.counts().entrySet()) {
            text.append(String.format(Locale.ROOT, "%12d  %s%n", counter.getValue(), counter.getKey()));
        }
        SimViolation found = violation;
        if (found != null) {
            text.append(found.getMessage()).append(System.lineSeparator());
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%d seeds from %d on %s: %d requests, %d attempts, %d faults, %.2f virtual hours in %.1f s: "
                                + "%.0f seeds, %.0f requests and %.4f virtual hours a second",
                        seeds,
                        first,
                        found == null ? "clean" : "clean before one broke a rule",
                        requests,
                        attempts,
                        faults,
                        hours(),
                        nanos / NANOS_PER_SECOND,
                        perSecond((double) seeds),
                        perSecond((double) requests),
                        perSecond(hours())))
                .toString();
    }

    String toJson(long first) {
        var json = new JsonWriter();
        json.beginObject();
        json.name("first_seed").value(first);
        json.name("seeds").value(seeds);
        json.name("requests").value(requests);
        json.name("attempts").value(attempts);
        json.name("faults").value(faults);
        json.name("virtual_hours").value(hours());
        json.name("seconds").value(nanos / NANOS_PER_SECOND);
        json.name("virtual_hours_per_second").value(perSecond(hours()));
        json.name("seeds_per_second").value(perSecond((double) seeds));
        json.name("coverage").beginObject();
        coverage.counts().forEach((name, count) -> json.name(name).value(count));
        json.endObject();
        json.name("violation");
        violation(json);
        return json.endObject().toString();
    }

    private void violation(JsonWriter json) {
        SimViolation found = violation;
        if (found == null) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.name("seed").value(found.seed());
        json.name("rule").value(found.rule());
        json.name("what").value(found.what());
        json.name("at_ns").value(found.atNanos());
        json.name("replay").value(found.replay());
        json.endObject();
    }
}
