package io.mpath.nvme.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Admission;
import io.mpath.BlockDevice;
import io.mpath.Environment;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.linux.DeviceFollower;
import io.mpath.linux.Errno;
import io.mpath.nvme.sim.SimAssociation;
import io.mpath.nvme.sim.SimSubsystem;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathFailure;
import io.mpath.path.QueueKind;
import io.mpath.sim.ContractDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that follows a host: controllers of one emulated subsystem come, go and return in sysfs. */
class FollowTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Environment system = Environment.system();
    private final ContractDriver driver = ContractDriver.inRealTime(system);
    private final SimSubsystem subsystem = SimSubsystem.inRealTime(system, "nqn.2026-01.io.mpath:follow");
    private final Map<String, SimAssociation> associations = new ConcurrentHashMap<>();

    private final Queue<String> offered = new ConcurrentLinkedQueue<>();

    @TempDir
    Path directory;

    private FakeHost host;
    private NvmeDiscovery discovery;
    private Multipath registry;

    @BeforeEach
    void begin() throws IOException {
        subsystem.withoutAna().addNamespace(1, 8192, 512);
        host = new FakeHost(directory.toRealPath());
        host.ioctls.driver = (node, command, data) -> {
            String controller = "nvme" + node.replaceAll("^(nvme|ng)(\\d+).*$", "$2");
            return new SimDriver(Objects.requireNonNull(associations.get(controller))).execute(node, command, data);
        };
        discovery = host.discovery();
        registry = Multipath.builder()
                .environment(Environment.system())
                .admission(Admission.capable().and(candidate -> offered.add(nodeOf(candidate.name()))))
                .build();
        connect("nvme0");
        connect("nvme1");
    }

    @AfterEach
    void end() {
        registry.close();
        system.stop().run();
    }

    private void connect(String name) {
        var controller = subsystem.controllers().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseGet(() -> subsystem.addController(name));
        associations.put(name, controller.associate(reason -> {}, new byte[16], Duration.ofSeconds(5), true));
        host.controller(name).namespace(name, 1, 1);
        host.announce("add", "nvme", "ctl", name);
        host.announce("add", "block", name, name + "n1");
    }

    private void disconnect(String name) {
        host.remove("class/nvme/" + name);
        host.announce("remove", "block", name, name + "n1");
        host.announce("remove", "nvme", "ctl", name);
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

    private static String nodeOf(String path) {
        return Path.of(path).getFileName().toString();
    }

    private List<String> paths() {
        return registry.topology().devices().stream()
                .flatMap(device -> device.paths().stream())
                .map(PathSnapshot::name)
                .map(FollowTest::nodeOf)
                .toList();
    }

    @Test
    void whatIsThereIsOffered() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("nvme0n1", "nvme1n1");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void whatComesIsOfferedSoonAfterItsAnnouncement() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("nvme0n1", "nvme1n1");

            connect("nvme2");

            assertThat(host.lastInterval()).isEqualTo(DeviceFollower.SOON);
            awaitPaths("nvme0n1", "nvme1n1", "nvme2n1");
            assertThat(following).isNotNull();
        }
    }

    /** Sysfs shows a namespace before it tells what it is: whoever judged it then would judge another. */
    @Test
    void namespaceThatTheKernelStillMakesIsNotOffered() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("nvme0n1", "nvme1n1");
            connect("nvme2");
            host.removeNode("nvme2n1");
            host.look();
            host.node("nvme2n1", "259:77");
            host.look();
            assertThat(offered).containsExactlyInAnyOrder("nvme0n1", "nvme1n1");

            host.node("nvme2n1", "259:33");

            awaitPaths("nvme0n1", "nvme1n1", "nvme2n1");
            assertThat(offered).contains("nvme2n1");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void controllerThatIsRemovedTakesItsPathsAlongAndIsLetGo() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("nvme0n1", "nvme1n1");

            disconnect("nvme1");

            awaitPaths("nvme0n1");
            assertThat(driver.await(() -> !host.ioctls.open().contains("nvme1"), LONG))
                    .as("the controller is let go")
                    .isTrue();
            assertThat(following).isNotNull();
        }
    }

    @Test
    void controllerThatReturnsIsANewOneUnderItsName() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("nvme0n1", "nvme1n1");
            disconnect("nvme1");
            awaitPaths("nvme0n1");

            connect("nvme1");

            awaitPaths("nvme0n1", "nvme1n1");
            assertThat(following).isNotNull();
        }
    }

    /** Seen in one look: the one that went and the one that came, while the former path is still there. */
    @Test
    void controllerThatReturnsAtOnceIsOfferedUntilItsNameIsFree() {
        try (var following = discovery.follow(registry)) {
            awaitPaths("nvme0n1", "nvme1n1");

            host.remove("class/nvme/nvme1");
            connect("nvme1");

            driver.await(
                    () -> {
                        host.look();
                        return paths().contains("nvme1n1")
                                && host.ioctls.opened.stream()
                                                .filter("nvme1 ro"::equals)
                                                .count()
                                        == 2;
                    },
                    LONG);
            awaitPaths("nvme0n1", "nvme1n1");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void pathWhoseNameIsStillTakenIsOfferedUntilItIsFree() {
        BlockDevice bare = registry.openBare(discovery.candidate(host.dev().resolve("nvme0n1")));
        try (var following = discovery.follow(registry)) {
            awaitPaths("nvme1n1");

            bare.close();

            awaitPaths("nvme0n1", "nvme1n1");
            assertThat(following).isNotNull();
        }
    }

    @Test
    void whoNoLongerFollowsOffersNothing() {
        discovery.follow(registry).close();
        awaitPaths("nvme0n1", "nvme1n1");
        int opened = host.ioctls.opened.size();

        connect("nvme2");
        host.look();

        assertThat(host.ioctls.opened).hasSize(opened);
        assertThat(paths()).doesNotContain("nvme2n1");
    }

    @Test
    void hostPathErrorOfAWriteIsUnknownUnlessPortWasSeenNotLive() {
        DevicePath path = discovery.candidate(host.dev().resolve("nvme0n1")).open();
        var answers = host.ioctls.driver;
        host.ioctls.driver = (node, command, data) ->
                command.admin() ? answers.execute(node, command, data) : FakeIoctls.Answer.status(0x370);

        assertThat(write(path).certainty()).isEqualTo(Certainty.UNKNOWN);

        host.state("nvme0", "connecting");
        host.look();
        int sent = host.ioctls.commands.size();
        assertThat(write(path).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(host.ioctls.commands).hasSize(sent);
    }

    @Test
    void cancelledWriteOfAPathIsUnknownAndNotRepeated() {
        DevicePath path = discovery.candidate(host.dev().resolve("nvme0n1")).open();
        int before = host.ioctls.commands.size();
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.error(Errno.EINTR);

        PathFailure failure = write(path);

        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(failure.status()).isEqualTo(IoStatus.PATH_ERROR);
        assertThat(host.ioctls.commands).hasSize(before + 1);
    }

    @Test
    void pathsOfOneControllerShareItsPortAndItsDescriptor() {
        subsystem.addNamespace(2, 8192, 512);
        host.namespace("nvme0", 2, 2);

        DevicePath one = discovery.candidate(host.dev().resolve("nvme0n1")).open();
        DevicePath two = discovery.candidate(host.dev().resolve("ng0n2")).open();

        assertThat(one.port()).isSameAs(two.port());
        assertThat(host.ioctls.opened.stream().filter("nvme0 ro"::equals)).hasSize(1);
    }

    /** Both are told apart by their node alone, and opened at once: each waits for the other to have asked for its namespace. */
    @Test
    void twoNodesOfOneNamespaceOpenedAtOnceAreNotSwapped() {
        var both = new CyclicBarrier(2);
        var answers = host.ioctls.driver;
        DevicePath first = discovery.candidate(host.dev().resolve("nvme0n1")).open();
        host.ioctls.driver = (node, command, data) -> {
            if (command.admin() && command.dwords().get(0) == 0) {
                meet(both);
            }
            return answers.execute(node, command, data);
        };

        var block = CompletableFuture.supplyAsync(
                () -> discovery.candidate(host.dev().resolve("nvme0n1")).open(), system.blocking());
        var character = CompletableFuture.supplyAsync(
                () -> discovery.candidate(host.dev().resolve("ng0n1")).open(), system.blocking());

        assertThat(nodeWrittenThrough(block.join())).isEqualTo("nvme0n1");
        assertThat(nodeWrittenThrough(character.join())).isEqualTo("ng0n1");
        assertThat(first).isNotNull();
    }

    private static void meet(CyclicBarrier both) throws InterruptedException {
        try {
            both.await(20, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("the other did not come", e);
        }
    }

    private String nodeWrittenThrough(DevicePath path) {
        List<String> nodes = new CopyOnWriteArrayList<>();
        host.ioctls.driver = (node, command, data) -> {
            nodes.add(node);
            return FakeIoctls.Answer.status(0);
        };
        TestIo io = TestIo.write(0, 512);
        assertThat(path.openQueue(QueueKind.SHARED).submit(io)).isTrue();
        assertThat(io.outcome()).isNull();
        return nodes.get(0);
    }

    private static PathFailure write(DevicePath path) {
        TestIo io = TestIo.write(0, 512);
        assertThat(path.openQueue(QueueKind.SHARED).submit(io)).isTrue();
        return Objects.requireNonNull(io.outcome());
    }
}
