package io.mpath.nvme;

import com.google.common.primitives.Ints;
import io.mpath.PassthroughCommand;
import io.mpath.nvme.command.NvmeCommand;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command of the user's own for an I/O queue, carried out by one path, once (Linux: {@code NVME_IOCTL_IO64_CMD} on a path of a
 * multipath head). It goes to the namespace that the device is.
 *
 * <p>Threading: {@link #result} is read after the request has ended.
 */
public final class NvmePassthrough implements PassthroughCommand {
    private static final int DWORDS = 6;

    private final String name;
    private final int opcode;
    private final int[] dwords;
    private final NvmeCommand.Transfer transfer;
    private final @Nullable ByteBuffer data;
    private volatile long result;

    /**
     * A command.
     *
     * @param name what an operator would call it, for messages
     * @param opcode 0 to FFh; its two lowest bits tell the direction of the data, as the standard has it
     * @param dwords command dwords 10 to 15
     * @param data what is transferred, from position to limit, a direct buffer or not; null where nothing is. Not to be touched
     *     before the request has ended
     * @throws IllegalArgumentException when there are not six dwords, the opcode does not fit, or it moves data both ways
     */
    public NvmePassthrough(String name, int opcode, int[] dwords, @Nullable ByteBuffer data) {
        if (opcode < 0 || opcode > 0xff) {
            throw new IllegalArgumentException("opcode " + opcode + " is not from 0 to 255");
        }
        if (dwords.length != DWORDS) {
            throw new IllegalArgumentException(dwords.length + " command dwords instead of 6, dwords 10 to 15");
        }
        this.name = Objects.requireNonNull(name, "name");
        this.opcode = opcode;
        this.dwords = dwords.clone();
        this.transfer = switch (opcode & 3) {
            case 0 -> NvmeCommand.Transfer.NONE;
            case 1 -> NvmeCommand.Transfer.TO_CONTROLLER;
            case 2 -> NvmeCommand.Transfer.TO_HOST;
            default -> throw new IllegalArgumentException("opcode " + opcode + " moves data both ways");
        };
        if (transfer != NvmeCommand.Transfer.NONE) {
            Objects.requireNonNull(data, "data");
        }
        this.data = data;
    }

    @Override
    public String name() {
        return name;
    }

    /** The opcode. */
    public int opcode() {
        return opcode;
    }

    /** Command dword {@code number}, 10 to 15. */
    public int dword(int number) {
        return dwords[Ints.constrainToRange(number, 10, 15) - 10];
    }

    /** Where its data goes. */
    public NvmeCommand.Transfer transfer() {
        return transfer;
    }

    /** Its data, or null. */
    public @Nullable ByteBuffer data() {
        return data;
    }

    /** Dwords 0 and 1 of the completion of the last time that it was carried out. */
    public long result() {
        return result;
    }

    /** Told by the transport before it ends the request. */
    public void result(long value) {
        result = value;
    }
}
