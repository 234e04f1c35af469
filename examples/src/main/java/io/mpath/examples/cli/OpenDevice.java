package io.mpath.examples.cli;

import io.mpath.Admission;
import io.mpath.DeviceSettings;
import io.mpath.Environment;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.MultipathException;
import io.mpath.Offer;
import io.mpath.Ticker;
import io.mpath.linux.LinuxNuma;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.path.PathCandidate;
import java.util.List;
import java.util.concurrent.CompletionException;

/** One device with all of its paths, in a registry of its own, and what happens to it. */
final class OpenDevice implements AutoCloseable {
    private final Multipath registry;
    private final MultipathDevice device;
    private final EventLog events;
    private final Ticker ticker;
    private Discovery.Ended following = () -> {};

    private OpenDevice(Multipath registry, MultipathDevice device, EventLog events, Ticker ticker) {
        this.ticker = ticker;
        this.registry = registry;
        this.device = device;
        this.events = events;
    }

    /**
     * Opens the device that all {@code candidates} lead to. A path that is usable from the start is so when this returns.
     *
     * @throws UsageException when one of them cannot be opened, or leads elsewhere
     */
    static OpenDevice open(List<? extends PathCandidate> candidates, DeviceSettings settings) {
        return open(candidates, settings, Admission.capable());
    }

    /** The same, with the paths that come later. */
    static OpenDevice open(List<? extends PathCandidate> candidates, DeviceSettings settings, Newcomers newcomers) {
        OpenDevice open = open(candidates, settings, Admission.capable().and(newcomers::admits));
        try {
            open.following = newcomers.follow(open.registry);
            return open;
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private static OpenDevice open(
            List<? extends PathCandidate> candidates, DeviceSettings settings, Admission admission) {
        Environment environment = machine();
        var events = new EventLog(environment.ticker().nanos());
        Multipath registry = Multipath.builder()
                .environment(environment)
                .admission(admission)
                .settings(settings)
                .build();
        registry.listen(events);
        try {
            return new OpenDevice(registry, join(registry, candidates), events, environment.ticker());
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    /** With the machine's memory nodes, where system calls can be made; elsewhere, where an emulation still runs, with one. */
    private static Environment machine() {
        Environment system = Environment.system();
        try {
            return system.withNuma(LinuxNuma.system());
        } catch (MultipathException noSystemCalls) {
            return system;
        }
    }

    private static MultipathDevice join(Multipath registry, List<? extends PathCandidate> candidates) {
        MultipathDevice joined = null;
        for (PathCandidate candidate : candidates) {
            MultipathDevice device = device(registry, candidate);
            if (joined != null && joined != device) {
                throw new UsageException(candidate.name() + " leads to " + device.id() + ", not to " + joined.id()
                        + " like the others: leave it out");
            }
            joined = device;
        }
        if (joined == null) {
            throw new UsageException("no path is given: add --path NODE");
        }
        return joined;
    }

    private static MultipathDevice device(Multipath registry, PathCandidate candidate) {
        Offer offer;
        try {
            offer = registry.offer(candidate).join();
        } catch (CompletionException e) {
            throw new UsageException(messageOf(e), e);
        }
        if (offer instanceof Offer.Admitted admitted) {
            return admitted.device();
        }
        String why = offer instanceof Offer.LeftOut leftOut
                ? leftOut.reason() + ": drive it as a plain one, with --path " + candidate.name() + " --plain --id ID"
                : ((Offer.Refused) offer).reason();
        throw new UsageException(candidate.name() + " cannot be a path: " + why);
    }

    private static String messageOf(CompletionException e) {
        Throwable cause = e.getCause();
        return cause instanceof MultipathException ? String.valueOf(cause.getMessage()) : e.toString();
    }

    MultipathDevice device() {
        return device;
    }

    DeviceSnapshot snapshot() {
        return device.snapshot();
    }

    EventLog events() {
        return events;
    }

    /** How long ago it was opened, on the clock of its events. */
    long ageNanos() {
        return ticker.nanos() - events.startNanos();
    }

    @Override
    public void close() {
        following.close();
        registry.close();
    }
}
