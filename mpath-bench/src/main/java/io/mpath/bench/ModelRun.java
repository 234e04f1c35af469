package io.mpath.bench;

import io.mpath.Admission;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Geometry;
import io.mpath.IoCallback;
import io.mpath.IoRequest;
import io.mpath.MarginalPolicy;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.path.PathDescription;
import io.mpath.policy.IoPolicy;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimArray;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimRandom;
import io.mpath.sim.SimThread;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * A device of the library over paths of a model, whose callers keep a number of requests under way, in virtual time. Marginal
 * paths are not looked for: a path that is a hundred times slower than its sibling would be set aside, and there were nothing to
 * compare.
 *
 * @param requestsPerSecond that ended
 * @param shares of the requests that each path was given
 */
record ModelRun(double requestsPerSecond, List<Double> shares) {
    private static final int BLOCK = 512;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration MEASURED = Duration.ofSeconds(4);

    /** Runs it. */
    static ModelRun of(IoPolicy policy, int depth, List<Function<SimRandom, ModelPath>> models) {
        SimWorld world = SimWorld.seeded(1);
        SimArray array = SimArray.in(world)
                .withDisk("disk", new PathDescription(DeviceId.named("disk"), Geometry.of(1 << 20, BLOCK)));
        List<SimPath> paths = new ArrayList<>();
        Multipath registry = Multipath.builder()
                .admission(Admission.capable())
                .settings(DeviceSettings.defaults().withPolicy(policy).withMarginal(MarginalPolicy.off()))
                .environment(world.environment())
                .build();
        for (Function<SimRandom, ModelPath> model : models) {
            String port = "port" + paths.size();
            SimPath path = array.withPort(port).path(port, "disk");
            serve(path, world, port, model.apply(world.random(port)));
            paths.add(path);
            world.await(registry.offer(path));
        }
        world.runUntilIdle();
        return measure(world, registry.device(DeviceId.named("disk")).orElseThrow(), depth, paths);
    }

    private static void serve(SimPath path, SimWorld world, String name, ModelPath model) {
        SimThread target = world.thread("target of " + name);
        path.script(attempt -> {
            target.schedule(Duration.ofNanos(model.end(world.nanos()) - world.nanos()), attempt::complete);
            return SimAnswer.hang();
        });
    }

    private static ModelRun measure(SimWorld world, MultipathDevice device, int depth, List<SimPath> paths) {
        long[] ended = {0};
        IoCallback again = (request, status) -> {
            ended[0]++;
            ByteBuffer buffer = (ByteBuffer) Objects.requireNonNull(request.attachment());
            buffer.clear();
            device.submit(request.read(0, buffer));
        };
        for (int i = 0; i < depth; i++) {
            ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
            device.submit(
                    IoRequest.create().onComplete(again).attachment(buffer).read(0, buffer));
        }
        world.runFor(WARM_UP);
        long endedBefore = ended[0];
        long[] before = paths.stream().mapToLong(SimPath::submitted).toArray();
        world.runFor(MEASURED);

        long[] given = new long[before.length];
        long all = 0;
        for (int i = 0; i < given.length; i++) {
            given[i] = paths.get(i).submitted() - before[i];
            all += given[i];
        }
        List<Double> shares = new ArrayList<>();
        for (long count : given) {
            shares.add((double) count / all);
        }
        return new ModelRun((ended[0] - endedBefore) / (MEASURED.toNanos() / 1e9), List.copyOf(shares));
    }
}
