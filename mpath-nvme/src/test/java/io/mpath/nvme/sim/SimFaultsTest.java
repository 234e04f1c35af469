package io.mpath.nvme.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.nvme.command.Identify;
import io.mpath.path.PathPort;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be scripted to go wrong, and when a command that nobody waits for any more can take no further effect. */
class SimFaultsTest {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SimWorld world = SimWorld.seeded(1);
    private final SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:faults");
    private final SimNamespace namespace = subsystem.addNamespace(1, 64, RawHost.BLOCK);
    private final SimController controller = subsystem.addController("nvme0");

    private static ByteBuffer write() {
        return RawHost.blocks(RawHost.WRITE, 1, 0, 1, 0);
    }

    private List<SimReply> write(RawHost host) {
        return host.sendIo(write(), RawHost.filled(1, 1));
    }

    private boolean written() {
        return namespace.disk().contents(0, RawHost.BLOCK)[0] != 0;
    }

    @Test
    void commandThatIsDroppedIsNeitherExecutedNorAnswered() {
        controller.script(command -> SimFate.drop());
        List<SimReply> replies = write(new RawHost(world, controller));
        world.runFor(Duration.ofMinutes(1));
        assertThat(replies).isEmpty();
        assertThat(written()).isFalse();
    }

    @Test
    void answerAloneCanBeLostOrLateOrDoubled() {
        var host = new RawHost(world, controller);
        controller.script(command -> SimFate.unanswered());
        List<SimReply> lost = write(host);
        controller.script(command -> SimFate.answeredLate(Duration.ofSeconds(1)));
        world.runUntilIdle();
        List<SimReply> late = write(host);
        world.runFor(Duration.ofMillis(999));
        assertThat(written()).isTrue();
        assertThat(late).isEmpty();
        world.runFor(Duration.ofMillis(2));
        assertThat(late).hasSize(1);
        assertThat(lost).isEmpty();
        controller.script(command -> SimFate.answeredTwice());
        List<SimReply> twice = write(host);
        world.runUntilIdle();
        assertThat(twice).hasSize(2);
    }

    @Test
    void anyStatusCanBeAnswered() {
        controller.script(command -> SimFate.status(0x281).doNotRetry().retryDelay(2));
        SimReply reply = new RawHost(world, controller).io(write(), RawHost.filled(1, 1));
        assertThat(reply.completion().getShort(14) & 0xfffe).isEqualTo(0x281 << 1 | 2 << 12 | 1 << 15);
        assertThat(written()).isFalse();
    }

    @Test
    void commandOfALostConnectionIsExecutedLate() {
        controller.script(command -> SimFate.late(Duration.ofSeconds(4)));
        var host = new RawHost(world, controller, KEEP_ALIVE);
        List<SimReply> replies = write(host);
        host.association.sever();
        world.runFor(Duration.ofSeconds(3));
        assertThat(written()).isFalse();
        world.runFor(Duration.ofSeconds(2));
        assertThat(written()).isTrue();
        assertThat(replies).isEmpty();
    }

    @Test
    void ghostIsOverOnceTheKeepAliveTimerHasExpired() {
        controller.withoutTrafficBasedKeepAlive().script(command -> SimFate.late(Duration.ofMillis(5001)));
        var host = new RawHost(world, controller, KEEP_ALIVE);
        write(host);
        host.association.sever();
        world.runFor(Duration.ofMinutes(1));
        assertThat(written()).isFalse();
        assertThat(controller.associated()).isZero();
    }

    @Test
    void ghostLivesThroughTheQuiesceTime() {
        controller
                .withoutTrafficBasedKeepAlive()
                .quiesceTime(Duration.ofSeconds(2))
                .script(command -> SimFate.late(Duration.ofMillis(6999)));
        var host = new RawHost(world, controller, KEEP_ALIVE);
        write(host);
        host.association.sever();
        world.runFor(Duration.ofMinutes(1));
        assertThat(written()).isTrue();
    }

    @Test
    void trafficBasedKeepAliveMayNoticeOneTimeoutLater() {
        controller.script(command -> command.admin() ? SimFate.normal() : SimFate.late(Duration.ofSeconds(6)));
        var host = new RawHost(world, controller, KEEP_ALIVE);
        world.runFor(Duration.ofSeconds(3));
        write(host);
        host.association.sever();
        world.runFor(Duration.ofMinutes(1));
        assertThat(written()).isTrue();
        assertThat(controller.associated()).isZero();
    }

