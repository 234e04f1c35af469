package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.linux.DeviceNumber;
import io.mpath.linux.Sysfs;
import io.mpath.linux.SysfsDisk;
import io.mpath.nvme.linux.NvmeDiscovery;
import io.mpath.nvme.linux.NvmeOptions;
import io.mpath.path.PathCandidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The NVMe namespaces of this machine, driven with their own commands. For one thread. */
final class NvmeNamespaces implements Discovery {
    private static final int MOST_THREADS = 64;
    private static final Pattern NODE = Pattern.compile("(?:nvme|ng)(\\d+n\\d+)");
    private static final Pattern WWID = Pattern.compile("(uuid|eui)\\.(.+)");
    private static final int NGUID_DIGITS = 32;

    // Candidates of one controller share its connection if they come from one discovery, so each use has one.
    private final Map<Use, NvmeDiscovery> discoveries = new HashMap<>();
    private final Sysfs sysfs = Sysfs.system();

    @Override
    public String transport() {
        return "nvme";
    }

    @Override
    public List<FoundPath> find(Use use) {
        return discovery(use).find().stream()
                .map(candidate -> found(candidate, Path.of(candidate.name())))
                .toList();
    }

    @Override
    public Optional<FoundPath> at(Path node, Use use) {
        return name(node).matches() ? Optional.of(found(discovery(use).candidate(node), node)) : Optional.empty();
    }

    @Override
    public Optional<String> kernelsName(Path node) {
        Matcher name = name(node);
        return name.matches() ? wwid(real(node).resolveSibling("nvme" + name.group(1))) : Optional.empty();
    }

    @Override
    public Ended follow(Multipath registry, Use use) {
        return discovery(use).follow(registry)::close;
    }

    private NvmeDiscovery discovery(Use use) {
        NvmeOptions defaults = NvmeOptions.defaults();
        return discoveries.computeIfAbsent(
                use,
                key -> NvmeDiscovery.system()
                        .with(defaults.withReadOnly(key.readOnly())
                                .withExclusive(key.writes())
                                .withDepth(
                                        Math.min(MOST_THREADS, Math.max(defaults.threads(), key.depth())),
                                        defaults.maxWaiting())));
    }

    private FoundPath found(PathCandidate candidate, Path node) {
        Matcher name = name(node);
        if (!name.matches()) {
            return new FoundPath(candidate, List.of(node), Optional.empty());
        }
        Path block = real(node).resolveSibling("nvme" + name.group(1));
        List<Path> nodes = Stream.of(block, block.resolveSibling("ng" + name.group(1)))
                .filter(Files::exists)
                .toList();
        return new FoundPath(candidate, nodes, wwid(block).flatMap(NvmeNamespaces::identity));
    }

    private Optional<String> wwid(Path block) {
        try {
            return sysfs.disk(DeviceNumber.of(block)).flatMap(SysfsDisk::wwid);
        } catch (IOException noBlockDevice) {
            return Optional.empty();
        }
    }

    /** The kernel calls an NGUID an EUI of 16 bytes; what it makes of serial numbers is no identity. */
    static Optional<DeviceId> identity(String wwid) {
        Matcher typed = WWID.matcher(wwid);
        if (!typed.matches()) {
            return Optional.empty();
        }
        boolean nguid = typed.group(1).equals("eui") && typed.group(2).length() == NGUID_DIGITS;
        return Optional.of(DeviceId.parse((nguid ? "nguid" : typed.group(1)) + "." + typed.group(2)));
    }

    private static Matcher name(Path node) {
        return NODE.matcher(String.valueOf(real(node).getFileName()));
    }

    private static Path real(Path node) {
        try {
            return node.toRealPath();
        } catch (IOException missing) {
            return node;
        }
    }
}
