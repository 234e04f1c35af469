package io.mpath.reservation.conformance;

import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.scenario;

import com.google.common.collect.ImmutableList;
import io.mpath.reservation.ReservationType;
import java.util.List;

/** Who may read and write under each type of reservation: the holder, another registrant, and who is not registered. */
final class AccessScenarios {
    private static final String SCSI = "Commands allowed in the presence of a reservation";
    private static final String NVME = "Reservation types";

    private AccessScenarios() {}

    static List<ConformanceScenario> all() {
        ImmutableList.Builder<ConformanceScenario> all = ImmutableList.builder();
        for (ReservationType type : ReservationType.values()) {
            boolean registrantReads = type.registrantsHaveAccess() || !type.excludesReads();
            all.add(scenario("access." + type + ".holder", "the holder reads and writes", SCSI, NVME)
                    .localHolds(type)
                    .reads(LOCAL, true)
                    .writes(LOCAL, true)
                    .end());
            all.add(scenario("access." + type + ".registrant", registrant(type), SCSI, NVME)
                    .localHolds(type)
                    .remoteRegisters()
                    .reads(REMOTE, registrantReads)
                    .writes(REMOTE, type.registrantsHaveAccess())
                    .end());
            all.add(scenario("access." + type + ".stranger", "who is not registered " + reader(type), SCSI, NVME)
                    .localHolds(type)
                    .reads(REMOTE, !type.excludesReads())
                    .writes(REMOTE, false)
                    .end());
        }
        return all.build();
    }

    private static String registrant(ReservationType type) {
        return type.registrantsHaveAccess()
                ? "another registrant reads and writes"
                : "another registrant " + reader(type);
    }

    private static String reader(ReservationType type) {
        return type.excludesReads() ? "neither reads nor writes" : "reads, and does not write";
    }
}
