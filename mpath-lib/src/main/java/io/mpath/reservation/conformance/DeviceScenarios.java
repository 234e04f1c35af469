package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NEW_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NOBODYS_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.clear;
import static io.mpath.reservation.conformance.ScenarioScript.grew;
import static io.mpath.reservation.conformance.ScenarioScript.preempt;
import static io.mpath.reservation.conformance.ScenarioScript.registerIgnoring;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.release;
import static io.mpath.reservation.conformance.ScenarioScript.replace;
import static io.mpath.reservation.conformance.ScenarioScript.reserve;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;
import static io.mpath.reservation.conformance.ScenarioScript.scenario;
import static io.mpath.reservation.conformance.ScenarioScript.unregister;

import io.mpath.path.ReservationCommand.Register;
import io.mpath.reservation.ReservationKey;
import java.util.List;

/** What a device says of itself: its generation, and whether it forgets when it loses power. */
final class DeviceScenarios {
    private DeviceScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                generation("generation.changes", "each change of a registration takes the generation on by one")
                        .localRegisters()
                        .state(LOCAL, grew(1))
                        .done(LOCAL, replace(LOCAL_KEY, NEW_KEY))
                        .state(LOCAL, grew(1))
                        .done(LOCAL, registerIgnoring(LOCAL_KEY))
                        .state(LOCAL, grew(1))
                        .remoteRegisters()
                        .state(LOCAL, grew(1))
                        .done(LOCAL, preempt(LOCAL_KEY, REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, grew(1))
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .state(LOCAL, grew(1))
                        .localRegisters()
                        .done(LOCAL, clear(LOCAL_KEY))
                        .state(LOCAL, grew(2))
                        .end(),
                generation("generation.reservations", "reserving, releasing and reading leave the generation as it is")
                        .localRegisters()
                        .state(LOCAL, grew(1))
                        .done(LOCAL, reserve(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, grew(0))
                        .done(LOCAL, release(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, grew(0))
                        .end(),
                generation("generation.conflicts", "what meets a conflict leaves the generation as it is")
                        .localHolds(WRITE_EXCLUSIVE)
                        .state(LOCAL, grew(1))
                        .conflicts(LOCAL, replace(NOBODYS_KEY, NEW_KEY))
                        .conflicts(LOCAL, preempt(LOCAL_KEY, NOBODYS_KEY, WRITE_EXCLUSIVE))
                        .conflicts(LOCAL, clear(NOBODYS_KEY))
                        .conflicts(REMOTE, release(REMOTE_KEY, WRITE_EXCLUSIVE))
                        .state(LOCAL, grew(0))
                        .end(),
                persistence("persistence.on", "a registration turns persistence through power loss on, and it is told")
                        .done(LOCAL, persistent(ReservationKey.NONE, LOCAL_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), new StateFact.Persistent(true))
                        .end(),
                persistence("persistence.last-decides", "the last registration decides for all")
                        .done(LOCAL, persistent(ReservationKey.NONE, LOCAL_KEY))
                        .done(LOCAL, reserve(LOCAL_KEY, WRITE_EXCLUSIVE))
                        .remoteRegisters()
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, LOCAL_KEY), new StateFact.Persistent(false))
                        .done(LOCAL, persistent(LOCAL_KEY, NEW_KEY))
                        .state(LOCAL, reserved(WRITE_EXCLUSIVE, NEW_KEY), new StateFact.Persistent(true))
                        .end());
    }

    private static Register persistent(ReservationKey existing, ReservationKey wanted) {
        return new Register(existing, wanted, false, true);
    }

    private static ScenarioScript generation(String id, String title) {
        return scenario(id, title, "PRGENERATION", "Generation");
    }

    private static ScenarioScript persistence(String id, String title) {
        return scenario(id, title, "Preserving persistent reservations (APTPL)", "Persist Through Power Loss");
    }
}
