package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.linux.PlainCandidate;
import io.mpath.linux.PlainOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files and block devices as the paths of one device. */
final class PlainPaths {
    private static final int MIN_BLOCK = 512;
    private static final int MOST_THREADS = 64;

    private PlainPaths() {}

    /**
     * The candidates for {@code nodes}.
     *
     * @param writes whether they are to be written to; block devices are then opened exclusively
     * @param alignment what offsets and lengths are multiples of: no longer than this may a file's blocks be
     * @param depth requests that are to be carried out at once
     */
    static List<PlainCandidate> candidates(
            TargetGuard guard, List<Path> nodes, DeviceId id, boolean writes, long alignment, int depth) {
        PlainOptions defaults = PlainOptions.defaults();
        PlainOptions options = defaults.withReadOnly(!writes)
                .withExclusive(writes)
                .withFileBlockSize(
                        (int) Math.max(MIN_BLOCK, Math.min(defaults.fileBlockSize(), Long.lowestOneBit(alignment))))
                .withDepth(Math.min(MOST_THREADS, Math.max(defaults.threads(), depth)), defaults.maxWaiting());
        List<PlainCandidate> candidates = new ArrayList<>();
        Map<Path, Integer> times = new HashMap<>();
        for (Path node : nodes) {
            // A file has no device below it that only direct I/O would reach, so the page cache is as good.
            boolean isFile = guard.require(node) == TargetGuard.Kind.FILE;
            int time = times.merge(node, 1, Integer::sum);
            candidates.add(PlainCandidate.of(node, id)
                    .named(time == 1 ? node.toString() : node + "#" + time)
                    .with(options.withPageCacheAllowed(isFile)));
        }
        return candidates;
    }
}
