package io.mpath.examples.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BlockStampTest {
    private static final int BLOCK = 512;
    private static final long RUN = 77;
    private static final DeviceId DISK = DeviceId.named("disk");

    private final BlockStamp stamp = new BlockStamp(DISK, RUN, BLOCK);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2 * BLOCK);

    @Test
    void blockTellsItsGeneration() {
        stamp.fill(buffer, 4096, 3);

        assertThat(stamp.generation(buffer, 0, 4096)).isEqualTo(3);
        assertThat(stamp.generation(buffer, BLOCK, 4096 + BLOCK)).isEqualTo(3);
    }

    @Test
    void anyChangedByteIsSeen() {
        stamp.fill(buffer, 0, 1);
        for (int i = 0; i < BLOCK; i++) {
            buffer.put(i, (byte) ~buffer.get(i));

            assertThat(stamp.generation(buffer, 0, 0)).as("byte %d", i).isEqualTo(BlockStamp.NONE);

            buffer.put(i, (byte) ~buffer.get(i));
        }
    }

    @Test
    void tornBlockIsSeen() {
        ByteBuffer newer = ByteBuffer.allocate(2 * BLOCK);
        stamp.fill(newer, 0, 2);
        stamp.fill(buffer, 0, 1);
        buffer.put(0, newer, 0, BLOCK / 2);

        assertThat(stamp.generation(buffer, 0, 0)).isEqualTo(BlockStamp.NONE);
        assertThat(stamp.describe(buffer, 0, 0)).contains("torn");
    }

    @Test
    void blockFromElsewhereIsSeen() {
        stamp.fill(buffer, 8192, 1);

        assertThat(stamp.generation(buffer, 0, 0)).isEqualTo(BlockStamp.NONE);
        assertThat(stamp.describe(buffer, 0, 0)).isEqualTo("the block of offset 8192");
    }

    @Test
    void blockOfAnEarlierRunIsSeen() {
        new BlockStamp(DISK, RUN + 1, BLOCK).fill(buffer, 0, 1);

        assertThat(stamp.generation(buffer, 0, 0)).isEqualTo(BlockStamp.NONE);
        assertThat(stamp.describe(buffer, 0, 0)).isEqualTo("a block of an earlier run");
    }

    @Test
    void blockOfAnotherDeviceIsSeen() {
        new BlockStamp(DeviceId.named("other"), RUN, BLOCK).fill(buffer, 0, 1);

        assertThat(stamp.generation(buffer, 0, 0)).isEqualTo(BlockStamp.NONE);
        assertThat(stamp.describe(buffer, 0, 0)).isEqualTo("a block of another device");
    }

    @Test
    void readThatTransfersNothingFindsNoStamp() {
        stamp.fill(buffer, 0, 1);
        stamp.erase(buffer);

        assertThat(stamp.generation(buffer, 0, 0)).isEqualTo(BlockStamp.NONE);
        assertThat(stamp.generation(buffer, BLOCK, BLOCK)).isEqualTo(BlockStamp.NONE);
    }
}
