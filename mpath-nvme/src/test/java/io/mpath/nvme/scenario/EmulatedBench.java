package io.mpath.nvme.scenario;

import io.mpath.nvme.NvmeTransport;
import io.mpath.nvme.command.AnaState;
import io.mpath.nvme.sim.SimAnaState;
import io.mpath.nvme.sim.SimController;
import io.mpath.nvme.sim.SimNvmeTransport;
import io.mpath.nvme.sim.SimSubsystem;
import io.mpath.path.PathPort;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.SimWorld;
import java.util.ArrayList;
import java.util.List;

/** The emulated subsystem, in virtual time. */
class EmulatedBench implements ScenarioBench {
    private static final int PORTS = 2;
    private static final long NSID = 3;
    private static final int BLOCK = 512;
    private static final long BLOCKS = 8192;

    final SimSubsystem subsystem;
    final List<SimController> controllers = new ArrayList<>();
    private final SimWorld world;
    private final List<SimNvmeTransport> transports = new ArrayList<>();

    EmulatedBench(long seed) {
        world = SimWorld.seeded(seed);
        subsystem = SimSubsystem.in(world, "nqn.2026-01.io.mpath:scenario");
        subsystem.addNamespace(NSID, BLOCKS, BLOCK);
        for (int i = 0; i < PORTS; i++) {
            controllers.add(subsystem.addController("nvme" + i));
        }
    }

    @Override
    public String target() {
        return "emulated";
    }

    @Override
    public int ports() {
        return PORTS;
    }

    @Override
    public NvmeTransport transport(int port) {
        while (transports.size() <= port) {
            SimController next = controllers.get(transports.size());
            transports.add(SimNvmeTransport.tcp(next, new PathPort(next.name())));
        }
        return transports.get(port);
    }

    @Override
    public long nsid() {
        return NSID;
    }

    @Override
    public ContractDriver driver() {
        return ContractDriver.in(world);
    }

    @Override
    public void anaState(int port, AnaState state) {
        controllers.get(port).anaState(1, SimAnaState.valueOf(state.name()));
    }

    @Override
    public boolean grow() {
        subsystem.namespace(NSID).resize(subsystem.namespace(NSID).blocks() + 8);
        return true;
    }

    @Override
    public void resetConnection(int port) {
        SimNvmeTransport transport = transports.get(port);
        transport.disconnect();
        transport.reconnect();
    }
}
