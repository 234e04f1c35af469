package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NOBODYS_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.grew;
import static io.mpath.reservation.conformance.ScenarioScript.nobodyRegistered;
import static io.mpath.reservation.conformance.ScenarioScript.notReserved;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.reserve;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;

import java.util.List;

/** Who may reserve, and when. */
final class ReserveScenarios {
    private ReserveScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                scenario("reserve.registrant", "who is registered reserves what is not reserved")
                        .localHolds(WRITE_EXCLUSIVE)
                        .state(REMOTE, registered(LOCAL_KEY, 1), reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                scenario("reserve.stranger", "who is not registered cannot reserve")
                        .conflicts(LOCAL, reserve(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, nobodyRegistered(), notReserved(), grew(0))
                        .end(),
                scenario("reserve.wrong-key", "who names another key than its own cannot reserve")
                        .localRegisters()
                        .conflicts(LOCAL, reserve(NOBODYS_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, notReserved())
                        .end(),
                scenario("reserve.others-key", "who names another host's key cannot reserve")
                        .localRegisters()
                        .remoteRegisters()
                        .conflicts(LOCAL, reserve(REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, notReserved())
                        .end(),
                scenario("reserve.again", "the holder may reserve again, which changes nothing")
                        .localHolds(EXCLUSIVE_ACCESS)
                        .done(LOCAL, reserve(LOCAL_KEY, EXCLUSIVE_ACCESS))
                        .state(LOCAL, reserved(EXCLUSIVE_ACCESS, LOCAL_KEY))
                        .end(),
                scenario("reserve.again-other-type", "the holder cannot reserve again with another type")
                        .localHolds(WRITE_EXCLUSIVE)
                        .conflicts(LOCAL, reserve(LOCAL_KEY, EXCLUSIVE_ACCESS))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                scenario("reserve.held", "what another host has reserved cannot be reserved")
                        .localHolds(WRITE_EXCLUSIVE)
                        .remoteRegisters()
                        .conflicts(REMOTE, reserve(REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(REMOTE, reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                scenario("reserve.held-other-type", "what is reserved cannot be reserved with another type")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .remoteRegisters()
                        .conflicts(REMOTE, reserve(REMOTE_KEY, EXCLUSIVE_ACCESS_REGISTRANTS_ONLY))
                        .state(REMOTE, reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, LOCAL_KEY))
                        .end(),
                scenario("reserve.held-registrants-only", "a registrant does not reserve what another holds")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .remoteRegisters()
                        .conflicts(REMOTE, reserve(REMOTE_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY))
                        .state(REMOTE, reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, LOCAL_KEY))
                        .end());
    }

    private static ScenarioScript scenario(String id, String title) {
        return ScenarioScript.scenario(id, title, "Reserving", "Reservation Acquire");
    }
}
