package io.mpath.examples.cli;

import io.mpath.DeviceId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A device named by its paths. */
final class PathArguments {
    @Option(
            names = "--path",
            paramLabel = "NODE",
            description =
                    "A path of the device, once for each. A namespace of NVMe (/dev/nvme0n1, /dev/ng0n1) or a SCSI disk (/dev/sda, or"
                            + " /dev/sg0 beside it) is driven with its own commands; a file or any other block device is a plain path. A file given twice makes two paths.")
    List<Path> nodes = new ArrayList<>();

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = Converters.Id.class,
            description =
                    "The identity of the device behind all --path; a plain word is a name you give it. Plain paths need it;"
                            + " others tell it themselves, and are refused when it is another.")
    @Nullable
    DeviceId id;

    @Option(names = "--plain", description = "Drive every --path as a plain one, with the kernel's reads and writes.")
    boolean plain;

    /** These, or the device of that identity. @throws UsageException when it is none */
    DeviceArguments with(@Nullable String identity) {
        var arguments = new DeviceArguments();
        arguments.paths = this;
        try {
            arguments.device = identity == null ? null : new Converters.Id().convert(identity);
        } catch (picocli.CommandLine.TypeConversionException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        return arguments;
    }
}
