package io.mpath.observe;

import io.mpath.Geometry;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** A topology as a tree for people, in the manner of {@code multipath -ll}. */
final class TopologyText {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private final StringBuilder out = new StringBuilder();

    private TopologyText() {}

    static String render(Topology topology) {
        return new TopologyText().document(topology);
    }

    private String document(Topology topology) {
        if (topology.devices().isEmpty()) {
            line("no devices");
        }
        topology.devices().forEach(this::device);
        if (!topology.leftOut().isEmpty()) {
            line("left out");
            branches(topology.leftOut().stream()
                    .map(path -> path.name() + ": " + path.reason())
                    .toList());
        }
        return out.toString();
    }

    private void device(DeviceSnapshot device) {
        String waiting = device.waiting() == 0 ? "" : ", " + device.waiting() + " waiting";
        String held = device.held() == 0 ? "" : ", " + device.held() + " held";
        line(device.id() + ", " + size(device.geometry()) + ", " + device.policy() + ", " + device.state() + waiting
                + held + unfenced(device.unfenced()));
        branches(device.paths().stream().map(TopologyText::path).toList());
    }

    private static String unfenced(List<UnfencedRange> ranges) {
        if (ranges.isEmpty()) {
            return "";
        }
        boolean byTime = ranges.stream().allMatch(range -> range.left().isPresent());
        long seconds = ranges.stream()
                .mapToLong(range ->
                        range.left().orElse(Duration.ZERO).plusMillis(999).toSeconds())
                .max()
                .orElse(0);
        return ", " + ranges.size() + " ranges not fenced" + (byTime ? ", for " + seconds + " s at most" : "");
    }

    private static String path(PathSnapshot path) {
        StringBuilder text = new StringBuilder(path.name());
        text.append(" on ").append(path.port());
        if (path.numaNode() >= 0) {
            text.append(" (node ").append(path.numaNode()).append(')');
        }
        text.append(", ").append(path.accessState()).append(", ").append(path.liveness());
        if (path.preferred()) {
            text.append(", preferred");
        }
        if (!path.usable()) {
            text.append(", not usable: ").append(path.reason());
        } else if (path.selected()) {
            text.append(", selected");
        }
        if (!path.marginal().isEmpty()) {
            text.append(", marginal: ").append(path.marginal());
        }
        PathCounters counters = path.counters();
        text.append(", ").append(path.inFlight()).append(" in flight, ");
        text.append(counters.requests())
                .append(" requests, ")
                .append(counters.errors())
                .append(" errors");
        return text.toString();
    }

    private void branches(List<String> texts) {
        for (Iterator<String> each = texts.iterator(); each.hasNext(); ) {
            String text = each.next();
            line((each.hasNext() ? "|- " : "`- ") + text);
        }
    }

    private void line(String text) {
        out.append(OneLine.of(text)).append('\n');
    }

    private static String size(Geometry geometry) {
        int unit = 0;
        double size = geometry.sizeBytes();
        while (size >= 1024 && unit + 1 < UNITS.length) {
            size /= 1024;
            unit++;
        }
        String format = size == Math.rint(size) ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, format, size, UNITS[unit]);
    }
}
