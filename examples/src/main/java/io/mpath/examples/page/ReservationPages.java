package io.mpath.examples.page;

import io.mpath.nvme.command.ReservationStatus;
import io.mpath.nvme.command.ReservationStatus.RegisteredController;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import io.mpath.scsi.command.CurrentReservation;
import io.mpath.scsi.command.FullStatus;
import io.mpath.scsi.command.PersistentReserveCapabilities;
import io.mpath.scsi.command.RegisteredKeys;
import io.mpath.scsi.command.RegistrationStatus;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What devices say of reservations, with fields named as in the standards; keys and types as {@code mpath reserve} has them. */
final class ReservationPages {
    private static final int HEADER_BYTES = 24;
    private static final int EXTENDED_HEADER_BYTES = 64;

    private ReservationPages() {}

    static PageFields keys(ByteBuffer page) {
        RegisteredKeys data = RegisteredKeys.decode(page);
        return new PageFields()
                .number("prgeneration", data.generation())
                .texts(
                        "reservation_keys",
                        data.keys().stream().map(ReservationKey::toString).toList());
    }

    static PageFields reservation(ByteBuffer page) {
        CurrentReservation data = CurrentReservation.decode(page);
        return new PageFields()
                .number("prgeneration", data.generation())
                .text("type", data.type().map(ReservationType::toString))
                .text("reservation_key", key(data.holder()));
    }

    private static Optional<String> key(ReservationKey key) {
        return key.isNone() ? Optional.empty() : Optional.of(key.toString());
    }

    static PageFields capabilities(ByteBuffer page) {
        PersistentReserveCapabilities data = PersistentReserveCapabilities.decode(page);
        return new PageFields()
                .flag("sip_c", data.initiatorPortsCapable())
                .flag("atp_c", data.allTargetPortsCapable())
                .flag("ptpl_c", data.persistenceCapable())
                .flag("ptpl_a", data.persistenceActive())
                .texts("types", data.types().map(ReservationPages::words));
    }

    private static List<String> words(Collection<ReservationType> types) {
        return types.stream().sorted().map(ReservationType::toString).toList();
    }

    static PageFields fullStatus(ByteBuffer page) {
        FullStatus data = FullStatus.decode(page);
        return new PageFields()
                .number("prgeneration", data.generation())
                .parts(
                        "registrations",
                        data.registrations().stream()
                                .map(ReservationPages::registration)
                                .toList());
    }

    private static PageFields registration(RegistrationStatus registration) {
        return new PageFields()
                .text("reservation_key", registration.key().toString())
                .flag("r_holder", registration.held().isPresent())
                .text("type", registration.held().map(ReservationType::toString))
                .flag("all_tg_pt", registration.relativePort().isEmpty())
                .number("relative_target_port_identifier", registration.relativePort())
                .text("transport_id", Optional.of(registration.initiator()).filter(text -> !text.isEmpty()));
    }

    static PageFields report(ByteBuffer page) {
        boolean extended = extended(page);
        ReservationStatus data = ReservationStatus.decode(page, extended);
        return new PageFields()
                .flag("extended", extended)
                .number("gen", data.generation())
                .text("rtype", data.type().map(ReservationType::toString))
                .flag("ptpls", data.persistsThroughPowerLoss())
                .parts(
                        "registrants",
                        data.registrants().stream()
                                .map(ReservationPages::registrant)
                                .toList());
    }

    /**
     * Whether it is the extended data structure, which does not say so itself: the plain one has its first registrant where the
     * other one is reserved, with a key, which is not zero. Without registrants they say the same.
     */
    private static boolean extended(ByteBuffer page) {
        boolean any = ReservationStatus.wholeBytes(page, true) > EXTENDED_HEADER_BYTES;
        for (int at = HEADER_BYTES; at < EXTENDED_HEADER_BYTES; at++) {
            if (at >= page.remaining() || page.get(page.position() + at) != 0) {
                return false;
            }
        }
        return any;
    }

    private static PageFields registrant(RegisteredController registrant) {
        return new PageFields()
                .number("cntlid", registrant.controllerId())
                .flag("rcsts", registrant.holder())
                .text("hostid", registrant.host())
                .text("rkey", registrant.key().toString());
    }
}
