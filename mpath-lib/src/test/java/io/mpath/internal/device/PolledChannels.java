package io.mpath.internal.device;

import io.mpath.BlockDevice;
import io.mpath.ControlLoop;
import io.mpath.Environment;
import io.mpath.IoChannel;
import io.mpath.IoRequest;
import io.mpath.MultipathDevice;
import io.mpath.sim.SimThread;
import io.mpath.sim.SimWorld;
import java.util.LinkedHashMap;
import java.util.Map;

/** A channel for each device, of a simulated thread that polls whenever something may have ended. */
final class PolledChannels {
    private final SimWorld world;
    private final int depth;
    private final SimThread owner;
    private final Map<BlockDevice, IoChannel> channels = new LinkedHashMap<>();
    private boolean toBePolled;

    PolledChannels(SimWorld world, int depth) {
        this.world = world;
        this.depth = depth;
        this.owner = world.thread("channel owner");
        world.onTrace(label -> pollSoon());
    }

    /** The world's, whose control loop and executor have the channels polled behind each task. */
    Environment environment() {
        Environment plain = world.environment();
        return new Environment(
                plain.ticker(),
                (delay, task) -> plain.timers().schedule(delay, thenPoll(task)),
                new PollingLoop(plain.loop()),
                plain.entropy(),
                task -> plain.completions().execute(thenPoll(task)),
                plain.blocking(),
                plain.numa(),
                plain.stripes(),
                plain.stop());
    }

    void submit(BlockDevice device, IoRequest request) {
        if (device instanceof MultipathDevice multipath) {
            channels.computeIfAbsent(device, any -> multipath.openChannel(depth))
                    .submit(request);
            pollSoon();
        } else {
            device.submit(request);
        }
    }

    private Runnable thenPoll(Runnable task) {
        return () -> {
            task.run();
            pollSoon();
        };
    }

    void pollSoon() {
        boolean underWay = channels.values().stream().anyMatch(channel -> channel.inFlight() > 0);
        if (underWay && !toBePolled) {
            toBePolled = true;
            owner.execute(this::poll);
        }
    }

    private void poll() {
        toBePolled = false;
        channels.values().forEach(IoChannel::poll);
    }

    private final class PollingLoop implements ControlLoop {
        private final ControlLoop loop;

        PollingLoop(ControlLoop loop) {
            this.loop = loop;
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(thenPoll(task));
        }

        @Override
        public boolean inLoop() {
            return loop.inLoop();
        }
    }
}
