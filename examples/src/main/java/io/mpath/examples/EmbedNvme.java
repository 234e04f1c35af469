package io.mpath.examples;

import io.mpath.Multipath;
import io.mpath.nvme.linux.NvmeDiscovery;
import java.nio.file.Path;
import java.util.List;

/** Raw NVMe devices in five lines, the same as in README.md: joins what all given nodes lead to, and shows it. */
public final class EmbedNvme {
    private EmbedNvme() {}

    /** Takes nodes of namespaces, such as {@code /dev/nvme0n1}; needs {@code CAP_SYS_ADMIN}. */
    public static void main(String... nodes) {
        try (Multipath multipath = Multipath.create()) {
            NvmeDiscovery nvme = NvmeDiscovery.system();
            List.of(nodes).forEach(node -> multipath.join(nvme.candidate(Path.of(node))));
            System.out.print(multipath.topology().toText());
        }
    }
}
