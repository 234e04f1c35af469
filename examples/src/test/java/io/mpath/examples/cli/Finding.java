package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A transport that finds what it is told to, and knows what of it was opened, and for what. */
final class Finding implements Discovery {
    private final List<FoundPath> paths = new ArrayList<>();
    private final List<String> opened = new ArrayList<>();

    static Finding of(List<? extends PathCandidate> candidates) {
        var finding = new Finding();
        candidates.forEach(candidate -> finding.with(candidate, Optional.empty()));
        return finding;
    }

    /** With a path whose identity the kernel tells, or does not; what it said last of a path holds. */
    Finding with(PathCandidate candidate, Optional<DeviceId> id, Path... nodes) {
        paths.add(new FoundPath(candidate, List.of(nodes), id));
        return this;
    }

    /** The names of the paths that were opened, each with {@code to write} or {@code to reserve} behind it where it was. */
    List<String> opened() {
        synchronized (opened) {
            return List.copyOf(opened);
        }
    }

    @Override
    public String transport() {
        return "sim";
    }

    @Override
    public List<FoundPath> find(Use use) {
        return paths.stream()
                .map(path -> new FoundPath(new Watched(path.candidate(), use), path.nodes(), path.id()))
                .toList();
    }

    @Override
    public Optional<FoundPath> at(Path node, Use use) {
        return find(use).stream()
                .filter(path -> path.nodes().stream().anyMatch(own -> same(own, node)))
                .findFirst();
    }

    @Override
    public Optional<String> kernelsName(Path node) {
        return paths.stream()
                .filter(path -> path.candidate().name().equals(node.toString()))
                .flatMap(path -> path.id().map(DeviceId::toString).stream())
                .reduce((before, now) -> now);
    }

    /** Offers all that it was told to find by then. */
    @Override
    public Ended follow(Multipath registry, Use use) {
        CompletableFuture.allOf(find(use).stream()
                        .map(path -> registry.offer(path.candidate()))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        return () -> {};
    }

    private static boolean same(Path own, Path node) {
        try {
            return Files.isSameFile(own, node);
        } catch (IOException missing) {
            return false;
        }
    }

    private final class Watched implements PathCandidate {
        private final PathCandidate candidate;
        private final Use use;

        private Watched(PathCandidate candidate, Use use) {
            this.candidate = candidate;
            this.use = use;
        }

        @Override
        public String name() {
            return candidate.name();
        }

        @Override
        public String transport() {
            return candidate.transport();
        }

        @Override
        public Optional<String> notCapable() {
            return candidate.notCapable();
        }

        @Override
        public Optional<String> optOut() {
            return candidate.optOut();
        }

        @Override
        public DevicePath open() {
            synchronized (opened) {
                opened.add(name() + (use.writes() ? " to write" : use.readOnly() ? "" : " to reserve"));
            }
            return candidate.open();
        }
    }
}
