package io.mpath.scsi.linux;

import io.mpath.Ticker;
import io.mpath.linux.DeviceNumber;
import io.mpath.linux.DeviceWatch;
import io.mpath.linux.Machine;
import io.mpath.linux.Sysfs;
import io.mpath.linux.Uevent;
import io.mpath.scsi.ScsiSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A host in a directory: what stands for {@code /sys} and {@code /dev}, where a node's content is its number; system calls are
 * played by {@link FakeIoctls}, and the kernel's announcements made by the test.
 */
final class FakeHost implements DeviceWatch {
    private static final AtomicInteger REMOVED = new AtomicInteger();
    private static final String BUS = "sys/bus/scsi/devices";

    final FakeIoctls ioctls;
    final List<Duration> intervals = new CopyOnWriteArrayList<>();
    private final Path root;
    private final Map<String, Path> targets = new HashMap<>();
    private final List<Watching> watchings = new CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong();

    FakeHost(Path root) {
        this.root = root;
        this.ioctls = new FakeIoctls(dev());
        directory(dev());
        directory(root.resolve(BUS));
    }

    Path dev() {
        return root.resolve("dev");
    }

    Sysfs sysfs() {
        return new Sysfs(root.resolve("sys"));
    }

    Machine machine() {
        return new Machine(sysfs(), dev(), FakeHost::number, () -> ioctls, () -> this, "CAP_SYS_RAWIO");
    }

    ScsiDiscovery discovery() {
        return new ScsiDiscovery(
                machine(), ScsiSettings.defaults(), ScsiOptions.defaults().withDepth(4, 8));
    }

