package io.mpath.scsi.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.BlockDevice;
import io.mpath.Environment;
import io.mpath.IoFuture;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.linux.DeviceFollower;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.QueueKind;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimScsiArray;
import io.mpath.scsi.sim.SimUnitIdentity;
import io.mpath.sim.ContractDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that follows a host: disks of one emulated logical unit come, go and return in sysfs. */
class FollowTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int WRITE_10 = 0x2a;
    private static final AtomicInteger UNITS = new AtomicInteger(7000);

    private final Environment system = Environment.system();
    private final ContractDriver driver = ContractDriver.inRealTime(system);

    @TempDir
    Path directory;

    private FakeHost host;
    private ScsiDiscovery discovery;
    private Multipath registry;

    @BeforeEach
    void begin() throws IOException {
        SimScsiArray array = SimScsiArray.inRealTime(system, "iqn.2026-01.io.mpath:follow");
        var nexus = SimNexus.iscsi(array.addPort("a", 1), new PathPort("any"));
        // Of its own: what a test leaves in doubt, the process remembers of the device.
        array.addUnit(0, 8192, 512).identity(SimUnitIdentity.numbered(UNITS.incrementAndGet()));
        host = new FakeHost(directory.toRealPath());
        host.ioctls.driver = new SimDriver(nexus, 0);
        discovery = host.discovery();
        registry = Multipath.builder().environment(Environment.system()).build();
        connect(3, "sda");
        connect(4, "sdb");
    }

    @AfterEach
    void end() {
        registry.close();
        system.stop().run();
    }

    private void connect(int session, String disk) {
        host.session(session).disk(session + ":0:0:0", disk);
        announce("add", session, disk);
    }

    private void announce(String action, int session, String disk) {
        host.announce(action, "scsi", session + ":0:0:0", Map.of());
        host.announce(action, "block", disk, Map.of());
    }

    private void delete(int session, String disk) {
        host.remove(session + ":0:0:0");
        announce("remove", session, disk);
    }

    /** Time passes, and looks come due, until the registry has these paths. */
    private void awaitPaths(String... names) {
        driver.await(
                () -> {
                    host.look();
                    return Set.copyOf(paths()).equals(Set.of(names));
                },
                LONG);
        assertThat(paths()).containsExactlyInAnyOrder(names);
    }

    private List<String> paths() {
        return registry.topology().devices().stream()
                .flatMap(device -> device.paths().stream())
                .map(PathSnapshot::name)
                .map(name -> Path.of(name).getFileName().toString())
                .toList();
    }

    @Test
    void whatIsThereIsOffered() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("sda", "sdb");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void whatComesIsOfferedSoonAfterItsAnnouncement() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("sda", "sdb");

            connect(5, "sdc");

            assertThat(host.lastInterval()).isEqualTo(DeviceFollower.SOON);
            awaitPaths("sda", "sdb", "sdc");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void diskThatIsDeletedTakesItsPathAlongAndIsLetGo() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("sda", "sdb");

            delete(4, "sdb");

            awaitPaths("sda");
            assertThat(driver.await(() -> !host.ioctls.open().contains("sdb"), LONG))
                    .as("the disk is let go")
                    .isTrue();
            assertThat(following).isNotNull();
        }
    }

    @Test
    void diskThatIsRescannedReturnsUnderAnotherName() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("sda", "sdb");
            delete(4, "sdb");
            awaitPaths("sda");

            host.disk("4:0:0:0", "sdc");
            announce("add", 4, "sdc");

            awaitPaths("sda", "sdc");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void sessionThatIsLoggedOutAndInReturnsAsAnother() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("sda", "sdb");
            host.removeSession(4);
            announce("remove", 4, "sdb");
            awaitPaths("sda");

            connect(4, "sdb");

            awaitPaths("sda", "sdb");
            assertThat(following).isNotNull();
        }
    }

    /** Seen in one look: the one that went and the one that came, while the former path is still there. */
    @Test
    void diskThatReturnsAtOnceIsOfferedUntilItsNameIsFree() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("sda", "sdb");

            host.remove("4:0:0:0").disk("4:0:0:0", "sdb");

            driver.await(
                    () -> {
                        host.look();
                        return paths().contains("sdb")
                                && host.ioctls.opened.stream()
                                                .filter("sdb rw"::equals)
                                                .count()
                                        == 2;
                    },
                    LONG);
            awaitPaths("sda", "sdb");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void pathWhoseNameIsStillTakenIsOfferedUntilItIsFree() {
        BlockDevice bare = registry.openBare(discovery.candidate(host.dev().resolve("sda")));
        try (var following = discovery.follow(registry)) {
            awaitPaths("sdb");

            bare.close();

            awaitPaths("sda", "sdb");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void whoNoLongerFollowsOffersNothing() {
        discovery.follow(registry).close();
        awaitPaths("sda", "sdb");
        int opened = host.ioctls.opened.size();

        connect(5, "sdc");
        host.look();

        assertThat(host.ioctls.opened).hasSize(opened);
        assertThat(paths()).doesNotContain("sdc");
    }

    @Test
    void transportErrorOfAWriteIsUnknownUnlessTheSessionWasSeenFailed() {
        DevicePath path = discovery.candidate(host.dev().resolve("sda")).open();
        var answers = host.ioctls.driver;
        host.ioctls.driver = (node, command, data) -> command.opcode() == WRITE_10
                ? FakeIoctls.Answer.host(HostByte.DID_NO_CONNECT.number())
                : answers.execute(node, command, data);

        assertThat(write(path).certainty()).isEqualTo(Certainty.UNKNOWN);

        host.session(3, "FAILED");
        host.look();
        int sent = host.ioctls.commands.size();
        assertThat(write(path).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(host.ioctls.commands).hasSize(sent);
    }

    @Test
    void pathsOfOneSessionShareItsPort() {
        host.disk("3:0:0:1", "sdc");

        DevicePath one = discovery.candidate(host.dev().resolve("sda")).open();
        DevicePath two = discovery.candidate(host.dev().resolve("sdc")).open();

        assertThat(one.port()).isSameAs(two.port());
        assertThat(host.watching()).isEqualTo(1);
    }

    /** The first write that comes is lost together with the session, or the remote port, that it went through. */
    private void loseFirstWrite(Consumer<String> loss) {
        var answers = host.ioctls.driver;
        var lost = new AtomicBoolean();
        host.ioctls.driver = (node, command, data) -> {
            if (command.opcode() != WRITE_10 || !lost.compareAndSet(false, true)) {
                return answers.execute(node, command, data);
            }
            loss.accept(node);
            return FakeIoctls.Answer.host(HostByte.DID_TRANSPORT_DISRUPTED.number());
        };
    }

    private MultipathDevice device() {
        awaitPaths("sda", "sdb");
        MultipathDevice device = registry.devices().get(0);
        assertThat(driver.await(() -> device.snapshot().paths().stream().allMatch(PathSnapshot::usable), LONG))
                .as("both are usable")
                .isTrue();
        return device;
    }

    private void awaitLooking(BooleanSupplier condition) {
        assertThat(driver.await(
                        () -> {
                            host.look();
                            return condition.getAsBoolean();
                        },
                        LONG))
                .isTrue();
    }

    @Test
    void writeLostWithItsSessionIsSentAgainAsSoonAsThatIsLoggedInAnew() {
        try (var following = discovery.follow(registry)) {
            MultipathDevice device = device();
            var through = new AtomicInteger();
            loseFirstWrite(node -> {
                through.set(node.equals("sda") ? 3 : 4);
                host.session(through.get(), "FAILED");
            });

            IoFuture write = device.write(0, ByteBuffer.allocate(512));
            awaitLooking(() -> !device.unfenced().isEmpty());
            assertThat(write).as("held").isNotDone();
            host.session(through.get(), "LOGGED_IN");

            awaitLooking(write::isDone);
            assertThat(write).isCompleted();
            assertThat(following).isNotNull();
        }
    }

    /** The session goes on, and so may the write: that its state could not be read meanwhile is no login. */
    @Test
    void writeIsHeldThoughTheStateOfItsSessionCannotBeReadForAMoment() {
        try (var following = discovery.follow(registry)) {
            MultipathDevice device = device();
            var through = new AtomicInteger();
            loseFirstWrite(node -> {
                through.set(node.equals("sda") ? 3 : 4);
                host.session(through.get(), "");
            });

            IoFuture write = device.write(0, ByteBuffer.allocate(512));
            awaitLooking(() -> !device.unfenced().isEmpty());
            host.session(through.get(), "LOGGED_IN");

            awaitLooking(() -> device.snapshot().paths().stream().allMatch(PathSnapshot::usable));
            assertThat(device.unfenced()).hasSize(1);
            assertThat(write).as("held").isNotDone();
            assertThat(following).isNotNull();
        }
    }

    /** Of Fibre Channel nobody knows that; only time fences it, which this test does not wait for. */
    @Test
    void writeLostWithItsRemotePortIsHeldAlsoWhenThatIsBack() {
        host.removeSession(3).removeSession(4);
        host.remotePort(5).disk("5:0:0:0", "sda").remotePort(6).disk("6:0:0:0", "sdb");
        try (var following = discovery.follow(registry)) {
            MultipathDevice device = device();
            var through = new AtomicInteger();
            loseFirstWrite(node -> {
                through.set(node.equals("sda") ? 5 : 6);
                host.remotePort(through.get(), "Blocked");
            });

            IoFuture write = device.write(0, ByteBuffer.allocate(512));
            awaitLooking(() -> !device.unfenced().isEmpty());
            host.remotePort(through.get(), "Online");

            awaitLooking(() -> device.snapshot().paths().stream().allMatch(PathSnapshot::usable));
            assertThat(device.unfenced()).hasSize(1);
            assertThat(write).as("held").isNotDone();
            assertThat(following).isNotNull();
        }
    }

    private static PathFailure write(DevicePath path) {
        TestIo io = TestIo.write(0, 512);
        assertThat(path.openQueue(QueueKind.SHARED).submit(io)).isTrue();
        return Objects.requireNonNull(io.outcome());
    }
}
