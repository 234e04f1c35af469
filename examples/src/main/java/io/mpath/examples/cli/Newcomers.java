package io.mpath.examples.cli;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.path.PathCandidate;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of one device that come, or come back, while it is open. Nothing is opened but what the kernel has the same name for,
 * and, where it has none, what was found at the beginning; where that leads is for the registry to find out.
 *
 * <p>Threading: any thread.
 */
final class Newcomers {
    private static final Logger LOG = LoggerFactory.getLogger(Newcomers.class);

    private final DeviceId id;
    private final Set<String> first;
    private final Set<String> kernelsNames;
    private final List<Discovery> discoveries;
    private final TargetGuard guard;
    private final Use use;

    /** @param first the paths that were found at the beginning */
    Newcomers(DeviceId id, List<FoundPath> first, List<Discovery> discoveries, TargetGuard guard, Use use) {
        this.id = id;
        this.first = first.stream().map(path -> path.candidate().name()).collect(Collectors.toUnmodifiableSet());
        this.discoveries = List.copyOf(discoveries);
        this.kernelsNames = this.first.stream()
                .flatMap(name -> kernelsNames(Path.of(name)))
                .collect(Collectors.toUnmodifiableSet());
        this.guard = guard;
        this.use = use;
    }

    /** Whether {@code candidate} is to be a path of it. */
    boolean admits(PathCandidate candidate) {
        String node = candidate.name();
        return leadsHere(node) && (first.contains(node) || mayBeWritten(candidate));
    }

    /** A node of the beginning may be another device's by now: what the kernel says comes first. */
    private boolean leadsHere(String node) {
        List<String> names = kernelsNames(Path.of(node)).toList();
        return names.isEmpty() ? first.contains(node) : names.stream().anyMatch(kernelsNames::contains);
    }

    private Stream<String> kernelsNames(Path node) {
        return discoveries.stream().flatMap(each -> each.kernelsName(node).stream());
    }

    private boolean mayBeWritten(PathCandidate candidate) {
        try {
            if (use.writes()) {
                guard.requireWritable(Path.of(candidate.name()), use);
            }
            return true;
        } catch (UsageException inUse) {
            LOG.warn("{} leads to {} too, and is not used: {}", candidate.name(), id, inUse.getMessage());
            return false;
        }
    }

    /** Offers them to {@code registry}, until that is ended. */
    Discovery.Ended follow(Multipath registry) {
        List<Discovery.Ended> following =
                discoveries.stream().map(each -> each.follow(registry, use)).toList();
        return () -> following.forEach(Discovery.Ended::close);
    }
}
