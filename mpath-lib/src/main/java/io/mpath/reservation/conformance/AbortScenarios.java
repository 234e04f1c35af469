package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NOBODYS_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.grew;
import static io.mpath.reservation.conformance.ScenarioScript.preemptAndAbort;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;

import java.util.List;

/**
 * PREEMPT AND ABORT does to registrations what PREEMPT does. What it does to commands under way is not shown here: a device may
 * have carried out any of them before it.
 */
final class AbortScenarios {
    private AbortScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                scenario("abort.nobody", "with abort, too, a key with which nobody is registered cannot be preempted")
                        .localHolds(WRITE_EXCLUSIVE)
                        .conflicts(LOCAL, preemptAndAbort(LOCAL_KEY, NOBODYS_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY), grew(1))
                        .end(),
                scenario("abort.stranger", "with abort, too, who is not registered preempts nobody")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .conflicts(LOCAL, preemptAndAbort(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, REMOTE_KEY), grew(1))
                        .end(),
                scenario("abort.registrant", "with abort, too, a registrant is removed, and the reservation stays")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .remoteRegisters()
                        .done(LOCAL, preemptAndAbort(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY))
                        .state(
                                LOCAL,
                                registered(REMOTE_KEY, 0),
                                reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, LOCAL_KEY),
                                grew(3))
                        .writes(REMOTE, false)
                        .end(),
                scenario("abort.holder", "with abort, too, who preempts the holder holds")
                        .remoteHolds(WRITE_EXCLUSIVE)
                        .localRegisters()
                        .done(LOCAL, preemptAndAbort(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(
                                LOCAL,
                                registered(LOCAL_KEY, 1),
                                registered(REMOTE_KEY, 0),
                                reserved(WRITE_EXCLUSIVE, LOCAL_KEY),
                                grew(3))
                        .writes(LOCAL, true)
                        .writes(REMOTE, false)
                        .end());
    }

    private static ScenarioScript scenario(String id, String title) {
        return ScenarioScript.scenario(id, title, "Preempting and aborting", "Reservation Acquire (Preempt and Abort)");
    }
}
