package io.mpath.sim;

import io.mpath.Effect;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.PassthroughCommand;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One request of a simulated client, from when it was made until its buffers are free again. */
final class ClientRequest implements PassthroughCommand {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** How the client hands it in. */
    enum Form {
        /** A callback: a full device ends it at once. */
        CALLBACK,
        /** A callback, through a channel: a full channel ends it. */
        CHANNEL,
        /** A future: it waits for a slot of a full device. */
        FUTURE
    }

    final long number;
    final String client;
    final Unit unit;
    final MultipathDevice device;
    final IoOperation operation;
    Form form;
    final long offset;
    final int length;

    /** What it reads into or writes from; with compare-and-write, what replaces what is expected. */
    ByteBuffer data = NONE;

    ByteBuffer expected = NONE;

    long beganNanos;
    long timeoutNanos;
    boolean ownTimeout;
    int pieces = 1;

    /** The number of the newest tier of its unit when it was handed in. */
    long tierAtBegin;

    /** Whether its hand-in returned before any attempt was made. */
    boolean parked;

    /** Its place among the reads that were parked, or 0. */
    long place;

    /** How many reads had been parked when it was handed in. */
    long placeAtBegin;

    /** Whether its device may have had no slot for it. */
    boolean mayOverflow;

    int attempts;

    /** How many attempts paths took, rather than refused for want of room. */
    int taken;

    int landings;
    int ends;
    int releases;
    long endedNanos;

    @Nullable
    IoStatus status;

    @Nullable
    Effect effect;

    boolean buffersInUse;
    String message = "";

    ClientRequest(
            long number,
            String client,
            Unit unit,
            MultipathDevice device,
            IoOperation operation,
            Form form,
            long offset,
            int length) {
        this.number = number;
        this.client = client;
        this.unit = unit;
        this.device = device;
        this.operation = operation;
        this.form = form;
        this.offset = offset;
        this.length = length;
    }

    @Override
    public String name() {
        return "#" + number;
    }

    boolean over() {
        return ends > 0 && releases > 0;
    }

    int firstBlock() {
        return (int) (offset / Unit.BLOCK);
    }

    int blocks() {
        return length / Unit.BLOCK;
    }

    /** Whether it puts a value of its own into its blocks. */
    boolean stamps() {
        return operation == IoOperation.WRITE || operation == IoOperation.COMPARE_AND_WRITE;
    }

    @Override
    public String toString() {
        String range = operation == IoOperation.FLUSH || operation == IoOperation.PASSTHROUGH
                ? ""
                : " " + offset + "+" + length;
        return "#" + number + " " + operation + range + " on " + unit.name();
    }
}
