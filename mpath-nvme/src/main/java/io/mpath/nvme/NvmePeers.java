package io.mpath.nvme;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The controllers that a host has, so that one can speak for another of its subsystem.
 *
 * <p>Threading: any thread.
 */
public final class NvmePeers {
    private final List<NvmeController> controllers = new CopyOnWriteArrayList<>();

    /** None yet. */
    public NvmePeers() {}

    void add(NvmeController controller) {
        controllers.add(controller);
    }

    void remove(NvmeController controller) {
        controllers.remove(controller);
    }

    /** The others of the subsystem with that name that were live when they were last looked at. */
    List<NvmeController> othersOf(NvmeController impacted, String subsystemNqn) {
        return controllers.stream()
                .filter(other -> other != impacted && !other.seenNotLive())
                .filter(other -> {
                    NvmeController.Facts facts = other.factsSoFar();
                    return facts != null && facts.identify().subsystemNqn().equals(subsystemNqn);
                })
                .toList();
    }
}
