package io.mpath.reservation.conformance;

import com.google.common.base.CharMatcher;
import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import io.mpath.observe.JsonWriter;
import io.mpath.reservation.conformance.ConformanceResult.Status;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a suite found out about one target.
 *
 * @param target its name
 * @param perNexus whether it knows every nexus by itself (SCSI), or hosts (NVMe)
 * @param results one for every scenario, in their order
 * @param stopped why the suite did not come to its end, or left the device other than clear; empty where it did neither
 */
public record ConformanceReport(
        String target, boolean perNexus, List<ConformanceResult> results, Optional<String> stopped) {
    private static final String NOT_APPLICABLE = "not applicable";
    private static final int GAP = 2;

    /** Copies the results. */
    public ConformanceReport {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(stopped, "stopped");
        results = ImmutableList.copyOf(results);
    }

    /** Whether the suite came to its end and found nothing wrong but what is listed as known. */
    public boolean passed() {
        return stopped.isEmpty() && results.stream().noneMatch(ConformanceResult::bad);
    }

    /** How many scenarios ended like that. */
    public long count(Status status) {
        return results.stream().filter(result -> result.status() == status).count();
    }

    /** A table of result, id, title and clause for a terminal, with the reason below whatever did not pass. */
    public String toText() {
        int[] widths = {
            width("RESULT", result -> word(result.status())),
            width("SCENARIO", result -> result.scenario().id()),
            width("RULE", result -> result.scenario().title())
        };
        var out = new StringBuilder();
        row(out, widths, "RESULT", "SCENARIO", "RULE", "CLAUSE");
        for (ConformanceResult result : results) {
            ConformanceScenario scenario = result.scenario();
            row(out, widths, word(result.status()), scenario.id(), scenario.title(), clause(scenario));
            if (!result.detail().isEmpty()) {
                out.append(" ".repeat(widths[0] + GAP))
                        .append(oneLine(reason(result)))
                        .append('\n');
            }
        }
        stopped.ifPresent(why -> out.append("stopped: ").append(oneLine(why)).append('\n'));
        return out.append(oneLine(target))
                .append(": ")
                .append(totals())
                .append('\n')
                .toString();
    }

    /** The same as one JSON document. */
    public String toJson() {
        var json = new JsonWriter().beginObject();
        json.name("target").value(target);
        json.name("knows").value(perNexus ? "nexuses" : "hosts");
        json.name("passed").value(passed());
        json.name("stopped");
        stopped.ifPresentOrElse(json::value, json::nullValue);
        json.name("results").beginArray();
        for (ConformanceResult result : results) {
            json.beginObject();
            json.name("id").value(result.scenario().id());
            json.name("title").value(result.scenario().title());
            json.name("clause").value(clause(result.scenario()));
            json.name("result").value(word(result.status()));
            json.name("step");
            result.step().ifPresentOrElse(json::value, json::nullValue);
            json.name("detail").value(result.detail());
            json.endObject();
        }
        return json.endArray().endObject().toString();
    }

    private String clause(ConformanceScenario scenario) {
        return scenario.clause(perNexus).orElse(NOT_APPLICABLE);
    }

    private String totals() {
        var out = new StringBuilder();
        for (Status status : Status.values()) {
            if (count(status) > 0) {
                out.append(out.isEmpty() ? "" : ", ")
                        .append(count(status))
                        .append(' ')
                        .append(word(status));
            }
        }
        return out.toString();
    }

    private int width(String title, Column column) {
        int width = title.length();
        for (ConformanceResult result : results) {
            width = Math.max(width, column.of(result).length());
        }
        return width;
    }

    /** The columns of one line, the last one as long as it is. */
    private static void row(StringBuilder out, int[] widths, String... columns) {
        for (int i = 0; i < widths.length; i++) {
            out.append(Strings.padEnd(columns[i], widths[i] + GAP, ' '));
        }
        out.append(columns[widths.length]).append('\n');
    }

    private static String reason(ConformanceResult result) {
        return result.step().isPresent()
                ? "step " + result.step().getAsInt() + ": " + result.detail()
                : result.detail();
    }

    private static String word(Status status) {
        return switch (status) {
            case PASS -> "pass";
            case FAIL -> "FAIL";
            case KNOWN -> "known";
            case NOT_SUPPORTED -> "not supported";
            case TIMED_OUT -> "TIMED OUT";
            case NOT_RUN -> "NOT RUN";
        };
    }

    /** Causes come from devices: what could break the line or steer the terminal is not printed. */
    private static String oneLine(String text) {
        return CharMatcher.javaIsoControl().replaceFrom(text, '?');
    }

    @FunctionalInterface
    private interface Column {
        String of(ConformanceResult result);
    }
}
