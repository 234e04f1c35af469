package io.mpath.internal.device;

import io.mpath.path.DevicePath;
import io.mpath.path.PathPort;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whom a path may report of but itself: the ports and the paths of its registry's devices. On the control loop.
 *
 * @param ports null for a port that no device has a path through
 * @param paths null for what is no path of a device
 */
record Neighbours(Function<PathPort, @Nullable PortState> ports, Function<DevicePath, @Nullable PathRecord> paths) {}
