package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.LOCAL_SECOND;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.grew;
import static io.mpath.reservation.conformance.ScenarioScript.notReserved;
import static io.mpath.reservation.conformance.ScenarioScript.ofScsi;
import static io.mpath.reservation.conformance.ScenarioScript.preempt;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.release;
import static io.mpath.reservation.conformance.ScenarioScript.reserve;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;
import static io.mpath.reservation.conformance.ScenarioScript.unregister;

import java.util.List;

/** What every nexus being known by itself means for the several of one host (SCSI). */
final class NexusScenarios {
    private static final String HOLDER = "Persistent reservation holder";
    private static final String ALLOWED = "Commands allowed in the presence of a reservation";
    private static final String PREEMPTING = "Preempting";

    private NexusScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                ofScsi("nexus.registered-alone", "one nexus' registration does not count for another", "Registering")
                        .localRegisters()
                        .state(LOCAL_SECOND, registered(LOCAL_KEY, 1))
                        .conflicts(LOCAL_SECOND, reserve(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .end(),
                ofScsi("nexus.same-key", "several nexuses may be registered with one key, each once", "Registering")
                        .localRegisters()
                        .localSecondRegisters()
                        .state(REMOTE, registered(LOCAL_KEY, 2), grew(2))
                        .end(),
                ofScsi("nexus.unregister-one", "a nexus ends its own registration, and no other's", "Unregistering")
                        .localRegisters()
                        .localSecondRegisters()
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), grew(3))
                        .end(),
                ofScsi("nexus.write-exclusive", "the holder's host does not write through another nexus", ALLOWED)
                        .localHolds(WRITE_EXCLUSIVE)
                        .localSecondRegisters()
                        .reads(LOCAL_SECOND, true)
                        .writes(LOCAL_SECOND, false)
                        .end(),
                ofScsi("nexus.exclusive-access", "the holder's host does not read through another nexus", ALLOWED)
                        .localHolds(EXCLUSIVE_ACCESS)
                        .localSecondRegisters()
                        .reads(LOCAL_SECOND, false)
                        .writes(LOCAL_SECOND, false)
                        .end(),
                ofScsi("nexus.registrants-only", "the holder's host has access through every registered nexus", ALLOWED)
                        .localHolds(EXCLUSIVE_ACCESS_REGISTRANTS_ONLY)
                        .reads(LOCAL_SECOND, false)
                        .localSecondRegisters()
                        .reads(LOCAL_SECOND, true)
                        .writes(LOCAL_SECOND, true)
                        .end(),
                ofScsi("nexus.not-holder", "another nexus of the holder's host cannot reserve again", HOLDER)
                        .localHolds(WRITE_EXCLUSIVE)
                        .localSecondRegisters()
                        .conflicts(LOCAL_SECOND, reserve(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .end(),
                ofScsi("nexus.release", "another nexus of the holder's host releases nothing", "Releasing")
                        .localHolds(WRITE_EXCLUSIVE)
                        .localSecondRegisters()
                        .done(LOCAL_SECOND, release(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL_SECOND, reserved(WRITE_EXCLUSIVE, LOCAL_KEY))
                        .end(),
                ofScsi("nexus.holder-unregisters", "another nexus does not keep the reservation", "Unregistering")
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .localSecondRegisters()
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), notReserved())
                        .end(),
                ofScsi("nexus.all-registrants", "a second nexus keeps what all registrants hold", HOLDER)
                        .localHolds(WRITE_EXCLUSIVE_ALL_REGISTRANTS)
                        .localSecondRegisters()
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .writes(LOCAL_SECOND, true)
                        .writes(LOCAL, false)
                        .end(),
                ofScsi("nexus.preempt-key", "a key is preempted for every nexus that is registered with it", PREEMPTING)
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .localSecondRegisters()
                        .remoteRegisters()
                        .done(REMOTE, preempt(REMOTE_KEY, LOCAL_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY))
                        .state(
                                REMOTE,
                                registered(LOCAL_KEY, 0),
                                reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, REMOTE_KEY),
                                grew(4))
                        .writes(LOCAL, false)
                        .writes(LOCAL_SECOND, false)
                        .end(),
                ofScsi("nexus.preempt-self", "the holder's own preemption removes its other nexuses", PREEMPTING)
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .localSecondRegisters()
                        .done(LOCAL, preempt(LOCAL_KEY, LOCAL_KEY, EXCLUSIVE_ACCESS_REGISTRANTS_ONLY))
                        .state(
                                LOCAL,
                                registered(LOCAL_KEY, 1),
                                reserved(EXCLUSIVE_ACCESS_REGISTRANTS_ONLY, LOCAL_KEY),
                                grew(3))
                        .writes(LOCAL, true)
                        .reads(LOCAL_SECOND, false)
                        .end(),
                ofScsi("nexus.move", "another nexus takes over by preempting the host's key", PREEMPTING)
                        .localHolds(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)
                        .localSecondRegisters()
                        .done(LOCAL_SECOND, preempt(LOCAL_KEY, LOCAL_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY))
                        .state(
                                LOCAL_SECOND,
                                registered(LOCAL_KEY, 1),
                                reserved(WRITE_EXCLUSIVE_REGISTRANTS_ONLY, LOCAL_KEY),
                                grew(3))
                        .writes(LOCAL_SECOND, true)
                        .writes(LOCAL, false)
                        .end());
    }
}