    @Test
    void resetEndsGhosts() {
        controller.script(command -> SimFate.late(Duration.ofSeconds(4)));
        var host = new RawHost(world, controller);
        write(host);
        host.association.sever();
        controller.reset();
        world.runFor(Duration.ofMinutes(1));
        assertThat(written()).isFalse();
        assertThat(host.ends).as("told to a host that let go").isEmpty();
    }

    @Test
    void whatWasSentIntoSilenceArrivesWhenItEnds() {
        var host = new RawHost(world, controller);
        controller.silence(true);
        List<SimReply> replies = write(host);
        world.runFor(Duration.ofSeconds(9));
        assertThat(written()).isFalse();
        controller.silence(false);
        world.runUntilIdle();
        assertThat(written()).isTrue();
        assertThat(replies).hasSize(1);
    }

    @Test
    void sameSeedGivesTheSameRun() {
        assertThat(hashOf(7)).isEqualTo(hashOf(7)).isNotEqualTo(hashOf(8));
    }

    private static long hashOf(long seed) {
        var world = SimWorld.seeded(seed);
        SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:same");
        subsystem.addNamespace(1, 64, RawHost.BLOCK);
        var host = new RawHost(
                world, subsystem.addController("nvme0").latency(Duration.ofMillis(1), Duration.ofMillis(9)));
        host.io(write(), RawHost.filled(1, 1));
        host.io(write(), RawHost.filled(1, 2));
        return world.traceHash();
    }

    // The host's driver.

    private SimNvmeTransport driver() {
        return SimNvmeTransport.tcp(controller, new PathPort("nvme0"), KEEP_ALIVE);
    }

    @Test
    void driverKeepsItsAssociationAlive() {
        SimNvmeTransport driver = driver();
        world.runFor(Duration.ofMinutes(10));
        assertThat(driver.liveness()).isEqualTo(Liveness.LIVE);
        assertThat(controller.associated()).isEqualTo(1);
    }

    @Test
    void driverNoticesSilence() {
        SimNvmeTransport driver = driver();
        world.runFor(Duration.ofSeconds(1));
        controller.silence(true);
        world.runFor(Duration.ofSeconds(11));
        assertThat(driver.liveness()).isEqualTo(Liveness.CONNECTING);
        assertThat(driver.reconnect()).isFalse();
        controller.silence(false);
        assertThat(driver.reconnect()).isTrue();
        assertThat(driver.liveness()).isEqualTo(Liveness.LIVE);
    }

    @Test
    void adminCommandThatIsDroppedTimesOut() {
        SimNvmeTransport driver = driver();
        controller.script(command -> command.opcode() == 0x06 ? SimFate.drop() : SimFate.normal());
        assertThatThrownBy(() -> driver.admin(Identify.controller(), null, TIMEOUT))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("nvme0: Identify timed out");
    }

    @Test
    void controllerThatRefusesIsNotConnected() {
        controller.refuseAssociations("it does not start");
        assertThatThrownBy(this::driver)
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("nvme0")
                .hasMessageContaining("it does not start");
    }

    @Test
    void deadControllerStaysUnconnected() {
        SimNvmeTransport driver = driver();
        controller.die();
        world.runUntilIdle();
        assertThat(driver.liveness()).isEqualTo(Liveness.CONNECTING);
        assertThat(driver.reconnect()).isFalse();
        assertThatThrownBy(() -> driver.admin(Identify.controller(), null, TIMEOUT))
                .hasMessageContaining("the controller is connecting");
    }

    @Test
    void driverReconnectsByItselfWhereItsPortSaysSo() {
        var timeouts = new PathPort.Timeouts(Duration.ofSeconds(2), Duration.ZERO, Duration.ZERO);
        SimNvmeTransport driver = SimNvmeTransport.tcp(controller, new PathPort("nvme0", PathPort.NO_NODE, timeouts));
        driver.disconnect();
        world.runFor(Duration.ofMillis(1999));
        assertThat(driver.liveness()).isEqualTo(Liveness.CONNECTING);
        world.runFor(Duration.ofMillis(2));
        assertThat(driver.liveness()).isEqualTo(Liveness.LIVE);
        assertThat(controller.associated()).as("the old one goes on").isEqualTo(2);
    }
}
