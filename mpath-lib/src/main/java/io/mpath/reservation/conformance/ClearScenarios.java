package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NOBODYS_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.clear;
import static io.mpath.reservation.conformance.ScenarioScript.grew;
import static io.mpath.reservation.conformance.ScenarioScript.nobodyRegistered;
import static io.mpath.reservation.conformance.ScenarioScript.notReserved;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;

import java.util.List;

/** How everything is removed at once. */
final class ClearScenarios {
    private ClearScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                scenario("clear.holder", "the holder clears the reservation and all registrations")
                        .localHolds(EXCLUSIVE_ACCESS)
                        .remoteRegisters()
                        .done(LOCAL, clear(LOCAL_KEY))
                        .state(LOCAL, nobodyRegistered(), notReserved(), grew(3))
                        .writes(REMOTE, true)
                        .end(),
                scenario("clear.registrant", "a registrant that does not hold clears them, too")
                        .remoteHolds(EXCLUSIVE_ACCESS)
                        .localRegisters()
                        .done(LOCAL, clear(LOCAL_KEY))
                        .state(LOCAL, nobodyRegistered(), notReserved(), grew(3))
                        .writes(LOCAL, true)
                        .writes(REMOTE, true)
                        .end(),
                scenario("clear.stranger", "who is not registered clears nothing")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .conflicts(LOCAL, clear(REMOTE_KEY))
                        .state(LOCAL, registered(REMOTE_KEY, 1), reserved(WRITE_EXCLUSIVE, REMOTE_KEY), grew(1))
                        .end(),
                scenario("clear.wrong-key", "who names another key than its own clears nothing")
                        .localHolds(WRITE_EXCLUSIVE)
                        .conflicts(LOCAL, clear(NOBODYS_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), reserved(WRITE_EXCLUSIVE, LOCAL_KEY), grew(1))
                        .end());
    }

    private static ScenarioScript scenario(String id, String title) {
        return ScenarioScript.scenario(id, title, "Clearing", "Reservation Release (Clear)");
    }
}
