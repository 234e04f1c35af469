package io.mpath.observe;

import com.google.common.collect.ImmutableList;
import io.mpath.Multipath.LeftOutPath;
import java.util.List;

/** Everything that a registry knows at one moment; each device is consistent in itself. */
public record Topology(List<DeviceSnapshot> devices, List<LeftOutPath> leftOut) {
    /** Copies both lists. */
    public Topology {
        devices = ImmutableList.copyOf(devices);
        leftOut = ImmutableList.copyOf(leftOut);
    }

    /** A tree for people, one device after the other, each line no longer than it must be. */
    public String toText() {
        return TopologyText.render(this);
    }

    /** One JSON document, as {@code mpath list --json} prints it. */
    public String toJson() {
        return TopologyJson.render(this);
    }
}
