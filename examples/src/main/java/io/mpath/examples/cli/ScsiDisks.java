package io.mpath.examples.cli;

import io.mpath.Multipath;
import io.mpath.linux.DeviceNumber;
import io.mpath.linux.Sysfs;
import io.mpath.linux.SysfsDisk;
import io.mpath.path.PathCandidate;
import io.mpath.scsi.linux.ScsiDiscovery;
import io.mpath.scsi.linux.ScsiOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The SCSI disks of this machine, driven with their own commands. For one thread. */
final class ScsiDisks implements Discovery {
    private static final int MOST_THREADS = 64;

    private static final Pattern DISK = Pattern.compile("sd[a-z]+");

    /** A disk, or the generic node beside it, which stands for the disk. */
    private static final Pattern NODE = Pattern.compile(DISK + "|sg\\d+");

    // Candidates of one nexus share its port if they come from one discovery, so each use has one.
    private final Map<Use, ScsiDiscovery> discoveries = new HashMap<>();
    private final Sysfs sysfs = Sysfs.system();

    @Override
    public String transport() {
        return "scsi";
    }

    @Override
    public List<FoundPath> find(Use use) {
        ScsiDiscovery discovery = discovery(use);
        return discovery.find().stream()
                .map(candidate -> found(discovery, candidate, Path.of(candidate.name())))
                .toList();
    }

    @Override
    public Optional<FoundPath> at(Path node, Use use) {
        if (!NODE.matcher(String.valueOf(real(node).getFileName())).matches()) {
            return Optional.empty();
        }
        ScsiDiscovery discovery = discovery(use);
        PathCandidate disk = discovery.candidate(node);
        return Optional.of(found(discovery, disk, Path.of(disk.name())));
    }

    @Override
    public Optional<String> kernelsName(Path node) {
        if (!DISK.matcher(String.valueOf(real(node).getFileName())).matches()) {
            return Optional.empty();
        }
        try {
            return sysfs.disk(DeviceNumber.of(real(node))).flatMap(SysfsDisk::wwid);
        } catch (IOException noBlockDevice) {
            return Optional.empty();
        }
    }

    @Override
    public Ended follow(Multipath registry, Use use) {
        return discovery(use).follow(registry)::close;
    }

    private ScsiDiscovery discovery(Use use) {
        ScsiOptions defaults = ScsiOptions.defaults();
        return discoveries.computeIfAbsent(
                use,
                key -> ScsiDiscovery.system()
                        .with(defaults.withReadOnly(key.readOnly())
                                .withExclusive(key.writes())
                                .withDepth(
                                        Math.min(MOST_THREADS, Math.max(defaults.threads(), key.depth())),
                                        defaults.maxWaiting())));
    }

    private static FoundPath found(ScsiDiscovery discovery, PathCandidate candidate, Path node) {
        return new FoundPath(candidate, List.of(real(node)), discovery.identity(candidate));
    }

    private static Path real(Path node) {
        try {
            return node.toRealPath();
        } catch (IOException missing) {
            return node;
        }
    }
}
