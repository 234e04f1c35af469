package io.mpath.scsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mpath.DeviceIoException;
import io.mpath.DeviceSettings;
import io.mpath.IoFuture;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.Offer;
import io.mpath.observe.PathSnapshot;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import io.mpath.policy.IoPolicies;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimLogicalUnit;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimScsiArray;
import io.mpath.scsi.sim.SimScsiTransport;
import io.mpath.scsi.sim.SimTargetPort;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * An emulated array with one logical unit behind two target ports, each in a group of its own, this host with an iSCSI session to
 * each, and a registry, in virtual time.
 */
final class ArrayAndHost {
    static final int BLOCK = 512;
    static final long BLOCKS = 4096;
    static final long LUN = 3;
    static final Duration RECONNECT = Duration.ofSeconds(1);

    final SimWorld world;
    final SimScsiArray array;
    final SimTargetPort a;
    final SimTargetPort b;
    final SimLogicalUnit unit;
    final SimNexus toA;
    final SimNexus toB;
    ScsiHost host = new ScsiHost(ScsiSettings.defaults());
    Multipath registry;

    ArrayAndHost(long seed) {
        world = SimWorld.seeded(seed);
        array = SimScsiArray.in(world, "iqn.2026-01.io.mpath:device");
        a = array.addPort("a", 1).latency(Duration.ofNanos(50_000), Duration.ofNanos(200_000));
        b = array.addPort("b", 2).latency(Duration.ofNanos(50_000), Duration.ofNanos(200_000));
        unit = array.addUnit(LUN, BLOCKS, BLOCK);
        toA = iscsi(a);
        toB = iscsi(b);
        registry(defaults());
    }

    static DeviceSettings defaults() {
        return DeviceSettings.defaults().withPolicy(IoPolicies.roundRobin());
    }

    static ScsiSettings settings(boolean activate) {
        return new ScsiSettings(Duration.ofSeconds(30), Duration.ofSeconds(20), 4, true, activate);
    }

    void registry(DeviceSettings with) {
        registry = Multipath.builder()
                .environment(world.environment())
                .settings(with)
                .build();
    }

    static SimNexus iscsi(SimTargetPort port) {
        return SimNexus.iscsi(port, port(port.name(), RECONNECT));
    }

    static SimNexus fibreChannel(SimTargetPort port) {
        return SimNexus.fibreChannel(port, port(port.name(), RECONNECT));
    }

    static PathPort port(String name, Duration reconnect) {
        return new PathPort(
                name, PathPort.NO_NODE, new PathPort.Timeouts(reconnect, Duration.ZERO, Duration.ofMinutes(10)));
    }

    /** Offers the logical unit through {@code nexus}, under the nexus's name. */
    Offer offer(SimNexus nexus) {
        return offer(new SimScsiTransport(nexus, LUN));
    }

    Offer offer(SimScsiTransport transport) {
        return world.await(registry.offer(new Candidate(host, transport)));
    }

    MultipathDevice deviceOverBoth() {
        assertThat(offer(toA)).isInstanceOf(Offer.Admitted.class);
        assertThat(offer(toB)).isInstanceOf(Offer.Admitted.class);
        return device();
    }

    MultipathDevice device() {
        assertThat(registry.devices()).hasSize(1);
        return registry.devices().get(0);
    }

    record Candidate(ScsiHost host, SimScsiTransport through) implements PathCandidate {
        @Override
        public String name() {
            String port = through.port().name();
            return through.lun() == LUN ? port : port + ":" + through.lun();
        }

        @Override
        public String transport() {
            return "scsi-emulated";
        }

        @Override
        public DevicePath open() {
            return host.open(through, name());
        }
    }

    static ByteBuffer filled(char content) {
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) content);
        return ByteBuffer.wrap(bytes);
    }

    static ByteBuffer block() {
        return ByteBuffer.allocate(BLOCK);
    }

    void write(MultipathDevice device, long block, char content) {
        world.await(device.write(block * BLOCK, filled(content)));
    }

    char contents(long block) {
        return (char) unit.disk().contents(block * BLOCK, BLOCK)[0];
    }

    IoStatus failure(IoFuture io) {
        Throwable thrown = catchThrowable(() -> world.await(io));
        assertThat(thrown).hasCauseInstanceOf(DeviceIoException.class);
        return ((DeviceIoException) thrown.getCause()).status();
    }

    void pass(Duration time) {
        world.runFor(time);
    }

    void seconds(int seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    Duration since(long nanos) {
        return Duration.ofNanos(world.nanos() - nanos);
    }

    static PathSnapshot path(MultipathDevice device, String name) {
        return device.snapshot().paths().stream()
                .filter(path -> path.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static String state(MultipathDevice device, String name) {
        return path(device, name).accessState().toString();
    }

    /** The first command that is {@code chosen}, and no other, has that fate. */
    static void once(SimTargetPort port, Predicate<SimCommand> chosen, SimFate fate) {
        times(1, port, chosen, fate);
    }

    static void times(int times, SimTargetPort port, Predicate<SimCommand> chosen, SimFate fate) {
        int[] left = {times};
        port.script(command -> chosen.test(command) && left[0]-- > 0 ? fate : SimFate.normal());
    }
}
