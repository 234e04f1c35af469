package io.mpath.observe;

import java.util.List;
import java.util.Map;

/** What {@link JmxRegistration} shows of a registry. Read-only; each attribute is a snapshot of its own. */
public interface MultipathMXBean {
    /** The identities of all devices, in the order of their first path. */
    List<String> getDevices();

    /**
     * Counters of each device by its identity: those of {@link DeviceCounters}, and {@code requests}, {@code bytes},
     * {@code errors} and {@code retries} summed over its present paths, which therefore shrink when a path is removed.
     */
    Map<String, Map<String, Long>> getDeviceCounters();

    /** {@link Topology#toJson}. */
    String getTopologyJson();
}
