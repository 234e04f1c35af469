package io.mpath.sim;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The medium of one simulated logical unit: blocks in memory, zero until written, and a record of every attempt that took
 * effect on them, through whatever path and however late.
 *
 * <p>Threading: any thread; each attempt takes effect as a whole.
 */
public final class SimDisk {
    private final Object lock = new Object();
    private final Map<Long, byte[]> blocks = new TreeMap<>();
    private final Recent<Execution> executions = new Recent<>();
    private final SimReservations reservations = new SimReservations();
    private long executed;
    private Observer observer = (execution, data) -> {};
    private boolean takesPassthrough;
    private PathDescription description;

    /** A disk that all of its paths describe in the same words. */
    public SimDisk(PathDescription description) {
        this.description = description;
    }

    /** A disk without attributes. */
    public SimDisk(DeviceId id, Geometry geometry) {
        this(new PathDescription(id, geometry));
    }

    /**
     * An attempt that took effect.
     *
     * @param atNanos when, by the clock of the path's device
     * @param path the path that it came through
     * @param operation what it did
     * @param offset where, in bytes
     * @param length how much, in bytes
     * @param tag the attempt's tag
     */
    public record Execution(long atNanos, String path, IoOperation operation, long offset, long length, long tag) {}

    /** Told of everything that takes effect, in that order, on the thread that carries it out. */
    @FunctionalInterface
    public interface Observer {
        /**
         * An attempt took effect.
         *
         * @param execution what took effect; its length is that of the part which did
         * @param data the attempt's data: what is written, what was read, or for compare-and-write what is expected and
         *     then what replaces it; not to be changed
         */
        void landed(Execution execution, byte[] data);
    }

    /** Tells {@code value} from here on, and nobody else. */
    public SimDisk observe(Observer value) {
        synchronized (lock) {
            observer = value;
        }
        return this;
    }

    /** What is registered and reserved; nothing at first. What it forbids, no {@link SimPath} does. */
    public SimReservations reservations() {
        return reservations;
    }

    /** Takes every passthrough command, which then does nothing; by default it knows none. */
    public SimDisk withPassthrough() {
        synchronized (lock) {
            takesPassthrough = true;
        }
        return this;
    }

    /** What its paths say of it, unless their script says otherwise. */
    public PathDescription description() {
        synchronized (lock) {
            return description;
        }
    }

    /** Changes what it is: another size, other limits, another identity. What it holds stays. */
    public void describe(PathDescription value) {
        synchronized (lock) {
            description = value;
        }
    }

    /** Changes its capacity, in bytes. */
    public void resize(long bytes) {
        synchronized (lock) {
            description = description.withGeometry(description.geometry().withSize(bytes));
        }
    }

    /** The attempts that took effect, in that order: the last 65,536 of them. */
    public List<Execution> executions() {
        synchronized (lock) {
            return executions.copy();
        }
    }

    /** How many attempts have taken effect. */
    public long executed() {
        synchronized (lock) {
            return executed;
        }
    }

    /** What it holds from {@code offset} on; both parameters in whole blocks. */
    public byte[] contents(long offset, int length) {
        synchronized (lock) {
            return read(offset, length);
        }
    }

    /**
     * Carries out the first {@code length} bytes of {@code attempt}.
     *
     * @return why it refused, or null
     */
    @Nullable
    PathFailure execute(SimAttempt attempt, long length, long atNanos) {
        synchronized (lock) {
            PathFailure refusal = refusal(attempt);
            if (refusal != null) {
                return refusal;
            }
            byte[] payload = attempt.payload();
            if (attempt.operation() == IoOperation.COMPARE_AND_WRITE) {
                int half = payload.length / 2;
                if (!Arrays.equals(read(attempt.offset(), half), Arrays.copyOf(payload, half))) {
                    return PathFailure.fail(IoStatus.MISCOMPARE, "the disk holds other data");
                }
            }
            var execution = new Execution(
                    atNanos, attempt.path(), attempt.operation(), attempt.offset(), length, attempt.tag());
            attempt.payload(land(execution, payload));
            return null;
        }
    }

    /**
     * Carries out what reached the disk by another way than a {@link SimPath}, such as an emulator of a protocol, which has
     * checked that it is legal: whole blocks within the disk, and for compare-and-write that the disk holds what is expected.
     *
     * @param execution what takes effect
     * @param data its data: what is written, or for compare-and-write what is expected and then what replaces it; else ignored
     * @return what was read, or {@code data}
     */
    public byte[] land(Execution execution, byte[] data) {
        synchronized (lock) {
            long offset = execution.offset();
            byte[] moved = data;
            switch (execution.operation()) {
                case READ -> moved = read(offset, (int) execution.length());
                case WRITE -> write(offset, data, 0, (int) execution.length());
                case DISCARD, WRITE_ZEROES -> zero(offset, execution.length());
                case COMPARE_AND_WRITE -> write(offset, data, data.length / 2, data.length);
                case FLUSH, PASSTHROUGH -> {}
            }
            executed++;
            executions.add(execution);
            observer.landed(execution, moved);
            return moved;
        }
    }

    private @Nullable PathFailure refusal(SimAttempt attempt) {
        Geometry geometry = description.geometry();
        IoOperation operation = attempt.operation();
        if (!geometry.operations().contains(operation) && !(operation == IoOperation.PASSTHROUGH && takesPassthrough)) {
            return PathFailure.fail(IoStatus.UNSUPPORTED, "the disk has no " + operation);
        }
        if (geometry.readOnly() && !operation.harmless()) {
            return PathFailure.fail(IoStatus.READ_ONLY, "the disk is read-only");
        }
        if (attempt.offset() > geometry.sizeBytes() - attempt.length()) {
            return PathFailure.fail(IoStatus.OUT_OF_RANGE, "the disk ends at " + geometry.sizeBytes() + " bytes");
        }
        return null;
    }

    private byte[] read(long offset, int length) {
        int block = description.geometry().logicalBlockSize();
        byte[] into = new byte[length];
        for (int at = 0; at < length; at += block) {
            byte[] held = blocks.get((offset + at) / block);
            if (held != null) {
                System.arraycopy(held, 0, into, at, block);
            }
        }
        return into;
    }

    private void write(long offset, byte[] from, int start, int end) {
        int block = description.geometry().logicalBlockSize();
        for (int at = start; at < end; at += block) {
            blocks.put((offset + at - start) / block, Arrays.copyOfRange(from, at, at + block));
        }
    }

    private void zero(long offset, long length) {
        int block = description.geometry().logicalBlockSize();
        blocks.keySet().removeIf(at -> at >= offset / block && at < (offset + length) / block);
    }
}
