package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.Offer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which of the paths on this machine lead to a device. */
final class FoundDevices {
    private final List<Discovery> discoveries;

    FoundDevices(List<Discovery> discoveries) {
        this.discoveries = discoveries;
    }

    /** All paths, to be opened as {@code use} needs it. */
    List<FoundPath> paths(Use use) {
        return discoveries.stream()
                .flatMap(discovery -> discovery.find(use).stream())
                .toList();
    }

    /** The path at that node, if a transport knows it. */
    Optional<FoundPath> at(Path node, Use use) {
        return discoveries.stream()
                .flatMap(discovery -> discovery.at(node, use).stream())
                .findFirst();
    }

    /**
     * The paths to {@code id}. Of what the kernel knows the identity nothing else is opened; the rest is, to be asked, and closed
     * again.
     *
     * @throws UsageException when there is none, naming the identities that there are
     */
    List<FoundPath> pathsTo(DeviceId id, Use use) {
        Map<String, DeviceId> asked =
                ask(paths(Use.LOOKING).stream().filter(path -> path.id().isEmpty()));
        List<FoundPath> all = paths(use);
        List<FoundPath> matching = all.stream()
                .filter(path -> identity(path, asked).filter(id::equals).isPresent())
                .toList();
        if (matching.isEmpty()) {
            throw new UsageException(none(id, all, asked));
        }
        return matching;
    }

    private static Optional<DeviceId> identity(FoundPath path, Map<String, DeviceId> asked) {
        return path.id().or(() -> Optional.ofNullable(asked.get(path.candidate().name())));
    }

    /** The identities of those that can be opened. */
    private static Map<String, DeviceId> ask(Stream<FoundPath> paths) {
        try (Multipath registry = Multipath.create()) {
            return paths
                    .map(path -> registry.offer(path.candidate()))
                    .map(offer -> offer.handle((admitted, failure) -> admitted))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .filter(Offer.Admitted.class::isInstance)
                    .map(Offer.Admitted.class::cast)
                    .collect(Collectors.toMap(
                            Offer.Admitted::path, admitted -> admitted.device().id()));
        }
    }

    private static String none(DeviceId id, List<FoundPath> all, Map<String, DeviceId> asked) {
        Set<String> found = new TreeSet<>();
        all.forEach(path -> identity(path, asked).ifPresent(other -> found.add(other.toString())));
        String others = found.isEmpty() ? "none was found" : "found are " + String.join(", ", found);
        return "there is no device " + id + " among those that 'mpath list' shows, " + others
                + ": name one that is, or give its paths with --path";
    }
}
