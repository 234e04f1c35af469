package io.mpath.internal.device;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import io.mpath.Admission;
import io.mpath.BlockDevice;
import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Environment;
import io.mpath.IoStatus;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.MultipathException;
import io.mpath.Offer;
import io.mpath.internal.io.Trampolines;
import io.mpath.internal.loop.SafeExecutor;
import io.mpath.observe.DeviceSnapshot;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.MultipathListener;
import io.mpath.observe.Topology;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of devices.
 *
 * <p>Threading: {@code byId}, {@code ending}, {@code ports}, {@code byPath}, {@code arrivals} and {@code leftOut} belong to the control loop;
 * {@code names} and {@code bare} are concurrent sets. For everybody else there are {@code listed}, a concurrent map that the loop
 * alone changes (a copy for each device that comes would make ten thousand of them a matter of seconds), and {@code
 * publishedLeftOut}, an immutable copy. Opening and describing a path runs on a thread that may block, and comes back to the loop to join.
 */
public final class Registry implements Multipath, Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final Admission admission;
    private final DeviceSettings settings;
    private final Environment environment;
    private final Surroundings surroundings;

    private final Map<DeviceId, DeviceHead> byId = new LinkedHashMap<>();
    private final Identities identities = new Identities();
    private final List<DeviceHead> ending = new ArrayList<>();
    private final IdentityHashMap<PathPort, PortState> ports = new IdentityHashMap<>();
    private final IdentityHashMap<DevicePath, PathRecord> byPath = new IdentityHashMap<>();
    private final Function<DevicePath, @Nullable PathRecord> recordOf = byPath::get;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Set<BareDevice> bare = ConcurrentHashMap.newKeySet();
    private final ListMultimap<String, Runnable> arrivals = ArrayListMultimap.create();
    private final Map<String, LeftOutPath> leftOut = new LinkedHashMap<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean closing;

    private final ConcurrentMap<DeviceId, Listed> listed = new ConcurrentHashMap<>();
    private long listings;
    private volatile ImmutableList<LeftOutPath> publishedLeftOut = ImmutableList.of();

    /** Running from here on. */
    public Registry(Admission admission, DeviceSettings settings, Environment environment) {
        this.admission = admission;
        this.settings = settings;
        this.environment = environment
                .withCompletions(new SafeExecutor(environment.completions(), environment.blocking()))
                .withBlocking(new SafeExecutor(environment.blocking()));
        this.surroundings = new Surroundings(
                this.environment,
                new CoarseClock(environment.ticker().nanos()),
                new EventHub(this.environment.completions()),
                new ReportQueue(environment.loop()),
                new Trampolines(),
                new PortBudgets());
        environment.loop().execute(this::tick);
    }

    private void tick() {
        if (closed.isDone()) {
            return;
        }
        environment.timers().schedule(DeviceSettings.tick().toNanos(), this::tick);
        long now = environment.ticker().nanos();
        surroundings.clock().set(now);
        for (DeviceHead device : List.copyOf(byId.values())) {
            tick(device, now);
        }
        for (DeviceHead device : List.copyOf(ending)) {
            tick(device, now);
        }
    }

    private static void tick(DeviceHead device, long now) {
        try {
            device.control().tick(now);
        } catch (RuntimeException e) {
            LOG.error("{}: its tick failed, which is a bug; the other devices go on", device.id(), e);
        }
    }

    @Override
    public CompletableFuture<Offer> offer(PathCandidate candidate) {
        CompletableFuture<Offer> outcome = new CompletableFuture<>();
        String name = candidate.name();
        Optional<String> refusal;
        try {
            refusal = admission.refusal(candidate);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new MultipathException(name + ": admission failed: " + e, e));
        }
        environment.loop().execute(() -> {
            surroundings.reports().carryOut(); // that of the name's present path that it is gone, perhaps
            decide(candidate, refusal, outcome);
        });
        return outcome.thenApplyAsync(offer -> offer, environment.completions());
    }

    private void decide(PathCandidate candidate, Optional<String> refusal, CompletableFuture<Offer> outcome) {
        String name = candidate.name();
        if (closing) {
            outcome.completeExceptionally(new MultipathException(name + ": the registry is closed"));
        } else if (names.contains(name) && isLeaving(name)) {
            arrivals.put(name, () -> decide(candidate, refusal, outcome));
        } else if (!names.add(name)) {
            outcome.complete(new Offer.Refused(name, "is a path here already"));
        } else if (refusal.isPresent()) {
            names.remove(name);
            leaveOut(name, refusal.get());
            outcome.complete(new Offer.LeftOut(name, refusal.get()));
        } else {
            environment.blocking().execute(() -> open(candidate, outcome));
        }
    }

    /** Whether the path of that name, a device's or a bare one, will be here no more, whatever happens. */
    private boolean isLeaving(String name) {
        return byPath.values().stream()
                        .anyMatch(
                                path -> path.name().equals(name) && !path.port().mayStay())
                || bare.stream().anyMatch(device -> device.isOf(name) && device.closing());
    }

    /** Decides on those who waited for a path of that name to leave, in their order: one of them may take its place. */
    private void departed(String name) {
        arrivals.removeAll(name).forEach(Runnable::run);
    }

    private void open(PathCandidate candidate, CompletableFuture<Offer> outcome) {
        DevicePath path = null;
        try {
            path = candidate.open();
            DevicePath opened = path;
            if (!path.name().equals(candidate.name())) {
                throw new MultipathException("it calls itself " + path.name() + " once it is open");
            }
            PathDescription described = path.describe();
            environment.loop().execute(() -> admitSafely(opened, described, outcome));
        } catch (Throwable t) {
            // Errors too: a native library that is missing is one, and whoever offered the path waits for an answer.
            DevicePath opened = path;
            environment.loop().execute(() -> couldNotOpen(candidate.name(), opened, t, outcome));
        }
    }

    private void couldNotOpen(
            String name, @Nullable DevicePath path, Throwable cause, CompletableFuture<Offer> outcome) {
        if (path != null) {
            closeUnused(path);
        }
        names.remove(name);
        String reason = "could not be opened: " + (cause instanceof MultipathException ? cause.getMessage() : cause);
        leaveOut(name, reason);
        outcome.completeExceptionally(new MultipathException(name + " " + reason, cause));
    }

    private static void closeUnused(DevicePath path) {
        try {
            path.close(() -> {});
        } catch (Throwable t) {
            LOG.warn("path {} is not used, and threw when it was closed", path.name(), t);
        }
    }

    private void admitSafely(DevicePath path, PathDescription described, CompletableFuture<Offer> outcome) {
        try {
            admit(path, described, outcome, true);
        } catch (Throwable t) {
            couldNotOpen(path.name(), path, t, outcome);
        }
    }

    private void admit(DevicePath path, PathDescription described, CompletableFuture<Offer> outcome, boolean mayAsk) {
        String name = path.name();
        DeviceHead device = byId.get(described.id());
        Optional<String> notCapable = admission.refusal(described);
        Optional<String> contradiction =
                device == null ? Optional.empty() : device.control().contradiction(described);
        if (contradiction.isEmpty()) {
            contradiction = identities.clash(described, device);
        }
        if (closing) {
            refuse(path, "the registry is closed", outcome);
        } else if (notCapable.isPresent()) {
            String reason = notCapable.get() + "; it can be opened bare";
            turnAway(path, reason);
            outcome.complete(new Offer.LeftOut(name, reason));
        } else if (contradiction.isPresent()) {
            refuse(path, contradiction.get(), outcome);
        } else if (device != null && !device.control().sizeFits(described)) {
            if (mayAsk) {
                // Perhaps the device has changed its size, and this path is the first to know.
                device.control().confirmSize(() -> admit(path, described, outcome, false));
            } else {
                refuse(
                        path,
                        "its capacity is " + described.geometry().sizeBytes() + " bytes, not "
                                + device.geometry().sizeBytes(),
                        outcome);
            }
        } else {
            join(device == null ? create(described) : device, path, described);
            if (leftOut.remove(name) != null) {
                publishLeftOut();
            }
            DeviceHead joined = byIdNow(described.id());
            if (device == null) {
                listed.put(joined.id(), new Listed(listings++, joined));
            }
            // Behind what the path reported while it was attached: one that is usable at once is so when this is told.
            environment.loop().execute(() -> outcome.complete(new Offer.Admitted(name, joined)));
        }
    }

    private DeviceHead byIdNow(DeviceId id) {
        DeviceHead device = byId.get(id);
        if (device == null) {
            throw new IllegalStateException(id + " went while it was joined");
        }
        return device;
    }

    private DeviceHead create(PathDescription described) {
        DeviceHead device = new DeviceHead(described, settings, surroundings, this);
        byId.put(described.id(), device);
        surroundings
                .events()
                .emit(new MultipathEvent.DeviceAdded(environment.ticker().nanos(), described.id()));
        return device;
    }

    private void join(DeviceHead device, DevicePath path, PathDescription described) {
        PortState port =
                ports.computeIfAbsent(path.port(), key -> new PortState(key, environment, surroundings.budgets()));
        identities.add(described, device);
        byPath.put(path, device.control().join(path, port, described, recordOf));
    }

    private void refuse(DevicePath path, String reason, CompletableFuture<Offer> outcome) {
        turnAway(path, reason);
        outcome.complete(new Offer.Refused(path.name(), reason));
    }

    private void turnAway(DevicePath path, String reason) {
        closeUnused(path);
        names.remove(path.name());
        leaveOut(path.name(), reason);
    }

    private void leaveOut(String name, String reason) {
        leftOut.put(name, new LeftOutPath(name, reason));
        publishLeftOut();
        surroundings
                .events()
                .emit(new MultipathEvent.PathLeftOut(environment.ticker().nanos(), name, reason));
    }

    @Override
    public MultipathDevice join(PathCandidate candidate) {
        Offer offer = wait(offer(candidate));
        if (offer instanceof Offer.Admitted admitted) {
            return admitted.device();
        }
        String reason = offer instanceof Offer.LeftOut left ? left.reason() : ((Offer.Refused) offer).reason();
        throw new MultipathException(candidate.name() + " was not admitted: " + reason);
    }

    private <T> T wait(CompletableFuture<T> future) {
        if (environment.loop().inLoop()) {
            throw new IllegalStateException("this waits for the control loop, and this is it");
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MultipathException mine) {
                throw mine;
            }
            throw e;
        }
    }

    @Override
    public BlockDevice openBare(PathCandidate candidate) {
        String name = candidate.name();
        if (closing) {
            throw new MultipathException(name + ": the registry is closed");
        }
        if (!names.add(name)) {
            throw new MultipathException(name + " is a path here already, or open bare");
        }
        DevicePath path = null;
        try {
            path = candidate.open();
            var neighbours = new Neighbours(ports::get, byPath::get);
            BareDevice device = new BareDevice(path, path.describe(), settings, surroundings, neighbours, ended -> {
                names.remove(name); // first: who finds the name taken finds the device that is being closed, too
                bare.remove(ended);
                environment.loop().execute(() -> {
                    departed(name);
                    closeWhenEmpty();
                });
            });
            bare.add(device);
            return device;
        } catch (Throwable t) {
            DevicePath opened = path;
            if (opened != null) {
                environment.loop().execute(() -> closeUnused(opened));
            }
            names.remove(name);
            throw t;
        }
    }

    @Override
    public void pathLeft(PathRecord path) {
        byPath.remove(path.path());
        names.remove(path.name());
        departed(path.name());
        if (path.port().leave(path)) {
            ports.remove(path.path().port());
        }
    }

    @Override
    public void deviceEnded(DeviceHead device) {
        if (byId.remove(device.id(), device)) {
            identities.remove(device);
            ending.add(device);
            listed.remove(device.id());
        }
    }

    @Override
    public void deviceFinished(DeviceHead device) {
        ending.remove(device);
        if (closing) {
            closeWhenEmpty();
        }
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return beginClose().thenRunAsync(() -> {}, environment.completions());
    }

    private CompletableFuture<Void> beginClose() {
        environment.loop().execute(() -> {
            if (!closing) {
                closing = true;
                for (DeviceHead device : List.copyOf(byId.values())) {
                    device.control().life().end(IoStatus.CLOSED, "the registry was closed");
                }
                List.copyOf(bare).forEach(BareDevice::beginClose);
                closeWhenEmpty();
            }
        });
        return closed;
    }

    private void closeWhenEmpty() {
        if (closing && byId.isEmpty() && ending.isEmpty() && bare.isEmpty() && !closed.isDone()) {
            closed.complete(null);
            environment.completions().execute(environment.stop());
        }
    }

    @Override
    public void close() {
        wait(beginClose());
    }

    private void publishLeftOut() {
        publishedLeftOut = ImmutableList.copyOf(leftOut.values());
    }

    /** In the order in which they came. */
    private Stream<DeviceHead> heads() {
        return listed.values().stream()
                .sorted(Comparator.comparingLong(Listed::place))
                .map(Listed::device);
    }

    @Override
    public List<MultipathDevice> devices() {
        return heads().collect(ImmutableList.toImmutableList());
    }

    @Override
    public Optional<MultipathDevice> device(DeviceId id) {
        return Optional.ofNullable(listed.get(id)).map(Listed::device);
    }

    @Override
    public List<LeftOutPath> leftOut() {
        return publishedLeftOut;
    }

    @Override
    public Topology topology() {
        ImmutableList<DeviceSnapshot> devices =
                heads().map(DeviceHead::snapshot).collect(ImmutableList.toImmutableList());
        return new Topology(devices, publishedLeftOut);
    }

    @Override
    public Runnable listen(MultipathListener listener) {
        return surroundings.events().listen(listener);
    }

    /**
     * A device that is here.
     *
     * @param place among all, in the order in which they came
     */
    private record Listed(long place, DeviceHead device) {}
}
