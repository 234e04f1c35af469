package io.mpath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The channel view of a device, step by step against an array of bytes. */
class DeviceChannelProperties {
    private static final int BLOCK = 512;
    private static final int SIZE = 40 * BLOCK;
    private static final Geometry GEOMETRY = new Geometry(SIZE, BLOCK, BLOCK, 4 * BLOCK, 0, 0, 0, false, false);

    private static Multipath registry;
    private static MultipathDevice device;

    @BeforeContainer
    static void open() {
        registry = Multipath.create();
        device = registry.join(new MemoryDisk(DeviceId.named("channel"), GEOMETRY).pathAtOnce("path"));
    }

    @AfterContainer
    static void close() {
        registry.close();
    }

    private sealed interface Step {
        record Seek(int position) implements Step {}

        record Read(int length) implements Step {}

        record Write(int length, byte first) implements Step {}
    }

    @Property(tries = 300)
    void channelDoesWhatAnArrayDoes(@ForAll("steps") List<Step> steps) throws IOException {
        device.write(0, ByteBuffer.allocate(SIZE)).await();
        Reference reference = new Reference();
        SeekableByteChannel channel = device.asChannel();
        for (Step step : steps) {
            if (step instanceof Step.Seek seek) {
                channel.position(seek.position);
                reference.position = seek.position;
            } else if (step instanceof Step.Read read) {
                byte[] got = new byte[read.length];
                byte[] expected = new byte[read.length];
                ByteBuffer into = ByteBuffer.wrap(got);
                int count = channel.read(into);
                assertThat(count).isEqualTo(reference.read(expected));
                assertThat(into.position()).isEqualTo(Math.max(0, count));
                assertThat(got).isEqualTo(expected);
            } else if (step instanceof Step.Write write) {
                byte[] bytes = new byte[write.length];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (write.first + i);
                }
                if (reference.position < SIZE) {
                    ByteBuffer from = ByteBuffer.wrap(bytes);
                    int count = channel.write(from);
                    assertThat(count).isEqualTo(reference.write(bytes));
                    assertThat(from.position()).isEqualTo(count);
                }
            }
            assertThat(channel.position()).isEqualTo(reference.position);
        }
        byte[] all = new byte[SIZE];
        device.read(0, ByteBuffer.wrap(all)).await();
        assertThat(all).isEqualTo(reference.bytes);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> positions = Arbitraries.integers().between(0, SIZE + 2 * BLOCK);
        Arbitrary<Integer> lengths = Arbitraries.integers().between(0, 6 * BLOCK);
        Arbitrary<Step> seeks = positions.map(Step.Seek::new);
        Arbitrary<Step> reads = lengths.map(Step.Read::new);
        Arbitrary<Step> writes =
                Combinators.combine(lengths, Arbitraries.bytes()).as(Step.Write::new);
        return Arbitraries.oneOf(seeks, reads, writes).list().ofMaxSize(30);
    }

    /** An array with a position. */
    private static final class Reference {
        private final byte[] bytes = new byte[SIZE];
        private int position;

        int read(byte[] into) {
            if (into.length == 0) {
                return 0;
            }
            if (position >= SIZE) {
                return -1;
            }
            int count = Math.min(into.length, SIZE - position);
            System.arraycopy(bytes, position, into, 0, count);
            position += count;
            return count;
        }

        int write(byte[] from) {
            int count = Math.min(from.length, SIZE - position);
            System.arraycopy(from, 0, bytes, position, count);
            position += count;
            return count;
        }
    }
}
