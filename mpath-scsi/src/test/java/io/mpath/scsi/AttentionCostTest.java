package io.mpath.scsi;

import static io.mpath.scsi.ArrayAndHost.BLOCK;
import static io.mpath.scsi.ArrayAndHost.BLOCKS;
import static io.mpath.scsi.ArrayAndHost.LUN;
import static io.mpath.scsi.ArrayAndHost.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.MultipathDevice;
import io.mpath.scsi.sim.SimAluaState;
import io.mpath.scsi.sim.SimLogicalUnit;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimScsiTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a change of many logical units costs an array, which tells of it through each nexus with the next command there. */
class AttentionCostTest {
    private static final int UNITS = 50;
    private static final int INQUIRY = 0x12;

    private final ArrayAndHost lab = new ArrayAndHost(1);
    private final List<SimNexus> nexuses = new ArrayList<>(List.of(lab.toA, lab.toB));
    private final List<SimLogicalUnit> units = new ArrayList<>(List.of(lab.unit));

    private void fourOptimizedPathsAndOneInStandbyToEachOf(int count) {
        for (String port : List.of("c", "d", "e")) {
            nexuses.add(ArrayAndHost.iscsi(lab.array.addPort(port, 1)));
        }
        for (int i = 1; i < count; i++) {
            units.add(lab.array.addUnit(LUN + i, BLOCKS, BLOCK));
        }
        units.forEach(unit -> unit.alua(2, SimAluaState.STANDBY));
        for (int i = 0; i < count; i++) {
            for (SimNexus nexus : nexuses) {
                lab.offer(new SimScsiTransport(nexus, LUN + i));
            }
        }
        assertThat(lab.registry.devices()).hasSize(count);
        assertThat(lab.registry.devices().get(0).snapshot().paths()).hasSize(5);
    }

    private void readOnceThroughTheNextPathOfEach() {
        List<MultipathDevice> devices = lab.registry.devices();
        devices.stream().map(device -> device.read(0, block())).toList().forEach(lab.world::await);
    }

    /**
     * One look at each at once, and one more a little later, however many paths are told. A look through a path that is yet to be
     * told takes a command more.
     */
    @Test
    void changeThatEachPathIsToldOfByItselfCostsTwoLooksAtEachUnit() {
        lab.host = new ScsiHost(new ScsiSettings(Duration.ZERO, Duration.ofSeconds(20), 4, true, false));
        fourOptimizedPathsAndOneInStandbyToEachOf(UNITS);
        for (int path = 0; path < 8; path++) {
            readOnceThroughTheNextPathOfEach();
        }
        lab.seconds(15);
        lab.array.counts().reset();

        units.forEach(unit -> unit.alua(1, SimAluaState.NON_OPTIMIZED));
        for (int path = 0; path < 8; path++) {
            readOnceThroughTheNextPathOfEach();
            lab.pass(Duration.ofMillis(800));
        }
        lab.seconds(8);

        assertThat(lab.array.counts().seenReportTargetPortGroups()).isBetween((long) UNITS, 5L * UNITS / 2);
        assertThat(lab.array.counts().seen(INQUIRY))
                .as("who they are was not asked")
                .isZero();
        assertThat(lab.registry.devices())
                .allSatisfy(device -> assertThat(device.snapshot().paths())
                        .filteredOn(path -> path.accessState() == AccessState.NON_OPTIMIZED)
                        .hasSize(4));
    }
}
