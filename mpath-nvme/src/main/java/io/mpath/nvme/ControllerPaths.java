package io.mpath.nvme;

import io.mpath.AccessState;
import io.mpath.ControlLoop;
import io.mpath.Liveness;
import io.mpath.nvme.ana.AnaMonitor;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.PathControl;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The paths that one registry has through one controller. What happens to the controller is told to the registry once, by one of
 * them, and not once for each.
 *
 * <p>Threading: {@code attached} belongs to the registry's control loop; {@code speaker} is written there and read by any thread,
 * for which an older one does as well: what a path reports of its port counts after it was removed.
 */
final class ControllerPaths {
    private final ControlLoop loop;
    private final @Nullable AnaMonitor monitor;
    private final Set<NvmePath> attached = new LinkedHashSet<>();
    private volatile @Nullable PathControl speaker;

    /**
     * None yet.
     *
     * @param monitor keeps their access states; null where the controller has no ANA
     */
    ControllerPaths(ControlLoop loop, @Nullable AnaMonitor monitor) {
        this.loop = loop;
        this.monitor = monitor;
    }

    ControlLoop loop() {
        return loop;
    }

    boolean isOf(ControlLoop other) {
        return loop == other;
    }

    /** What happens to the controller is told through {@code control} from here on, unless there is another already. On the loop. */
    void speakThrough(PathControl control) {
        if (speaker == null) {
            speaker = control;
        }
    }

    /** Of a path through whose control it may speak already. On the loop. */
    void add(NvmePath path) {
        PathControl control = path.control();
        attached.add(path);
        if (monitor == null) {
            control.accessState(AccessState.OPTIMIZED);
            control.ready();
        } else {
            monitor.add(path);
        }
    }

    /** Whether none is left. On the loop. */
    boolean remove(NvmePath path) {
        attached.remove(path);
        if (monitor != null) {
            monitor.remove(path);
        }
        if (speaker == path.control()) {
            speaker = attached.isEmpty() ? null : attached.iterator().next().control();
        }
        return attached.isEmpty();
    }

    /** The controller is in another state. Any thread. */
    void liveness(Liveness now) {
        PathControl control = speaker;
        if (control == null) {
            return;
        }
        control.liveness(now);
        AnaMonitor states = monitor;
        if (states != null) {
            loop.execute(now == Liveness.LIVE ? states::live : states::notLive);
        }
    }

    /** The controller is in a new life of it, and was not seen away in between. Any thread. */
    void lifeBegan() {
        AnaMonitor states = monitor;
        if (states != null) {
            loop.execute(() -> {
                states.notLive();
                states.live();
            });
        }
        each(path -> path.control().identityInDoubt());
    }

    /** Where something that blocks can be done for them; null while there is none. Any thread. */
    @Nullable
    Executor blocking() {
        PathControl control = speaker;
        return control == null ? null : control.blocking();
    }

    /** Its ANA log changed. Any thread. */
    void anaChanged() {
        if (monitor != null) {
            monitor.changed();
        }
    }

    /** {@code path} was refused for the state of its namespace. False where there is no ANA that could explain it. Any thread. */
    boolean accessRefused(NvmePath path, NvmeStatus status) {
        if (monitor == null) {
            return false;
        }
        monitor.error(path, status);
        return true;
    }

    /** Does it to each of them, on the loop. Any thread. */
    void each(Consumer<NvmePath> action) {
        loop.execute(() -> new ArrayList<>(attached).forEach(action));
    }
}
