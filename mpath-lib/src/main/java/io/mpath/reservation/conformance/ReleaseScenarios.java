package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NOBODYS_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.notReserved;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.release;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;
import static io.mpath.reservation.conformance.ScenarioScript.unregister;

import java.util.List;

/** How a reservation ends by its holder's will. */
final class ReleaseScenarios {
    private ReleaseScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                scenario("release.holder", "the holder releases, stays registered, and everybody has access")
                        .localHolds(EXCLUSIVE_ACCESS)
                        .done(LOCAL, release(LOCAL_KEY, EXCLUSIVE_ACCESS))
                        .state(LOCAL, registered(LOCAL_KEY, 1), notReserved())
                        .reads(REMOTE, true)
                        .writes(REMOTE, true)
                        .end(),
                scenario("release.holder-registrants-only", "other registrants stay when the holder releases")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .remoteRegisters()
                        .done(LOCAL, release(LOCAL_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), registered(REMOTE_KEY, 1), notReserved())
                        .end(),
                scenario("release.not-holder", "a registrant that does not hold releases nothing, without an error")
                        .localHolds(WRITE_EXCLUSIVE)
                        .remoteRegisters()
                        .done(REMOTE, release(REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(REMOTE, registered(REMOTE_KEY, 1), reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .writes(REMOTE, false)
                        .end(),
                scenario("release.stranger", "who is not registered cannot release")
                        .localHolds(WRITE_EXCLUSIVE)
                        .conflicts(REMOTE, release(REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                scenario("release.wrong-key", "the holder that names another key cannot release")
                        .localHolds(WRITE_EXCLUSIVE)
                        .conflicts(LOCAL, release(NOBODYS_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                scenario("release.stolen-key", "who is not registered cannot release by naming the holder's key")
                        .localHolds(WRITE_EXCLUSIVE)
                        .conflicts(REMOTE, release(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                scenario("release.wrong-type", "the holder that names another type cannot release")
                        .localHolds(WRITE_EXCLUSIVE)
                        .invalid(LOCAL, release(LOCAL_KEY, EXCLUSIVE_ACCESS))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                scenario("release.nothing", "where nothing is reserved, releasing does nothing, without an error")
                        .localRegisters()
                        .done(LOCAL, release(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, registered(LOCAL_KEY, 1), notReserved())
                        .end(),
                unregistering("release.by-unregistering", "the holder that unregisters releases")
                        .localHolds(WRITE_EXCLUSIVE)
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 0), notReserved())
                        .writes(REMOTE, true)
                        .end(),
                unregistering("release.by-unregistering-shared", "the holder that unregisters releases for all")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .remoteRegisters()
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .state(REMOTE, registered(LOCAL_KEY, 0), registered(REMOTE_KEY, 1), notReserved())
                        .writes(LOCAL, true)
                        .end(),
                unregistering("release.not-by-registrant", "a registrant that unregisters releases nothing")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .remoteRegisters()
                        .done(REMOTE, unregister(REMOTE_KEY))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, LOCAL_KEY))
                        .writes(REMOTE, false)
                        .end());
    }

    private static ScenarioScript scenario(String id, String title) {
        return ScenarioScript.scenario(id, title, "Releasing", "Reservation Release");
    }

    private static ScenarioScript unregistering(String id, String title) {
        return ScenarioScript.scenario(id, title, "Unregistering", "Reservation Register");
    }
}
