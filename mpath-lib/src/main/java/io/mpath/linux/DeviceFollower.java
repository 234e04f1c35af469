package io.mpath.linux;

import io.mpath.Multipath;
import io.mpath.Offer;
import io.mpath.path.PathCandidate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a registry every device that an adapter finds once in each of its lives. One that could not become a path is offered again, with pauses that
 * double from 200 ms to about 30 s: most often the former path of its name is still on its way out. What was left out stays so
 * until it comes anew. That a device is gone is said by the path to it.
 *
 * <p>Threading: {@code offered} is guarded by the monitor, which only the watch's thread and whoever begins to follow take; {@code
 * ended} is filled by any thread. A look that was hurried while another one ended may come only at its settled time.
 */
public final class DeviceFollower implements DeviceWatch.Watcher, AutoCloseable {
    /** How long after one look the next is due when nothing is awaited. */
    public static final Duration SETTLED = Duration.ofSeconds(5);
    /** How long after one look the next is due while something is to be offered again. */
    public static final Duration RESTLESS = Duration.ofMillis(200);

    /** What is announced comes in crowds: one look is for all of it. */
    public static final Duration SOON = Duration.ofMillis(20);

    private static final int LONGEST_PAUSE_LOOKS = 128;
    private static final Logger LOG = LoggerFactory.getLogger(DeviceFollower.class);

    private final Supplier<List<Present>> discovery;
    private final Set<String> subsystems;
    private final Multipath registry;
    private final DeviceWatch.Watch watch;
    private final Map<String, Offered> offered = new HashMap<>();
    private final Queue<Offered> ended = new ConcurrentLinkedQueue<>();
    private volatile boolean hurried;

    /**
     * A device that is there.
     *
     * @param candidate what to offer
     * @param life equal for equal lives of the device, and no others
     */
    public record Present(PathCandidate candidate, Object life) {}

    private static final class Offered {
        final String name;
        final Object life;
        int pauseLooks;
        // 0: not to be offered again.
        int looksLeft;

        Offered(String name, Object life) {
            this.name = name;
            this.life = life;
        }
    }

    private DeviceFollower(
            Supplier<List<Present>> discovery, Set<String> subsystems, Multipath registry, DeviceWatch watches) {
        this.discovery = discovery;
        this.subsystems = subsystems;
        this.registry = registry;
        this.watch = watches.watch(this, SETTLED);
    }

    /**
     * Begins.
     *
     * @param discovery finds all that there is
     * @param subsystems what the kernel announces such devices under
     * @throws io.mpath.MultipathException when nothing can be watched
     */
    public static DeviceFollower begin(
            Supplier<List<Present>> discovery, Set<String> subsystems, Multipath registry, DeviceWatch watches) {
        var follower = new DeviceFollower(discovery, subsystems, registry, watches);
        follower.look();
        return follower;
    }

    @Override
    public void happened(Uevent uevent) {
        boolean comes = uevent.action().equals("add") || uevent.action().equals("remove");
        if (comes && !hurried && subsystems.contains(uevent.subsystem())) {
            hurried = true;
            watch.every(SOON);
        }
    }

    @Override
    public synchronized void look() {
        hurried = false;
        List<Present> present = discovery.get();
        forgetTheGone(present);
        boolean waiting = countPauses();
        for (Present each : present) {
            Offered before = offered.get(each.candidate().name());
            if (before == null) {
                offer(each.candidate(), new Offered(each.candidate().name(), each.life()));
            } else if (before.looksLeft == 1) {
                before.looksLeft = 0;
                offer(each.candidate(), before);
            }
        }
        watch.every(waiting || !ended.isEmpty() ? RESTLESS : SETTLED);
    }

    private void forgetTheGone(List<Present> present) {
        Map<String, Object> lives = new HashMap<>();
        present.forEach(each -> lives.put(each.candidate().name(), each.life()));
        offered.values().removeIf(each -> !each.life.equals(lives.get(each.name)));
    }

    /** Whether any is to be offered again. */
    private boolean countPauses() {
        for (Offered each = ended.poll(); each != null; each = ended.poll()) {
            each.pauseLooks = Math.min(Math.max(1, each.pauseLooks * 2), LONGEST_PAUSE_LOOKS);
            each.looksLeft = each.pauseLooks + 1;
        }
        boolean waiting = false;
        for (Offered each : offered.values()) {
            if (each.looksLeft > 1) {
                each.looksLeft--;
                waiting = true;
            }
        }
        return waiting;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // an offer that fails is made again
    private void offer(PathCandidate candidate, Offered now) {
        offered.put(now.name, now);
        registry.offer(candidate).whenComplete((offer, failure) -> {
            if (failure != null || offer instanceof Offer.Refused) {
                LOG.debug("{} is not a path yet: {}", now.name, failure == null ? offer : failure.getMessage());
                ended.add(now);
                watch.every(RESTLESS);
            }
        });
    }

    /** Offers nothing more; the paths remain. */
    @Override
    public void close() {
        watch.close();
    }
}
