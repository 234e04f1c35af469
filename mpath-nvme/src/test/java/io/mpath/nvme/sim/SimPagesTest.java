package io.mpath.nvme.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.nvme.command.Vectors;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The emulator's pages against those of real controllers, byte for byte; what differs is listed. */
class SimPagesTest {
    private static final int IDENTIFY = 0x06;
    private static final int GET_LOG_PAGE = 0x02;
    private static final String NONE_16 = "0".repeat(32);
    private static final String NONE_8 = "0".repeat(16);
    private static final SimNamespaceIdentity NVMET =
            new SimNamespaceIdentity("d36dd55cb1694546b81937fb098bc74e", "2fcf5d2c5a1d4d6e9d4c000000000001", NONE_8);

    private final SimWorld world = SimWorld.seeded(1);

    private RawHost host(String nqn, SimNamespaceIdentity identity, long blocks) {
        SimSubsystem subsystem = SimSubsystem.in(world, nqn).called("9b521432db1200346", "Linux");
        subsystem.addNamespace(1, blocks, RawHost.BLOCK).identity(identity);
        return new RawHost(world, subsystem.addController("nvme0"), Duration.ofSeconds(5));
    }

    private RawHost nvmet() {
        return host("nqn.2026-01.io.mpath:lab", NVMET, 0x200000);
    }

    @Test
    void descriptorsAreNvmets() {
        SimReply reply = nvmet().admin(IDENTIFY, 1, 0x03);
        assertThat(differences(reply, "nvmet-port1.ns-descs")).isEmpty();
    }

    @Test
    void descriptorsAreQemus() {
        var identity = new SimNamespaceIdentity(NONE_16, NONE_16, "0011223344556677");
        SimReply reply = host("nqn.2019-08.org.qemu:qsub0", identity, 0x20000).admin(IDENTIFY, 1, 0x03);
        assertThat(differences(reply, "qemu-nvme-0.ns-descs")).isEmpty();
    }

    @Test
    void namespaceIsNvmetsButForItsHints() {
        SimReply reply = nvmet().admin(IDENTIFY, 1, 0x00);
        // NSFEAT, RESCAP, DLFEAT, ENDGID: what is optimal, reservations, which were switched off there, what
        // deallocated blocks
        // read as, and the endurance group.
        assertThat(differences(reply, "nvmet-port1.id-ns").keySet()).isSubsetOf(24, 31, 33, 102);
        assertThat(RawHost.page(reply).get(33))
                .as("deallocated blocks read as zeroes")
                .isEqualTo((byte) 1);
    }

    @Test
    void anaLogIsNvmetsButForItsChangeCounts() {
        SimReply reply = nvmet().admin(GET_LOG_PAGE, 0xffff_ffffL, 0x0c | 1023 << 16);
        assertThat(differences(reply, "nvmet-port1.ana-log").keySet()).isSubsetOf(0, 24);
    }

    @Test
    void nonOptimizedGroupIsNvmets() {
        RawHost host = nvmet();
        host.controller.anaState(1, SimAnaState.NON_OPTIMIZED);
        SimReply reply = host.admin(GET_LOG_PAGE, 0xffff_ffffL, 0x0c | 1023 << 16);
        assertThat(differences(reply, "nvmet-port2.ana-log").keySet()).isSubsetOf(0, 24);
    }

    @Test
    void controllerSaysWhatNvmetSaysOfMultipathing() {
        ByteBuffer ours = RawHost.page(nvmet().admin(IDENTIFY, 0, 0x01));
        ByteBuffer theirs = Vectors.page("nvmet-port1.id-ctrl");
        assertSame(ours, theirs, 76, 1, "CMIC");
        assertSame(ours, theirs, 78, 2, "CNTLID");
        assertSame(ours, theirs, 96, 1, "CTRATT: 128-bit host identifiers, traffic-based keep-alive");
        assertSame(ours, theirs, 111, 1, "CNTRLTYPE");
        assertSame(ours, theirs, 258, 1, "ACL");
        assertSame(ours, theirs, 259, 1, "AERL");
        assertSame(ours, theirs, 320, 2, "KAS");
        assertSame(ours, theirs, 342, 2, "ANATT, ANACAP");
        assertSame(ours, theirs, 344, 8, "ANAGRPMAX, NANAGRPID");
        assertSame(ours, theirs, 512, 2, "SQES, CQES");
        assertSame(ours, theirs, 516, 4, "NN");
        assertSame(ours, theirs, 540, 4, "MNAN");
        assertSame(ours, theirs, 768, 256, "SUBNQN");
        assertSame(ours, theirs, 24, 40, "MN");
    }

    @Test
    void namespaceThatIsThereButNotActiveIsAllZeroes() {
        SimReply reply = nvmet().admin(IDENTIFY, 2, 0x00);
        assertThat(RawHost.status(reply)).isZero();
        assertThat(reply.data()).containsOnly(0);
    }

    @Test
    void namespaceThatCannotBeIsInvalid() {
        RawHost host = nvmet();
        for (long nsid : new long[] {0, 1025, 0xffff_ffffL}) {
            assertThat(RawHost.status(host.admin(IDENTIFY, nsid, 0x00))).isEqualTo(0x00b);
        }
        assertThat(RawHost.status(host.admin(IDENTIFY, 2, 0x03))).isEqualTo(0x00b);
        assertThat(RawHost.status(host.admin(IDENTIFY, 0xffff_fffeL, 0x02))).isEqualTo(0x00b);
        assertThat(RawHost.status(host.admin(IDENTIFY, 1, 0x77))).isEqualTo(0x002);
    }

    @Test
    void activeListHasWhatIsAttachedAboveTheNumber() {
        RawHost host = nvmet();
        host.controller.subsystem().addNamespace(5, 64, RawHost.BLOCK);
        host.controller.subsystem().addNamespace(9, 64, RawHost.BLOCK).detach(host.controller);
        ByteBuffer list = RawHost.page(host.admin(IDENTIFY, 1, 0x02));
        assertThat(list.getInt(0)).isEqualTo(5);
        assertThat(list.getInt(4)).isZero();
    }

    @Test
    void differenceIsSeen() {
        SimReply reply = nvmet().admin(IDENTIFY, 1, 0x03);
        assertThat(differences(reply, "qemu-nvme-0.ns-descs")).isNotEmpty();
    }

    private static void assertSame(ByteBuffer ours, ByteBuffer theirs, int at, int length, String what) {
        assertThat(ours.slice(at, length)).as(what).isEqualTo(theirs.slice(at, length));
    }

    private static Map<Integer, String> differences(SimReply reply, String vector) {
        byte[] ours = reply.data();
        ByteBuffer theirs = Vectors.page(vector);
        Map<Integer, String> found = new TreeMap<>();
        for (int at = 0; at < theirs.limit(); at++) {
            if (ours[at] != theirs.get(at)) {
                found.put(at, ours[at] + " instead of " + theirs.get(at));
            }
        }
        return found;
    }
}
