package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import io.mpath.reservation.ReservationKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * PERSISTENT RESERVE IN parameter data of READ KEYS (SPC-6).
 *
 * @param generation PRGENERATION, which grows with every change of a registration and wraps at 2^32
 * @param keys of each registration one; so one may be there several times
 */
public record RegisteredKeys(long generation, List<ReservationKey> keys) {
    /** Copies the list. */
    public RegisteredKeys {
        keys = List.copyOf(keys);
    }

    /**
     * Reads it.
     *
     * @throws io.mpath.PageFormatException when it is longer than what was received, see {@link
     *     PersistentReserveIn#lengthOf}, or ends within a key
     */
    public static RegisteredKeys decode(ByteBuffer data) {
        PageReader in = PageReader.bigEndian("READ KEYS data", data);
        int end = PersistentReserveIn.end(in);
        if (end % Long.BYTES != 0) {
            throw in.error(4, "ADDITIONAL LENGTH", "the list ends within a key, at byte " + end);
        }
        var keys = new ArrayList<ReservationKey>();
        for (int at = PersistentReserveIn.HEADER_BYTES; at < end; at += Long.BYTES) {
            keys.add(new ReservationKey(in.bits64(at, "RESERVATION KEY")));
        }
        return new RegisteredKeys(in.u32(0, "PRGENERATION"), keys);
    }
}
