package io.mpath.nvme.linux;

import com.google.common.collect.ImmutableList;
import io.mpath.Liveness;
import io.mpath.linux.Sysfs;
import io.mpath.path.PathPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One life of a controller in sysfs: once it was removed, another one of the same name is another life. Immutable; what it tells is
 * read anew each time.
 *
 * <p>Threading: any thread.
 */
final class SysfsController {
    static final Path CLASS = Path.of("class/nvme");
    static final Pattern NAME = Pattern.compile("nvme\\d+");

    private final Sysfs sysfs;
    private final String name;
    private final Path directory;
    private final Object life;

    private SysfsController(Sysfs sysfs, String name, Path directory, Object life) {
        this.sysfs = sysfs;
        this.name = name;
        this.directory = directory;
        this.life = life;
    }

    /** The controller of that name, if there is one now. */
    static Optional<SysfsController> find(Sysfs sysfs, String name) {
        Path directory = sysfs.path(CLASS.resolve(name).toString());
        return sysfs.identity(directory).map(life -> new SysfsController(sysfs, name, directory, life));
    }

    /** All that there are now. */
    static List<SysfsController> all(Sysfs sysfs) {
        return sysfs.names(sysfs.path(CLASS.toString())).stream()
                .filter(name -> NAME.matcher(name).matches())
                .flatMap(name -> find(sysfs, name).stream())
                .collect(ImmutableList.toImmutableList());
    }

    String name() {
        return name;
    }

    /** Equal for equal lives, and no others. */
    Object life() {
        return life;
    }

    /** Whether it is still there: false only when that is certain. */
    boolean exists() {
        Optional<Object> now = sysfs.identity(directory);
        return now.isPresent() ? now.get().equals(life) : !Files.notExists(directory);
    }

    /** {@code pcie}, {@code tcp}, {@code rdma}, {@code fc}, {@code loop} or what else the kernel has. */
    String transport() {
        return text("transport").orElse("unknown");
    }

    /** Null when it cannot be read (it may be on its way out, or this process out of descriptors), or says what nobody knows. */
    @Nullable
    Liveness liveness() {
        return exists() ? text("state").map(SysfsController::liveness).orElse(null) : Liveness.DEAD;
    }

    /** The kernel's words ({@code nvme_ctrl_state}); null for one that a later kernel may add. */
    static @Nullable Liveness liveness(String state) {
        return switch (state) {
            case "live" -> Liveness.LIVE;
            case "resetting" -> Liveness.RESETTING;
            case "new", "connecting" -> Liveness.CONNECTING;
            case "deleting", "deleting (no IO)" -> Liveness.DELETING;
            case "dead" -> Liveness.DEAD;
            default -> null;
        };
    }

    /** The keep-alive time-out; sysfs has it in seconds. Empty where this kernel does not tell. */
    OptionalLong keepAliveMillis() {
        OptionalLong seconds = sysfs.number(directory.resolve("kato"));
        return seconds.isPresent() && seconds.getAsLong() >= 0
                ? OptionalLong.of(TimeUnit.SECONDS.toMillis(seconds.getAsLong()))
                : OptionalLong.empty();
    }

    /** The port that it is: the kernel itself times its loss, by {@code reconnect_delay} and {@code ctrl_loss_tmo}. */
    PathPort port() {
        OptionalLong node = sysfs.number(directory.resolve("numa_node"));
        return new PathPort(name, (int) node.orElse(PathPort.NO_NODE), PathPort.Timeouts.NONE);
    }

    /** Its namespaces, of every kind of node. */
    List<SysfsNamespace> namespaces() {
        return SysfsNamespace.in(sysfs, directory);
    }

    private Optional<String> text(String attribute) {
        return sysfs.text(directory.resolve(attribute));
    }

    @Override
    public String toString() {
        return name;
    }
}
