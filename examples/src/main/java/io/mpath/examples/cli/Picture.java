package io.mpath.examples.cli;

import io.mpath.examples.cli.EventLog.Entry;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.PathSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A device drawn as lines of text: its paths with their states and how much goes over each, and what happened last. The rates
 * are those since the picture before. Not thread-safe.
 */
final class Picture {
    private static final int BAR = 24;
    private static final int EVENTS = 6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PathTraffic.Source source;
    private final Map<String, PathTraffic> before = new HashMap<>();
    private long beforeNanos;

    /** Nothing drawn yet. Times are the device's age. */
    Picture(PathTraffic.Source source, long ageNanos) {
        this.source = source;
        this.beforeNanos = ageNanos;
    }

    private record Rate(PathSnapshot path, double perSecond, double millisEach) {}

    /** The device as it is; always as many lines for as many paths. */
    List<String> draw(DeviceSnapshot device, List<Entry> events, long ageNanos) {
        List<Rate> rates = rates(device, ageNanos);
        double most = rates.stream().mapToDouble(Rate::perSecond).max().orElse(0);
        int width = device.paths().stream()
                .mapToInt(path -> path.name().length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(summary(device, rates, ageNanos));
        for (Rate rate : rates) {
            lines.add(line(rate, most, width));
        }
        for (int i = 0; i < EVENTS; i++) {
            int index = Math.max(0, events.size() - EVENTS) + i;
            lines.add(index < events.size() ? text(events.get(index)) : "");
        }
        return lines;
    }

    /** The first line of the picture alone. */
    String summarize(DeviceSnapshot device, long ageNanos) {
        return summary(device, rates(device, ageNanos), ageNanos);
    }

    /** One event, with its time. */
    static String text(Entry event) {
        return String.format(Locale.ROOT, "%7.2f s  %s", event.atMillis() / 1e3, event.what());
    }

    private List<Rate> rates(DeviceSnapshot device, long ageNanos) {
        double seconds = Math.max(1, ageNanos - beforeNanos) / NANOS_PER_SECOND;
        beforeNanos = ageNanos;
        List<Rate> rates = new ArrayList<>();
        for (PathSnapshot path : device.paths()) {
            PathTraffic now = source.of(path);
            PathTraffic then = before.getOrDefault(path.name(), now);
            before.put(path.name(), now);
            long requests = now.requests() - then.requests();
            double millisEach = requests == 0 ? 0 : (double) (now.millis() - then.millis()) / requests;
            rates.add(new Rate(path, requests / seconds, millisEach));
        }
        return rates;
    }

    private String summary(DeviceSnapshot device, List<Rate> rates, long ageNanos) {
        double total = rates.stream().mapToDouble(Rate::perSecond).sum();
        return String.format(
                Locale.ROOT,
                "%7.2f s  %s  %s  %s  %.0f IOPS  %d failovers  %d waiting",
                ageNanos / NANOS_PER_SECOND,
                device.id(),
                device.policy(),
                device.state(),
                total,
                device.counters().failovers(),
                device.waiting());
    }

    private static String line(Rate rate, double most, int width) {
        PathSnapshot path = rate.path();
        int full = most == 0 ? 0 : (int) Math.round(rate.perSecond() / most * BAR);
        String latency = rate.millisEach() == 0 ? "" : String.format(Locale.ROOT, "  %.2f ms", rate.millisEach());
        return String.format(
                Locale.ROOT,
                "  %s %-" + Math.max(1, width) + "s  %-15s %-10s %s%s %7.0f IOPS%s",
                mark(path),
                path.name(),
                path.accessState(),
                path.liveness(),
                "█".repeat(full),
                "·".repeat(BAR - full),
                rate.perSecond(),
                latency);
    }

    private static String mark(PathSnapshot path) {
        if (!path.usable()) {
            return "○";
        }
        return path.marginal().isEmpty() ? "●" : "◐";
    }
}
