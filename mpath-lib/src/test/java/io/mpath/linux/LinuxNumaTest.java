package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxNumaTest {
    private static final String NODES = "devices/system/node/";

    @TempDir
    Path root;

    private final ScriptedCalls calls = new ScriptedCalls();

    private LinuxNuma numa() {
        return LinuxNuma.read(calls, new Sysfs(root));
    }

    @Test
    void distancesAndProcessorsAreReadWhereNodesHaveGaps() {
        new FakeSys(root)
                .attribute(NODES + "online", "0,2")
                .attribute(NODES + "node0/distance", "10 21")
                .attribute(NODES + "node2/distance", "21 10")
                .attribute(NODES + "node0/cpulist", "0-1,4")
                .attribute(NODES + "node2/cpulist", "2-3");
        LinuxNuma numa = numa();

        assertThat(numa.nodes()).isEqualTo(3);
        assertThat(numa.distance(0, 2)).isEqualTo(21);
        assertThat(numa.distance(2, 2)).isEqualTo(10);
        assertThat(numa.distance(0, 1)).as("a node that is not there is far").isEqualTo(255);
        assertThat(nodeOn(numa, 4)).isZero();
        assertThat(nodeOn(numa, 3)).isEqualTo(2);
        assertThat(nodeOn(numa, 64)).as("a processor that came later").isZero();
        assertThat(nodeOn(numa, -Errno.ENOSYS.number())).isZero();
    }

    @Test
    void machineThatTellsNothingHasOneNode() {
        LinuxNuma numa = numa();

        assertThat(numa.nodes()).isEqualTo(1);
        assertThat(numa.currentNode()).isZero();
        assertThat(numa.distance(0, 0)).isEqualTo(10);
    }

    @Test
    void nonsenseIsLeftOut() {
        new FakeSys(root)
                .attribute(NODES + "online", "0-1,x,99999999,7-3,-")
                .attribute(NODES + "node0/distance", "10 4 x");

        assertThat(LinuxNuma.numbers("0-1,x,99999999,7-3,-")).containsExactly(0, 1);
        assertThat(numa().nodes()).isEqualTo(2);
        assertThat(numa().distance(0, 1)).isEqualTo(255);
    }

    @Test
    void thisMachineIsOnOneOfItsNodes() {
        LinuxNuma numa = LinuxNuma.system();

        assertThat(numa.currentNode()).isBetween(0, numa.nodes() - 1);
    }

    private int nodeOn(LinuxNuma numa, int processor) {
        calls.processor = processor;
        return numa.currentNode();
    }
}
