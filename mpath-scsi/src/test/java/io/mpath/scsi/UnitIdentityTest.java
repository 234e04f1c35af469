package io.mpath.scsi;

import static io.mpath.scsi.ArrayAndHost.BLOCK;
import static io.mpath.scsi.ArrayAndHost.BLOCKS;
import static io.mpath.scsi.ArrayAndHost.LUN;
import static io.mpath.scsi.ArrayAndHost.block;
import static io.mpath.scsi.ArrayAndHost.filled;
import static io.mpath.scsi.ArrayAndHost.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoFuture;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.Offer;
import io.mpath.scsi.sim.SimAluaState;
import io.mpath.scsi.sim.SimDesignator;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimLogicalUnit;
import io.mpath.scsi.sim.SimScsiArray;
import io.mpath.scsi.sim.SimScsiTransport;
import io.mpath.scsi.sim.SimSense;
import io.mpath.scsi.sim.SimTargetPort;
import io.mpath.scsi.sim.SimUnitIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which logical unit a path leads to, what is done when that changes, and which units are not taken for one. */
class UnitIdentityTest {
    private static final SimUnitIdentity ANOTHER = SimUnitIdentity.numbered(0x7777);
    private static final SimSense RESET = SimSense.of(0x06, 0x29, 0x00);

    private final ArrayAndHost lab = new ArrayAndHost(1);

    /** Another array with a unit that calls itself {@code identity}, of that shape. */
    private Offer offerOther(SimUnitIdentity identity, long blocks, int blockBytes) {
        SimScsiArray other = SimScsiArray.in(lab.world, "iqn.2026-01.io.mpath:other");
        SimTargetPort port = other.addPort("c", 1);
        other.addUnit(LUN, blocks, blockBytes).identity(identity);
        return lab.offer(ArrayAndHost.iscsi(port));
    }

    static List<SimUnitIdentity> impostors() {
        SimUnitIdentity is = new ArrayAndHost(1).unit.identity();
        return List.of(
                is.withSerial("4711"),
                new SimUnitIdentity("OTHER", is.product(), is.revision(), is.serial(), is.designators()),
                new SimUnitIdentity(is.vendor(), "OTHER", is.revision(), is.serial(), is.designators()));
    }

    @ParameterizedTest
    @MethodSource("impostors")
    void equalIdentifierOfAnotherMakeIsRefused(SimUnitIdentity impostor) {
        MultipathDevice device = lab.deviceOverBoth();
        assertThat(offerOther(impostor, BLOCKS, BLOCK))
                .isInstanceOfSatisfying(
                        Offer.Refused.class,
                        refused -> assertThat(refused.reason()).containsAnyOf("serial number", "vendor", "product"));
        assertThat(device.snapshot().paths()).hasSize(2);
    }

    @Test
    void equalIdentifierOfAnotherSizeIsRefused() {
        lab.deviceOverBoth();
        assertRefused(offerOther(lab.unit.identity(), 2 * BLOCKS, BLOCK), "capacity");
    }

    @Test
    void equalIdentifierOfAnotherBlockSizeIsRefused() {
        lab.deviceOverBoth();
        assertRefused(offerOther(lab.unit.identity(), BLOCKS / 8, 8 * BLOCK), "block size");
    }

    private static void assertRefused(Offer offer, String because) {
        assertThat(offer)
                .isInstanceOfSatisfying(
                        Offer.Refused.class,
                        refused -> assertThat(refused.reason()).contains(because));
    }

    @Test
    void sameUnitThroughAThirdPortIsNot() {
        lab.deviceOverBoth();
        SimTargetPort third = lab.array.addPort("c", 1);
        assertThat(lab.offer(ArrayAndHost.iscsi(third))).isInstanceOf(Offer.Admitted.class);
    }

    @Test
    void unitOfAnotherIdentifierIsAnotherDevice() {
        lab.deviceOverBoth();
        assertThat(offerOther(ANOTHER, BLOCKS, BLOCK)).isInstanceOf(Offer.Admitted.class);
        assertThat(lab.registry.devices()).hasSize(2);
    }

