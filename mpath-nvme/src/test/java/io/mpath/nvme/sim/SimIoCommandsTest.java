package io.mpath.nvme.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each I/O command and each of its errors, by bytes (NVM Command Set 1.1 3.3). */
class SimIoCommandsTest {
    private static final int FLUSH = 0x00;
    private static final int COMPARE = 0x05;
    private static final int WRITE_ZEROES = 0x08;
    private static final int DATASET_MANAGEMENT = 0x09;
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private final SimWorld world = SimWorld.seeded(1);
    private final SimSubsystem subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:io");
    private final SimNamespace namespace = subsystem.addNamespace(1, 1000, RawHost.BLOCK);
    private final RawHost host = new RawHost(world, subsystem.addController("nvme0"));

    private int status(ByteBuffer entry, byte... data) {
        return RawHost.status(host.io(entry, data));
    }

    private static ByteBuffer over(int opcode, long start, int count) {
        return RawHost.blocks(opcode, 1, start, count, 0);
    }

    private void write(long start, int count, int with) {
        assertThat(status(over(RawHost.WRITE, start, count), RawHost.filled(count, with)))
                .isZero();
    }

    private byte[] read(long start, int count) {
        SimReply reply = host.io(over(RawHost.READ, start, count));
        assertThat(RawHost.status(reply)).isZero();
        return reply.data();
    }

    @Test
    void completionNamesItsCommand() {
        SimReply reply = host.run(3, RawHost.entry(FLUSH, 0, 0x1234, 1), new byte[0]);
        assertThat(reply.completion().getShort(10)).isEqualTo((short) 3);
        assertThat(reply.completion().getShort(12)).isEqualTo((short) 0x1234);
        assertThat(reply.completion().limit()).isEqualTo(16);
    }

    @Test
    void writtenBlocksAreReadAndNoOthers() {
        write(10, 3, 0x55);
        assertThat(read(9, 1)).containsOnly(0);
        assertThat(read(10, 3)).isEqualTo(RawHost.filled(3, 0x55));
        assertThat(read(13, 1)).containsOnly(0);
    }

    @Test
    void lastBlockIsInAndTheNextOneIsNot() {
        write(999, 1, 1);
        for (int opcode : new int[] {RawHost.WRITE, COMPARE}) {
            assertThat(status(over(opcode, 999, 2), RawHost.filled(2, 1))).isEqualTo(0x080);
        }
        assertThat(status(over(RawHost.READ, 999, 2))).isEqualTo(0x080);
        assertThat(status(over(WRITE_ZEROES, 999, 2))).isEqualTo(0x080);
        assertThat(status(over(RawHost.READ, -1L, 1))).isEqualTo(0x080);
        assertThat(status(over(RawHost.READ, Long.MAX_VALUE, 1))).isEqualTo(0x080);
    }

    @Test
    void namespaceThatGrewTakesMore() {
        namespace.resize(1001);
        write(1000, 1, 2);
        assertThat(read(1000, 1)).containsOnly(2);
    }

    @Test
    void compareTellsEqualFromOther() {
        write(4, 1, 9);
        assertThat(status(over(COMPARE, 4, 1), RawHost.filled(1, 9))).isZero();
        assertThat(status(over(COMPARE, 4, 1), RawHost.filled(1, 8))).isEqualTo(0x285);
    }

    @Test
    void zeroesAndDeallocationLeaveZeroes() {
        write(0, 8, 7);
        assertThat(status(over(WRITE_ZEROES, 1, 2))).isZero();
        assertThat(deallocate(4, 2, 6, 1)).isZero();
        assertThat(read(0, 8)).isEqualTo(blocks(7, 0, 0, 7, 0, 0, 0, 7));
    }

    private int deallocate(long... startsAndLengths) {
        ByteBuffer entry = RawHost.entry(DATASET_MANAGEMENT, 0, 7, 1, startsAndLengths.length / 2 - 1, 1 << 2);
        return status(entry, ranges(startsAndLengths));
    }

    private static byte[] ranges(long... startsAndLengths) {
        ByteBuffer data = ByteBuffer.allocate(startsAndLengths.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < startsAndLengths.length; i += 2) {
            data.putInt(0).putInt((int) startsAndLengths[i + 1]).putLong(startsAndLengths[i]);
        }
        return data.array();
    }

    private static byte[] blocks(int... with) {
        ByteBuffer data = ByteBuffer.allocate(with.length * RawHost.BLOCK);
        for (int value : with) {
            data.put(RawHost.filled(1, value));
        }
        return data.array();
    }

    @Test
    void deallocationWithARangeTooFarChangesNothing() {
        write(4, 1, 7);
        assertThat(deallocate(4, 1, 999, 2)).isEqualTo(0x080);
        assertThat(read(4, 1)).containsOnly(7);
    }

    @Test
    void whatIsNotThereIsTold() {
        assertThat(status(over(0x7f, 0, 1))).isEqualTo(0x001);
        assertThat(status(RawHost.blocks(RawHost.READ, 2, 0, 1, 0)))
                .as("not active")
                .isEqualTo(0x002);
        assertThat(status(RawHost.blocks(RawHost.READ, 0, 0, 1, 0)))
                .as("invalid")
                .isEqualTo(0x00b);
        assertThat(status(RawHost.blocks(RawHost.READ, 5000, 0, 1, 0))).isEqualTo(0x00b);
        assertThat(status(over(RawHost.WRITE, 0, 2), RawHost.filled(1, 1))).isEqualTo(0x00f);
        assertThat(RawHost.doNotRetry(host.io(over(0x7f, 0, 1)))).isTrue();
    }

