package io.mpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The edges of the channel view; what is between them: {@link DeviceChannelProperties}. */
@Timeout(30)
class DeviceChannelTest {
    private static final int BLOCK = 512;
    private static final int SIZE = 3 << 20;
    private static final Geometry WRITABLE = Geometry.of(SIZE, BLOCK);
    private static final Geometry READ_ONLY = new Geometry(SIZE, BLOCK, BLOCK, 1 << 20, 0, 0, 0, false, true);

    private final Multipath registry = Multipath.create();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void sizeIsTheDevicesAndPositionStartsAtZero() throws IOException {
        SeekableByteChannel channel = open(WRITABLE).asChannel();
        assertThat(channel.size()).isEqualTo(SIZE);
        assertThat(channel.position()).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void endOfTheDeviceIsTheEndOfTheChannel() throws IOException {
        SeekableByteChannel channel = open(WRITABLE).asChannel();
        assertThat(channel.position(SIZE - 10).read(ByteBuffer.allocate(100))).isEqualTo(10);
        assertThat(channel.read(ByteBuffer.allocate(100))).isEqualTo(-1);
        assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
        assertThat(channel.position(Long.MAX_VALUE).read(ByteBuffer.allocate(1)))
                .isEqualTo(-1);
        assertThat(channel.position(SIZE - 10).write(ByteBuffer.allocate(100))).isEqualTo(10);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
                .withMessageContaining("a device of " + SIZE + " bytes cannot grow")
                .withMessageContaining("write at " + SIZE);
        assertThat(channel.write(ByteBuffer.allocate(0))).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 3145728", "1, 3145727", "511, 1048576", "512, 1048577"})
    void moreThanOneStepIsNeededForMuchDataAndNoneOfItIsLost(int position, int length) throws IOException {
        SeekableByteChannel channel = open(WRITABLE).asChannel();
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        ByteBuffer from = ByteBuffer.wrap(bytes);
        channel.position(position);
        while (from.hasRemaining()) {
            assertThat(channel.write(from)).isPositive();
        }
        byte[] got = new byte[length];
        ByteBuffer into = ByteBuffer.wrap(got);
        channel.position(position);
        while (into.hasRemaining()) {
            assertThat(channel.read(into)).isPositive();
        }
        assertThat(got).isEqualTo(bytes);
    }

    @Test
    void unalignedWriteKeepsItsNeighbours() throws IOException {
        MultipathDevice device = open(WRITABLE);
        device.write(0, ByteBuffer.wrap(filled(2 * BLOCK, 7))).await();
        assertThat(device.asChannel().position(BLOCK - 1).write(ByteBuffer.wrap(filled(2, 9))))
                .isEqualTo(2);

        byte[] now = new byte[2 * BLOCK];
        device.read(0, ByteBuffer.wrap(now)).await();
        byte[] expected = filled(2 * BLOCK, 7);
        expected[BLOCK - 1] = 9;
        expected[BLOCK] = 9;
        assertThat(now).isEqualTo(expected);
    }

    @Test
    void truncatingToTheSizeOrBeyondChangesNothingAndToLessIsRefused() throws IOException {
        SeekableByteChannel channel = open(WRITABLE).asChannel().position(2L * SIZE);
        assertThat(channel.truncate(Long.MAX_VALUE).position()).isEqualTo(2L * SIZE);
        assertThat(channel.truncate(SIZE).position()).isEqualTo(SIZE);
        assertThat(channel.size()).isEqualTo(SIZE);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> channel.truncate(SIZE - 1))
                .withMessage("a device cannot be truncated");
    }

    @Test
    void negativePositionsAndSizesAreRefused() {
        SeekableByteChannel channel = open(WRITABLE).asChannel();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.position(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.truncate(-1))
                .withMessageContaining("-1");
    }

    @Test
    void readOnlyDeviceMakesAChannelThatCannotBeWritten() throws IOException {
        SeekableByteChannel channel = open(READ_ONLY).asChannel();
        assertThatExceptionOfType(NonWritableChannelException.class)
                .isThrownBy(() -> channel.write(ByteBuffer.allocate(1)));
        assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    @Test
    void closedChannelDoesNothingAndTheDeviceGoesOn() throws IOException {
        MultipathDevice device = open(WRITABLE);
        SeekableByteChannel channel = device.asChannel();
        channel.close();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        for (ThrowingCallable use : new ThrowingCallable[] {
            () -> channel.read(ByteBuffer.allocate(1)),
            () -> channel.write(ByteBuffer.allocate(1)),
            channel::size,
            channel::position,
            () -> channel.position(0),
            () -> channel.truncate(SIZE)
        }) {
            assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
        }
        assertThat(device.asChannel().read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    @Test
    void eachChannelHasAPositionOfItsOwn() throws IOException {
        MultipathDevice device = open(WRITABLE);
        SeekableByteChannel one = device.asChannel().position(100);
        assertThat(device.asChannel().position()).isZero();
        assertThat(one.position()).isEqualTo(100);
    }

    @Test
    void failureIsAnIoExceptionThatKeepsPositionsAndNamesItsCause() throws IOException {
        PathFailure bad = PathFailure.fail(IoStatus.MEDIUM_ERROR, "unrecovered read error");
        var path = new ScriptedPath("bad", new PathDescription(DeviceId.named("bad"), WRITABLE), io -> {
            io.fail(io.tag(), bad);
            return true;
        });
        SeekableByteChannel channel = registry.join(path).asChannel().position(100);
        ByteBuffer buffer = ByteBuffer.allocate(10);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> channel.read(buffer))
                .withMessageContaining("unrecovered read error")
                .withCauseInstanceOf(DeviceIoException.class);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.write(buffer));
        assertThat(channel.position()).isEqualTo(100);
        assertThat(buffer.position()).isZero();
    }

    @Test
    void closedDeviceFailsItsChannels() {
        MultipathDevice device = open(WRITABLE);
        SeekableByteChannel channel = device.asChannel();
        device.close();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
                .withMessageContaining("closed");
    }

    private MultipathDevice open(Geometry geometry) {
        return registry.join(new MemoryDisk(DeviceId.named("disk"), geometry).pathAtOnce("path"));
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
