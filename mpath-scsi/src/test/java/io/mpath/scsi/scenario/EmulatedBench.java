package io.mpath.scsi.scenario;

import io.mpath.path.PathPort;
import io.mpath.scsi.ScsiTransport;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.sim.SimAluaState;
import io.mpath.scsi.sim.SimLogicalUnit;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimScsiArray;
import io.mpath.scsi.sim.SimScsiTransport;
import io.mpath.scsi.sim.SimTargetPort;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.SimWorld;
import java.util.ArrayList;
import java.util.List;

/** The emulated array, in virtual time. */
class EmulatedBench implements ScenarioBench {
    private static final int PORTS = 2;
    private static final long LUN = 3;
    private static final int BLOCK = 512;
    private static final long BLOCKS = 8192;

    final SimScsiArray array;
    final SimLogicalUnit unit;
    final List<SimTargetPort> ports = new ArrayList<>();
    private final SimWorld world;
    private final List<SimScsiTransport> transports = new ArrayList<>();

    EmulatedBench(long seed) {
        world = SimWorld.seeded(seed);
        array = SimScsiArray.in(world, "iqn.2026-01.io.mpath:scenario");
        unit = array.addUnit(LUN, BLOCKS, BLOCK);
        for (int i = 0; i < PORTS; i++) {
            SimTargetPort port = array.addPort("host" + i, i + 1);
            ports.add(port);
            transports.add(new SimScsiTransport(SimNexus.iscsi(port, new PathPort(port.name())), LUN));
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
    public ScsiTransport transport(int port) {
        return transports.get(port);
    }

    @Override
    public ContractDriver driver() {
        return ContractDriver.in(world);
    }

    @Override
    public boolean aluaState(int port, AluaState state) {
        unit.alua(port + 1, SimAluaState.valueOf(state.name()));
        return true;
    }

    @Override
    public boolean grow() {
        unit.resize(unit.blocks() + 8);
        return true;
    }

    @Override
    public boolean loseNexus(int port) {
        SimNexus nexus = transports.get(port).nexus();
        nexus.lose();
        return nexus.reconnect();
    }
}
