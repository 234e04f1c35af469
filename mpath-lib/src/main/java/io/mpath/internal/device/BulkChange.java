package io.mpath.internal.device;

import io.mpath.path.DevicePath;
import io.mpath.path.PathControl.AccessChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Many access states in one step: every device they touch gets one new table, however many of its paths changed. */
final class BulkChange {
    private BulkChange() {}

    static void apply(List<AccessChange> changes, Function<DevicePath, @Nullable PathRecord> registry) {
        List<DeviceControl> touched = new ArrayList<>();
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
        touched.forEach(DeviceControl::endChanges);
    }
}
