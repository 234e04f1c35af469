package io.mpath.nvme.linux;

import com.google.common.collect.ImmutableList;
import io.mpath.Multipath;
import io.mpath.MultipathException;
import io.mpath.linux.DeviceFollower;
import io.mpath.linux.Machine;
import io.mpath.linux.Sysfs;
import io.mpath.nvme.NvmePeers;
import io.mpath.nvme.NvmeSettings;
import io.mpath.path.PathCandidate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The NVMe namespaces of this machine as candidate paths, found in sysfs without opening anything.
 *
 * <p>Candidates of one controller share its port and its connection; so make one discovery for a registry, and keep it.
 *
 * <p>Threading: any thread; {@code lives} is guarded by its own monitor.
 */
public final class NvmeDiscovery {
    private static final Pattern PARTITION = Pattern.compile("(nvme\\d+n\\d+)p\\d+");

    private static final Set<String> ANNOUNCED = Set.of("nvme", "nvme-subsystem", "nvme-generic", "block");

    private final Machine machine;
    private final NvmeSettings settings;
    private final NvmeOptions options;
    private final NvmePeers peers = new NvmePeers();
    private final Map<Object, ControllerLife> lives = new HashMap<>();

    NvmeDiscovery(Machine machine, NvmeSettings settings, NvmeOptions options) {
        this.machine = machine;
        this.settings = Objects.requireNonNull(settings, "settings");
        this.options = Objects.requireNonNull(options, "options");
    }

    /** This machine's, with all defaults. */
    public static NvmeDiscovery system() {
        return new NvmeDiscovery(Machine.system("CAP_SYS_ADMIN"), NvmeSettings.defaults(), NvmeOptions.defaults());
    }

    /** Another discovery, whose controllers are treated so. */
    public NvmeDiscovery with(NvmeSettings value) {
        return new NvmeDiscovery(machine, value, options);
    }

    /** Another discovery, whose namespaces are opened so. */
    public NvmeDiscovery with(NvmeOptions value) {
        return new NvmeDiscovery(machine, settings, value);
    }

    /** Following a machine's namespaces, until it is closed; the paths remain. */
    public interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /** Every namespace that there is now. Those that the kernel multipaths are not capable, and say what to do. */
    public List<PathCandidate> find() {
        return present(node -> true).stream()
                .map(DeviceFollower.Present::candidate)
                .collect(ImmutableList.toImmutableList());
    }

    /**
     * Offers {@code registry} every namespace that there is now, and each that comes; one that was removed and comes back is offered
     * again, though the former path of its name may take a while to leave. Those that are removed leave the registry as gone.
     *
     * @return ends that when closed
     * @throws MultipathException when the machine's devices cannot be watched
     */
    public Following follow(Multipath registry) {
        return DeviceFollower.begin(() -> present(this::isUp), ANNOUNCED, registry, machine.watch())::close;
    }

    /**
     * Whether the kernel is through with making it: sysfs shows it before it has a node, and before it tells all. One that is looked at
     * too early looks like another.
     */
    private boolean isUp(SysfsNamespace node) {
        return node.number()
                        .filter(number -> machine.leads(node.name(), number))
                        .isPresent()
                && (!node.isBlock() || node.maxTransferBytes().isPresent());
    }

    /** Every namespace of those, with its life. */
    private List<DeviceFollower.Present> present(Predicate<SysfsNamespace> of) {
        ImmutableList.Builder<DeviceFollower.Present> found = ImmutableList.builder();
        for (ControllerLife life : lives()) {
            List<SysfsNamespace> nodes = life.sysfs().namespaces();
            nodes.stream()
                    .filter(node -> !node.isPathOfKernel() && isMainNode(node, nodes) && of.test(node))
                    .forEach(node -> add(found, node, candidate(life, node)));
        }
        heads().filter(SysfsNamespace::isBlock).forEach(head -> add(found, head, head(head.name())));
        return found.build();
    }

    private static void add(
            ImmutableList.Builder<DeviceFollower.Present> to, SysfsNamespace node, PathCandidate candidate) {
        node.life().ifPresent(life -> to.add(new DeviceFollower.Present(candidate, life)));
    }

    private PathCandidate head(String name) {
        return new KernelHeadCandidate(machine.node(name).toString());
    }

    /** The block device; where the kernel can drive it only as a character device, that. */
    private static boolean isMainNode(SysfsNamespace node, List<SysfsNamespace> nodes) {
        if (node.isBlock()) {
            return !node.hidden();
        }
        return nodes.stream().noneMatch(other -> node.isSiblingOf(other) && !other.hidden());
    }

    private NvmeCandidate candidate(ControllerLife life, SysfsNamespace node) {
        return new NvmeCandidate(
                life,
                new LinuxTransport.Way(node, options),
                machine.node(node.name()).toString());
    }

    /** The nodes that the kernel made of several paths: they are their subsystem's. */
    private Stream<SysfsNamespace> heads() {
        Sysfs sysfs = machine.sysfs();
        Path subsystems = sysfs.path("class/nvme-subsystem");
        return sysfs.names(subsystems).stream()
                .flatMap(name -> SysfsNamespace.in(sysfs, subsystems.resolve(name)).stream());
    }

    private List<ControllerLife> lives() {
        List<SysfsController> now = SysfsController.all(machine.sysfs());
        synchronized (lives) {
            lives.values().removeIf(life -> !life.sysfs().exists());
            return now.stream()
                    .map(controller -> lives.computeIfAbsent(
                            controller.life(), key -> new ControllerLife(machine, controller, settings, peers)))
                    .collect(ImmutableList.toImmutableList());
        }
    }

    /**
     * The namespace behind a node, such as {@code /dev/nvme0n1}, {@code /dev/ng0n1} or a link to one.
     *
     * @throws MultipathException when there is no such node, or it is something else: a partition, a controller, another driver's
     */
    public PathCandidate candidate(Path node) {
        Path real = real(node);
        String name = Objects.requireNonNull(real.getFileName(), "file name").toString();
        Matcher partition = PARTITION.matcher(name);
        if (partition.matches()) {
            throw new MultipathException(
                    node + " is a partition: give the whole namespace, " + machine.node(partition.group(1)));
        }
        if (SysfsController.NAME.matcher(name).matches()) {
            throw new MultipathException(
                    node + " is a controller: give a namespace of it, such as " + machine.node(name + "n1"));
        }
        String number = machine.number(real).toString();
        for (ControllerLife life : lives()) {
            for (SysfsNamespace each : life.sysfs().namespaces()) {
                if (each.name().equals(name)
                        && each.number().filter(number::equals).isPresent()) {
                    return candidate(life, each);
                }
            }
        }
        if (heads().anyMatch(each -> each.name().equals(name))) {
            return head(name);
        }
        throw new MultipathException(
                node + " is no NVMe namespace: sysfs has none named " + name + " that is device " + number);
    }

    private static Path real(Path node) {
        try {
            return node.toRealPath();
        } catch (IOException e) {
            throw new MultipathException(node + " cannot be looked at: " + e, e);
        }
    }
}
