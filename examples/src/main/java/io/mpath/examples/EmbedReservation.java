package io.mpath.examples;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Reservations;
import io.mpath.scsi.linux.ScsiDiscovery;
import java.nio.file.Path;
import java.util.List;

/** Reservations over all paths, the same as in README.md: keeps all hosts out that are not registered. */
public final class EmbedReservation {
    private EmbedReservation() {}

    /** Takes the identity of a device and nodes of its disks; needs {@code CAP_SYS_RAWIO}. */
    public static void main(String... arguments) {
        String id = arguments[0];
        List<String> nodes = List.of(arguments).subList(1, arguments.length);
        try (Multipath multipath = Multipath.create()) {
            ScsiDiscovery scsi = ScsiDiscovery.system();
            nodes.forEach(node -> multipath.join(scsi.candidate(Path.of(node))));
            MultipathDevice device = multipath.device(DeviceId.parse(id)).orElseThrow();
            Reservations reservations = device.reservations();
            Registration own = new Registration(ReservationKey.parse("0xa1"));
            System.out.println(reservations.register(own).join().text());
            ReservationType type = ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
            System.out.println(reservations.reserve(type).join().text());
        }
    }
}
