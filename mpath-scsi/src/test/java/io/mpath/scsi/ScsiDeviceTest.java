package io.mpath.scsi;

import static io.mpath.scsi.ArrayAndHost.BLOCK;
import static io.mpath.scsi.ArrayAndHost.block;
import static io.mpath.scsi.ArrayAndHost.filled;
import static io.mpath.scsi.ArrayAndHost.once;
import static io.mpath.scsi.ArrayAndHost.path;
import static io.mpath.scsi.ArrayAndHost.state;
import static io.mpath.scsi.ArrayAndHost.times;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.BlockDevice;
import io.mpath.IoFuture;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.NoPathPolicy;
import io.mpath.Offer;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.ScsiCommand.Transfer;
import io.mpath.scsi.sim.SimAluaState;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimScsiTransport;
import io.mpath.scsi.sim.SimSense;
import io.mpath.scsi.sim.SimTransitionAnswer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device over an emulated array: registry, paths, ALUA and transport together, in virtual time. */
class ScsiDeviceTest {
    private final ArrayAndHost lab = new ArrayAndHost(1);

    private static boolean anyIo(SimCommand command) {
        return command.forBlocks();
    }

    @Test
    void twoPortsMakeOneDevice() {
        MultipathDevice device = lab.deviceOverBoth();
        assertThat(device.snapshot().paths()).hasSize(2);
        assertThat(device.id().toString()).startsWith("naa.");
        lab.write(device, 7, 'x');
        assertThat(lab.contents(7)).isEqualTo('x');
    }

    @ParameterizedTest
    @EnumSource(names = {"STANDBY", "UNAVAILABLE", "OFFLINE"})
    void groupThatIsNoLongerAccessibleIsLeftWithoutAnError(SimAluaState state) {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.alua(1, state);
        for (int block = 0; block < 20; block++) {
            lab.write(device, block, 'i');
        }
        lab.seconds(1);
        assertThat(state(device, "a")).isEqualToIgnoringCase(state.name());
        assertThat(state(device, "b")).isEqualTo("optimized");
        assertThat(lab.contents(19)).isEqualTo('i');
    }

    /** Somebody else took the unit attention: the refusal of the next command says it. */
    @Test
    void changeThatNobodyToldIsSeenByItsRefusal() {
        lab.array.roomForAttentions(0);
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.alua(1, SimAluaState.STANDBY);
        lab.write(device, 0, 's');
        lab.write(device, 1, 's');
        lab.seconds(1);
        assertThat(state(device, "a")).isEqualTo("standby");
    }

