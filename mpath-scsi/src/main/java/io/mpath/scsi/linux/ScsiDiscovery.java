package io.mpath.scsi.linux;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.MultipathException;
import io.mpath.linux.DeviceFollower;
import io.mpath.linux.Machine;
import io.mpath.path.PathCandidate;
import io.mpath.scsi.ScsiHost;
import io.mpath.scsi.ScsiSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SCSI disks of this machine as candidate paths, found in sysfs without opening anything. Tapes, CD drives and enclosures are no
 * disks, and not found. ATA, USB and UFS disks, and what says that it has no ALUA, are opted out: {@link
 * io.mpath.Admission#withOptedOut} asks for them, together with {@link ScsiSettings#requireAlua}.
 *
 * <p>Candidates of one nexus share its port, those of one logical unit its access states; so make one discovery for a registry, and
 * keep it.
 *
 * <p>Threading: any thread; {@code lives} and {@code claims} are guarded by the monitor of {@code lives}.
 */
public final class ScsiDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(ScsiDiscovery.class);
    private static final Pattern PARTITION = Pattern.compile("(sd[a-z]+)\\d+");
    private static final Pattern GENERIC = Pattern.compile("sg\\d+");
    private static final Set<String> ANNOUNCED =
            Set.of("scsi", "block", "iscsi_session", "fc_remote_ports", "scsi_disk");

    private final Machine machine;
    private final ScsiSettings settings;
    private final ScsiOptions options;
    private final ScsiHost host;
    private final Map<Object, NexusLife> lives = new HashMap<>();
    private final Map<Object, KernelClaims> claims = new HashMap<>();

    /** A disk with its nexus. */
    private record Found(SysfsUnit unit, String disk, ScsiCandidate candidate) {}

    ScsiDiscovery(Machine machine, ScsiSettings settings, ScsiOptions options) {
        this.machine = machine;
        this.settings = Objects.requireNonNull(settings, "settings");
        this.options = Objects.requireNonNull(options, "options");
        this.host = new ScsiHost(settings);
    }

    /** This machine's, with all defaults. */
    public static ScsiDiscovery system() {
        return new ScsiDiscovery(Machine.system("CAP_SYS_RAWIO"), ScsiSettings.defaults(), ScsiOptions.defaults());
    }

    /** Another discovery, whose logical units are treated so. */
    public ScsiDiscovery with(ScsiSettings value) {
        return new ScsiDiscovery(machine, value, options);
    }

    /** Another discovery, whose disks are opened so. */
    public ScsiDiscovery with(ScsiOptions value) {
        return new ScsiDiscovery(machine, settings, value);
    }

    /** Following a machine's disks, until it is closed; the paths remain. */
    public interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /** Every disk that there is now. Those that dm-multipath has are not capable, and say what to do. */
    public List<PathCandidate> find() {
        return disks().stream().map(Found::candidate).collect(ImmutableList.toImmutableList());
    }

    /**
     * Offers {@code registry} every disk that there is now, and each that comes; one that was removed and comes back is offered
     * again, though the former path of its name may take a while to leave. Those that are removed leave the registry as gone.
     *
     * @return ends that when closed
     * @throws MultipathException when the machine's devices cannot be watched
     */
    public Following follow(Multipath registry) {
        return DeviceFollower.begin(this::present, ANNOUNCED, registry, machine.watch())::close;
    }

    private List<DeviceFollower.Present> present() {
        return disks().stream()
                .map(found -> new DeviceFollower.Present(
                        found.candidate(), found.unit().life()))
                .collect(ImmutableList.toImmutableList());
    }

    private List<Found> disks() {
        ImmutableList.Builder<Found> found = ImmutableList.builder();
        synchronized (lives) {
            lives.values().removeIf(life -> !life.sysfs().exists());
        }
        List<SysfsUnit> units = SysfsUnit.all(machine.sysfs());
        synchronized (lives) {
            claims.keySet().retainAll(units.stream().map(SysfsUnit::life).collect(Collectors.toSet()));
        }
        for (SysfsUnit unit : units) {
            if (unit.isDisk()) {
                unit.disk()
                        .ifPresent(disk -> life(unit)
                                .ifPresent(nexus -> found.add(new Found(unit, disk, candidate(nexus, unit, disk)))));
            }
        }
        return found.build();
    }

    private ScsiCandidate candidate(NexusLife nexus, SysfsUnit unit, String disk) {
        return new ScsiCandidate(machine, host, nexus, unit, disk, claims(unit, disk), options, settings.requireAlua());
    }

    private KernelClaims claims(SysfsUnit unit, String disk) {
        synchronized (lives) {
            return claims.computeIfAbsent(
                    unit.life(),
                    key -> new KernelClaims(unit, machine.node(disk).toString()));
        }
    }

    private Optional<NexusLife> life(SysfsUnit unit) {
        Optional<SysfsNexus> nexus = unit.nexus();
        synchronized (lives) {
            return nexus.map(now -> lives.computeIfAbsent(now.life(), key -> new NexusLife(machine, now)));
        }
    }

    /**
     * The disk behind a node, such as {@code /dev/sda} or a link to it; or beside a SCSI generic node, such as {@code /dev/sg0}. That
     * one is driven through its own node all the same: a signal would interrupt the SG_IO of the other, and the kernel then send the
     * command once more.
     *
     * @throws MultipathException when there is no such node, or it is something else: a partition, another driver's, or the generic
     *     node of what is no disk
     */
    public PathCandidate candidate(Path node) {
        return disk(node).candidate();
    }

    /**
     * The identity that a disk told the kernel when that found it; empty when it told none, or {@code candidate} is not of a
     * discovery like this. The disk is not asked.
     */
    public Optional<DeviceId> identity(PathCandidate candidate) {
        return candidate instanceof ScsiCandidate disk ? disk.id() : Optional.empty();
    }

    private Found disk(Path node) {
        Path real = real(node);
        String name = Objects.requireNonNull(real.getFileName(), "file name").toString();
        Matcher partition = PARTITION.matcher(name);
        if (partition.matches()) {
            throw new MultipathException(
                    node + " is a partition: give the whole disk, " + machine.node(partition.group(1)));
        }
        String number = machine.number(real).toString();
        if (GENERIC.matcher(name).matches()) {
            return beside(node, name, number);
        }
        return disks().stream()
                .filter(found -> found.disk().equals(name))
                .filter(found -> found.unit().number().filter(number::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> new MultipathException(
                        node + " is no SCSI disk: sysfs has none named " + name + " that is device " + number));
    }

    private Found beside(Path node, String generic, String number) {
        Found disk = disks().stream()
                .filter(found -> found.unit().hasGeneric(generic, number))
                .findFirst()
                .orElseThrow(
                        () -> new MultipathException(node + " is a SCSI generic node, and there is no disk beside it:"
                                + " sysfs has none with a " + generic + " that is device " + number));
        LOG.info(
                "{} is a SCSI generic node: the disk beside it is driven, through {}", node, machine.node(disk.disk()));
        return disk;
    }

    private static Path real(Path node) {
        try {
            return node.toRealPath();
        } catch (IOException e) {
            throw new MultipathException(node + " cannot be looked at: " + e, e);
        }
    }
}
