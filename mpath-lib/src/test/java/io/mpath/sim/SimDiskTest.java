package io.mpath.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.DevicePath;
import io.mpath.path.PathFailure;
import io.mpath.path.PathPort;
import io.mpath.path.QueueKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SimDiskTest {
    private static final int BLOCK = 512;

    private final SimWorld world = SimWorld.seeded(1);
    private final SimDisk disk = new SimDisk(
            DeviceId.named("disk"),
            new Geometry(64 * BLOCK, BLOCK, BLOCK, 8 * BLOCK, 8 * BLOCK, 8 * BLOCK, BLOCK, false, false));
    private final DevicePath open = new SimPath("path", SimPort.in(world, new PathPort("port")), disk).open();

    private ProbeIo run(IoOperation operation, long offset, long length, byte[] data, int... pieces) {
        var io = new ProbeIo(operation, offset, length, data, pieces);
        open.openQueue(QueueKind.SHARED).submit(io);
        world.runUntilIdle();
        return io;
    }

    private void fill(int value) {
        byte[] data = new byte[4 * BLOCK];
        Arrays.fill(data, (byte) value);
        run(IoOperation.WRITE, 0, data.length, data, data.length);
    }

    @Test
    void readsAsZeroesUntilWritten() {
        assertThat(disk.contents(0, 64 * BLOCK)).containsOnly(0);
    }

    @Test
    void zeroesAndDiscardsExactlyItsRange() {
        fill(7);
        run(IoOperation.WRITE_ZEROES, BLOCK, BLOCK, new byte[0]);
        run(IoOperation.DISCARD, 2 * BLOCK, BLOCK, new byte[0]);

        assertThat(disk.contents(0, BLOCK)).containsOnly(7);
        assertThat(disk.contents(BLOCK, 2 * BLOCK)).containsOnly(0);
        assertThat(disk.contents(3 * BLOCK, BLOCK)).containsOnly(7);
    }

    @Test
    void comparesBeforeItWrites() {
        fill(7);
        byte[] sevenThenNine = new byte[2 * BLOCK];
        Arrays.fill(sevenThenNine, 0, BLOCK, (byte) 7);
        Arrays.fill(sevenThenNine, BLOCK, 2 * BLOCK, (byte) 9);
        ProbeIo equal = run(IoOperation.COMPARE_AND_WRITE, 0, BLOCK, sevenThenNine, BLOCK, BLOCK);
        ProbeIo different = run(IoOperation.COMPARE_AND_WRITE, 0, BLOCK, sevenThenNine, BLOCK, BLOCK);

        assertThat(equal.failure()).isNull();
        assertThat(different.failure()).extracting(PathFailure::status).isEqualTo(IoStatus.MISCOMPARE);
        assertThat(disk.contents(0, BLOCK)).containsOnly(9);
        assertThat(disk.executions())
                .filteredOn(e -> e.operation() == IoOperation.COMPARE_AND_WRITE)
                .hasSize(1);
    }

    @Test
    void refusesWhatReachesPastItsEnd() {
        ProbeIo io = run(IoOperation.DISCARD, 63 * BLOCK, 2 * BLOCK, new byte[0]);

        assertThat(io.failure()).extracting(PathFailure::status).isEqualTo(IoStatus.OUT_OF_RANGE);
    }

    @Test
    void readOnlyDiskRefusesChanges() {
        Geometry geometry = disk.description().geometry();
        disk.describe(new io.mpath.path.PathDescription(
                DeviceId.named("disk"),
                new Geometry(geometry.sizeBytes(), BLOCK, BLOCK, 8 * BLOCK, BLOCK, BLOCK, BLOCK, false, true)));
        ProbeIo write = run(IoOperation.WRITE, 0, BLOCK, new byte[BLOCK], BLOCK);
        ProbeIo read = run(IoOperation.READ, 0, BLOCK, new byte[BLOCK], BLOCK);

        assertThat(write.failure()).extracting(PathFailure::status).isEqualTo(IoStatus.READ_ONLY);
        assertThat(read.failure()).isNull();
    }
}
