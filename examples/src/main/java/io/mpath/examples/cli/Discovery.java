package io.mpath.examples.cli;

import io.mpath.Multipath;
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

    /**
     * What the kernel tells the unit behind {@code node} from others by, if it is one of this transport's. Not always its identity, but
     * the same by all paths to it. Opens nothing; may block.
     */
    Optional<String> kernelsName(Path node);

    /**
     * Offers {@code registry} every path that there is and each that comes, until that is ended.
     *
     * @throws io.mpath.MultipathException when the machine's devices cannot be watched
     */
    Ended follow(Multipath registry, Use use);

    /** Ends what was begun. */
    interface Ended extends AutoCloseable {
        @Override
        void close();
    }
}
