package io.mpath.reservation.conformance;

import static io.mpath.reservation.ReservationKey.NONE;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.conformance.Party.LOCAL;
import static io.mpath.reservation.conformance.Party.REMOTE;
import static io.mpath.reservation.conformance.ScenarioScript.LOCAL_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NEW_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.NOBODYS_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.REMOTE_KEY;
import static io.mpath.reservation.conformance.ScenarioScript.grew;
import static io.mpath.reservation.conformance.ScenarioScript.nobodyRegistered;
import static io.mpath.reservation.conformance.ScenarioScript.notReserved;
import static io.mpath.reservation.conformance.ScenarioScript.ofNvme;
import static io.mpath.reservation.conformance.ScenarioScript.ofScsi;
import static io.mpath.reservation.conformance.ScenarioScript.register;
import static io.mpath.reservation.conformance.ScenarioScript.registerIgnoring;
import static io.mpath.reservation.conformance.ScenarioScript.registered;
import static io.mpath.reservation.conformance.ScenarioScript.replace;
import static io.mpath.reservation.conformance.ScenarioScript.reserved;
import static io.mpath.reservation.conformance.ScenarioScript.unregister;

import java.util.List;

/** How a registration is made, replaced and ended. */
final class RegisterScenarios {
    private static final String SCSI = "Registering";
    private static final String SCSI_UNREGISTER = "Unregistering";
    private static final String NVME = "Reservation Register";

    private RegisterScenarios() {}

    static List<ConformanceScenario> all() {
        return List.of(
                scenario("register.new", "who is not registered registers with a key, and reserves nothing")
                        .localRegisters()
                        .state(LOCAL, registered(LOCAL_KEY, 1), notReserved(), grew(1))
                        .end(),
                scenario("register.each-host", "each host has its own registration, and all see it")
                        .localRegisters()
                        .remoteRegisters()
                        .state(LOCAL, registered(LOCAL_KEY, 1), registered(REMOTE_KEY, 1), grew(2))
                        .state(REMOTE, registered(LOCAL_KEY, 1), registered(REMOTE_KEY, 1), grew(0))
                        .end(),
                scenario("register.replace", "who names the existing key replaces it")
                        .localRegisters()
                        .done(LOCAL, replace(LOCAL_KEY, NEW_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 0), registered(NEW_KEY, 1), grew(2))
                        .end(),
                scenario("register.replace-wrong-key", "who names another key than the existing one meets a conflict")
                        .localRegisters()
                        .conflicts(LOCAL, replace(NOBODYS_KEY, NEW_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), registered(NEW_KEY, 0), grew(1))
                        .end(),
                scenario("register.replace-others-key", "who names another host's key replaces nothing")
                        .localRegisters()
                        .remoteRegisters()
                        .conflicts(LOCAL, replace(REMOTE_KEY, NEW_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), registered(REMOTE_KEY, 1), registered(NEW_KEY, 0))
                        .end(),
                scenario("register.replace-nothing", "who is not registered has no key to replace")
                        .conflicts(LOCAL, replace(LOCAL_KEY, NEW_KEY))
                        .state(LOCAL, nobodyRegistered(), grew(0))
                        .end(),
                scenario("register.other-key-again", "a registrant does not register with another key")
                        .localRegisters()
                        .conflicts(LOCAL, register(NEW_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), registered(NEW_KEY, 0), grew(1))
                        .end(),
                ofScsi("register.same-key-again-scsi", "a registrant does not register with the same key", SCSI)
                        .localRegisters()
                        .conflicts(LOCAL, register(LOCAL_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), grew(1))
                        .end(),
                ofNvme("register.same-key-again-nvme", "a registrant may register with the same key again", NVME)
                        .localRegisters()
                        .done(LOCAL, register(LOCAL_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1))
                        .end(),
                scenario("register.ignoring-nothing", "who ignores the existing key may register without having one")
                        .done(LOCAL, registerIgnoring(LOCAL_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), grew(1))
                        .end(),
                scenario("register.ignoring-existing", "who ignores the existing key replaces it")
                        .localRegisters()
                        .done(LOCAL, registerIgnoring(NEW_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 0), registered(NEW_KEY, 1), grew(2))
                        .end(),
                scenario("register.holder-replaces", "a holder that replaces its key still holds")
                        .localHolds(WRITE_EXCLUSIVE)
                        .done(LOCAL, replace(LOCAL_KEY, NEW_KEY))
                        .state(LOCAL, registered(NEW_KEY, 1), reserved(WRITE_EXCLUSIVE, NEW_KEY))
                        .writes(LOCAL, true)
                        .writes(REMOTE, false)
                        .end(),
                scenario("register.while-reserved", "a reservation keeps nobody from registering")
                        .remoteHolds(EXCLUSIVE_ACCESS)
                        .localRegisters()
                        .state(LOCAL, registered(LOCAL_KEY, 1), reserved(EXCLUSIVE_ACCESS, REMOTE_KEY))
                        .reads(LOCAL, false)
                        .end(),
                unregistering("unregister.own", "who names its key ends its registration, and no other")
                        .localRegisters()
                        .remoteRegisters()
                        .done(LOCAL, unregister(LOCAL_KEY))
                        .state(REMOTE, registered(LOCAL_KEY, 0), registered(REMOTE_KEY, 1), grew(3))
                        .end(),
                unregistering("unregister.wrong-key", "who names another key does not end its registration")
                        .localRegisters()
                        .conflicts(LOCAL, unregister(NOBODYS_KEY))
                        .state(LOCAL, registered(LOCAL_KEY, 1), grew(1))
                        .end(),
                unregistering("unregister.ignoring", "who ignores the existing key ends its registration")
                        .localRegisters()
                        .done(LOCAL, registerIgnoring(NONE))
                        .state(LOCAL, nobodyRegistered(), grew(2))
                        .end(),
                ofScsi("unregister.nothing-scsi", "a stranger unregisters, which does nothing", SCSI_UNREGISTER)
                        .done(LOCAL, unregister(NONE))
                        .state(LOCAL, nobodyRegistered())
                        .end(),
                ofNvme("unregister.nothing-nvme", "a stranger cannot unregister", NVME)
                        .conflicts(LOCAL, unregister(LOCAL_KEY))
                        .state(LOCAL, nobodyRegistered(), grew(0))
                        .end());
    }

    private static ScenarioScript scenario(String id, String title) {
        return ScenarioScript.scenario(id, title, SCSI, NVME);
    }

    private static ScenarioScript unregistering(String id, String title) {
        return ScenarioScript.scenario(id, title, SCSI_UNREGISTER, NVME);
    }
}
