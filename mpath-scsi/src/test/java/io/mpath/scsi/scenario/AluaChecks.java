package io.mpath.scsi.scenario;

import static io.mpath.scsi.scenario.ScsiScenarios.expect;
import static io.mpath.scsi.scenario.ScsiScenarios.expectDone;
import static io.mpath.scsi.scenario.ScsiScenarios.expectSense;

import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.ReportTargetPortGroups;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.SetTargetPortGroups;
import io.mpath.scsi.command.StandardInquiry.Tpgs;
import io.mpath.scsi.command.TargetPortGroup;
import io.mpath.scsi.command.TargetPortGroups;
import io.mpath.sim.LoneRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Target port groups and their access states. */
final class AluaChecks {
    private static final int STATE_CHANGED = 0x062a06;
    private static final int STANDBY = 0x02040b;
    private static final int UNAVAILABLE = 0x02040c;
    private static final String NO_ALUA = "TPGS is 0";
    private static final String FIXED = "the bench cannot move its states";

    private AluaChecks() {}

    static List<ScenarioCheck> all() {
        return List.of(
                withAlua(
                        "groups list every port in its own group, through every port",
                        "SPC-6 6.35, 7.7.6.8",
                        AluaChecks::listed),
                withAlua("extended header brings the same groups", "SPC-6 6.35", AluaChecks::extended),
                withAlua(
                        "access state decides how I/O ends, through its own port alone",
                        "SPC-6 5.18.2.4 to 5.18.2.7",
                        AluaChecks::states),
                withAlua(
                        "logical unit says who it is and what states there are in every state",
                        "SPC-6 5.18.2.6, 5.18.2.7",
                        AluaChecks::describes),
                withAlua(
                        "changed state is told to every nexus, once",
                        "SPC-6 5.18.2.3 ASYMMETRIC ACCESS STATE CHANGED",
                        AluaChecks::told),
                withAlua(
                        "states are set by command where TPGS says so, and only there", "SPC-6 6.45", AluaChecks::set));
    }

    private static ScenarioCheck withAlua(String name, String clause, ScenarioCheck.Body body) {
        return new ScenarioCheck(
                name, clause, (bench, ports) -> ports.get(0).hasAlua() ? body.run(bench, ports) : Optional.of(NO_ALUA));
    }

    private static Optional<String> listed(ScenarioBench bench, List<ScenarioPort> ports) {
        TargetPortGroups first = ports.get(0).groups();
        for (ScenarioPort port : ports) {
            int own = port.identification().relativeTargetPort().orElse(0);
            TargetPortGroup group = port.group();
            expect(group.relativePorts().contains(own), "%s: group %s is without port %d", port, group, own);
            expect(port.groups().equals(first), "%s tells %s, another port %s", port, port.groups(), first);
        }
        return Optional.empty();
    }

    private static Optional<String> extended(ScenarioBench bench, List<ScenarioPort> ports) {
        ScenarioPort port = ports.get(0);
        var command = new ReportTargetPortGroups(true, 4096);
        ScsiResult end = port.end(command);
        if (end.treatment().isPresent()) {
            expectSense(end, 0x052400, "a header that is not supported");
            return Optional.of("it knows the short header only");
        }
        TargetPortGroups longer = TargetPortGroups.decode(port.data(command));
        expect(longer.groups().equals(port.groups().groups()), "%s with the extended header", longer.groups());
        return Optional.empty();
    }

    private static Optional<String> states(ScenarioBench bench, List<ScenarioPort> ports) {
        return inEachState(bench, ports, state -> {
            ScenarioPort port = ports.get(0);
            expect(port.state() == state, "%s says that it is %s when it is %s", port, port.state(), state);
            expectEnd(port.end(read(port)), state, "a read");
            expectEnd(port.end(write(port)), state, "a write");
            for (ScenarioPort other : ports.subList(1, ports.size())) {
                expect(other.state() == AluaState.OPTIMIZED, "%s is %s, too", other, other.state());
                other.succeeds(read(other));
            }
        });
    }

