package io.mpath.internal.device;

import io.mpath.BlockDevice;
import io.mpath.Effect;
import io.mpath.IoCallback;
import io.mpath.IoOperation;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.PassthroughCommand;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A request and all that its caller is told of it. */
final class Told implements IoCallback {
    final IoRequest request = IoRequest.create().onComplete(this);
    int ends;
    int releases;

    @Nullable
    IoStatus status;

    @Nullable
    Effect effect;

    long endedAtNanos;
    boolean buffersInUse;
    ByteBuffer buffer = ByteBuffer.allocate(0);

    private final SimWorld world;
    private final List<Told> endings;
    private final BiConsumer<BlockDevice, IoRequest> door;

    Told(SimWorld world, List<Told> endings, BiConsumer<BlockDevice, IoRequest> door) {
        this.world = world;
        this.endings = endings;
        this.door = door;
    }

    Told read(long block, int blocks) {
        buffer = ByteBuffer.allocate(blocks * Scene.BLOCK);
        request.read(block * Scene.BLOCK, buffer);
        return this;
    }

    Told write(long block, int blocks, int value) {
        buffer = filled(blocks, value);
        request.write(block * Scene.BLOCK, buffer);
        return this;
    }

    /** Makes it whatever {@code operation} is, over one block. */
    Told of(IoOperation operation, long block) {
        long at = block * Scene.BLOCK;
        switch (operation) {
            case READ -> read(block, 1);
            case WRITE -> write(block, 1, 7);
            case FLUSH -> request.flush();
            case DISCARD -> request.discard(at, Scene.BLOCK);
            case WRITE_ZEROES -> request.writeZeroes(at, Scene.BLOCK);
            case COMPARE_AND_WRITE -> request.compareAndWrite(at, filled(1, 0), filled(1, 7));
            case PASSTHROUGH -> request.passthrough(named("inquire"));
        }
        return this;
    }

    Told timeout(Duration timeout) {
        request.timeout(timeout);
        return this;
    }

    Told submit(BlockDevice device) {
        door.accept(device, request);
        return this;
    }

    static ByteBuffer filled(int blocks, int value) {
        return ByteBuffer.wrap(bytes(blocks, value));
    }

    static byte[] bytes(int blocks, int value) {
        byte[] bytes = new byte[blocks * Scene.BLOCK];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static PassthroughCommand named(String name) {
        return () -> name;
    }

    /** What its buffer holds. */
    byte[] data() {
        byte[] data = new byte[buffer.capacity()];
        buffer.get(0, data);
        return data;
    }

    boolean ended() {
        return ends > 0;
    }

    @Override
    public void completed(IoRequest request, IoStatus how) {
        ends++;
        status = how;
        effect = request.effect();
        endedAtNanos = world.nanos();
        buffersInUse = request.buffersInUse();
        endings.add(this);
    }

    @Override
    public void buffersReleased(IoRequest request) {
        releases++;
    }

    @Override
    public String toString() {
        return request + (ended() ? " ended as " + status + "/" + effect : " not ended");
    }
}
