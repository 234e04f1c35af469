package io.mpath.internal.device;

import io.mpath.path.DevicePath;
import io.mpath.path.PathControl.AccessChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many access states in one step: every device they touch gets one new table, however many of its paths changed. */
final class BulkChange {
    private static final Logger LOG = LoggerFactory.getLogger(BulkChange.class);

    private BulkChange() {}

    static void apply(List<AccessChange> changes, Function<DevicePath, @Nullable PathRecord> registry) {
        List<DeviceControl> touched = new ArrayList<>();
        try {
            for (AccessChange change : changes) {
                PathRecord record = registry.apply(change.path());
                if (record != null && !record.removed()) {
                    DeviceControl device = record.device();
                    if (device.beginChanges()) {
                        touched.add(device);
                    }
                    record.access(change.state(), change.preferred());
                }
            }
        } finally {
            touched.forEach(BulkChange::end);
        }
    }

    /** One that fails must not keep the others from what was changed. */
    private static void end(DeviceControl device) {
        try {
            device.endChanges();
        } catch (RuntimeException e) {
            LOG.error("{}: a change of access states failed, which is a bug; the other devices go on", device.id(), e);
        }
    }
}
