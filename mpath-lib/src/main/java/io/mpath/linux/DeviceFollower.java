package io.mpath.linux;

import io.mpath.Multipath;
import io.mpath.Offer;
import io.mpath.Ticker;
import io.mpath.path.PathCandidate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a registry every device that an adapter finds once in each of its lives. One that could not become a path is offered again, with pauses that
 * double from 200 ms to about 30 s: most often the former path of its name is still on its way out. What was left out stays so
 * until it comes anew, or says something else of why it is to be left out, which it is asked every 30 s: an administrator may have
 * followed the advice. That a device is gone is said by the path to it.
 *
 * <p>A look reads all of sysfs that concerns the adapter; so one comes at settled intervals, and earlier only for an announcement or
 * when something is due to be offered again.
 *
 * <p>Threading: {@code offered} is guarded by the monitor, which only the watch's thread and whoever begins to follow take; {@code
 * announced} and {@code nextLook} are guarded by {@code pace}, which any thread takes, briefly.
 */
public final class DeviceFollower implements DeviceWatch.Watcher, AutoCloseable {
    /** How long after one look the next is due when nothing is to be offered again before. */
    public static final Duration SETTLED = Duration.ofSeconds(5);
    /** The first pause before something is offered again; unannounced looks are no closer to one another. */
    public static final Duration RESTLESS = Duration.ofMillis(200);

    /** What is announced comes in crowds: one look is for all of it. */
    public static final Duration SOON = Duration.ofMillis(20);

    /** How often what was left out is asked whether that still holds; a look that comes later asks then. */
    public static final Duration LEFT_OUT = Duration.ofSeconds(30);

    private static final long LONGEST_PAUSE_NANOS = RESTLESS.multipliedBy(128).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(DeviceFollower.class);

    private final Supplier<List<Present>> discovery;
    private final Set<String> subsystems;
    private final Multipath registry;
    private final DeviceWatch.Watch watch;
    private final Map<String, Offered> offered = new HashMap<>();
    private final Ticker ticker;
    private final Object pace = new Object();

    private boolean announced;
    private long nextLook;

    /**
     * A device that is there.
     *
     * @param candidate what to offer
     * @param life equal for equal lives of the device, and no others
     */
    public record Present(PathCandidate candidate, Object life) {}

    /** One life of a device: with the registry, or waiting to be offered to it again; changed by who has it. */
    private static final class Offered {
        final String name;
        final Object life;
        long pauseNanos;
        long due;
        volatile boolean waits;
        // What it said of why it is to be left out, when it was offered.
        List<String> reasons = List.of();
        long askedAt;
        volatile boolean leftOut;

        Offered(String name, Object life) {
            this.name = name;
            this.life = life;
        }

        void waitFrom(long now) {
            pauseNanos = Math.min(Math.max(RESTLESS.toNanos(), 2 * pauseNanos), LONGEST_PAUSE_NANOS);
            due = now + pauseNanos;
            waits = true;
        }

        boolean isDue(long now) {
            return waits && due - now <= 0;
        }

        /** Whether it was left out, and says something else by now of why it is to be. */
        boolean mayBeLetIn(PathCandidate candidate, long now) {
            if (!leftOut || now - askedAt < LEFT_OUT.toNanos()) {
                return false;
            }
            askedAt = now;
            return !reasonsOf(candidate).equals(reasons);
        }
    }

    private DeviceFollower(
            Supplier<List<Present>> discovery, Set<String> subsystems, Multipath registry, DeviceWatch watches) {
        this.discovery = discovery;
        this.subsystems = subsystems;
        this.registry = registry;
        this.ticker = watches.ticker();
        this.nextLook = ticker.nanos() + SETTLED.toNanos();
        synchronized (pace) {
            // What is announced at once waits until there is something to hurry.
            this.watch = watches.watch(this, SETTLED);
        }
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
        if (comes && subsystems.contains(uevent.subsystem())) {
            synchronized (pace) {
                if (!announced) {
                    announced = true;
                    lookBy(ticker.nanos() + SOON.toNanos());
                }
            }
        }
    }

    @Override
    public synchronized void look() {
        synchronized (pace) {
            announced = false;
        }
        List<Present> present = discovery.get();
        forgetTheGone(present);
        long now = ticker.nanos();
        for (Present each : present) {
            Offered before = offered.get(each.candidate().name());
            if (before == null) {
                offer(each.candidate(), new Offered(each.candidate().name(), each.life()));
            } else if (before.isDue(now) || before.mayBeLetIn(each.candidate(), now)) {
                before.waits = false;
                offer(each.candidate(), before);
            }
        }
        settle();
    }

    /** Whatever begins to wait behind this asks for its look by itself. */
    private void settle() {
        synchronized (pace) {
            long now = ticker.nanos();
            long nanos = SETTLED.toNanos();
            for (Offered each : offered.values()) {
                if (each.waits) {
                    nanos = Math.min(nanos, each.due - now);
                }
            }
            lookIn(announced ? SOON.toNanos() : Math.max(nanos, RESTLESS.toNanos()), now);
        }
    }

    private void lookBy(long time) {
        if (time - nextLook < 0) {
            long now = ticker.nanos();
            lookIn(Math.max(0, time - now), now);
        }
    }

    private void lookIn(long nanos, long now) {
        nextLook = now + nanos;
        watch.every(Duration.ofNanos(nanos));
    }

    private void forgetTheGone(List<Present> present) {
        Map<String, Object> lives = new HashMap<>();
        present.forEach(each -> lives.put(each.candidate().name(), each.life()));
        offered.values().removeIf(each -> !each.life.equals(lives.get(each.name)));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // an offer that fails is made again
    private void offer(PathCandidate candidate, Offered now) {
        offered.put(now.name, now);
        // Before it is offered: what changes while it is decided on is found at the next asking.
        now.reasons = reasonsOf(candidate);
        now.askedAt = ticker.nanos();
        now.leftOut = false;
        registry.offer(candidate).whenComplete((offer, failure) -> {
            if (failure != null || offer instanceof Offer.Refused) {
                LOG.debug("{} is not a path yet: {}", now.name, failure == null ? offer : failure.getMessage());
                now.waitFrom(ticker.nanos());
                synchronized (pace) {
                    lookBy(now.due);
                }
            } else {
                now.leftOut = offer instanceof Offer.LeftOut;
            }
        });
    }

    private static List<String> reasonsOf(PathCandidate candidate) {
        return Stream.of(candidate.optOut(), candidate.notCapable())
                .flatMap(Optional::stream)
                .toList();
    }

    /** Offers nothing more; the paths remain. */
    @Override
    public void close() {
        watch.close();
    }
}
