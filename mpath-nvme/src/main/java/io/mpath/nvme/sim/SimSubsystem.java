package io.mpath.nvme.sim;

import io.mpath.Environment;
import io.mpath.internal.sim.DeviceClock;
import io.mpath.sim.SimWorld;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * An emulated NVM subsystem: namespaces behind controllers, each of which has its own view of the ANA groups. Namespaces begin
 * shared, attached to every controller there is or will be, in group 1; groups begin optimized.
 *
 * <p>Threading: set up by one thread; then any thread in real time, the world's own in a {@link SimWorld}. One lock guards the
 * state of all its parts, and nothing foreign is called while it is held, but for the observers of disks.
 */
public final class SimSubsystem {
    private static final long MAX_NSID = 1024;

    final Object lock = new Object();

    private final Function<String, DeviceClock> clocks;
    private final String nqn;
    private final Map<String, SimController> controllers = new LinkedHashMap<>();
    private final Map<Long, SimNamespace> namespaces = new TreeMap<>();
    private final Set<Integer> groups = new TreeSet<>(Set.of(1));
    private final List<Runnable> afterwards = new ArrayList<>();
    private int changing;
    private boolean ana = true;
    private String serial = "mpath0001";
    private String model = "mpath emulated controller";

    private SimSubsystem(Function<String, DeviceClock> clocks, String nqn) {
        this.clocks = clocks;
        this.nqn = nqn;
    }

    /** A subsystem in virtual time. */
    public static SimSubsystem in(SimWorld world, String nqn) {
        return new SimSubsystem(name -> DeviceClock.in(world, "controller " + name), nqn);
    }

    /** A subsystem that uses the clock, the timers and the blocking executor of {@code environment}. */
    public static SimSubsystem inRealTime(Environment environment, String nqn) {
        return new SimSubsystem(name -> DeviceClock.of(environment, environment.blocking(), "controller " + name), nqn);
    }

    /** Its name (SUBNQN). */
    public String nqn() {
        return nqn;
    }

    /** Sets its serial and model number (SN, MN). */
    public SimSubsystem called(String serialNumber, String modelNumber) {
        synchronized (lock) {
            serial = serialNumber;
            model = modelNumber;
        }
        return this;
    }

    /** Does not report ANA (CMIC bit 3 clear), and has no ANA log. */
    public SimSubsystem withoutAna() {
        synchronized (lock) {
            ana = false;
        }
        return this;
    }

    /** Adds a controller with the next number, from 1 on. */
    public SimController addController(String name) {
        DeviceClock clock = clocks.apply(name);
        synchronized (lock) {
            if (controllers.containsKey(name)) {
                throw new IllegalArgumentException("the subsystem has a controller '" + name + "' already");
            }
            var controller = new SimController(this, name, controllers.size() + 1, clock);
            controllers.put(name, controller);
            groups.forEach(controller::groupAppears);
            namespaces.values().stream()
                    .filter(SimNamespace::shared)
                    .forEach(namespace -> namespace.attachTo(controller));
            return controller;
        }
    }

    /** Adds a namespace, attached to every controller. */
    public SimNamespace addNamespace(long nsid, long blocks, int blockBytes) {
        var namespace = new SimNamespace(this, nsid, blocks, blockBytes);
        change(() -> {
            if (nsid < 1 || nsid > MAX_NSID || namespaces.containsKey(nsid)) {
                throw new IllegalArgumentException(
                        "namespace " + nsid + " is there already, or not from 1 to " + MAX_NSID);
            }
            namespaces.put(nsid, namespace);
            controllers.values().forEach(namespace::attachTo);
        });
        return namespace;
    }

    /** Removes a namespace: detaches it from every controller, and forgets it. */
    public void removeNamespace(long nsid) {
        SimNamespace namespace = namespace(nsid);
        change(() -> {
            namespace.attached().forEach(namespace::detachFrom);
            namespaces.remove(nsid);
        });
    }

    /** The controller of that name. @throws IllegalArgumentException when there is none; so for all that are named below */
    public SimController controller(String name) {
        synchronized (lock) {
            return require(controllers, name);
        }
    }

    /** Its controllers, in the order in which they were added. */
    public List<SimController> controllers() {
        synchronized (lock) {
            return List.copyOf(controllers.values());
        }
    }

    /** The namespace of that number. */
    public SimNamespace namespace(long nsid) {
        synchronized (lock) {
            return require(namespaces, nsid);
        }
    }

    /** Moves a group to another ANA state at all controllers, in one step. */
    public void anaState(int group, SimAnaState state) {
        change(() -> controllers.values().forEach(controller -> controller.move(group, state)));
    }

    /**
     * Takes the power away from all of it, and gives it back: every life of every controller ends, volatile caches are lost, and so
     * are registrations and reservations that do not persist.
     */
    public void powerCycle() {
        change(() -> {
            controllers
                    .values()
                    .forEach(controller -> controller
                            .associations()
                            .forEach(association -> association.end("the subsystem lost its power")));
            for (SimNamespace namespace : namespaces.values()) {
                controllers.values().forEach(namespace::powerLost);
                namespace.reservations().powerLost();
            }
        });
    }

    /** Under the lock: the associations of a host with controllers that {@code namespace} is attached to. */
    List<SimAssociation> associationsOf(SimHostId host, SimNamespace namespace) {
        return controllers.values().stream()
                .filter(namespace::attachedTo)
                .flatMap(controller -> controller.associations().stream())
                .filter(association -> association.features().host().equals(host))
                .toList();
    }

    /** Carries out a change of state under the lock, and then, when it is released, what {@link #afterwards} was told meanwhile. */
    void change(Runnable change) {
        List<Runnable> told = List.of();
        synchronized (lock) {
            changing++;
            try {
                change.run();
            } finally {
                changing--;
            }
            if (changing == 0) {
                told = List.copyOf(afterwards);
                afterwards.clear();
            }
        }
        told.forEach(Runnable::run);
    }

    /** Under the lock: what is to be done once it is released. */
    void afterwards(Runnable notice) {
        afterwards.add(notice);
    }

    /** Under the lock. */
    void groupAppears(int group) {
        if (groups.add(group)) {
            controllers.values().forEach(controller -> controller.groupAppears(group));
        }
    }

    boolean hasAna() {
        return ana;
    }

    String serial() {
        return serial;
    }

    String model() {
        return model;
    }

    /** NN and MNAN. */
    long maxNsid() {
        return MAX_NSID;
    }

    /** A number that tells its namespaces from those of other subsystems. */
    long number() {
        return nqn.hashCode() & 0x7fff_ffffL;
    }

    Map<Long, SimNamespace> namespaces() {
        return namespaces;
    }

    private static <K, V> V require(Map<K, V> known, K key) {
        V found = known.get(key);
        if (found == null) {
            throw new IllegalArgumentException("the subsystem has no '" + key + "', only " + known.keySet());
        }
        return found;
    }
}
