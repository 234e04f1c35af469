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
import java.util.stream.Stream;
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

    /**
     * Opens the device, which {@code how.other} leads to from another host, to try its reservations out.
     *
     * @throws UsageException as {@link #openForLooking}, and when it must not be written to
     */
    ConformanceRun openForTesting(List<Discovery> discoveries, ConformanceArguments how) {
        requireGiven();
        Path another = how.other;
        if (another == null) {
            throw new UsageException(
                    "reservations are tried out from two hosts: give a path of the other one with --other NODE");
        }
        if (paths.plain) {
            throw new UsageException("plain paths have no reservations: leave out --plain");
        }
        var found = new FoundDevices(discoveries);
        FoundPath other = reserved(another, found);
        List<FoundPath> all = device == null
                ? paths.nodes.stream().map(node -> reserved(node, found)).toList()
                : found.pathsTo(device, Use.TESTING);
        List<FoundPath> own = all.stream()
                .filter(path ->
                        !path.candidate().name().equals(other.candidate().name()))
                .toList();
        if (own.isEmpty()) {
            throw new UsageException(
                    "there is no path of this host besides " + another + ", which is the other host's");
        }
        TargetGuard guard = TargetGuard.system();
        Stream.concat(own.stream(), Stream.of(other))
                .flatMap(path ->
                        path.nodes().stream().flatMap(node -> guarded(node, Optional.of(path), found).stream()))
                .forEach(node -> guard.requireWritable(node, Use.TESTING));
        return requireNamed(new ConformanceRun(own, other, how));
    }

    private static FoundPath reserved(Path node, FoundDevices found) {
        return found.at(node, Use.TESTING)
                .orElseThrow(() ->
                        new UsageException(node + " has no reservations: name a SCSI disk or a namespace of NVMe"));
    }

    private ConformanceRun requireNamed(ConformanceRun open) {
        try {
            requireNamed(open.id());
            return open;
        } catch (UsageException e) {
            open.close();
            throw e;
        }
    }

    /** Opens the device. @throws UsageException when it is not given as it must be, must not be written to, or cannot be opened */
    OpenDevice open(List<Discovery> discoveries, TargetGuard guard, Use use, DeviceSettings settings) {
        requireGiven();
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

    private void requireGiven() {
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
        try {
            requireNamed(open.device().id());
            return open;
        } catch (UsageException e) {
            open.close();
            throw e;
        }
    }

    private void requireNamed(DeviceId actual) {
        DeviceId named = device == null ? paths.id : device;
        if (named != null && !actual.equals(named)) {
            throw new UsageException("the device is " + actual + ", not " + named + " as "
                    + (device == null
                            ? "--id says: leave out --id, or give other paths"
                            : "was asked for: see 'mpath list'"));
        }
    }
}