    @Test
    void transferLongerThanMdtsIsRefused() {
        host.controller.maxTransfer(1);
        assertThat(status(over(RawHost.READ, 0, 16))).isZero();
        assertThat(status(over(RawHost.READ, 0, 17))).isEqualTo(0x002);
        assertThat(status(over(WRITE_ZEROES, 0, 17))).isZero();
    }

    @Test
    void optionalCommandsCanBeMissing() {
        host.controller.optionalCommands(0).withoutFusedCommands();
        assertThat(status(over(COMPARE, 0, 1), RawHost.filled(1, 0))).isEqualTo(0x001);
        assertThat(status(over(WRITE_ZEROES, 0, 1))).isEqualTo(0x001);
        assertThat(deallocate(4, 2, 6, 1)).isEqualTo(0x001);
    }

    @Test
    void writeProtectedNamespaceIsReadAndNotChanged() {
        namespace.writeProtect(true);
        assertThat(status(over(RawHost.WRITE, 0, 1), RawHost.filled(1, 1))).isEqualTo(0x020);
        assertThat(status(over(WRITE_ZEROES, 0, 1))).isEqualTo(0x020);
        assertThat(read(0, 1)).containsOnly(0);
        assertThat(status(RawHost.entry(FLUSH, 0, 7, 1))).isZero();
    }

    @Test
    void accessStateDecidesOfEachCommand() {
        write(0, 1, 3);
        for (SimAnaState state : SimAnaState.values()) {
            host.controller.anaState(1, state);
            int expected = switch (state) {
                case OPTIMIZED, NON_OPTIMIZED -> 0;
                case INACCESSIBLE -> 0x302;
                case PERSISTENT_LOSS -> 0x301;
                case CHANGE -> 0x303;
            };
            SimReply reply = host.io(over(RawHost.WRITE, 0, 1), RawHost.filled(1, 4));
            assertThat(RawHost.status(reply)).as("%s", state).isEqualTo(expected);
            assertThat(RawHost.doNotRetry(reply)).isFalse();
        }
    }

    @Test
    void fusedWriteFollowsAnEqualCompare() {
        write(0, 1, 1);
        assertThat(fused(1, 2)).containsExactly(0, 0);
        assertThat(read(0, 1)).containsOnly(2);
        assertThat(fused(1, 3)).containsExactly(0x285, 0x009);
        assertThat(read(0, 1)).containsOnly(2);
    }

    private List<Integer> fused(int expected, int replacement) {
        List<SimReply> first = host.sendIo(part(COMPARE, FIRST, 0), RawHost.filled(1, expected));
        List<SimReply> second = host.sendIo(part(RawHost.WRITE, SECOND, 0), RawHost.filled(1, replacement));
        world.runUntilIdle();
        return List.of(RawHost.status(first.get(0)), RawHost.status(second.get(0)));
    }

    private static ByteBuffer part(int opcode, int fuse, int start) {
        return RawHost.entry(opcode, fuse, 7 + fuse, 1, start, 0, 0);
    }

    @Test
    void halfAPairIsRefused() {
        List<SimReply> first = host.sendIo(part(COMPARE, FIRST, 0), RawHost.filled(1, 0));
        assertThat(status(over(RawHost.READ, 0, 1))).isZero();
        assertThat(RawHost.status(first.get(0))).isEqualTo(0x00a);
        assertThat(status(part(RawHost.WRITE, SECOND, 0), RawHost.filled(1, 1))).isEqualTo(0x00a);
    }

    @Test
    void pairOverDifferentBlocksIsRefused() {
        List<SimReply> first = host.sendIo(part(COMPARE, FIRST, 0), RawHost.filled(1, 0));
        List<SimReply> second = host.sendIo(part(RawHost.WRITE, SECOND, 1), RawHost.filled(1, 1));
        world.runUntilIdle();
        assertThat(RawHost.status(first.get(0))).isEqualTo(0x002);
        assertThat(RawHost.status(second.get(0))).isEqualTo(0x002);
    }

    @Test
    void flushCoversWhatItsOwnControllerCompleted() {
        SimController one = host.controller.withVolatileCache();
        SimController two = subsystem.addController("nvme1").withVolatileCache();
        RawHost other = new RawHost(world, two);
        write(0, 1, 1);
        other.io(over(RawHost.WRITE, 1, 1), RawHost.filled(1, 2));
        assertThat(status(RawHost.entry(FLUSH, 0, 7, 1))).isZero();
        two.die();
        assertThat(read(0, 2)).as("flushed by its own, and by another").isEqualTo(blocks(1, 0));
        write(2, 1, 3);
        assertThat(status(RawHost.blocks(RawHost.WRITE, 1, 3, 1, 1 << 30), RawHost.filled(1, 4)))
                .isZero();
        one.die();
        assertThat(namespace.disk().contents(2L * RawHost.BLOCK, 2 * RawHost.BLOCK))
                .as("not flushed, and written through")
                .isEqualTo(blocks(0, 4));
    }
}
