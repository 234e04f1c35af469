package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationKey.NONE;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NEW_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NOBODYS_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.grew;
import static io.mpath.reservation.conformance.ScenarioScript.notReserved;
import static io.mpath.reservation.conformance.ScenarioScript.preempt;
import static io.mpath.reservation.conformance.ScenarioScript.register;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.release;
import static io.mpath.reservation.conformance.ScenarioScript.replace;
import static io.mpath.reservation.conformance.ScenarioScript.reserve;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;

import java.util.List;

/** Whose registration and reservation can be taken away, and what becomes of them. */
final class PreemptScenarios {
    private PreemptScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                scenario("preempt.holder", "who preempts the holder holds, and the holder is not registered any more")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .localRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(
                                LOCAL,
                                registered(LOCAL_KEY, 1),
                                registered(REMOTE_KEY, 0),
                                reserved(WRITE_EXCLUSIVE, LOCAL_KEY),
                                grew(3))
                        .writes(LOCAL, true)
                        .writes(REMOTE, false)
                        .end(),
                scenario("preempt.holder-other-type", "who preempts the holder holds with the type that it names")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .localRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, EXCLUSIVE_ACCESS))
                        .state(LOCAL, registered(REMOTE_KEY, 0), reserved(EXCLUSIVE_ACCESS, LOCAL_KEY))
                        .reads(REMOTE, false)
                        .end(),
                scenario("preempt.registrant", "who preempts a registrant removes it, and the reservation stays")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .remoteRegisters()
                        .writes(REMOTE, true)
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY))
                        .state(
                                LOCAL,
                                registered(REMOTE_KEY, 0),
                                reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, LOCAL_KEY),
                                grew(3))
                        .writes(REMOTE, false)
                        .end(),
                scenario("preempt.registrant-other-type", "who preempts a registrant leaves the type as it is")
                        .localHolds(WRITE_EXCLUSIVE)
                        .remoteRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, EXCLUSIVE_ACCESS))
                        .state(LOCAL, registered(REMOTE_KEY, 0), reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .reads(REMOTE, true)
                        .end(),
                scenario("preempt.unreserved", "where nothing is reserved, preempting reserves nothing")
                        .localRegisters()
                        .remoteRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, registered(LOCAL_KEY, 1), registered(REMOTE_KEY, 0), notReserved(), grew(3))
                        .writes(REMOTE, true)
                        .end(),
                scenario("preempt.nobody", "a key with which nobody is registered cannot be preempted")
                        .localHolds(WRITE_EXCLUSIVE)
                        .conflicts(LOCAL, preempt(LOCAL_KEY, NOBODYS_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, registered(LOCAL_KEY, 1), reserved(WRITE_EXCLUSIVE, LOCAL_KEY), grew(1))
                        .end(),
                scenario("preempt.twice", "a key that was preempted cannot be preempted again")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .localRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .conflicts(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY), grew(3))
                        .end(),
                scenario("preempt.zero", "key 0 cannot be preempted where one nexus or host holds")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .localRegisters()
                        .invalid(LOCAL, preempt(LOCAL_KEY, NONE, WRITE_EXCLUSIVE))
                        .state(LOCAL, registered(REMOTE_KEY, 1), reserved(WRITE_EXCLUSIVE, REMOTE_KEY), grew(2))
                        .end(),
                scenario("preempt.self", "the holder that preempts itself changes the type, and stays registered")
                        .localHolds(WRITE_EXCLUSIVE)
                        .remoteRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, LOCAL_KEY, EXCLUSIVE_ACCESS))
                        .state(
                                LOCAL,
                                registered(LOCAL_KEY, 1),
                                registered(REMOTE_KEY, 1),
                                reserved(EXCLUSIVE_ACCESS, LOCAL_KEY),
                                grew(3))
                        .reads(LOCAL, true)
                        .reads(REMOTE, false)
                        .end(),
                scenario("preempt.stranger", "who is not registered preempts nobody")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .conflicts(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, registered(REMOTE_KEY, 1), reserved(WRITE_EXCLUSIVE, REMOTE_KEY), grew(1))
                        .end(),
                scenario("preempt.wrong-key", "who names another key than its own preempts nobody")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .localRegisters()
                        .conflicts(LOCAL, preempt(NOBODYS_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, registered(REMOTE_KEY, 1), reserved(WRITE_EXCLUSIVE, REMOTE_KEY), grew(2))
                        .end(),
                scenario("preempt.victim-is-a-stranger", "who was preempted is as good as never registered")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .localRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .conflicts(REMOTE, reserve(REMOTE_KEY, WRITE_EXCLUSIVE))
                        .conflicts(REMOTE, release(REMOTE_KEY, WRITE_EXCLUSIVE))
                        .conflicts(REMOTE, preempt(REMOTE_KEY, LOCAL_KEY, WRITE_EXCLUSIVE))
                        .conflicts(REMOTE, replace(REMOTE_KEY, NEW_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), reserved(WRITE_EXCLUSIVE, LOCAL_KEY), grew(3))
                        .end(),
                scenario("preempt.victim-registers-again", "who was preempted may register again")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .remoteRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY))
                        .done(REMOTE, register(NEW_KEY))
                        .writes(REMOTE, true)
                        .state(LOCAL, registered(NEW_KEY, 1), reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, LOCAL_KEY))
                        .end());
    }

    private static ScenarioScript scenario(String id, String title) {
        return ScenarioScript.scenario(id, title, "Preempting", "Reservation Acquire (Preempt)");
    }
}
