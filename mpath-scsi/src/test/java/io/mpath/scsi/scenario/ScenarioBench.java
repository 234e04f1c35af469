package io.mpath.scsi.scenario;

import io.mpath.scsi.ScsiTransport;
import io.mpath.scsi.command.AluaState;
import io.mpath.sim.ContractDriver;
import java.util.Set;

/**
 * One logical unit behind several target ports, each in a group of its own, and a hand on what a host cannot do itself. {@link
 * ScsiScenarios} <strong>overwrites</strong> the logical unit.
 */
public interface ScenarioBench {
    /** Which target it is: the name under which {@link ExpectedDifferences} has it. */
    String target();

    /** The checks that are about what is not to be had here, each of which must exist. Any other has to be made. */
    default Set<String> lacks() {
        return ExpectedDifferences.lackedBy(target());
    }

    /** How many nexuses lead to the logical unit; at least one. */
    int ports();

    /** The logical unit, of at least 1 MiB, through one of them; always the same object. */
    ScsiTransport transport(int port);

    /** Lets time pass. */
    ContractDriver driver();

    /** Moves the group of a port to a state, as the target itself would; false: this target cannot. */
    boolean aluaState(int port, AluaState state);

    /** Makes the logical unit at least one block larger; false: this target cannot. */
    boolean grow();

    /** Loses the nexus, and waits until it is live again; false: this one cannot be lost. */
    boolean loseNexus(int port);
}
