package io.mpath.scsi;

import static io.mpath.scsi.ArrayAndHost.RECONNECT;
import static io.mpath.scsi.ArrayAndHost.fibreChannel;
import static io.mpath.scsi.ArrayAndHost.filled;
import static io.mpath.scsi.ArrayAndHost.once;
import static io.mpath.scsi.ArrayAndHost.port;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceSettings;
import io.mpath.IoFuture;
import io.mpath.MultipathDevice;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimSense;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that were handed back with nobody to answer for them: when they may be sent again, and what that saves. */
class UnknownWriteTest {
    private static final Duration HOLD = Duration.ofSeconds(60);
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final ArrayAndHost lab = new ArrayAndHost(1);

    /** A write that the first port swallows, with another way there when it is lost. */
    private IoFuture swallowed(SimNexus first, SimNexus second) {
        lab.offer(first);
        lab.a.script(command -> command.changes() ? SimFate.drop() : SimFate.normal());
        IoFuture write = lab.device().write(0, filled('A'));
        lab.pass(Duration.ofMillis(10));
        lab.offer(second);
        return write;
    }

    private Duration untilDone(IoFuture write) {
        long lostAt = lab.world.nanos();
        lab.world.await(write);
        assertThat(lab.contents(0)).isEqualTo('A');
        return lab.since(lostAt);
    }

    @Test
    void isHeldForTheTimeThatIsAssumedOfTheTarget() {
        SimNexus first = fibreChannel(lab.a);
        IoFuture write = swallowed(first, fibreChannel(lab.b));
        first.lose();
        assertThat(untilDone(write)).isBetween(HOLD, HOLD.plus(MARGIN));
    }

    @Test
    void isHeldForTheTimeThatWasSetOfTheTarget() {
        Duration set = Duration.ofSeconds(17);
        DeviceSettings settings = ArrayAndHost.defaults();
        lab.registry(new DeviceSettings(
                settings.policy(),
                settings.noPath(),
                settings.delayedRemoval(),
                settings.requestTimeout(),
                settings.ioTimeout(),
                settings.closeTimeout(),
                settings.checkInterval(),
                settings.marginal(),
                settings.maxInFlight(),
                set,
                false,
                false,
                false));
        SimNexus first = fibreChannel(lab.a);
        IoFuture write = swallowed(first, fibreChannel(lab.b));
        first.lose();
        assertThat(untilDone(write)).isBetween(set, set.plus(MARGIN));
    }

    @Test
    void isSentAgainOnceItsIscsiSessionIsLoggedInAgain() {
        IoFuture write = swallowed(lab.toA, lab.toB);
        lab.toA.lose();
        assertThat(untilDone(write)).isBetween(RECONNECT, RECONNECT.plus(MARGIN));
    }

    @Test
    void isHeldWhereTheSessionDoesNotReturn() {
        SimNexus first = SimNexus.iscsi(lab.a, port("a", Duration.ZERO));
        IoFuture write = swallowed(first, lab.toB);
        first.lose();
        assertThat(untilDone(write)).isBetween(HOLD, HOLD.plus(MARGIN));
    }

    /** The host gave the command up; its session goes on, and so may the command. */
    @Test
    void isHeldWhereTheSessionWasNotSeenFailed() {
        lab.offer(lab.toA);
        once(lab.a, SimCommand::changes, SimFate.hostByte(0x03));
        long began = lab.world.nanos();
        IoFuture write = lab.device().write(0, filled('A'));
        lab.offer(lab.toB);
        untilDone(write);
        assertThat(lab.since(began)).isBetween(HOLD, HOLD.plus(MARGIN));
    }

    /** The target ends the old session before it takes a new one, and what was late in it is never executed. */
    @Test
    void lateOneOfASessionThatEndedUndoesNothing() {
        assertLateWriteUndoesNothing(lab.toA, lab.toB, Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30, 59})
    void lateOneWithinTheHoldUndoesNothing(int seconds) {
        assertLateWriteUndoesNothing(fibreChannel(lab.a), fibreChannel(lab.b), Duration.ofSeconds(seconds));
    }

    private void assertLateWriteUndoesNothing(SimNexus first, SimNexus second, Duration late) {
        assertThat(overwritten(first, second, late)).isEqualTo('B');
    }

    /** The hold is an assumption: a target that breaks it loses data. Were it not so, this suite would see nothing. */
    @Test
    void lateOneBehindTheHoldIsSeen() {
        assertThat(overwritten(fibreChannel(lab.a), fibreChannel(lab.b), Duration.ofSeconds(90)))
                .isEqualTo('A');
    }

    private char overwritten(SimNexus first, SimNexus second, Duration late) {
        lab.offer(first);
        MultipathDevice device = lab.device();
        once(lab.a, SimCommand::changes, SimFate.late(late));
        IoFuture one = device.write(0, filled('A'));
        lab.pass(Duration.ofMillis(10));
        lab.offer(second);
        first.lose();
        lab.pass(Duration.ofMillis(10));
        IoFuture two = device.write(0, filled('B'));
        lab.world.await(one);
        lab.world.await(two);
        lab.pass(Duration.ofMinutes(3));
        return lab.contents(0);
    }

    @Test
    void hostByteOfATransportErrorDoesNotMeanThatTheArrayNeverSawIt() {
        lab.offer(fibreChannel(lab.a));
        MultipathDevice device = lab.device();
        lab.offer(fibreChannel(lab.b));
        once(lab.a, SimCommand::changes, SimFate.ghost(0x0e, Duration.ofSeconds(5)));
        once(lab.b, SimCommand::changes, SimFate.ghost(0x0e, Duration.ofSeconds(5)));
        lab.world.await(device.write(0, filled('A')));
        lab.write(device, 0, 'B');
        lab.pass(Duration.ofMinutes(1));
        assertThat(lab.contents(0)).isEqualTo('B');
    }

    @Test
    void readIsNotHeld() {
        MultipathDevice device = lab.deviceOverBoth();
        once(lab.a, SimCommand::forBlocks, SimFate.hostByte(0x0e));
        once(lab.b, SimCommand::forBlocks, SimFate.hostByte(0x0e));
        long began = lab.world.nanos();
        lab.world.await(device.read(0, ArrayAndHost.block()));
        assertThat(lab.since(began)).isLessThan(MARGIN);
    }

    @Test
    void flushIsNotHeld() {
        MultipathDevice device = lab.deviceOverBoth();
        once(lab.a, SimCommand::forBlocks, SimFate.hostByte(0x0e));
        once(lab.b, SimCommand::forBlocks, SimFate.hostByte(0x0e));
        long began = lab.world.nanos();
        lab.world.await(device.flush());
        assertThat(lab.since(began)).isLessThan(MARGIN);
    }

    @Test
    void whatTheDeviceAnsweredForIsNotHeld() {
        MultipathDevice device = lab.deviceOverBoth();
        SimFate parity = SimFate.sense(SimSense.of(0x0b, 0x47, 0x00));
        once(lab.a, SimCommand::changes, parity);
        once(lab.b, SimCommand::changes, parity);
        long began = lab.world.nanos();
        lab.write(device, 0, 'A');
        assertThat(lab.since(began)).isLessThan(MARGIN);
    }
}
