package io.mpath.examples.cli;

import io.mpath.Geometry;
import io.mpath.examples.workload.BlockLedger;
import io.mpath.examples.workload.RwMode;
import io.mpath.examples.workload.WorkloadSpec;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that describe a workload; their names are fio's where fio has them. */
final class WorkloadOptions {
    private static final Duration DEFAULT_TIME = Duration.ofSeconds(10);
    private static final Duration UNBOUNDED = Duration.ofDays(365);
    private static final int MOST_UNDER_WAY = 1 << 16;
    private static final long LONGEST_BLOCK = 64 << 20;

    @Option(
            names = "--rw",
            paramLabel = "MODE",
            converter = Converters.Mode.class,
            description = "read, write, randread (default), randwrite or randrw.")
    RwMode mode = RwMode.RANDREAD;

    @Option(
            names = "--bs",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description = "Length of a request (default 4k).")
    long blockBytes = 4096;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "Requests that each thread keeps under way (default 16).")
    int depth = 16;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that submit (default 1).")
    int threads = 1;

    @Option(
            names = "--offset",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description = "Where the range begins (default 0).")
    long offset;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description = "Length of the range (default: to the end of the device).")
    @Nullable
    Long size;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "How long (default 10s, without bound with --count).")
    @Nullable
    Duration time;

    @Option(
            names = "--ramp-time",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "Leave the latencies of the first TIME out, while the JVM warms up (default 0s).")
    Duration rampTime = Duration.ZERO;

    @Option(names = "--count", paramLabel = "N", description = "How many requests.")
    @Nullable
    Long count;

    @Option(
            names = "--verify",
            description = "Write blocks that name device, offset and generation; check that every read sees the last"
                    + " acknowledged write or a later one, and read all that was written back at the end.")
    boolean verify;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats the choice of blocks and directions.")
    @Nullable
    Long seed;

    /** What offsets and lengths are multiples of. */
    long alignment() {
        return blockBytes | offset;
    }

    /** Requests under way at once. */
    int underWay() {
        return depth * threads;
    }

    /** Checks what can be checked without the device. @throws UsageException when it cannot be meant */
    void requireSense() {
        requireFrom1("--depth", depth);
        requireFrom1("--threads", threads);
        if ((long) depth * threads > MOST_UNDER_WAY) {
            throw new UsageException("--depth " + depth + " with --threads " + threads + " is more than "
                    + MOST_UNDER_WAY + " requests at once: lower one of them");
        }
        if (blockBytes <= 0 || blockBytes > LONGEST_BLOCK) {
            throw new UsageException("--bs " + blockBytes + " is not from 1 byte to 64m: choose a size such as 4k");
        }
        if (count != null) {
            requireFrom1("--count", count);
        }
        if (verify && !mode.writes()) {
            throw new UsageException("--verify judges what the workload wrote, and --rw " + mode
                    + " writes nothing: choose write, randwrite or randrw");
        }
    }

    private static void requireFrom1(String option, long value) {
        if (value < 1) {
            throw new UsageException(option + " " + value + " is not positive: give 1 or more");
        }
    }

    /** The workload for a device of {@code geometry}. @throws UsageException when it does not fit the device */
    WorkloadSpec spec(Geometry geometry) {
        requireBlocks("--bs", blockBytes, geometry);
        requireBlocks("--offset", offset, geometry);
        long most = geometry.sizeBytes() - offset;
        long range = size == null ? most : size;
        if (most <= 0 || range > most) {
            throw new UsageException("--offset and --size reach past the end of the device, " + geometry.sizeBytes()
                    + " bytes: lower one of them");
        }
        long blocks = range / blockBytes;
        requireRoom(blocks);
        return new WorkloadSpec(
                mode,
                (int) blockBytes,
                depth,
                threads,
                offset,
                blocks,
                count == null ? Long.MAX_VALUE : count,
                time != null ? time : count == null ? DEFAULT_TIME : UNBOUNDED,
                rampTime,
                verify,
                seed == null ? new SecureRandom().nextLong() : seed);
    }

    private static void requireBlocks(String option, long value, Geometry geometry) {
        if (value % geometry.logicalBlockSize() != 0) {
            throw new UsageException(
                    option + " " + value + " is not a multiple of the device's block size: give a multiple of "
                            + geometry.logicalBlockSize());
        }
    }

    /** A verified workload has one write of a block under way at a time, so there must be a block for each request. */
    private void requireRoom(long blocks) {
        long needed = verify ? (long) threads * depth : threads;
        if (blocks < needed) {
            throw new UsageException(
                    "the range has " + Math.max(0, blocks) + " blocks of --bs, but --depth and --threads need " + needed
                            + ": raise --size or lower the others");
        }
        long most = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 2 / BlockLedger.BYTES_PER_BLOCK);
        if (verify && blocks > most) {
            throw new UsageException("--verify keeps " + BlockLedger.BYTES_PER_BLOCK + " bytes for each of " + blocks
                    + " blocks, and there is memory for " + most + ": lower --size or raise --bs");
        }
    }
}
