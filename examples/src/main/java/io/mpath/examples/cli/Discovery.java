package io.mpath.examples.cli;

import io.mpath.path.PathCandidate;
import java.util.List;

/** How one transport finds the paths that this machine has. */
interface Discovery {
    /** The transport, for messages. */
    String transport();

    /** Every path that it sees now, opened by nobody. May block. */
    List<PathCandidate> find();
}
