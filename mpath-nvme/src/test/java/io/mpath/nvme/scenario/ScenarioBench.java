package io.mpath.nvme.scenario;

import io.mpath.nvme.NvmeTransport;
import io.mpath.nvme.command.AnaState;
import io.mpath.sim.ContractDriver;

/**
 * A subsystem with one shared namespace behind several controllers, and a hand on what a host cannot do itself. {@link NvmeScenarios}
 * <strong>overwrites</strong> the namespace.
 */
public interface ScenarioBench {
    /** Which target it is: the name under which {@link ExpectedDifferences} has it. */
    String target();

    /** How many controllers lead to the namespace; at least one. */
    int ports();

    /** A controller, connected; always the same object. */
    NvmeTransport transport(int port);

    /** The namespace: at least 1 MiB, in group 1 of the ANA groups, optimized through every port. */
    long nsid();

    /** Lets time pass. */
    ContractDriver driver();

    /** Moves the namespace's ANA group to a state as the controller at {@code port} has it, and as no other has it. */
    void anaState(int port, AnaState state);

    /** Makes the namespace at least one block larger; false: this target cannot. */
    boolean grow();

    /** Resets the connection of a controller, and waits until it is live again. */
    void resetConnection(int port);
}
