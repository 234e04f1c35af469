package io.mpath.examples;

import io.mpath.Multipath;
import io.mpath.scsi.linux.ScsiDiscovery;
import java.nio.file.Path;
import java.util.List;

/** Raw SCSI devices in five lines, the same as in README.md: joins what all given nodes lead to, and shows it. */
public final class EmbedScsi {
    private EmbedScsi() {}

    /** Takes nodes of disks, such as {@code /dev/sda}; needs {@code CAP_SYS_RAWIO}. */
    public static void main(String... nodes) {
        try (Multipath multipath = Multipath.create()) {
            ScsiDiscovery scsi = ScsiDiscovery.system();
            List.of(nodes).forEach(node -> multipath.join(scsi.candidate(Path.of(node))));
            System.out.print(multipath.topology().toText());
        }
    }
}
