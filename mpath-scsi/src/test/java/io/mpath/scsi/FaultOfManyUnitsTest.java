package io.mpath.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.scsi.sim.SimAluaState;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimScsiArray;
import io.mpath.scsi.sim.SimScsiTransport;
import io.mpath.scsi.sim.SimTargetPort;
import io.mpath.sim.SimThread;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/**
 * What a fault that moves ten thousand logical units costs their array, which tells of it through each nexus with the next command
 * there: one command each, and a few at once.
 */
class FaultOfManyUnitsTest {
    /** How long looks are put off, so that requests go first. */
    private static final Duration REQUESTS_FIRST = Duration.ofMillis(20);

    private static final int UNITS = 10_000;
    private static final int AT_ONCE = 4;
    /** A look that goes through a nexus that is yet to be told takes a command more. */
    private static final int SLACK = UNITS / 100;

    private static final Duration LATENCY = Duration.ofMillis(1);

    private final SimWorld world = SimWorld.seeded(1);
    private final SimScsiArray array = SimScsiArray.in(world, "iqn.2026-01.io.mpath:many");
    private final List<SimTargetPort> ports = new ArrayList<>();
    private final List<List<ScsiPath>> paths = new ArrayList<>();
    private final ScsiHost host =
            new ScsiHost(new ScsiSettings(Duration.ZERO, Duration.ofSeconds(20), AT_ONCE, true, false));
    private final Reports reports = new Reports(world);
    private int usable;

    /** Looks run on as many threads as there are: how many there may be is what is to be seen. */
    private final class Reports extends RecordedReports {
        private final Deque<SimThread> idle = new ArrayDeque<>();
        private int threads;

        Reports(SimWorld world) {
            super(world);
        }

        @Override
        public void accessStates(Collection<AccessChange> changes) {
            for (AccessChange change : changes) {
                usable += change.state().usable() ? 1 : 0;
            }
        }

        @Override
        public Executor blocking() {
            return task -> {
                SimThread thread = idle.isEmpty() ? world.thread("look" + threads++) : idle.remove();
                thread.execute(() -> {
                    task.run();
                    idle.add(thread);
                });
            };
        }
    }

    private void openUnitsThroughFourNexuses() {
        for (int port = 0; port < 4; port++) {
            ports.add(array.addPort("p" + port, 1 + port / 2));
        }
        for (int lun = 0; lun < UNITS; lun++) {
            array.addUnit(lun, ArrayAndHost.BLOCKS, ArrayAndHost.BLOCK).alua(2, SimAluaState.NON_OPTIMIZED);
        }
        List<SimNexus> nexuses = ports.stream().map(ArrayAndHost::iscsi).toList();
        for (int lun = 0; lun < UNITS; lun++) {
            List<ScsiPath> ofUnit = new ArrayList<>();
            for (SimNexus nexus : nexuses) {
                var transport = new SimScsiTransport(nexus, lun);
                ofUnit.add((ScsiPath) host.open(transport, nexus + ":" + lun));
            }
            paths.add(ofUnit);
            world.environment().loop().execute(() -> ofUnit.forEach(path -> path.attach(reports)));
        }
        world.runUntilIdle();
        assertThat(usable).isEqualTo(4 * UNITS);
        world.runFor(Duration.ofMinutes(1));
    }

    private void readThroughTheOptimizedPathsOfEach() {
        for (List<ScsiPath> ofUnit : paths) {
            ofUnit.get(0).check((works, finding) -> {});
            ofUnit.get(1).check((works, finding) -> {});
        }
    }

    @Test
    void faultThatMovesTenThousandUnitsCostsOneCommandEach() {
        openUnitsThroughFourNexuses();
        array.counts().reset();
        usable = 0;

        array.alua(1, SimAluaState.STANDBY);
        array.alua(2, SimAluaState.OPTIMIZED);
        readThroughTheOptimizedPathsOfEach();
        assertThat(array.counts().seenReportTargetPortGroups()).isZero();
        ports.forEach(port -> port.latency(LATENCY, LATENCY));
        long began = world.nanos();
        world.runUntilIdle();
        world.runFor(REQUESTS_FIRST);
        world.runUntilIdle();

        assertThat(usable).as("paths that are optimized").isEqualTo(2 * UNITS);
        assertThat(array.counts().seenReportTargetPortGroups()).isBetween((long) UNITS, (long) UNITS + SLACK);
        assertThat(array.counts().mostReportTargetPortGroupsUnderWay())
                .as("and no fewer, or it would take longer than it has to")
                .isBetween(AT_ONCE - 1, AT_ONCE);
        assertThat(Duration.ofNanos(world.nanos() - began))
                .isLessThan(LATENCY.multipliedBy(UNITS).dividedBy(2));
    }
}
