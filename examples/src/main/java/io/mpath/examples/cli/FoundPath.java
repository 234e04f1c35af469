package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.path.PathCandidate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A path that a transport found.
 *
 * @param nodes whatever in {@code /dev} leads to it: what to look at before it is written to
 * @param id what the kernel says that it leads to; empty when only the device itself can tell
 */
record FoundPath(PathCandidate candidate, List<Path> nodes, Optional<DeviceId> id) {}
