package io.mpath.scsi;

import io.mpath.PassthroughCommand;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command of the user's own, carried out by one path, once (Linux: SG_IO on a path of a multipath device).
 *
 * <p>Threading: {@link #result} is read after the request has ended.
 */
public final class ScsiPassthrough implements PassthroughCommand {
    private static final int SHORTEST_CDB = 6;
    private static final int LONGEST_CDB = 16;

    private final String name;
    private final byte[] cdb;
    private final ScsiCommand.Transfer transfer;
    private final @Nullable ByteBuffer data;
    private volatile @Nullable ScsiResult result;

    /**
     * A command.
     *
     * @param name what an operator would call it, for messages
     * @param cdb its command descriptor block, 6 to 16 bytes; copied
     * @param transfer where its data goes
     * @param data what is transferred, from position to limit, a direct buffer or not; null where nothing is. Not to be touched
     *     before the request has ended
     * @throws IllegalArgumentException when the block has another length
     */
    public ScsiPassthrough(String name, byte[] cdb, ScsiCommand.Transfer transfer, @Nullable ByteBuffer data) {
        if (cdb.length < SHORTEST_CDB || cdb.length > LONGEST_CDB) {
            throw new IllegalArgumentException(
                    "a command descriptor block of " + cdb.length + " bytes is not from 6 to 16 bytes long");
        }
        this.name = Objects.requireNonNull(name, "name");
        this.cdb = cdb.clone();
        this.transfer = transfer;
        if (transfer != ScsiCommand.Transfer.NONE) {
            Objects.requireNonNull(data, "data");
        }
        this.data = data;
    }

    @Override
    public String name() {
        return name;
    }

    /** A copy of its command descriptor block. */
    public byte[] cdb() {
        return cdb.clone();
    }

    /** Where its data goes. */
    public ScsiCommand.Transfer transfer() {
        return transfer;
    }

    /** Its data, or null. */
    public @Nullable ByteBuffer data() {
        return data;
    }

    /** How it ended the last time that it was carried out, sense data and residual included; null when it never came to an end. */
    public @Nullable ScsiResult result() {
        return result;
    }

    /** Told by the transport before it ends the request. */
    public void result(ScsiResult value) {
        result = value;
    }
}
