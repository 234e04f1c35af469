package io.mpath.observe;

import com.google.common.collect.ImmutableMap;
import io.mpath.Multipath.LeftOutPath;
import java.time.Duration;

/** A topology as the document of {@code mpath list --json}, with what {@code mpath show} needs beside it. */
final class TopologyJson {
    private static final double NANOS_PER_SECOND = 1e9;

    private final JsonWriter json = new JsonWriter();

    private TopologyJson() {}

    static String render(Topology topology) {
        return new TopologyJson().document(topology);
    }

    private String document(Topology topology) {
        json.beginObject();
        json.name("devices").beginArray();
        topology.devices().forEach(this::device);
        json.endArray();
        json.name("left_out").beginArray();
        topology.leftOut().forEach(this::leftOut);
        json.endArray();
        return json.endObject().toString();
    }

    private void device(DeviceSnapshot device) {
        json.beginObject();
        json.name("id").value(device.id().toString());
        json.name("size").value(device.geometry().sizeBytes());
        json.name("block_size").value(device.geometry().logicalBlockSize());
        json.name("policy").value(device.policy());
        json.name("state").value(device.state().toString());
        json.name("read_only").value(device.geometry().readOnly());
        json.name("no_path").value(device.noPath().toString());
        json.name("delayed_removal_seconds").value(seconds(device.delayedRemoval()));
        json.name("waiting").value(device.waiting());
        json.name("held").value(device.held());
        json.name("unfenced").beginArray();
        device.unfenced().forEach(this::unfenced);
        json.endArray();
        json.name("paths").beginArray();
        device.paths().forEach(this::path);
        json.endArray();
        counters(Counters.byName(device));
        json.endObject();
    }

    private void unfenced(UnfencedRange range) {
        json.beginObject();
        json.name("offset").value(range.offset());
        json.name("length").value(range.length());
        json.name("path").value(range.path());
        json.name("held").value(range.held());
        json.name("left_seconds");
        if (range.left().isPresent()) {
            json.value(seconds(range.left().get()));
        } else {
            json.nullValue();
        }
        json.endObject();
    }

    private void path(PathSnapshot path) {
        json.beginObject();
        json.name("name").value(path.name());
        json.name("port").value(path.port());
        json.name("access_state").value(path.accessState().toString());
        json.name("liveness").value(path.liveness().toString());
        json.name("preferred").value(path.preferred());
        json.name("numa_node").value(path.numaNode());
        json.name("usable").value(path.usable());
        json.name("reason").value(path.reason());
        json.name("marginal").value(path.marginal());
        json.name("selected").value(path.selected());
        json.name("in_flight").value(path.inFlight());
        counters(Counters.byName(path.counters()));
        json.endObject();
    }

    private void leftOut(LeftOutPath path) {
        json.beginObject();
        json.name("name").value(path.name());
        json.name("reason").value(path.reason());
        json.endObject();
    }

    private void counters(ImmutableMap<String, Long> counters) {
        json.name("counters").beginObject();
        counters.forEach((name, count) -> json.name(name).value(count));
        json.endObject();
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / NANOS_PER_SECOND;
    }
}
