package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.LOCAL_SECOND;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NEW_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.notReserved;
import static io.mpath.reservation.conformance.ScenarioScript.ofNvme;
import static io.mpath.reservation.conformance.ScenarioScript.preempt;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.release;
import static io.mpath.reservation.conformance.ScenarioScript.replace;
import static io.mpath.reservation.conformance.ScenarioScript.reserve;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;
import static io.mpath.reservation.conformance.ScenarioScript.unregister;

import java.util.List;

/** What hosts being known, and not their ways, means for several controllers (NVMe). */
final class HostScenarios {
    private HostScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                scenario("host.reserve", "a host that registered through one controller reserves through another")
                        .localRegisters()
                        .done(LOCAL_SECOND, reserve(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                scenario("host.access", "the holder reads and writes through all of its controllers")
                        .localHolds(EXCLUSIVE_ACCESS)
                        .reads(LOCAL_SECOND, true)
                        .writes(LOCAL_SECOND, true)
                        .end(),
                scenario("host.release", "the holder releases through any of its controllers")
                        .localHolds(WRITE_EXCLUSIVE)
                        .done(LOCAL_SECOND, release(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, registered(LOCAL_KEY, 1), notReserved())
                        .end(),
                scenario("host.replace", "a host replaces its key through any of its controllers")
                        .localHolds(WRITE_EXCLUSIVE)
                        .done(LOCAL_SECOND, replace(LOCAL_KEY, NEW_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 0), reserved(WRITE_EXCLUSIVE, NEW_KEY))
                        .end(),
                scenario("host.unregister", "a host unregisters through any of its controllers, for all of them")
                        .localHolds(WRITE_EXCLUSIVE)
                        .done(LOCAL_SECOND, unregister(LOCAL_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 0), notReserved())
                        .conflicts(LOCAL, reserve(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .end(),
                scenario("host.preempted", "a host that is preempted loses access through all of its controllers")
                        .localHolds(EXCLUSIVE_ACCESS)
                        .remoteRegisters()
                        .done(REMOTE, preempt(REMOTE_KEY, LOCAL_KEY, EXCLUSIVE_ACCESS))
                        .reads(LOCAL, false)
                        .reads(LOCAL_SECOND, false)
                        .end());
    }

    private static ScenarioScript scenario(String id, String title) {
        return ofNvme(id, title, "Host identifier");
    }
}
