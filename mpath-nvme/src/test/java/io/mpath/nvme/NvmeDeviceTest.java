package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mpath.AccessState;
import io.mpath.DeviceIoException;
import io.mpath.DeviceSettings;
import io.mpath.Effect;
import io.mpath.IoFuture;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.Liveness;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.NoPathPolicy;
import io.mpath.Offer;
import io.mpath.nvme.command.CrossControllerReset;
import io.mpath.nvme.command.Identify;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.sim.SimAnaState;
import io.mpath.nvme.sim.SimCommand;
import io.mpath.nvme.sim.SimController;
import io.mpath.nvme.sim.SimFate;
import io.mpath.nvme.sim.SimNamespace;
import io.mpath.nvme.sim.SimNamespaceIdentity;
import io.mpath.nvme.sim.SimNvmeTransport;
import io.mpath.nvme.sim.SimSubsystem;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A device over an emulated subsystem: registry, paths, ANA and transport together, in virtual time. */
class NvmeDeviceTest {
    private static final int BLOCK = 4096;
    private static final int INVALID_NAMESPACE_OR_FORMAT = 0x00b;
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    /** Three keep-alive time-outs of 5 s. */
    private static final Duration HOLD = Duration.ofSeconds(15);

    private final SimWorld world = SimWorld.seeded(1);
    private final SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:device");
    private final SimController a = controller("a");
    private final SimController b = controller("b");
    private final SimNamespace namespace = subsystem.addNamespace(1, 1024, BLOCK);
    private final NvmePeers peers = new NvmePeers();
    private final List<SimNvmeTransport> transports = new ArrayList<>();
    private int resetsBefore;
    private final List<IoStatus> ended = new ArrayList<>();
    private NvmeSettings settings = NvmeSettings.defaults();
    private Multipath registry = registry(DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin()));

    private SimController controller(String name) {
        return subsystem.addController(name).latency(Duration.ofNanos(50_000), Duration.ofNanos(200_000));
    }

    private Multipath registry(DeviceSettings with) {
        return Multipath.builder()
                .environment(world.environment())
                .settings(with)
                .build();
    }

    private static PathPort port(String name) {
        var timeouts = new PathPort.Timeouts(RECONNECT, Duration.ZERO, Duration.ofMinutes(10));
        return new PathPort(name, PathPort.NO_NODE, timeouts);
    }

    private SimNvmeTransport tcp(SimController to) {
        return SimNvmeTransport.tcp(to, port(to.name()));
    }

    /** Offers namespace 1 through {@code transport}. */
    private Offer offer(SimNvmeTransport transport) {
        transports.add(transport);
        var controller = new NvmeController(transport, settings, peers);
        return world.await(
                registry.offer(new Candidate(controller, transport.port().name())));
    }

    private record Candidate(NvmeController controller, long nsid, String name) implements PathCandidate {
        Candidate(NvmeController controller, String name) {
            this(controller, 1, name);
        }

        @Override
        public String transport() {
            return "nvme-emulated";
        }

        @Override
        public DevicePath open() {
            return controller.open(nsid, name);
        }
    }

    private MultipathDevice deviceOverBoth() {
        offer(tcp(a));
        offer(tcp(b));
        return registry.devices().get(0);
    }

    private static ByteBuffer filled(char content) {
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) content);
        return ByteBuffer.wrap(bytes);
    }

    private void write(MultipathDevice device, long block, char content) {
        world.await(device.write(block * BLOCK, filled(content)));
    }

    private char contents(long block) {
        return (char) namespace.disk().contents(block * BLOCK, BLOCK)[0];
    }

    private IoStatus failure(IoFuture io) {
        Throwable thrown = catchThrowable(() -> world.await(io));
        assertThat(thrown).isInstanceOf(CompletionException.class).hasCauseInstanceOf(DeviceIoException.class);
        return ((DeviceIoException) thrown.getCause()).status();
    }

    private static PathSnapshot path(MultipathDevice device, String name) {
        return device.snapshot().paths().stream()
                .filter(path -> path.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static SimFate dropChanges(SimCommand command) {
        return command.changes() ? SimFate.drop() : SimFate.normal();
    }

    @Test
    void twoControllersMakeOneDevice() {
        MultipathDevice device = deviceOverBoth();
        assertThat(device.snapshot().paths()).hasSize(2);
        assertThat(device.id().toString()).startsWith("uuid.");
        write(device, 7, 'x');
        assertThat(contents(7)).isEqualTo('x');
    }

    @Test
    void pathThatBecomesInaccessibleIsLeftWithoutAnError() {
        MultipathDevice device = deviceOverBoth();
        a.losesEvents(true);
        a.anaState(1, SimAnaState.INACCESSIBLE);
        for (int block = 0; block < 20; block++) {
            write(device, block, 'i');
        }
        assertThat(path(device, "a").accessState().toString()).isEqualTo("unavailable");
        assertThat(device.snapshot().counters().failovers()).isPositive();
        assertThat(contents(19)).isEqualTo('i');
    }

    @Test
    void eventAloneMovesTheState() {
        MultipathDevice device = deviceOverBoth();
        a.anaState(1, SimAnaState.NON_OPTIMIZED);
        world.runFor(Duration.ofSeconds(1));
        assertThat(path(device, "a").accessState().toString()).isEqualTo("non_optimized");
    }

    @Test
    void allInaccessibleIsWaitedForAndThenAnError() {
        registry = registry(DeviceSettings.defaults().withNoPath(NoPathPolicy.queueFor(Duration.ofSeconds(5))));
        MultipathDevice device = deviceOverBoth();
        subsystem.anaState(1, SimAnaState.INACCESSIBLE);
        world.runFor(Duration.ofSeconds(1));
        long began = world.nanos();
        assertThat(failure(device.read(0, ByteBuffer.allocate(BLOCK)))).isEqualTo(IoStatus.NO_PATH);
        assertThat(Duration.ofNanos(world.nanos() - began)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    }

    @Test
    void allInaccessibleAndBackInTimeIsNoError() {
        MultipathDevice device = deviceOverBoth();
        subsystem.anaState(1, SimAnaState.INACCESSIBLE);
        IoFuture read = device.read(0, ByteBuffer.allocate(BLOCK));
        world.runFor(Duration.ofSeconds(3));
        assertThat(read).isNotDone();
        b.anaState(1, SimAnaState.OPTIMIZED);
        world.await(read);
    }

    @Test
    void persistentLossOnAllPathsIsAnErrorAtOnce() {
        MultipathDevice device = deviceOverBoth();
        subsystem.anaState(1, SimAnaState.PERSISTENT_LOSS);
        world.runFor(Duration.ofSeconds(1));
        long began = world.nanos();
        assertThat(failure(device.read(0, ByteBuffer.allocate(BLOCK)))).isEqualTo(IoStatus.NO_PATH);
        assertThat(Duration.ofNanos(world.nanos() - began)).isLessThan(Duration.ofSeconds(1));
    }

    /** A is late on its way, its connection is lost; B is written to the same block meanwhile. */
    @Test
    void writeLostOverFabricsIsHeldForThreeKeepAlivesAndTheLateOneUndoesNothing() {
        offer(tcp(a));
        MultipathDevice device = registry.devices().get(0);
        a.script(command -> command.changes() ? SimFate.late(Duration.ofSeconds(9)) : SimFate.normal());
        IoFuture first = device.write(0, filled('A'));
        world.runFor(Duration.ofMillis(10));
        offer(tcp(b));
        transports.get(0).disconnect();
        long lostAt = world.nanos();
        world.runFor(Duration.ofMillis(10));
        IoFuture second = device.write(0, filled('B'));
        world.await(first);
        assertThat(Duration.ofNanos(world.nanos() - lostAt)).isBetween(HOLD, HOLD.plusSeconds(1));
        world.await(second);
        world.runFor(Duration.ofMinutes(1));
        assertThat(contents(0)).isEqualTo('B');
    }

    /** The host asks for 5 s, and the controller makes 10 s of it. */
    @Test
    void holdIsOfTheKeepAliveThatTheControllerRoundedUp() {
        a.keepAliveGranularity(Duration.ofSeconds(10));
        offer(tcp(a));
        MultipathDevice device = registry.devices().get(0);
        a.script(NvmeDeviceTest::dropChanges);
        IoFuture first = device.write(0, filled('A'));
        world.runFor(Duration.ofMillis(10));
        offer(tcp(b));
        transports.get(0).disconnect();
        long lostAt = world.nanos();
        world.await(first);
        assertThat(Duration.ofNanos(world.nanos() - lostAt)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
    }

    @Test
    void writeLostWithAPcieControllerIsReplayedOnceThatIsLiveAgain() {
        offer(SimNvmeTransport.pcie(a, port("a")));
        MultipathDevice device = registry.devices().get(0);
        a.script(NvmeDeviceTest::dropChanges);
        IoFuture write = device.write(0, filled('A'));
        world.runFor(Duration.ofMillis(10));
        a.script(command -> SimFate.normal());
        a.reset();
        long lostAt = world.nanos();
        world.await(write);
        assertThat(Duration.ofNanos(world.nanos() - lostAt)).isLessThan(RECONNECT.multipliedBy(4));
        assertThat(contents(0)).isEqualTo('A');
    }

    @Test
    void writeLostIsReplayedAtOnceWhereAnotherControllerResetsTheFirst() {
        settings = new NvmeSettings(Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ofSeconds(10), true);
        assertThat(replayedAfter(Duration.ZERO)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void resetThatTakesTimeFencesWhenItIsDone() {
        settings = new NvmeSettings(Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ofSeconds(10), true);
        assertThat(replayedAfter(Duration.ofSeconds(4))).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    }

    @Test
    void withoutCrossControllerResetOnlyTimeFences() {
        assertThat(replayedAfter(Duration.ZERO)).isGreaterThanOrEqualTo(HOLD);
    }

    /** Its entry is not among those that the first command reads. */
    @Test
    void resetThatIsLoggedBehindManyOthersFencesWhenItIsDone() {
        settings = new NvmeSettings(Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ofSeconds(10), true);
        resetsBefore = 600;
        assertThat(replayedAfter(Duration.ofSeconds(4))).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    }

    /** Resets of other controllers, asked for through this one. */
    private void fillLogOf(SimNvmeTransport asked) {
        for (int i = 0; i < resetsBefore; i++) {
            SimNvmeTransport other =
                    tcp(subsystem.addController("c" + i).withCrossControllerReset(Duration.ofMillis(1)));
            ByteBuffer life = other.admin(Identify.controller(), null, settings.adminTimeout())
                    .data();
            CrossControllerReset reset = CrossControllerReset.of(IdentifyController.decode(life));
            asked.admin(reset, null, settings.adminTimeout());
            other.close();
        }
    }

    private Duration replayedAfter(Duration resetTakes) {
        a.withCrossControllerReset(resetTakes);
        b.withCrossControllerReset(resetTakes);
        offer(tcp(a));
        MultipathDevice device = registry.devices().get(0);
        a.script(NvmeDeviceTest::dropChanges);
        IoFuture write = device.write(0, filled('A'));
        world.runFor(Duration.ofMillis(10));
        offer(tcp(b));
        fillLogOf(transports.get(1));
        a.refuseAssociations("unplugged");
        transports.get(0).disconnect();
        long lostAt = world.nanos();
        world.await(write);
        return Duration.ofNanos(world.nanos() - lostAt);
    }

    private IoRequest durableDiscard(MultipathDevice device) {
        IoRequest discard = IoRequest.create().discard(0, 8 * BLOCK).forceUnitAccess(true);
        discard.onComplete((request, status) -> ended.add(status));
        device.submit(discard);
        return discard;
    }

    private static boolean isFlush(SimCommand command) {
        return !command.admin() && command.opcode() == 0;
    }

    @Test
    void durableDiscardWhoseFlushIsLostIsSentAgainAtOnce() {
        offer(tcp(a));
        MultipathDevice device = registry.devices().get(0);
        a.script(command -> isFlush(command) ? SimFate.drop() : SimFate.normal());
        durableDiscard(device);
        world.runFor(Duration.ofMillis(10));
        offer(tcp(b));
        a.refuseAssociations("unplugged");
        transports.get(0).disconnect();
        world.runFor(Duration.ofSeconds(2));
        assertThat(ended).containsExactly(IoStatus.SUCCESS);
    }

    @Test
    void durableDiscardWhoseFlushFailsMayHaveHappened() {
        MultipathDevice device = deviceOverBoth();
        for (SimController each : List.of(a, b)) {
            each.script(command -> isFlush(command) ? SimFate.status(0x001).doNotRetry() : SimFate.normal());
        }
        IoRequest discard = durableDiscard(device);
        world.runFor(Duration.ofSeconds(2));
        assertThat(ended).containsExactly(IoStatus.TARGET_ERROR);
        assertThat(discard.effect()).isEqualTo(Effect.MAY_HAVE_HAPPENED);
    }

    @Test
    void pathWhoseNamespaceIsReplacedIsIsolated() {
        MultipathDevice device = deviceOverBoth();
        // Through a, the number leads to something else from here on.
        namespace.detach(a);
        world.runFor(Duration.ofSeconds(1));
        assertThat(device.snapshot().paths()).hasSize(1);
        write(device, 0, 'k');
        namespace.identity(SimNamespaceIdentity.ofUuid("0".repeat(31) + "7"));
        world.runFor(Duration.ofSeconds(2));
        assertThat(failure(device.read(0, ByteBuffer.allocate(BLOCK)))).isNotEqualTo(IoStatus.SUCCESS);
    }

    /** Who is asked which namespace has the number answers later than any pause after a failure ends. */
    @Test
    void noWriteLandsOnANamespaceThatTookTheNumberOfAnother() {
        offer(tcp(a));
        MultipathDevice device = registry.devices().get(0);
        write(device, 0, 'o');
        var replaced = new AtomicBoolean();
        a.script(command -> {
            if (!command.changes() || replaced.getAndSet(true)) {
                return SimFate.normal();
            }
            namespace.identity(SimNamespaceIdentity.ofUuid("0".repeat(31) + "7"));
            world.blocking().hold();
            return SimFate.status(INVALID_NAMESPACE_OR_FORMAT);
        });

        IoFuture write = device.write(0, filled('!'));
        world.runFor(Duration.ofMillis(100));
        world.blocking().release();

        assertThat(failure(write)).isEqualTo(IoStatus.NO_PATH);
        assertThat(contents(0)).isEqualTo('o');
        assertThat(path(device, "a").reason()).contains("identity");
    }

    /** It identifies its namespace and refuses its commands: no reason to ask as fast as it answers. */
    @Test
    void controllerThatGoesOnRefusingANamespaceThatItIdentifiesIsAskedWithPauses() {
        offer(tcp(a));
        var refused = new AtomicInteger();
        a.script(command -> {
            if (!command.changes()) {
                return SimFate.normal();
            }
            refused.incrementAndGet();
            return SimFate.status(INVALID_NAMESPACE_OR_FORMAT);
        });

        IoFuture write = registry.devices().get(0).write(0, filled('!'));
        world.runFor(Duration.ofSeconds(5));

        assertThat(write).isNotDone();
        assertThat(refused.get()).isBetween(2, 12);
    }

    /** The kernel has not looked yet: half of them are on their way to a controller that no longer has the namespace. */
    @Test
    void requestsThatRaceADetachAreServedByTheOtherController() {
        MultipathDevice device = deviceOverBoth();
        a.losesEvents(true);
        a.script(command -> command.admin() ? SimFate.normal() : SimFate.late(Duration.ofMillis(5)));
        List<IoFuture> reads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            reads.add(device.read((long) i * BLOCK, ByteBuffer.allocate(BLOCK)));
        }
        world.runFor(Duration.ofMillis(1));
        namespace.detach(a);
        reads.forEach(world::await);
        assertThat(path(device, "a").usable()).isFalse();
        write(device, 0, 'd');
    }

    @Test
    void invalidCommandIsToldToItsCallerOnceTheNamespaceWasFound() {
        MultipathDevice device = deviceOverBoth();
        for (SimController each : List.of(a, b)) {
            each.script(command -> command.changes() ? SimFate.status(0x002).doNotRetry() : SimFate.normal());
        }
        long began = world.nanos();
        for (int i = 0; i < 8; i++) {
            assertThat(failure(device.write(0, filled('i')))).isEqualTo(IoStatus.UNSUPPORTED);
        }
        assertThat(Duration.ofNanos(world.nanos() - began)).isLessThan(Duration.ofSeconds(1));
        world.runFor(Duration.ofSeconds(5));
        assertThat(device.snapshot().paths()).allMatch(PathSnapshot::usable);
    }

    @Test
    void identifierUnderAnotherSubsystemIsRefusedByName() {
        deviceOverBoth();
        SimSubsystem other = SimSubsystem.in(world, "nqn.2026-01.io.mpath:other");
        SimController c = other.addController("c");
        other.addNamespace(1, 1024, BLOCK).identity(namespace.identity());
        assertThat(offer(tcp(c)))
                .isInstanceOfSatisfying(
                        Offer.Refused.class,
                        refused -> assertThat(refused.reason()).contains("subsystem"));
    }

    /** The UUIDs differ, so these are two devices; but nobody can tell which of them the NGUID means. */
    @Test
    void twoNamespacesWithOneNguidAreNotBothUsed() {
        deviceOverBoth();
        String nguid = namespace.identity().nguid();
        subsystem
                .addNamespace(2, 1024, BLOCK)
                .identity(new SimNamespaceIdentity(
                        "7".repeat(32), nguid, namespace.identity().eui64()));
        var second = new NvmeController(tcp(a), settings, peers);
        assertThat(world.await(registry.offer(new Candidate(second, 2, "a.2"))))
                .isInstanceOfSatisfying(
                        Offer.Refused.class,
                        refused -> assertThat(refused.reason()).contains("nguid." + nguid));
    }

    @Test
    void privateNamespaceIsLeftOutWithItsReason() {
        namespace.privately();
        assertThat(offer(tcp(a)))
                .isInstanceOfSatisfying(
                        Offer.LeftOut.class, left -> assertThat(left.reason()).contains("private"));
    }

    /** The path that was attached first speaks for its controller, also when it is a device of its own. */
    @Test
    void controllerIsFollowedThoughItsFirstPathIsBare() {
        subsystem.addNamespace(2, 1024, BLOCK).privately();
        SimNvmeTransport transport = tcp(a);
        var controller = new NvmeController(transport, settings, peers);
        registry.openBare(new Candidate(controller, 2, "a.private"));
        world.runUntilIdle();
        world.await(registry.offer(new Candidate(controller, 1, "a")));
        MultipathDevice device = registry.devices().get(0);

        a.anaState(1, SimAnaState.NON_OPTIMIZED);
        world.runFor(Duration.ofSeconds(1));
        assertThat(path(device, "a").accessState()).isEqualTo(AccessState.NON_OPTIMIZED);

        a.refuseAssociations("unplugged");
        transport.disconnect();
        world.runFor(Duration.ofMillis(10));
        assertThat(path(device, "a").liveness()).isEqualTo(Liveness.CONNECTING);
        assertThat(path(device, "a").usable()).isFalse();
    }

    @Test
    void namespaceGrowsUnderTheDevice() {
        MultipathDevice device = deviceOverBoth();
        namespace.resize(2048);
        world.runFor(Duration.ofSeconds(5));
        assertThat(device.geometry().sizeBytes()).isEqualTo(2048L * BLOCK);
        write(device, 2047, 'g');
    }

    @Test
    void controllerThatIsRemovedTakesItsPathsAndANewLifeBringsOne() {
        MultipathDevice device = deviceOverBoth();
        transports.get(0).remove();
        world.runFor(Duration.ofSeconds(1));
        assertThat(device.snapshot().paths()).hasSize(1);
        assertThat(offer(tcp(a))).isInstanceOf(Offer.Admitted.class);
        assertThat(device.snapshot().paths()).hasSize(2);
    }

    @Test
    void logThatCannotBeReadMakesNothingOptimized() {
        a.anaLogBytes(log -> new byte[0]);
        offer(tcp(a));
        MultipathDevice device = registry.devices().get(0);
        world.runFor(Duration.ofSeconds(1));
        assertThat(path(device, "a").accessState().usable()).isFalse();
        a.anaLogBytes(log -> log);
        world.runFor(Duration.ofSeconds(10));
        assertThat(path(device, "a").accessState().usable()).isTrue();
    }

    @Test
    void flushGoesToEachControllerThatWasWrittenThrough() {
        a.withVolatileCache();
        b.withVolatileCache();
        MultipathDevice device = deviceOverBoth();
        for (int block = 0; block < 8; block++) {
            write(device, block, 'f');
        }
        world.await(device.flush());
        a.die();
        b.die();
        for (int block = 0; block < 8; block++) {
            assertThat(contents(block)).isEqualTo('f');
        }
    }
}