    private static DeviceNumber number(Path node) throws IOException {
        String[] parts = Files.readString(node).strip().split(":", -1);
        return new DeviceNumber(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    private FakeHost host(int host, String devices, String driver) {
        String directory = devices + "/host" + host;
        return attribute(directory + "/scsi_host/host" + host + "/state", "running")
                .attribute(directory + "/scsi_host/host" + host + "/proc_name", driver);
    }

    /** An iSCSI session, logged in: its number is its host's. */
    FakeHost session(int number) {
        String device = "devices/platform/host" + number + "/session" + number;
        String session = device + "/iscsi_session/session" + number + "/";
        targets.put(number + ":0:0", root.resolve("sys").resolve(device).resolve("target" + number + ":0:0"));
        return host(number, "devices/platform", "iscsi_tcp")
                .attribute(session + "state", "LOGGED_IN")
                .attribute(session + "initiatorname", "iqn.2026-01.io.mpath:host")
                .attribute(session + "targetname", "iqn.2026-01.io.mpath:array")
                .attribute(session + "tpgt", Integer.toString(number))
                .attribute(session + "erl", "0")
                .directoryOf(number + ":0:0");
    }

    FakeHost session(int number, String state) {
        return sessionAttribute(number, "state", state);
    }

    FakeHost sessionAttribute(int number, String name, String value) {
        return attribute(
                "devices/platform/host" + number + "/session" + number + "/iscsi_session/session" + number + "/" + name,
                value);
    }

    /** A remote port of Fibre Channel, online, at host {@code number}. */
    FakeHost remotePort(int number) {
        String name = "rport-" + number + ":0-0";
        String host = "devices/pci0000:00/host" + number;
        String port = host + "/" + name + "/fc_remote_ports/" + name + "/";
        targets.put(number + ":0:0", root.resolve("sys").resolve(host).resolve(name + "/target" + number + ":0:0"));
        return host(number, "devices/pci0000:00", "qla2xxx")
                .attribute(host + "/fc_host/host" + number + "/port_name", "0x10000000c9000001")
                .attribute(port + "port_state", "Online")
                .attribute(port + "port_name", "0x500000000000000" + number)
                .attribute(port + "node_name", "0x5000000000000000")
                .directoryOf(number + ":0:0");
    }

    FakeHost remotePort(int number, String state) {
        String name = "rport-" + number + ":0-0";
        return attribute(
                "devices/pci0000:00/host" + number + "/" + name + "/fc_remote_ports/" + name + "/port_state", state);
    }

    /** A target of a host about which nothing more is known; {@code below} is where the host is. */
    FakeHost plainTarget(int number, String below, String driver) {
        targets.put(
                number + ":0:0",
                root.resolve("sys/devices").resolve(below).resolve("host" + number + "/target" + number + ":0:0"));
        return host(number, "devices/" + below, driver).directoryOf(number + ":0:0");
    }

    private FakeHost directoryOf(String target) {
        directory(targets.get(target));
        return this;
    }

    /** A running disk with ALUA, with all of its nodes. */
    FakeHost disk(String address, String name) {
        int minor = (name.charAt(name.length() - 1) - 'a') * 16;
        byte[] inquiry = new byte[36];
        inquiry[2] = 7;
        inquiry[4] = 31;
        inquiry[5] = 0x10;
        return unit(address, 0)
                .of(address, "inquiry", inquiry)
                .of(address, "block/" + name + "/dev", "8:" + minor)
                .of(address, "block/" + name + "/queue/max_hw_sectors_kb", "1024")
                .of(address, "block/" + name + "/queue/max_segments", "64")
                .of(address, "block/" + name + "/queue/zoned", "none")
                .of(address, "scsi_generic/sg" + minor / 16 + "/dev", "21:" + minor / 16)
                .node(name, "8:" + minor)
                .node("sg" + minor / 16, "21:" + minor / 16);
    }

    /** A running device of that type. */
    FakeHost unit(String address, int type) {
        Path device = device(address);
        directory(device);
        try {
            Path link = root.resolve(BUS).resolve(address);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, device);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(address, "state", "running")
                .of(address, "type", Integer.toString(type))
                .of(address, "vendor", "MPATH");
    }

    /** An attribute of a device. */
    FakeHost of(String address, String name, String text) {
        return of(address, name, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    FakeHost of(String address, String name, byte[] bytes) {
        write(device(address).resolve(name), bytes);
        return this;
    }

    private Path device(String address) {
        return targets.get(address.substring(0, address.lastIndexOf(':'))).resolve(address);
    }

    FakeHost attribute(String name, String text) {
        write(root.resolve("sys").resolve(name), (text + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    FakeHost node(String name, String content) {
        write(dev().resolve(name), content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The disk becomes a path of a device mapper's map. */
    FakeHost heldBy(String address, String disk, String uuid, String map) {
        return of(address, "block/" + disk + "/holders/dm-0/dm/uuid", uuid)
                .of(address, "block/" + disk + "/holders/dm-0/dm/name", map);
    }

    /** Moved and not deleted: a directory that is made next must not get the number of this one. */
    FakeHost remove(String address) {
        move(device(address));
        return this;
    }

    FakeHost removeSession(int number) {
        move(root.resolve("sys/devices/platform/host" + number));
        return this;
    }

    private void move(Path what) {
        try {
            Files.move(what, root.resolve("removed" + REMOVED.incrementAndGet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel announces something of a device. */
    void announce(String action, String subsystem, String name, Map<String, String> properties) {
        var uevent = new Uevent(action, "/devices/platform/" + name, subsystem, properties);
        watchings.forEach(each -> each.watcher.happened(uevent));
    }

    /** The next look that is due to any is due to all: so much time has passed by then. */
    void look() {
        watchings.stream()
                .map(each -> each.interval)
                .min(Duration::compareTo)
                .ifPresent(each -> now.addAndGet(each.toNanos()));
        watchings.forEach(each -> each.watcher.look());
    }

    /** Announcements did not fit where they wait to be read. */
    void loseAnnouncements() {
        watchings.forEach(each -> each.watcher.lost());
    }

    int watching() {
        return watchings.size();
    }

    @Override
    public Watch watch(Watcher watcher, Duration interval) {
        var watching = new Watching(watcher);
        watching.every(interval);
        watchings.add(watching);
        return watching;
    }

    @Override
    public Ticker ticker() {
        return now::get;
    }

    private final class Watching implements Watch {
        private final Watcher watcher;
        private volatile Duration interval = Duration.ZERO;

        Watching(Watcher watcher) {
            this.watcher = watcher;
        }

        @Override
        public void every(Duration value) {
            interval = value;
            intervals.add(value);
        }

        @Override
        public void close() {
            watchings.remove(this);
        }
    }

    Duration lastInterval() {
        List<Duration> all = new ArrayList<>(intervals);
        return all.get(all.size() - 1);
    }

    private static void directory(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        directory(file.getParent());
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