    /** The number leads to another unit from one moment to the next: nothing that was meant for the old one lands there. */
    @ParameterizedTest
    @ValueSource(ints = {0x03, 0x0e})
    void noWriteLandsOnAUnitThatTookTheOthersPlace(int changed) {
        MultipathDevice device = lab.deviceOverBoth();
        lab.write(device, 0, 'o');
        lab.unit.identityInSilence(ANOTHER);
        lab.unit.attention(SimSense.of(0x06, 0x3f, changed));
        takesItsTimeToSayWhoItIs(lab.a);
        takesItsTimeToSayWhoItIs(lab.b);
        for (int block = 0; block < 4; block++) {
            assertThat(lab.failure(device.write((long) block * BLOCK, filled('!'))))
                    .isEqualTo(IoStatus.NO_PATH);
        }
        for (int block = 0; block < 4; block++) {
            assertThat(lab.contents(block)).isNotEqualTo('!');
        }
        assertThat(device.snapshot().paths()).allSatisfy(path -> {
            assertThat(path.usable()).isFalse();
            assertThat(path.reason()).contains("identity");
        });
    }

    private static void takesItsTimeToSayWhoItIs(SimTargetPort port) {
        port.script(command -> command.opcode() == 0x12 ? SimFate.late(Duration.ofMillis(50)) : SimFate.normal());
    }

    @Test
    void requestThatIsToldOfOtherNumbersGoesAnotherWayMeanwhile() {
        MultipathDevice device = lab.deviceOverBoth();
        int[] left = {1};
        lab.a.script(command ->
                command.changes() && left[0]-- > 0 ? SimFate.sense(SimSense.of(0x06, 0x3f, 0x0e)) : SimFate.normal());
        lab.a.counts().reset();
        for (int block = 0; block < 2; block++) {
            lab.write(device, block, 'w');
        }
        assertThat(lab.a.counts().seen(0x2a)).isOne();
        lab.seconds(3);
        assertThat(path(device, "a").usable()).isTrue();
    }

