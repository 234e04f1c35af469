package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationKey.NONE;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.grew;
import static io.mpath.reservation.conformance.ScenarioScript.nobodyRegistered;
import static io.mpath.reservation.conformance.ScenarioScript.notReserved;
import static io.mpath.reservation.conformance.ScenarioScript.preempt;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.release;
import static io.mpath.reservation.conformance.ScenarioScript.reserve;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;
import static io.mpath.reservation.conformance.ScenarioScript.scenario;
import static io.mpath.reservation.conformance.ScenarioScript.unregister;

import java.util.List;

/** Reservations that all registrants hold. */
final class AllRegistrantsScenarios {
    private static final String ACQUIRE = "Reservation Acquire";
    private static final String TYPES = "Reservation types";

    private AllRegistrantsScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                holding("all.holder", "no single key holds what all registrants hold", ACQUIRE)
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .remoteRegisters()
                        .state(REMOTE, reserved(WRITE_EXCLUSIVE_ALL_REGISTRANTS, NONE))
                        .end(),
                holding("all.newcomer", "where all registrants hold, a newcomer has access", TYPES)
                        .localHolds(EXCLUSIVE_ACCESS_ALL_REGISTRANTS)
                        .reads(REMOTE, false)
                        .remoteRegisters()
                        .reads(REMOTE, true)
                        .writes(REMOTE, true)
                        .end(),
                holding("all.reserve-again", "where all registrants hold, each may reserve again", ACQUIRE)
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .remoteRegisters()
                        .done(REMOTE, reserve(REMOTE_KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS))
                        .state(REMOTE, reserved(WRITE_EXCLUSIVE_ALL_REGISTRANTS, NONE))
                        .end(),
                holding("all.reserve-other-type", "where all registrants hold, none takes another type", ACQUIRE)
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .remoteRegisters()
                        .conflicts(REMOTE, reserve(REMOTE_KEY, EXCLUSIVE_ACCESS_ALL_REGISTRANTS))
                        .state(REMOTE, reserved(WRITE_EXCLUSIVE_ALL_REGISTRANTS, NONE))
                        .end(),
                holding("all.release", "where all registrants hold, each may release", "Reservation Release")
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .remoteRegisters()
                        .done(REMOTE, release(REMOTE_KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS))
                        .state(REMOTE, registered(LOCAL_KEY, 1), registered(REMOTE_KEY, 1), notReserved())
                        .end(),
                unregistering("all.first-unregisters", "what all registrants hold outlasts who reserved it")
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .remoteRegisters()
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .state(REMOTE, registered(LOCAL_KEY, 0), reserved(WRITE_EXCLUSIVE_ALL_REGISTRANTS, NONE))
                        .writes(LOCAL, false)
                        .writes(REMOTE, true)
                        .end(),
                unregistering("all.last-unregisters", "what all registrants hold ends with the last one")
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .remoteRegisters()
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .done(REMOTE, unregister(REMOTE_KEY))
                        .state(REMOTE, nobodyRegistered(), notReserved())
                        .writes(LOCAL, true)
                        .end(),
                preempting("all.preempt-one", "preempting one of all holders leaves the reservation")
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .remoteRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE_ALL_REGISTRANTS))
                        .state(
                                LOCAL,
                                registered(REMOTE_KEY, 0),
                                reserved(WRITE_EXCLUSIVE_ALL_REGISTRANTS, NONE),
                                grew(3))
                        .writes(REMOTE, false)
                        .end(),
                preempting("all.preempt-all", "preempting key 0 where all hold removes all others")
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .remoteRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, NONE, WRITE_EXCLUSIVE))
                        .state(
                                LOCAL,
                                registered(LOCAL_KEY, 1),
                                registered(REMOTE_KEY, 0),
                                reserved(WRITE_EXCLUSIVE, LOCAL_KEY),
                                grew(3))
                        .writes(REMOTE, false)
                        .end());
    }

    private static ScenarioScript holding(String id, String title, String nvmeTopic) {
        return scenario(id, title, "Persistent reservation holder", nvmeTopic);
    }

    private static ScenarioScript unregistering(String id, String title) {
        return scenario(id, title, "Unregistering", "Reservation Register");
    }

    private static ScenarioScript preempting(String id, String title) {
        return scenario(id, title, "Preempting", ACQUIRE);
    }
}
