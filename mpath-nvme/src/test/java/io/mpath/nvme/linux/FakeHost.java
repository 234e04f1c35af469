package io.mpath.nvme.linux;

import io.mpath.Ticker;
import io.mpath.linux.DeviceNumber;
import io.mpath.linux.DeviceWatch;
import io.mpath.linux.Machine;
import io.mpath.linux.Uevent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    final FakeIoctls ioctls;
    final List<Duration> intervals = new CopyOnWriteArrayList<>();
    private final Path root;
    private final List<Watching> watchings = new CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong();

    FakeHost(Path root) {
        this.root = root;
        this.ioctls = new FakeIoctls(dev());
        directory(dev());
        directory(root.resolve("sys/class/nvme"));
    }

    Path dev() {
        return root.resolve("dev");
    }

    Machine machine() {
        return new Machine(
                new io.mpath.linux.Sysfs(root.resolve("sys")),
                dev(),
                FakeHost::number,
                () -> ioctls,
                () -> this,
                "CAP_SYS_ADMIN");
    }

    NvmeDiscovery discovery() {
        return new NvmeDiscovery(
                machine(),
                io.mpath.nvme.NvmeSettings.defaults(),
                NvmeOptions.defaults().withDepth(4, 8));
    }

    private static DeviceNumber number(Path node) throws IOException {
        String[] parts = Files.readString(node).strip().split(":", -1);
        return new DeviceNumber(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** A live controller over TCP without namespaces. */
    FakeHost controller(String name) {
        return attribute("class/nvme/" + name + "/state", "live")
                .attribute("class/nvme/" + name + "/transport", "tcp")
                .attribute("class/nvme/" + name + "/kato", "5")
                .attribute("class/nvme/" + name + "/numa_node", "-1")
                .node(name, "240:" + name.substring(4));
    }

    /** A namespace with its block and its character device. */
    FakeHost namespace(String controller, int instance, long nsid) {
        String block = controller + "n" + instance;
        String character = block.replace("nvme", "ng");
        String directory = "class/nvme/" + controller + "/";
        int minor = Integer.parseInt(controller.substring(4)) * 16 + instance;
        ioctls.namespaces.put(block, nsid);
        ioctls.namespaces.put(character, nsid);
        return attribute(directory + block + "/dev", "259:" + minor)
                .attribute(directory + block + "/nsid", Long.toString(nsid))
                .attribute(directory + block + "/hidden", "0")
                .attribute(directory + block + "/csi", "0")
                .attribute(directory + block + "/queue/max_hw_sectors_kb", "1024")
                .attribute(directory + block + "/queue/max_segments", "64")
                .attribute(directory + character + "/dev", "241:" + minor)
                .node(block, "259:" + minor)
                .node(character, "241:" + minor);
    }

    FakeHost attribute(String name, String text) {
        write(root.resolve("sys").resolve(name), text + "\n");
        return this;
    }

    FakeHost node(String name, String content) {
        write(dev().resolve(name), content);
        return this;
    }

    void removeNode(String name) {
        try {
            Files.delete(dev().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeHost state(String controller, String state) {
        return attribute("class/nvme/" + controller + "/state", state);
    }

    /** Moved and not deleted: a directory that is made next must not get the number of this one. */
    FakeHost remove(String name) {
        try {
            Files.move(root.resolve("sys").resolve(name), root.resolve("removed" + REMOVED.incrementAndGet()));
            Files.deleteIfExists(dev().resolve(Path.of(name).getFileName()));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel announces something of a device below {@code parent}. */
    void announce(String action, String subsystem, String parent, String name) {
        announce(new Uevent(action, "/devices/virtual/" + parent + "/" + name, subsystem, Map.of()));
    }

    /** The kernel announces something that a controller's driver did. */
    void announceEvent(String controller, String event) {
        announce(new Uevent("change", "/devices/virtual/ctl/" + controller, "nvme", Map.of("NVME_EVENT", event)));
    }

    /** An asynchronous event that the kernel leaves to others, as it puts it. */
    void announceAsynchronousEvent(String controller, String result) {
        announce(new Uevent("change", "/devices/virtual/ctl/" + controller, "nvme", Map.of("NVME_AEN", result)));
    }

    private void announce(Uevent uevent) {
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

    private static void write(Path file, String text) {
        directory(file.getParent());
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