    @Test
    void optimizedPathIsPreferredToOneThatIsNot() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.seconds(15);
        lab.unit.alua(1, SimAluaState.NON_OPTIMIZED);
        lab.write(device, 0, 'n');
        lab.write(device, 1, 'n');
        lab.seconds(1);
        lab.a.counts().reset();
        for (int block = 0; block < 8; block++) {
            lab.write(device, block, 'o');
        }
        assertThat(lab.a.counts().seen(0x2a)).isZero();
    }

    @Test
    void allInaccessibleAndBackInTimeIsNoError() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.alua(1, SimAluaState.STANDBY);
        lab.unit.alua(2, SimAluaState.STANDBY);
        IoFuture read = device.read(0, block());
        lab.seconds(3);
        assertThat(read).isNotDone();
        lab.unit.alua(2, SimAluaState.OPTIMIZED);
        lab.world.await(read);
    }

    @Test
    void allInaccessibleIsWaitedForAndThenAnError() {
        lab.registry(ArrayAndHost.defaults().withNoPath(NoPathPolicy.queueFor(Duration.ofSeconds(5))));
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.alua(1, SimAluaState.UNAVAILABLE);
        lab.unit.alua(2, SimAluaState.UNAVAILABLE);
        long began = lab.world.nanos();
        assertThat(lab.failure(device.read(0, block()))).isEqualTo(IoStatus.NO_PATH);
        assertThat(lab.since(began)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @EnumSource
    void transitionIsWaitedFor(SimTransitionAnswer answer) {
        lab.array.transitionAnswer(answer);
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.transition(1, SimAluaState.OPTIMIZED, Duration.ofSeconds(8));
        lab.unit.transition(2, SimAluaState.OPTIMIZED, Duration.ofSeconds(8));
        long began = lab.world.nanos();
        lab.write(device, 0, 't');
        assertThat(lab.since(began)).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(12));
        assertThat(device.snapshot().paths())
                .allSatisfy(path -> assertThat(path.marginal()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_READY", "UNIT_ATTENTION"})
    void whatAGroupRefusesBetweenTwoStatesIsServedByAnotherAtOnce(SimTransitionAnswer answer) {
        lab.array.roomForAttentions(0);
        lab.array.transitionAnswer(answer);
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.transition(1, SimAluaState.STANDBY, Duration.ofSeconds(8));
        long began = lab.world.nanos();
        for (int block = 0; block < 4; block++) {
            lab.write(device, block, 'w');
        }
        assertThat(lab.since(began)).isLessThan(Duration.ofMillis(100));
    }

    /** A port that is busy is often so for a moment, and with the whole array: the others are asked when it goes on. */
    @Test
    void whatAGroupKeepsRefusingAsBusyIsServedByAnotherSoon() {
        lab.array.roomForAttentions(0);
        lab.array.transitionAnswer(SimTransitionAnswer.BUSY);
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.transition(1, SimAluaState.STANDBY, Duration.ofSeconds(8));
        long began = lab.world.nanos();
        for (int block = 0; block < 4; block++) {
            lab.write(device, block, 'w');
        }
        assertThat(lab.since(began)).isBetween(Duration.ofMillis(400), Duration.ofSeconds(3));
    }

    @Test
    void explicitAccessIsNotAskedForUnlessThatIsWanted() {
        lab.array.withExplicitAlua();
        lab.deviceOverBoth();
        lab.unit.alua(1, SimAluaState.STANDBY);
        lab.unit.alua(2, SimAluaState.STANDBY);
        lab.seconds(120);
        assertThat(lab.array.counts().seen(0xa4)).isZero();
    }

    @Test
    void explicitAccessIsAskedForWhereThatIsWantedAndNoPathIsUsable() {
        lab.array.withExplicitAlua();
        lab.host = new ScsiHost(ArrayAndHost.settings(true));
        MultipathDevice device = lab.deviceOverBoth();
        lab.seconds(60);
        assertThat(lab.array.counts().seen(0xa4)).isZero();
        lab.unit.alua(1, SimAluaState.STANDBY);
        lab.unit.alua(2, SimAluaState.STANDBY);
        lab.write(device, 0, 'e');
        assertThat(lab.array.counts().seen(0xa4)).isOne();
    }

    /** Longer than any other command for housekeeping may take. */
    @Test
    void activationThatTakesItsTimeIsWaitedFor() {
        lab.array.withExplicitAlua().explicitTransitionTime(Duration.ofSeconds(25));
        lab.host = new ScsiHost(ArrayAndHost.settings(true));
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.alua(1, SimAluaState.STANDBY);
        lab.unit.alua(2, SimAluaState.STANDBY);
        lab.write(device, 0, 'e');
        assertThat(lab.array.counts().seen(0xa4)).isOne();
    }

    @Test
    void unitThatCeasesToHaveAccessStatesIsUsedThroughAllItsPaths() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.alua(1, SimAluaState.STANDBY);
        lab.write(device, 0, 'a');
        lab.seconds(10);
        assertThat(state(device, "a")).isEqualTo("standby");

        lab.array.withoutAlua();
        lab.unit.attention(SimSense.of(0x06, 0x3f, 0x03));
        for (int block = 0; block < 8; block++) {
            lab.write(device, block, 'b');
        }
        lab.seconds(60);

        assertThat(state(device, "a")).isEqualTo("optimized");
        assertThat(path(device, "a").usable()).isTrue();
        assertThat(path(device, "b").usable()).isTrue();
        lab.array.counts().reset();
        lab.seconds(120);
        assertThat(lab.array.counts().seenReportTargetPortGroups()).isZero();
    }

    /** It tells nobody, and its paths carry I/O. */
    @Test
    void unitThatCeasesToTellItsAccessStatesKeepsItsPaths() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.array.withoutAlua();
        lab.seconds(120);
        assertThat(path(device, "a").usable()).isTrue();
        assertThat(path(device, "b").usable()).isTrue();
        lab.write(device, 0, 'k');
    }

    @Test
    void unitThatBeginsToHaveAccessStatesIsUsedByThem() {
        lab.host = new ScsiHost(new ScsiSettings(Duration.ofSeconds(30), Duration.ofSeconds(20), 4, false, false));
        lab.array.withoutAlua();
        MultipathDevice device = lab.deviceOverBoth();
        assertThat(lab.array.counts().seenReportTargetPortGroups()).isZero();

        lab.array.withExplicitAlua();
        lab.unit.alua(1, SimAluaState.STANDBY);
        for (int block = 0; block < 8; block++) {
            lab.write(device, block, 'n');
        }
        lab.seconds(1);

        assertThat(state(device, "a")).isEqualTo("standby");
        assertThat(state(device, "b")).isEqualTo("optimized");
    }

    @Test
    void unitWithoutAluaIsLeftOutAndOpenedBare() {
        lab.array.withoutAlua();
        assertThat(lab.offer(lab.toA))
                .isInstanceOfSatisfying(
                        Offer.LeftOut.class, left -> assertThat(left.reason()).contains("TPGS 0"));
        BlockDevice bare = lab.registry.openBare(
                new ArrayAndHost.Candidate(lab.host, new SimScsiTransport(lab.toA, ArrayAndHost.LUN)));
        lab.world.await(bare.write(0, filled('b')));
        assertThat(lab.contents(0)).isEqualTo('b');
        assertThat(lab.array.counts().seenReportTargetPortGroups()).isZero();
    }

    /** A group that nobody named is not group 0, which the unit lists too. */
    @Test
    void unitThatNamesNoGroupOfItsPortIsLeftOut() {
        lab.unit.alua(2, SimAluaState.STANDBY);
        lab.b.editData(ScsiDeviceTest::withoutPortGroup);
        lab.offer(lab.toA);
        assertThat(lab.offer(lab.toB))
                .isInstanceOfSatisfying(
                        Offer.LeftOut.class, left -> assertThat(left.reason()).contains("target port group", "0x83"));
    }

    @Test
    void pathThatNamesNoGroupAnyMoreIsNotUsed() {
        lab.array.addPort("c", 0);
        MultipathDevice device = lab.deviceOverBoth();
        lab.b.editData(ScsiDeviceTest::withoutPortGroup);
        lab.unit.attention(SimSense.of(0x06, 0x3f, 0x03));
        for (int block = 0; block < 4; block++) {
            lab.write(device, block, 'g');
        }
        lab.seconds(30);
        assertThat(path(device, "b").usable()).isFalse();
        assertThat(path(device, "a").usable()).isTrue();
    }

    /** SPC-6 table: a designator of type 5h becomes one of a reserved type. */
    private static byte[] withoutPortGroup(SimCommand command, byte[] data) {
        if (command.opcode() == 0x12 && data.length > 4 && data[1] == (byte) 0x83) {
            for (int at = 4; at + 4 <= data.length; at += 4 + (data[at + 3] & 0xff)) {
                if ((data[at + 1] & 0x0f) == 5) {
                    data[at + 1] |= 0x0f;
                }
            }
        }
        return data;
    }

    @Test
    void mediumErrorIsToldAndNoOtherPathIsTried() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.badBlocks(5, 1);
        lab.array.counts().reset();
        assertThat(lab.failure(device.read(5 * BLOCK, block()))).isEqualTo(IoStatus.MEDIUM_ERROR);
        assertThat(lab.array.counts().seen(0x28)).isOne();
        assertUnblamed(device);
    }

    @Test
    void reservationConflictIsToldAndNoOtherPathIsTried() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.failingAllIo(SimFate.status(0x18));
        lab.b.failingAllIo(SimFate.status(0x18));
        lab.array.counts().reset();
        assertThat(lab.failure(device.write(0, filled('r')))).isEqualTo(IoStatus.RESERVATION_CONFLICT);
        assertThat(lab.array.counts().seen(0x2a)).isOne();
        assertUnblamed(device);
    }

    private static void assertUnblamed(MultipathDevice device) {
        assertThat(device.snapshot().paths()).allSatisfy(path -> {
            assertThat(path.usable()).isTrue();
            assertThat(path.marginal()).isEmpty();
        });
        assertThat(device.snapshot().counters().failovers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x28})
    void busyUnitIsAskedAgainUntilItTakesTheCommand(int status) {
        lab.offer(lab.toA);
        MultipathDevice device = lab.device();
        times(20, lab.a, ScsiDeviceTest::anyIo, SimFate.status(status));
        lab.write(device, 0, 'b');
        assertThat(lab.contents(0)).isEqualTo('b');
        assertThat(path(device, "a").usable()).isTrue();
        assertThat(device.snapshot().counters().failovers()).isZero();
    }

    @Test
    void abortedCommandIsTriedAgainAndThenTold() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.failingAllIo(SimFate.sense(SimSense.of(0x0b, 0x00, 0x00)));
        lab.b.failingAllIo(SimFate.sense(SimSense.of(0x0b, 0x00, 0x00)));
        assertThat(lab.failure(device.read(0, block()))).isEqualTo(IoStatus.TARGET_ERROR);
    }

    /** One port fails everything so, and the other does not. */
    @ParameterizedTest
    @CsvSource({"11, 0", "11, 68", "0, 0"})
    void abortedCommandIsTriedAgainAndThenElsewhere(int key, int asc) {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.failingAllIo(SimFate.sense(SimSense.of(key, asc, 0)));
        lab.a.counts().reset();
        for (int block = 0; block < 4; block++) {
            long began = lab.world.nanos();
            lab.world.await(device.read((long) block * BLOCK, block()));
            assertThat(lab.since(began)).isLessThan(Duration.ofSeconds(1));
        }
        assertThat(lab.a.counts().seen(0x28)).as("tried again where it failed").isGreaterThanOrEqualTo(6);
    }

    @Test
    void abortedCommandIsNotTriedAgainWithoutAPause() {
        lab.offer(lab.toA);
        lab.a.failingAllIo(SimFate.sense(SimSense.of(0x0b, 0x00, 0x00)));
        long began = lab.world.nanos();
        assertThat(lab.failure(lab.device().read(0, block()))).isEqualTo(IoStatus.TARGET_ERROR);
        assertThat(lab.since(began)).isGreaterThan(Duration.ofMillis(90));
    }

    /** The adapter of this way asks for repetitions without end: the way is left, as after any other error of it. */
    @ParameterizedTest
    @EnumSource(names = {"DID_BUS_BUSY", "DID_RESET", "DID_SOFT_ERROR", "DID_IMM_RETRY", "DID_REQUEUE"})
    void hostByteThatAsksForARepetitionIsAnErrorOfThePath(HostByte byHost) {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.failingAllIo(SimFate.hostByte(byHost.number()));
        for (int block = 0; block < 4; block++) {
            lab.world.await(device.read((long) block * BLOCK, block()));
        }
        lab.seconds(60);
        assertThat(path(device, "a").usable()).isFalse();
        lab.write(device, 5, 'h');
        assertThat(lab.contents(5)).isEqualTo('h');
    }

    @Test
    void damagedTransferGoesAnotherWay() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.failingAllIo(SimFate.sense(SimSense.of(0x0b, 0x47, 0x00)));
        for (int block = 0; block < 4; block++) {
            lab.write(device, block, 'p');
        }
        lab.seconds(1);
        assertThat(path(device, "a").usable()).isFalse();
        assertThat(lab.contents(3)).isEqualTo('p');
    }

    @Test
    void portThatSaysItIsReadyAndFailsEverythingIsLeftUntilItReads() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.failingAllIo(SimFate.hostByte(0x07));
        for (int block = 0; block < 4; block++) {
            lab.world.await(device.read((long) block * BLOCK, block()));
        }
        lab.seconds(60);
        assertThat(path(device, "a").usable()).isFalse();
        lab.a.script(command -> SimFate.normal());
        lab.seconds(60);
        assertThat(path(device, "a").usable()).isTrue();
    }

    @Test
    void shortTransferIsResumed() {
        MultipathDevice device = lab.deviceOverBoth();
        once(lab.a, ScsiDeviceTest::anyIo, SimFate.transferring(3 * BLOCK));
        once(lab.b, ScsiDeviceTest::anyIo, SimFate.transferring(3 * BLOCK));
        ByteBuffer data = ByteBuffer.allocate(8 * BLOCK);
        for (int block = 0; block < 8; block++) {
            data.put(block * BLOCK, (byte) ('0' + block));
        }
        lab.world.await(device.write(0, data));
        assertThat(lab.contents(2)).isEqualTo('2');
        assertThat(lab.contents(7)).isEqualTo('7');
    }

    @Test
    void passthroughIsNeverTriedAgain() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.attention(SimSense.of(0x06, 0x29, 0x00));
        lab.array.counts().reset();
        var passthrough = new ScsiPassthrough("TEST UNIT READY", new byte[6], Transfer.NONE, null);
        assertThat(lab.failure(device.passthrough(passthrough))).isEqualTo(IoStatus.TARGET_ERROR);
        assertThat(passthrough.result()).hasToString("sense 06/29/00 power on, reset, or bus device reset occurred");
        assertThat(lab.array.counts().seen(0x00)).isOne();
    }

    @Test
    void passthroughThatIsLostIsNotSentAgain() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.script(command -> command.opcode() == 0x2a ? SimFate.unanswered() : SimFate.normal());
        lab.b.script(command -> command.opcode() == 0x2a ? SimFate.unanswered() : SimFate.normal());
        byte[] write = {0x2a, 0, 0, 0, 0, 9, 0, 0, 1, 0};
        IoFuture io = device.passthrough(new ScsiPassthrough("WRITE", write, Transfer.TO_DEVICE, filled('w')));
        lab.pass(Duration.ofMillis(10));
        lab.toA.lose();
        lab.toB.lose();
        assertThat(lab.failure(io)).isEqualTo(IoStatus.OUTCOME_UNKNOWN);
        lab.seconds(120);
        assertThat(lab.array.counts().seen(0x2a)).isOne();
    }

    @Test
    void passthroughHandsDataBack() {
        MultipathDevice device = lab.deviceOverBoth();
        ByteBuffer page = ByteBuffer.allocate(36);
        byte[] inquiry = {0x12, 0, 0, 0, 36, 0};
        lab.world.await(device.passthrough(new ScsiPassthrough("INQUIRY", inquiry, Transfer.TO_HOST, page)));
        assertThat(new String(page.array(), 8, 5, StandardCharsets.US_ASCII)).isEqualTo("MPATH");
    }

    @Test
    void flushMakesWhatWasWrittenThroughEitherPortLast() {
        lab.unit.withVolatileCache();
        MultipathDevice device = lab.deviceOverBoth();
        for (int block = 0; block < 8; block++) {
            lab.write(device, block, 'f');
        }
        lab.array.counts().reset();
        lab.world.await(device.flush());
        assertThat(lab.array.counts().seen(0x35) + lab.array.counts().seen(0x91))
                .as("the cache is the logical unit's")
                .isOne();
        lab.unit.losePower();
        for (int block = 0; block < 8; block++) {
            assertThat(lab.contents(block)).isEqualTo('f');
        }
    }

    @Test
    void durableWriteLastsWithoutAFlush() {
        lab.unit.withVolatileCache();
        MultipathDevice device = lab.deviceOverBoth();
        lab.world.await(device.writeDurably(0, filled('d')));
        lab.unit.losePower();
        assertThat(lab.contents(0)).isEqualTo('d');
    }

    @Test
    void flushThatIsRefusedInStandbyGoesThroughAnotherPort() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.alua(1, SimAluaState.STANDBY);
        lab.world.await(device.flush());
        lab.world.await(device.flush());
    }

    @Test
    void pathThatIsSetOfflineIsLeftAndReturnsWhenItRuns() {
        var transport = new SimScsiTransport(lab.toA, ArrayAndHost.LUN);
        lab.offer(transport);
        lab.offer(lab.toB);
        MultipathDevice device = lab.device();
        transport.offline(true);
        for (int block = 0; block < 8; block++) {
            lab.write(device, block, 'o');
        }
        assertThat(path(device, "a").usable()).isFalse();
        assertThat(path(device, "a").reason()).contains("offline");
        transport.offline(false);
        lab.seconds(2);
        assertThat(path(device, "a").usable()).isTrue();
    }

    @Test
    void pathThatIsDeletedIsTakenOutAndTheNextLifeOfItsNodeJoins() {
        var transport = new SimScsiTransport(lab.toA, ArrayAndHost.LUN);
        lab.offer(transport);
        lab.offer(lab.toB);
        MultipathDevice device = lab.device();
        transport.delete("deleted");
        lab.seconds(1);
        assertThat(device.snapshot().paths()).hasSize(1);
        lab.write(device, 0, 'd');
        assertThat(lab.offer(lab.toA)).isInstanceOf(Offer.Admitted.class);
        assertThat(device.snapshot().paths()).hasSize(2);
    }

    @Test
    void lossOfANexusAndItsReturnAreNoError() {
        MultipathDevice device = lab.deviceOverBoth();
        for (int round = 0; round < 3; round++) {
            lab.toA.lose();
            for (int block = 0; block < 8; block++) {
                lab.world.await(device.read((long) block * BLOCK, block()));
            }
            assertThat(path(device, "a").usable()).isFalse();
            lab.seconds(3);
            assertThat(path(device, "a").usable()).as("after 29/07").isTrue();
        }
    }

    @Test
    void writeThatFailsOverLandsOnce() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.alua(1, SimAluaState.STANDBY);
        long before = lab.unit.disk().executed();
        lab.write(device, 0, '1');
        assertThat(lab.unit.disk().executed() - before).isOne();
        assertThat(lab.contents(0)).isEqualTo('1');
    }
}
