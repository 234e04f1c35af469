package io.mpath.internal.device;

import io.mpath.Geometry;
import io.mpath.Liveness;
import io.mpath.observe.MultipathEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * The size that a device's paths agree on. Paths learn of a change one after the other, so one that says something new is put
 * aside and the others are asked; when all that can answer say the same, the device takes it. Until then the old size holds,
 * and whoever contradicts it is not used. Used on the control loop only.
 */
final class Capacity {
    private final DeviceControl device;
    private final List<PathRecord> records;
    private final List<Runnable> afterwards = new ArrayList<>();
    private Geometry geometry;

    Capacity(DeviceControl device, List<PathRecord> records, Geometry first) {
        this.device = device;
        this.records = records;
        this.geometry = first;
    }

    /** Size and limits that every path in use can serve. */
    Geometry geometry() {
        return geometry;
    }

    /** Asks every path that can answer, and runs {@code then} when all have. */
    void confirm(Runnable then) {
        afterwards.add(then);
        for (PathRecord record : records) {
            if (answers(record)) {
                record.description().ask();
            }
        }
        runWhenAllAnswered();
    }

    private void runWhenAllAnswered() {
        for (PathRecord record : records) {
            if (answers(record) && record.description().asking()) {
                return;
            }
        }
        List<Runnable> due = List.copyOf(afterwards);
        afterwards.clear();
        // As tasks of their own: they may add a path to this device, or make another.
        due.forEach(device.environment().loop()::execute);
    }

    /** One path less to agree, and to wait for. */
    void pathLeft() {
        reconcile();
        runWhenAllAnswered();
    }

    /** A path was described; {@code reporter} said something that the others may have to confirm. */
    void described(PathRecord reporter) {
        if (!agrees(reporter)) {
            for (PathRecord other : records) {
                if (other != reporter && answers(other) && agrees(other)) {
                    other.description().ask();
                }
            }
        }
        reconcile();
        runWhenAllAnswered();
    }

    private void reconcile() {
        long said = 0;
        boolean unanimous = true;
        for (PathRecord record : records) {
            if (answers(record)) {
                long size = size(record);
                unanimous &= !record.description().asking() && (said == 0 || said == size);
                said = size;
            }
        }
        long before = geometry.sizeBytes();
        if (unanimous && said != 0 && said != before) {
            geometry = geometry.withSize(said);
            device.emit(new MultipathEvent.DeviceResized(device.now(), device.id(), before, said));
        }
        Geometry common = null;
        for (PathRecord record : records) {
            boolean fits = agrees(record);
            record.capacityProblem(
                    fits ? "" : "its capacity is " + size(record) + " bytes, not " + geometry.sizeBytes());
            if (fits && !record.description().leadsElsewhere()) {
                Geometry own = record.description().known().geometry();
                common = common == null ? own : common.intersect(own);
            }
        }
        if (common != null) {
            geometry = common;
        }
    }

    private boolean agrees(PathRecord record) {
        return size(record) == geometry.sizeBytes();
    }

    /** Whether its word counts: it can be asked, and leads to this device. */
    private static boolean answers(PathRecord record) {
        Description description = record.description();
        return record.port().liveness() == Liveness.LIVE && !description.leadsElsewhere() && !description.silent();
    }

    private static long size(PathRecord record) {
        return record.description().known().geometry().sizeBytes();
    }
}
