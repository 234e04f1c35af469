package io.mpath.sim;

import com.google.common.collect.ImmutableList;
import io.mpath.AccessState;
import io.mpath.Multipath;
import io.mpath.Offer;
import io.mpath.path.PathControl.AccessChange;
import io.mpath.path.PathDescription;
import io.mpath.path.PathPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An emulated storage array: disks behind ports, with a path from every port to every disk, named {@code PORT.DISK}. Knows no
 * protocol; access states stand for ALUA's and ANA's alike.
 *
 * <p>Threading: set up by one thread; then any thread in real time, the world's own in a {@link SimWorld}.
 */
public final class SimArray {
    private final @Nullable SimWorld world;
    private final Map<String, SimPort> ports = new LinkedHashMap<>();
    private final Map<String, SimDisk> disks = new LinkedHashMap<>();
    private final Map<String, SimPath> paths = new LinkedHashMap<>();

    private SimArray(@Nullable SimWorld world) {
        this.world = world;
    }

    /** An array in virtual time, without ports and disks yet. */
    public static SimArray in(SimWorld world) {
        return new SimArray(world);
    }

    /** An array that lives in the time of the registry that it is offered to, without ports and disks yet. */
    public static SimArray inRealTime() {
        return new SimArray(null);
    }

    /** Adds a port that leads to all disks. */
    public SimArray withPort(PathPort port) {
        requireUnused(ports, port.name());
        SimPort added = world == null ? SimPort.inRealTime(port) : SimPort.in(world, port);
        ports.put(port.name(), added);
        disks.forEach((name, disk) -> connect(added, name, disk));
        return this;
    }

    /** Adds a port on no particular memory node. */
    public SimArray withPort(String name) {
        return withPort(new PathPort(name));
    }

    /** Adds a disk behind all ports. */
    public SimArray withDisk(String name, PathDescription description) {
        requireUnused(disks, name);
        var disk = new SimDisk(description);
        disks.put(name, disk);
        ports.values().forEach(port -> connect(port, name, disk));
        return this;
    }

    /** The port of that name. @throws IllegalArgumentException when there is none; so for all that are named below */
    public SimPort port(String name) {
        return require(ports, name);
    }

    /** The disk of that name. */
    public SimDisk disk(String name) {
        return require(disks, name);
    }

    /** The path through {@code port} to {@code disk}. */
    public SimPath path(String port, String disk) {
        return require(paths, port + '.' + disk);
    }

    /** All paths, in the order in which they came into being. */
    public List<SimPath> paths() {
        return ImmutableList.copyOf(paths.values());
    }

    /** Offers all paths, one after the other. */
    public List<CompletableFuture<Offer>> offerTo(Multipath registry) {
        return paths.values().stream().map(registry::offer).collect(ImmutableList.toImmutableList());
    }

    /** Moves all disks to another access state through {@code port}: one change of the array. */
    public void accessState(String port, AccessState state) {
        accessState(port, disks.keySet(), state);
    }

    /** Moves the disks of one group to another access state through {@code port}: one change of the array. */
    public void accessState(String port, Collection<String> group, AccessState state) {
        List<SimPath> members = group.stream().map(disk -> path(port, disk)).toList();
        List<AccessChange> changes = new ArrayList<>();
        for (SimPath path : members) {
            AccessChange change = path.change(state);
            if (change != null) {
                changes.add(change);
            }
        }
        members.stream()
                .filter(SimPath::attached)
                .findFirst()
                .ifPresent(path -> path.report(to -> to.accessStates(changes)));
    }

    private void connect(SimPort port, String diskName, SimDisk disk) {
        String name = port.port().name() + '.' + diskName;
        paths.put(name, new SimPath(name, port, disk));
    }

    private static void requireUnused(Map<String, ?> known, String name) {
        if (known.containsKey(name)) {
            throw new IllegalArgumentException("the array has a '" + name + "' already");
        }
    }

    private static <T> T require(Map<String, T> known, String name) {
        T found = known.get(name);
        if (found == null) {
            throw new IllegalArgumentException("the array has no '" + name + "', only " + known.keySet());
        }
        return found;
    }
}