    @Test
    void onlyThePathThatLeadsElsewhereIsIsolated() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.editData((command, data) -> {
            if (command.opcode() == 0x12 && (command.u8(1) & 1) == 1 && command.u8(2) == 0x83) {
                data[4 + 4 + 15] ^= 1;
            }
            return data;
        });
        lab.unit.attention(SimSense.of(0x06, 0x3f, 0x03));
        for (int block = 0; block < 8; block++) {
            lab.write(device, block, 'k');
        }
        assertThat(path(device, "a").usable()).isFalse();
        assertThat(path(device, "a").reason()).contains("identity");
        assertThat(path(device, "b").usable()).isTrue();
        lab.b.counts().reset();
        lab.a.counts().reset();
        lab.write(device, 9, 'k');
        assertThat(lab.a.counts().seen(0x2a)).isZero();
    }

    @Test
    void pathThatLeadsBackIsUsedAgainWithItsStateReadAnew() {
        lab.toA.tellsOfAttentions(false);
        lab.offer(lab.toA);
        MultipathDevice device = lab.device();
        SimUnitIdentity was = lab.unit.identity();
        lab.unit.identity(ANOTHER);
        assertThat(lab.failure(device.write(0, filled('!')))).isEqualTo(IoStatus.NO_PATH);
        lab.unit.identity(was);
        lab.unit.alua(1, SimAluaState.NON_OPTIMIZED);
        lab.toA.testUnitReady(LUN);
        lab.toA.testUnitReady(LUN);
        lab.toA.lose();
        lab.seconds(5);
        lab.write(device, 0, 'w');
        assertThat(path(device, "a").accessState().toString()).isEqualTo("non_optimized");
        assertThat(lab.contents(0)).isEqualTo('w');
    }

    @Test
    void firmwareThatIsRenewedLeavesThePathsInUse() {
        MultipathDevice device = lab.deviceOverBoth();
        SimUnitIdentity is = lab.unit.identity();
        lab.unit.identity(new SimUnitIdentity(is.vendor(), is.product(), "0002", is.serial(), is.designators()));
        long began = lab.world.nanos();
        lab.write(device, 0, 'f');
        lab.write(device, 1, 'f');
        assertThat(lab.since(began)).isLessThan(Duration.ofSeconds(1));
        lab.seconds(1);
        assertThat(device.snapshot().paths())
                .allSatisfy(path -> assertThat(path.usable()).isTrue());
    }

    private static SimUnitIdentity withAName(SimUnitIdentity is) {
        List<SimDesignator> designators = new ArrayList<>(is.designators());
        designators.add(SimDesignator.name("iqn.2026-01.io.mpath:unit"));
        return is.with(designators.toArray(SimDesignator[]::new));
    }

    @Test
    void firmwareThatAddsABetterIdentityLeavesThePathsInUse() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.identity(withAName(lab.unit.identity()));
        lab.write(device, 0, 'f');
        lab.write(device, 1, 'f');
        lab.toA.lose();
        lab.seconds(5);
        lab.write(device, 2, 'f');
        lab.write(device, 3, 'f');
        assertThat(device.snapshot().paths())
                .allSatisfy(path -> assertThat(path.usable()).isTrue());
        assertThat(lab.registry.devices()).containsExactly(device);
    }

    @Test
    void portWhoseFirmwareKnowsABetterIdentityLeadsToTheSameDevice() {
        lab.offer(lab.toA);
        MultipathDevice device = lab.device();
        lab.unit.identityInSilence(withAName(lab.unit.identity()));
        assertAdmitted(lab.offer(lab.toB));
        assertThat(lab.device()).isSameAs(device);
        assertThat(device.snapshot().paths()).hasSize(2);
        lab.toB.lose();
        lab.seconds(5);
        assertThat(path(device, "b").usable()).isTrue();
    }

    /** As two devices, each would be blind to the writes that the other holds. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unitIsNeverTwoDevices(boolean olderFirmwareFirst) {
        SimUnitIdentity older = lab.unit.identity();
        SimUnitIdentity newer = withAName(older);
        lab.unit.identityInSilence(olderFirmwareFirst ? older : newer);
        lab.offer(lab.toA);
        lab.host = new ScsiHost(ScsiSettings.defaults());
        lab.unit.identityInSilence(olderFirmwareFirst ? newer : older);
        assertRefused(lab.offer(lab.toB), "as well");
        assertThat(lab.registry.devices()).hasSize(1);
    }

    /** What only a vendor promises to be unique tells no unit from its successor that says better who it is. */
    @Test
    void identityThatOthersMayHaveIsNotKeptBesideABetterOne() {
        SimDesignator weak = SimDesignator.t10("MPATH   EMULATED DISK");
        lab.unit.identityInSilence(lab.unit.identity().with(weak));
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.identity(lab.unit.identity().with(weak, SimDesignator.naa("6a1b2c3d000000000000000000004711")));
        assertThat(lab.failure(device.write(0, filled('!')))).isEqualTo(IoStatus.NO_PATH);
        assertThat(device.snapshot().paths())
                .allSatisfy(path -> assertThat(path.reason()).contains("identity"));
    }

    @Test
    void pathThatReturnsToAControllerThatDoesNotKnowItsSerialNumberYetIsUsed() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.identityInSilence(lab.unit.identity().withSerial("        "));
        lab.toA.lose();
        lab.seconds(5);
        assertThat(path(device, "a").reason()).isEmpty();
        assertThat(path(device, "a").usable()).isTrue();
    }

    @Test
    void pathThatReturnsWithLimitsThatCannotBeReadIsUsed() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.editData((command, data) -> {
            if (command.opcode() == 0x12 && (command.u8(1) & 1) == 1 && command.u8(2) == 0xb0) {
                data[2] = 0x7f;
            }
            return data;
        });
        lab.toA.lose();
        lab.seconds(5);
        assertThat(path(device, "a").usable()).isTrue();
    }

    @Test
    void unitThatIsWithdrawnFromAPortIsReachedThroughTheOther() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.withdrawFrom(lab.a);
        for (int block = 0; block < 8; block++) {
            lab.write(device, block, 'w');
        }
        assertThat(path(device, "a").usable()).isFalse();
        lab.unit.restoreTo(lab.a);
        lab.seconds(120);
        assertThat(path(device, "a").usable()).isTrue();
    }

    /** There are targets that refuse INQUIRY, too, where there is no such unit. */
    @Test
    void unitThatIsGoneAltogetherIsAskedForInDueTime() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.a.script(command -> SimFate.sense(SimSense.of(0x05, 0x25, 0x00)));
        lab.array.counts().reset();
        for (int block = 0; block < 8; block++) {
            lab.write(device, block, 'g');
        }
        lab.seconds(60);
        assertThat(path(device, "a").usable()).isFalse();
        assertThat(lab.a.counts().seen(0x12)).isBetween(3L, 40L);
        lab.a.script(command -> SimFate.normal());
        lab.seconds(60);
        assertThat(path(device, "a").usable()).isTrue();
    }

    /** It is not told that its number was given to another: only the units beside it are told of changed numbers. */
    @Test
    void unitThatIsReplacedInSilenceIsFoundByWhatItsNeighboursAreTold() {
        SimLogicalUnit neighbour = lab.array.addUnit(LUN + 1, BLOCKS, BLOCK);
        lab.offer(lab.toA);
        MultipathDevice device = lab.device();
        lab.write(device, 0, 'o');
        assertAdmitted(lab.offer(new SimScsiTransport(lab.toA, LUN + 1)));
        lab.unit.identityInSilence(ANOTHER);
        neighbour.attention(SimSense.of(0x06, 0x3f, 0x0e));
        MultipathDevice beside = lab.registry.devices().stream()
                .filter(one -> one != device)
                .findFirst()
                .orElseThrow();
        lab.world.await(beside.read(0, block()));
        lab.pass(Duration.ofMillis(50));
        assertThat(lab.failure(device.write(0, filled('!')))).isEqualTo(IoStatus.NO_PATH);
        assertThat(lab.contents(0)).isEqualTo('o');
        assertThat(path(device, "a").usable()).isFalse();
        assertThat(path(beside, "a:" + (LUN + 1)).usable()).isTrue();
    }

    private static void assertAdmitted(Offer offer) {
        assertThat(offer).isInstanceOf(Offer.Admitted.class);
    }

    @Test
    void manyNeighboursThatAreToldTheSameHaveEachUnitDescribedOnceMore() {
        int many = 50;
        for (int i = 1; i <= many; i++) {
            lab.array.addUnit(LUN + i, BLOCKS, BLOCK);
            assertAdmitted(lab.offer(new SimScsiTransport(lab.toA, LUN + i)));
        }
        lab.seconds(5);
        lab.array.counts().reset();
        lab.array.units().forEach(unit -> unit.attention(SimSense.of(0x06, 0x3f, 0x0e)));
        for (MultipathDevice device : lab.registry.devices()) {
            lab.world.await(device.read(0, block()));
            lab.pass(Duration.ofMillis(5));
        }
        lab.seconds(10);
        assertThat(lab.array.counts().seen(0x9e) / many).isLessThanOrEqualTo(4);
    }

    @Test
    void unitGrowsUnderTheDevice() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.resize(2 * BLOCKS);
        lab.world.await(device.read(0, block()));
        lab.world.await(device.read(0, block()));
        lab.seconds(2);
        assertThat(device.geometry().sizeBytes()).isEqualTo(2 * BLOCKS * BLOCK);
        lab.write(device, 2 * BLOCKS - 1, 'g');
    }

    /** Who is told of a reset is not told what was pending before it. */
    @Test
    void unitThatGrewAheadOfAResetIsFoundByTheReset() {
        MultipathDevice device = deviceWhoseDriverTellsNothing();
        lab.unit.resize(2 * BLOCKS);
        resetIsToldToBoth(device);
        assertThat(device.geometry().sizeBytes()).isEqualTo(2 * BLOCKS * BLOCK);
    }

    @Test
    void unitThatWasReplacedAheadOfAResetIsFoundByTheReset() {
        MultipathDevice device = deviceWhoseDriverTellsNothing();
        lab.unit.identity(ANOTHER);
        resetIsToldToBoth(device);
        assertThat(device.snapshot().paths()).allSatisfy(path -> {
            assertThat(path.usable()).isFalse();
            assertThat(path.reason()).contains("identity");
        });
    }

    /** Each is told once through each nexus. */
    @Test
    void resetOfManyUnitsHasEachPathDescribedOnce() {
        int many = 50;
        lab.toA.tellsOfAttentions(false);
        for (int i = 1; i <= many; i++) {
            lab.array.addUnit(LUN + i, BLOCKS, BLOCK);
            assertAdmitted(lab.offer(new SimScsiTransport(lab.toA, LUN + i)));
        }
        lab.seconds(15);
        lab.array.counts().reset();
        lab.array.units().forEach(unit -> unit.attention(RESET));
        lab.registry.devices().stream()
                .map(device -> device.read(0, block()))
                .toList()
                .forEach(lab.world::await);
        lab.seconds(10);
        assertThat(lab.array.counts().seen(0x9e)).isEqualTo(many);
    }

    private MultipathDevice deviceWhoseDriverTellsNothing() {
        lab.toA.tellsOfAttentions(false);
        lab.toB.tellsOfAttentions(false);
        return lab.deviceOverBoth();
    }

    private void resetIsToldToBoth(MultipathDevice device) {
        lab.unit.attention(RESET);
        List<IoFuture> reads = List.of(device.read(0, block()), device.read(0, block()));
        lab.seconds(2);
        assertThat(reads).as("whatever becomes of them").allMatch(IoFuture::isDone);
    }

    @Test
    void unitThatGrewInSilenceIsFoundWhenAPathReturns() {
        lab.array.roomForAttentions(0);
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.resize(2 * BLOCKS);
        lab.toA.lose();
        lab.toB.lose();
        lab.seconds(5);
        assertThat(device.geometry().sizeBytes()).isEqualTo(2 * BLOCKS * BLOCK);
    }

    @Test
    void unitThatShrankInSilenceIsFoundByItsRefusal() {
        lab.array.roomForAttentions(0);
        MultipathDevice device = lab.deviceOverBoth();
        lab.unit.resize(BLOCKS / 2);
        assertThat(lab.failure(device.read((BLOCKS - 1) * BLOCK, block()))).isEqualTo(IoStatus.OUT_OF_RANGE);
        assertThat(lab.failure(device.read((BLOCKS - 1) * BLOCK, block()))).isEqualTo(IoStatus.OUT_OF_RANGE);
        lab.seconds(3);
        assertThat(device.geometry().sizeBytes()).isEqualTo(BLOCKS / 2 * BLOCK);
    }

    @Test
    void sizeThatASiblingToldIsReadWhenThePortTellsIt() {
        lab.unit.alua(2, SimAluaState.UNAVAILABLE);
        MultipathDevice device = lab.deviceOverBoth();
        assertThat(path(device, "b").usable()).isFalse();
        lab.seconds(15);
        lab.b.counts().reset();
        lab.unit.alua(2, SimAluaState.OPTIMIZED);
        lab.world.await(device.read(0, block()));
        lab.seconds(1);
        assertThat(path(device, "b").usable()).isTrue();
        assertThat(lab.b.counts().seen(0x9e)).isPositive();
    }
}
