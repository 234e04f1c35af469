package io.mpath.scsi.scenario;

import java.util.List;
import java.util.Optional;

/**
 * One behaviour that a clause asks for.
 *
 * @param name the behaviour, as a sentence
 * @param clause where the standard says so
 * @param body finds out
 */
record ScenarioCheck(String name, String clause, Body body) {
    /** Finds out whether a target behaves so. */
    @FunctionalInterface
    interface Body {
        /** Throws {@link ScenarioFailure} when it does not; returns why there was nothing to find out, or empty. */
        Optional<String> run(ScenarioBench bench, List<ScenarioPort> ports);
    }

    /** A check of every port by itself, which every target can be put to. */
    static ScenarioCheck ofEach(String name, String clause, PortBody body) {
        return new ScenarioCheck(name, clause, (bench, ports) -> {
            ports.forEach(port -> body.run(bench, port));
            return Optional.empty();
        });
    }

    /** A check of all ports together, which every target can be put to. */
    static ScenarioCheck of(String name, String clause, PortsBody body) {
        return new ScenarioCheck(name, clause, (bench, ports) -> {
            body.run(bench, ports);
            return Optional.empty();
        });
    }

    /** Of one port. */
    @FunctionalInterface
    interface PortBody {
        void run(ScenarioBench bench, ScenarioPort port);
    }

    /** Of all of them. */
    @FunctionalInterface
    interface PortsBody {
        void run(ScenarioBench bench, List<ScenarioPort> ports);
    }
}