    private static void expectEnd(ScsiResult found, AluaState state, String what) {
        String of = what + " in state " + state;
        switch (state) {
            case STANDBY -> expectSense(found, STANDBY, of);
            case UNAVAILABLE -> expectSense(found, UNAVAILABLE, of);
            default -> expectDone(found, of);
        }
    }

    private static Optional<String> describes(ScenarioBench bench, List<ScenarioPort> ports) {
        ScenarioPort port = ports.get(0);
        var id = port.identification().deviceId();
        return inEachState(bench, ports, state -> {
            expect(port.inquiry().isDisk(), "it is no disk in state %s", state);
            expect(port.identification().deviceId().equals(id), "it is another one in state %s", state);
            expect(port.state() == state, "its group is %s in state %s", port.state(), state);
        });
    }

    /** What is to hold in a state. */
    private interface InState {
        void check(AluaState state);
    }

    private static Optional<String> inEachState(ScenarioBench bench, List<ScenarioPort> ports, InState body) {
        TargetPortGroup group = ports.get(0).group();
        try {
            for (AluaState state :
                    List.of(AluaState.NON_OPTIMIZED, AluaState.STANDBY, AluaState.UNAVAILABLE, AluaState.OPTIMIZED)) {
                if (!group.supported().contains(state)) {
                    continue;
                }
                if (!bench.aluaState(0, state)) {
                    return Optional.of(FIXED);
                }
                ports.forEach(ScenarioPort::settle);
                body.check(state);
            }
            return Optional.empty();
        } finally {
            bench.aluaState(0, AluaState.OPTIMIZED);
        }
    }

    private static Optional<String> told(ScenarioBench bench, List<ScenarioPort> ports) {
        if (!bench.aluaState(0, AluaState.NON_OPTIMIZED)) {
            return Optional.of(FIXED);
        }
        try {
            for (ScenarioPort port : ports) {
                expectSense(port.ready(), STATE_CHANGED, port + ": what comes first after a change");
                expectDone(port.ready(), port + ": what comes after that");
            }
        } finally {
            bench.aluaState(0, AluaState.OPTIMIZED);
        }
        return Optional.empty();
    }

    private static Optional<String> set(ScenarioBench bench, List<ScenarioPort> ports) {
        ScenarioPort port = ports.get(0);
        int group = port.group().id();
        Tpgs tpgs = port.inquiry().targetPortGroups();
        ScsiResult end = ask(port, group, AluaState.NON_OPTIMIZED);
        if (tpgs == Tpgs.IMPLICIT) {
            boolean refused = end.sense()
                    .filter(sense -> sense.key() == SenseKey.ILLEGAL_REQUEST)
                    .isPresent();
            expect(refused, "it was taken: %s", end);
            return Optional.empty();
        }
        expectDone(end, "SET TARGET PORT GROUPS");
        ports.forEach(ScenarioPort::settle);
        expect(port.state() == AluaState.NON_OPTIMIZED, "it is %s", port.state());
        expectDone(ask(port, group, AluaState.OPTIMIZED), "SET TARGET PORT GROUPS");
        ports.forEach(ScenarioPort::settle);
        expect(port.state() == AluaState.OPTIMIZED, "it is still %s", port.state());
        return Optional.empty();
    }

    private static ScsiResult ask(ScenarioPort port, int group, AluaState state) {
        var command = new SetTargetPortGroups(List.of(new SetTargetPortGroups.Change(group, state)));
        ByteBuffer parameters = ByteBuffer.allocate(command.dataBytes());
        command.encodeParameters(parameters);
        return port.end(command, parameters.rewind());
    }

    private static LoneRequest read(ScenarioPort port) {
        return LoneRequest.read(0, port.blockBytes());
    }

    private static LoneRequest write(ScenarioPort port) {
        return LoneRequest.write(0, new byte[port.blockBytes()]);
    }
}
