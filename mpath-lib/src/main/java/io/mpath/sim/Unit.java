package io.mpath.sim;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.MultipathDevice;
import io.mpath.policy.IoPolicy;
import io.mpath.policy.SelectablePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One logical unit of a run, with its paths and the devices that the registry made of it, one after the other. */
final class Unit {
    static final int BLOCK = 512;

    private final int number;
    private final DeviceId id;
    private final SimDisk disk;
    private final long bytes;
    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final List<MultipathDevice> devices = new ArrayList<>();
    private List<? extends SelectablePath> candidates = List.of();

    /** Whether it may have been full at some time: who waits for a slot may be overtaken by who waits for a path. */
    boolean mayHaveBeenFull;

    private long tiers;
    private @Nullable IoPolicy policy;
    private long policySince;
    private @Nullable IoPolicy nextPolicy;
    private int policiesToCome;
    private int slots;

    Unit(int number, SimDisk disk, List<SimPath> paths) {
        this.number = number;
        this.id = disk.description().id();
        this.disk = disk;
        this.bytes = disk.description().geometry().sizeBytes();
        for (SimPath path : paths) {
            routes.put(path.name(), new Route(path, this));
        }
    }

    int number() {
        return number;
    }

    DeviceId id() {
        return id;
    }

    String name() {
        return id.toString();
    }

    SimDisk disk() {
        return disk;
    }

    /** The size that it has at least. */
    long bytes() {
        return bytes;
    }

    int blocks() {
        return (int) (bytes / BLOCK);
    }

    Geometry geometry() {
        return disk.description().geometry();
    }

    Iterable<Route> routes() {
        return routes.values();
    }

    @Nullable
    Route route(String path) {
        return routes.get(path);
    }

    /** The device that clients use, which may have ended. */
    MultipathDevice device() {
        return devices.get(devices.size() - 1);
    }

    /** Every device that there was, the last one last. */
    List<MultipathDevice> devices() {
        return devices;
    }

    void use(MultipathDevice device) {
        if (devices.isEmpty() || device() != device) {
            devices.add(device);
            policy = null;
        }
    }

    /** Its device is about to be given another policy. */
    void policyChanges(IoPolicy value) {
        policiesToCome++;
        nextPolicy = value;
        policy = null;
    }

    /** {@code device} has taken a policy, or refused to; the last word may come before the one about an earlier policy. */
    void policyChanged(MultipathDevice device, boolean taken, long now) {
        policiesToCome--;
        nextPolicy = taken && device == device() ? nextPolicy : null;
        if (policiesToCome == 0) {
            policy = nextPolicy;
            policySince = now;
        }
    }

    /** Whether a request that began at {@code began} must not be given its path by {@code asked}. */
    boolean choseBefore(IoPolicy asked, long began) {
        return policy != null && policy != asked && began > policySince;
    }

    /** A tier with these paths is about to be published. */
    void tier(List<? extends SelectablePath> paths) {
        tiers++;
        candidates = paths;
        for (SelectablePath path : paths) {
            Route route = routes.get(path.name());
            if (route != null) {
                route.lastTier = tiers;
            }
        }
    }

    /** How many slots its requests may have, at most. */
    int slots() {
        return slots;
    }

    void slots(int change) {
        slots += change;
    }

    /** How many tiers there have been. */
    long tiers() {
        return tiers;
    }

    /** The paths of the newest tier that is not empty. */
    List<? extends SelectablePath> candidates() {
        return candidates;
    }
}
