package io.mpath.examples.cli;

import io.mpath.linux.DeviceNumber;
import io.mpath.linux.Sysfs;
import io.mpath.observe.PathSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How much has gone over a path, since some moment.
 *
 * @param requests that ended
 * @param millis the time that they took, added up; 0 where nobody measures it
 */
record PathTraffic(long requests, long millis) {
    /** Where the numbers come from. */
    @FunctionalInterface
    interface Source {
        /** The traffic of a path up to now. */
        PathTraffic of(PathSnapshot path);
    }

    /** What this process sent: the library's own counters. */
    static Source ofThisProcess() {
        return path -> new PathTraffic(path.counters().requests(), 0);
    }

    /**
     * What the whole machine sent through the path's block device, as the kernel counts it ({@code
     * Documentation/block/stat.rst}); of other paths what this process sent.
     */
    static Source ofTheMachine(Sysfs sysfs) {
        return path -> kernelStat(sysfs, Path.of(path.name()))
                .orElseGet(() -> ofThisProcess().of(path));
    }

    private static Optional<PathTraffic> kernelStat(Sysfs sysfs, Path node) {
        try {
            return sysfs.text(sysfs.path("dev/block/" + DeviceNumber.of(node) + "/stat"))
                    .map(PathTraffic::parse);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static PathTraffic parse(String stat) {
        String[] fields = stat.split("\\s+", -1);
        long requests = Long.parseLong(fields[0]) + Long.parseLong(fields[4]);
        long millis = Long.parseLong(fields[3]) + Long.parseLong(fields[7]);
        return new PathTraffic(requests, millis);
    }
}
