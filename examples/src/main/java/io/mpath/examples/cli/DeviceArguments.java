package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.path.PathCandidate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** How a user names a device: by an identity that is looked for, or by its paths. */
final class DeviceArguments {
    @Parameters(
            arity = "0..1",
            paramLabel = "DEVICE",
            converter = Converters.Id.class,
            description = "An identity as 'mpath list' prints it.")
    @Nullable
    DeviceId device;

    @Mixin
    PathArguments paths = new PathArguments();

    /** Opens the device to look at it. @throws UsageException when it is not given as it must be, or cannot be opened */
    OpenDevice openForLooking(List<Discovery> discoveries) {
        return open(discoveries, TargetGuard.system(), Use.LOOKING, DeviceSettings.defaults());
    }

    /** Opens the device to change its reservations. @throws UsageException as {@link #openForLooking} */
    OpenDevice openForReserving(List<Discovery> discoveries, boolean keyPerPath) {
        return open(
                discoveries,
                TargetGuard.system(),
                Use.RESERVING,
                DeviceSettings.defaults().withKeyPerPath(keyPerPath));
    }

    /** Opens the device. @throws UsageException when it is not given as it must be, must not be written to, or cannot be opened */
    OpenDevice open(List<Discovery> discoveries, TargetGuard guard, Use use, DeviceSettings settings) {
        if (device != null && !paths.nodes.isEmpty()) {
            throw new UsageException("both a DEVICE and its paths are given: leave out one of them");
        }
        if (device == null && paths.nodes.isEmpty()) {
            throw new UsageException("no device is given: name it as 'mpath list' prints it, or give its paths with"
                    + " --path NODE --path NODE --id ID");
        }
        if (device != null && (paths.plain || paths.id != null)) {
            throw new UsageException("--id and --plain are about --path, and a DEVICE is given: leave them out");
        }
        var found = new FoundDevices(discoveries);
        if (device == null) {
            return requireNamed(OpenDevice.open(given(found, guard, use), settings));
        }
        List<FoundPath> known = writable(found.pathsTo(device, use), guard, use);
        return requireNamed(OpenDevice.open(
                known.stream().map(FoundPath::candidate).toList(),
                settings,
                new Newcomers(device, known, discoveries, guard, use)));
    }

    private static List<FoundPath> writable(List<FoundPath> paths, TargetGuard guard, Use use) {
        if (use.writes()) {
            paths.stream().flatMap(path -> path.nodes().stream()).forEach(node -> guard.requireWritable(node, use));
        }
        return paths;
    }

    private List<PathCandidate> given(FoundDevices found, TargetGuard guard, Use use) {
        var plainPaths = new PlainPaths(guard, use);
        List<PathCandidate> candidates = new ArrayList<>();
        for (Path node : paths.nodes) {
            Optional<FoundPath> path = paths.plain ? Optional.empty() : found.at(node, use);
            if (use.writes()) {
                guarded(node, path, found).forEach(other -> guard.requireWritable(other, use));
            }
            candidates.add(path.isPresent() ? path.get().candidate() : plainPaths.candidate(node, requireId()));
        }
        return candidates;
    }

    /** All nodes of what {@code node} leads to: a path that was not given may be the one that is mounted. */
    private static Set<Path> guarded(Path node, Optional<FoundPath> path, FoundDevices found) {
        Set<Path> nodes = new LinkedHashSet<>();
        nodes.add(node);
        path.ifPresent(own -> {
            nodes.addAll(own.nodes());
            own.id()
                    .ifPresent(id -> found.paths(Use.LOOKING).stream()
                            .filter(other -> other.id().filter(id::equals).isPresent())
                            .forEach(other -> nodes.addAll(other.nodes())));
        });
        return nodes;
    }

    private DeviceId requireId() {
        if (paths.id == null) {
            throw new UsageException(
                    "a plain path does not tell its device's identity: add --id ID, such as --id disk1");
        }
        return paths.id;
    }

    private OpenDevice requireNamed(OpenDevice open) {
        DeviceId named = device == null ? paths.id : device;
        DeviceId actual = open.device().id();
        if (named != null && !actual.equals(named)) {
            open.close();
            throw new UsageException("the device is " + actual + ", not " + named + " as "
                    + (device == null
                            ? "--id says: leave out --id, or give other paths"
                            : "was asked for: see 'mpath list'"));
        }
        return open;
    }
}
