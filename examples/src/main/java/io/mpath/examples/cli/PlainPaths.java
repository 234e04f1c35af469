package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.linux.PlainCandidate;
import io.mpath.linux.PlainOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Files and block devices as the paths of one device; a file may be several. Not thread-safe. */
final class PlainPaths {
    private static final int MIN_BLOCK = 512;
    private static final int MOST_THREADS = 64;

    private final TargetGuard guard;
    private final PlainOptions options;
    private final Map<Path, Integer> times = new HashMap<>();

    /** Paths for {@code use}: of its alignment no file's blocks may be longer. */
    PlainPaths(TargetGuard guard, Use use) {
        PlainOptions defaults = PlainOptions.defaults();
        this.guard = guard;
        this.options = defaults.withReadOnly(!use.writes())
                .withExclusive(use.writes())
                .withFileBlockSize((int)
                        Math.max(MIN_BLOCK, Math.min(defaults.fileBlockSize(), Long.lowestOneBit(use.alignment()))))
                .withDepth(Math.min(MOST_THREADS, Math.max(defaults.threads(), use.depth())), defaults.maxWaiting());
    }

    /** The path at {@code node}. @throws UsageException when it is neither a file nor a block device */
    PlainCandidate candidate(Path node, DeviceId id) {
        // A file has no device below it that only direct I/O would reach, so the page cache is as good.
        boolean isFile = guard.require(node) == TargetGuard.Kind.FILE;
        int time = times.merge(node, 1, Integer::sum);
        return PlainCandidate.of(node, id)
                .named(time == 1 ? node.toString() : node + "#" + time)
                .with(options.withPageCacheAllowed(isFile));
    }
}
