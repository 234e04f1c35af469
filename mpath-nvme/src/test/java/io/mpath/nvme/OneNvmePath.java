package io.mpath.nvme;

import io.mpath.sim.SimWorld;

/** A path that is attached on its own, to a controller whose answers are scripted, and another controller beside it. */
abstract class OneNvmePath {
    static final long NSID = 1;

    final SimWorld world = SimWorld.seeded(1);
    final ScriptedController a = new ScriptedController("nvme0").withoutAna();
    final ScriptedController b = new ScriptedController("nvme1").withoutAna();
    final RecordedReports control = new RecordedReports(world);
    NvmeController controller = new NvmeController(a, NvmeSettings.defaults());

    NvmePath attached() {
        var path = (NvmePath) controller.open(NSID, "/dev/nvme0n1");
        onLoop(() -> path.attach(control));
        return path;
    }

    void onLoop(Runnable task) {
        world.environment().loop().execute(task);
        world.runUntilIdle();
    }
}
