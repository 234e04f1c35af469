package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.path.PathCandidate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How a user names a device: by an identity that is looked for, or by its paths. */
final class DeviceArguments {
    @Parameters(
            arity = "0..1",
            paramLabel = "DEVICE",
            converter = Converters.Id.class,
            description = "An identity as 'mpath list' prints it.")
    @Nullable
    DeviceId device;

    @Option(
            names = "--path",
            paramLabel = "NODE",
            description =
                    "A path of the device: a file or block device. Once for each path; a file given twice makes two paths.")
    List<Path> nodes = new ArrayList<>();

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = Converters.Id.class,
            description = "The identity of the device behind all --path; a plain word is a name you give it.")
    @Nullable
    DeviceId id;

    /** What is to be done to the device. */
    record Use(boolean writes, boolean destroyData, long alignment, int depth) {
        private static final Use LOOKING = new Use(false, false, 1 << 12, 1);
    }

    /** Opens the device to look at it. @throws UsageException when it is not given as it must be, or cannot be opened */
    OpenDevice openForLooking() {
        return open(TargetGuard.system(), Use.LOOKING, DeviceSettings.defaults());
    }

    /** Opens the device. @throws UsageException when it is not given as it must be, must not be written to, or cannot be opened */
    OpenDevice open(TargetGuard guard, Use use, DeviceSettings settings) {
        return OpenDevice.open(candidates(guard, use), settings);
    }

    private List<? extends PathCandidate> candidates(TargetGuard guard, Use use) {
        if (device != null && !nodes.isEmpty()) {
            throw new UsageException("both a DEVICE and its paths are given: leave out one of them");
        }
        if (device != null) {
            throw new UsageException(
                    "there is no device " + device
                            + " among those found on this machine, which 'mpath list' shows: give its paths with --path and --id");
        }
        if (nodes.isEmpty()) {
            throw new UsageException("no device is given: name it as 'mpath list' prints it, or give its paths with"
                    + " --path NODE --path NODE --id ID");
        }
        if (id == null) {
            throw new UsageException(
                    "a plain path does not tell its device's identity: add --id ID, such as --id disk1");
        }
        nodes.forEach(guard::require);
        if (use.writes()) {
            nodes.forEach(node -> guard.requireWritable(node, use.destroyData()));
        }
        return PlainPaths.candidates(guard, nodes, id, use.writes(), use.alignment(), use.depth());
    }
}
