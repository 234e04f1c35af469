package io.mpath.scsi;

import io.mpath.ControlLoop;
import io.mpath.DeviceId;
import io.mpath.MultipathException;
import io.mpath.Ticker;
import io.mpath.internal.adapter.LogPace;
import io.mpath.path.DevicePath;
import io.mpath.path.PathControl;
import io.mpath.path.PathPort;
import io.mpath.scsi.alua.AluaBudget;
import io.mpath.scsi.alua.AluaBudgets;
import io.mpath.scsi.alua.AluaMonitor;
import io.mpath.scsi.alua.AluaTiming;
import io.mpath.scsi.command.DeviceIdentification;
import io.mpath.scsi.command.ScsiResult;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * This host as an initiator: the nexuses that it has, and the logical units behind them. It makes paths, and keeps what paths share:
 * the liveness of their nexus, the access states of their logical unit, and how many of those are read at once from one array.
 *
 * <p>A change that was handed back with an unknown outcome is held by time, for the device's {@link
 * io.mpath.DeviceSettings#hold}: an initiator cannot read how long a target goes on with what it was given, so that time is an
 * assumption. Over iSCSI it is fenced at once when the session that lost it was seen failed and is logged in again, because the
 * target ends the old session first. An abort or a reset through another nexus ends nothing that has not arrived yet, and is no
 * fence.
 *
 * <p>Threading: any thread; the maps are guarded by this object's monitor, and each entry is there as long as a path uses it.
 */
public final class ScsiHost {
    private final ScsiSettings settings;
    private final Map<PathPort, Shared<ScsiNexus>> nexuses = new HashMap<>();
    private final AluaBudgets budgets;
    private final Map<UnitOfRegistry, Shared<AluaMonitor>> monitors = new HashMap<>();
    private final Map<ScsiPath, Watched> watched = new HashMap<>();
    private final Map<ScsiPath, LogicalUnit> told = new HashMap<>();
    private final Map<DeviceId, Map<ScsiPath, LogicalUnit>> units = new HashMap<>();
    private final Map<DeviceId, ScsiResult> lost = new HashMap<>();
    private final LogPace unreadablePace = new LogPace();

    private record UnitOfRegistry(DeviceId id, ControlLoop registry) {}

    /** What a path uses of access states, from when it began: an array that is gone has no name any more. */
    private record Watched(UnitOfRegistry unit, AluaBudget budget) {}

    /** What several paths use, and how many. */
    private static final class Shared<T> {
        final T value;
        int users;

        Shared(T value) {
            this.value = value;
        }
    }

    /** A host without paths. */
    public ScsiHost(ScsiSettings settings) {
        this.settings = settings;
        this.budgets = new AluaBudgets(settings.refreshesPerTarget());
    }

    ScsiSettings settings() {
        return settings;
    }

    /**
     * Opens a path to a logical unit. Blocks.
     *
     * @param name what the path is called, unique in a registry
     * @throws MultipathException when the logical unit does not answer, or cannot be driven here; the transport is closed then
     */
    public DevicePath open(ScsiTransport transport, String name) {
        try {
            return new ScsiPath(this, transport, name);
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    synchronized ScsiNexus nexus(PathPort port) {
        return use(nexuses, port, new ScsiNexus(port));
    }

    synchronized void leave(PathPort port) {
        release(nexuses, port);
    }

    /** What keeps the access states of the unit that {@code path} leads to, for the registry that it reports to. */
    synchronized AluaMonitor monitor(ScsiPath path, LogicalUnit unit, AluaBudget budget, PathControl control) {
        var use = new Watched(new UnitOfRegistry(unit.id(), control.loop()), budget);
        watched.put(path, use);
        var timing = new AluaTiming(settings.stateCheckInterval().toNanos());
        boolean activates = settings.activate() && unit.hasExplicitAlua();
        return use(monitors, use.unit(), new AluaMonitor(unit.id().toString(), timing, activates));
    }

    /** What may be spent on the array behind {@code path}; used until {@link #leaveMonitor}. */
    AluaBudget budget(ScsiPath path) {
        return budgets.use(path.target());
    }

    synchronized void leaveMonitor(ScsiPath path) {
        Watched used = watched.remove(path);
        if (used != null) {
            release(monitors, used.unit());
            budgets.leave(used.budget());
        }
    }

    /** Remembers what {@code path} last said of its logical unit, until it is closed. */
    synchronized void described(ScsiPath path, LogicalUnit unit) {
        forget(path);
        if (!path.closed()) {
            told.put(path, unit);
            units.computeIfAbsent(unit.id(), id -> new LinkedHashMap<>()).put(path, unit);
        }
    }

    synchronized void forget(ScsiPath path) {
        LogicalUnit last = told.remove(path);
        if (last != null) {
            units.computeIfPresent(last.id(), (id, paths) -> {
                paths.remove(path);
                return paths.isEmpty() ? null : paths;
            });
            if (!units.containsKey(last.id())) {
                lost.remove(last.id());
            }
        }
    }

    /**
     * The logical unit said, to whichever command came next, that a change it had acknowledged failed after that. It says so once; so the
     * next flush is not to say that its data lasts.
     */
    synchronized void acknowledgedWriteLost(DeviceId unit, ScsiResult told) {
        lost.putIfAbsent(unit, told);
    }

    /** What the logical unit said of such a change, to a command that no flush has ended after yet; null when it said nothing. */
    synchronized @Nullable ScsiResult takeLossBeforeFlush(DeviceId unit) {
        return lost.remove(unit);
    }

    /** Whether a page that cannot be read may be logged now: all units of an array may have it. */
    boolean mayLogUnreadable(Ticker ticker) {
        return unreadablePace.passes(ticker);
    }

    /** Whether no path is open. */
    synchronized boolean idle() {
        return nexuses.isEmpty()
                && budgets.isEmpty()
                && monitors.isEmpty()
                && watched.isEmpty()
                && told.isEmpty()
                && units.isEmpty()
                && lost.isEmpty();
    }

    /**
     * Which of its identities a logical unit is known by: the one {@code before} as long as its page lists that, for a firmware may add a
     * better one while it is in use, and through one port after the other; else one by which it is known here, through a port whose
     * firmware is older; else the best. Only what no other unit may have is kept so.
     */
    synchronized Optional<DeviceId> identity(DeviceIdentification page, @Nullable DeviceId before) {
        Set<DeviceId> unique = page.uniqueIds();
        Optional<DeviceId> best = page.deviceId();
        if (before != null && unique.contains(before)) {
            return Optional.of(before);
        }
        return best.filter(units::containsKey)
                .or(() -> unique.stream().filter(units::containsKey).findFirst())
                .or(() -> best);
    }

    /** What a path said of the logical unit {@code id}: rather one that was told the size itself. */
    synchronized Optional<LogicalUnit> sibling(DeviceId id) {
        return units.getOrDefault(id, Map.of()).values().stream()
                .min(Comparator.comparing(LogicalUnit::sizeIsASiblings));
    }

    private static <K, V> V use(Map<K, Shared<V>> map, K key, V first) {
        Shared<V> shared = map.computeIfAbsent(key, absent -> new Shared<>(first));
        shared.users++;
        return shared.value;
    }

    private static <K, V> void release(Map<K, Shared<V>> map, K key) {
        Shared<V> shared = map.get(key);
        if (shared != null && --shared.users == 0) {
            map.remove(key);
        }
    }
}
