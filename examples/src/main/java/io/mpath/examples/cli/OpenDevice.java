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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One device with all of its paths, in a registry of its own, and what happens to it. */
final class OpenDevice implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenDevice.class);

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
        return open(settings, Admission.capable(), registry -> join(registry, candidates));
    }

    /**
     * The same, with the paths that come later. Of those that are there one that can be opened is enough; the others come when they
     * can be.
     */
    static OpenDevice open(List<? extends PathCandidate> candidates, DeviceSettings settings, Newcomers newcomers) {
        OpenDevice open = open(
                settings, Admission.capable().and(newcomers::admits), registry -> joinThatOpen(registry, candidates));
        try {
            open.following = newcomers.follow(open.registry);
            return open;
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private static OpenDevice open(
            DeviceSettings settings, Admission admission, Function<Multipath, MultipathDevice> join) {
        Environment environment = machine();
        var events = new EventLog(environment.ticker().nanos());
        Multipath registry = Multipath.builder()
                .environment(environment)
                .admission(admission)
                .settings(settings)
                .build();
        registry.listen(events);
        try {
            return new OpenDevice(registry, join.apply(registry), events, environment.ticker());
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
        return joined(candidates.stream().map(each -> offer(registry, each)).toList());
    }

    private static MultipathDevice joinThatOpen(Multipath registry, List<? extends PathCandidate> candidates) {
        List<Offer> offers = new ArrayList<>();
        UsageException shut = null;
        for (PathCandidate candidate : candidates) {
            try {
                offers.add(offer(registry, candidate));
            } catch (UsageException e) {
                LOG.warn("{} cannot be opened, and is left out until it can: {}", candidate.name(), e.getMessage());
                shut = e;
            }
        }
        if (offers.isEmpty() && shut != null) {
            throw shut;
        }
        return joined(offers);
    }

    private static Offer offer(Multipath registry, PathCandidate candidate) {
        try {
            return registry.offer(candidate).join();
        } catch (CompletionException e) {
            throw new UsageException(messageOf(e), e);
        }
    }

    private static MultipathDevice joined(List<Offer> offers) {
        MultipathDevice joined = null;
        for (Offer offer : offers) {
            MultipathDevice device = device(offer);
            if (joined != null && joined != device) {
                throw new UsageException(offer.path() + " leads to " + device.id() + ", not to " + joined.id()
                        + " like the others: leave it out");
            }
            joined = device;
        }
        if (joined == null) {
            throw new UsageException("no path is given: add --path NODE");
        }
        return joined;
    }

    private static MultipathDevice device(Offer offer) {
        if (offer instanceof Offer.Admitted admitted) {
            return admitted.device();
        }
        String why = offer instanceof Offer.LeftOut leftOut
                ? leftOut.reason() + ": drive it as a plain one, with --path " + offer.path() + " --plain --id ID"
                : ((Offer.Refused) offer).reason();
        throw new UsageException(offer.path() + " cannot be a path: " + why);
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
