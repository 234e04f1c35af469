package io.mpath.examples.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How one transport finds the paths that this machine has. */
interface Discovery {
    /** The transport, for messages. */
    String transport();

    /** Every path that it sees now, opened by nobody, and to be opened as {@code use} needs it. May block. */
    List<FoundPath> find(Use use);

    /** The path at that node, if it is one of this transport's. Opens nothing; may block. */
    Optional<FoundPath> at(Path node, Use use);
}
