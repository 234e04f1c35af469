package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PERSISTENT RESERVE IN parameter data of READ FULL STATUS (SPC-6): registrations and reservation, read in one piece.
 *
 * @param generation PRGENERATION, which grows with every change of a registration and wraps at 2^32
 * @param registrations in the order of the data
 */
public record FullStatus(long generation, List<RegistrationStatus> registrations) {
    /**
     * How long the data of one registration may be: one with the longest iSCSI name there can be, and some. A device
     * that has room for no more than one left may have left one out, and does not say so (Linux LIO counts what it
     * returned).
     */
    public static final int MOST_DESCRIPTOR_BYTES = 320;

    /** Copies the list. */
    public FullStatus {
        registrations = List.copyOf(registrations);
    }

    /**
     * Reads it.
     *
     * @throws io.mpath.PageFormatException when it is longer than what was received, see {@link
     *     PersistentReserveIn#lengthOf}, or has a registration that runs past its end, or reservations that cannot be
     *     there together
     */
    public static FullStatus decode(ByteBuffer data) {
        PageReader in = PageReader.bigEndian("READ FULL STATUS data", data);
        int end = PersistentReserveIn.end(in);
        var registrations = new ArrayList<RegistrationStatus>();
        Optional<RegistrationStatus> holder = Optional.empty();
        for (int at = PersistentReserveIn.HEADER_BYTES; at < end; ) {
            long next = at
                    + RegistrationStatus.HEADER_BYTES
                    + in.u32(at + RegistrationStatus.LENGTH_AT, "ADDITIONAL DESCRIPTOR LENGTH");
            if (next > end) {
                throw in.error(
                        at + RegistrationStatus.LENGTH_AT,
                        "ADDITIONAL DESCRIPTOR LENGTH",
                        "a registration of " + (next - at) + " bytes runs past the data");
            }
            RegistrationStatus registration = RegistrationStatus.decode(in, at, (int) next);
            if (registration.held().isPresent()) {
                requireSame(in, at, holder.orElse(registration), registration);
                holder = Optional.of(registration);
            }
            registrations.add(registration);
            at = (int) next;
        }
        return new FullStatus(in.u32(0, "PRGENERATION"), registrations);
    }

    /** There is one reservation. Nexuses of one key may share it, at arrays that keep registrations by host. */
    private static void requireSame(PageReader in, int at, RegistrationStatus one, RegistrationStatus other) {
        ReservationType type = one.held().orElseThrow();
        if (!other.held().equals(one.held())) {
            throw in.error(
                    at,
                    "R_HOLDER",
                    "one holds " + type + ", and another " + other.held().orElseThrow());
        }
        if (!type.allRegistrantsHold() && !other.key().equals(one.key())) {
            throw in.error(at, "R_HOLDER", "both " + one.key() + " and " + other.key() + " hold " + type);
        }
    }

    /** The type of the reservation, or empty where there is none. */
    public Optional<ReservationType> type() {
        return holder().flatMap(RegistrationStatus::held);
    }

    /**
     * The key of the reservation's holder; {@link ReservationKey#NONE} where there is none, or all registrants hold it.
     */
    public ReservationKey holderKey() {
        return holder().filter(one -> !one.held().orElseThrow().allRegistrantsHold())
                .map(RegistrationStatus::key)
                .orElse(ReservationKey.NONE);
    }

    private Optional<RegistrationStatus> holder() {
        return registrations.stream().filter(one -> one.held().isPresent()).findFirst();
    }
}
