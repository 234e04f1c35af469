package io.mpath.nvme;

import io.mpath.PageFormatException;
import io.mpath.nvme.command.ReservationStatus;
import io.mpath.nvme.command.ReservationStatus.RegisteredController;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What a Reservation Report says, by hosts: one registration each, however many controllers it is told with. */
final class ReportedReservations {
    private static final String PAGE = "Reservation Status";

    private ReportedReservations() {}

    /**
     * The state of which a report told. A host that was told with several controllers has no port.
     *
     * @throws PageFormatException when one host has two keys, or there is a reservation that nobody holds
     */
    static ReservationState state(ReservationStatus status) {
        Map<String, Registrant> hosts = new LinkedHashMap<>();
        for (RegisteredController told : status.registrants()) {
            var registrant = new Registrant(told.key(), told.holder(), told.host(), told.controllerId());
            // Who has no identifier is another host at every controller.
            String host = told.hasHost() ? told.host() : "#" + hosts.size();
            hosts.merge(host, registrant, ReportedReservations::sameHost);
        }
        List<Registrant> all = List.copyOf(hosts.values());
        return new ReservationState(
                status.generation(),
                all,
                status.type().map(type -> new ReservationState.Held(type, holder(type, all))),
                status.persistsThroughPowerLoss());
    }

    private static Registrant sameHost(Registrant one, Registrant other) {
        if (!one.key().equals(other.key())) {
            throw nonsense("RKEY", "host " + one.host() + " has keys " + one.key() + " and " + other.key());
        }
        OptionalInt port = one.port().equals(other.port()) ? one.port() : OptionalInt.empty();
        return new Registrant(one.key(), one.holder() || other.holder(), one.host(), port);
    }

    private static ReservationKey holder(ReservationType type, List<Registrant> all) {
        if (type.allRegistrantsHold()) {
            return ReservationKey.NONE;
        }
        return all.stream()
                .filter(Registrant::holder)
                .map(Registrant::key)
                .findFirst()
                .orElseThrow(() -> nonsense("RCSTS", "there is a reservation, " + type + ", and nobody holds it"));
    }

    private static PageFormatException nonsense(String field, String problem) {
        return new PageFormatException(PAGE, field, 0, problem);
    }
}
