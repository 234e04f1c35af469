package io.mpath.scsi.sim;

import io.mpath.Environment;
import io.mpath.internal.sim.DeviceClock;
import io.mpath.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An emulated array: logical units behind target ports, which are in target port groups. Logical units begin accessible through
 * every port there is or will be, and groups begin active/optimized for every logical unit. By default access states change
 * implicitly only (TPGS 01b), and sense data is in the fixed format.
 *
 * <p>Threading: set up by one thread; then any thread in real time, the world's own in a {@link SimWorld}. One lock guards the
 * state of all its parts, and nothing foreign is called while it is held, but for the observers of disks.
 */
public final class SimScsiArray {
    private static final int MOST_SUPPORTED = 0xff;
    private static final int NO_ALUA = 0;
    private static final int IMPLICIT = 1;
    private static final int EXPLICIT = 2;
    private static final int DEFAULT_ATTENTIONS = 16;

    final Object lock = new Object();

    private final Function<String, DeviceClock> clocks;
    private final String name;
    private final SimCounts counts = new SimCounts();
    private final Map<String, SimTargetPort> ports = new LinkedHashMap<>();
    private final Map<Long, SimLogicalUnit> units = new TreeMap<>();
    private final Set<Integer> groups = new TreeSet<>();
    private final List<SimNexus> nexuses = new ArrayList<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private int changing;
    private int tpgs = IMPLICIT;
    private int supportedStates = SimAluaState.ALL_SUPPORTED;
    private SimExtendedHeader extendedHeader = SimExtendedHeader.RETURNED;
    private SimTransitionAnswer transitionAnswer = SimTransitionAnswer.NOT_READY;
    private int implicitTransitionSeconds;
    private long explicitTransitionNanos;
    private boolean descriptorSense;
    private int roomForAttentions = DEFAULT_ATTENTIONS;
    private boolean announcesPowerOn;

    private SimScsiArray(Function<String, DeviceClock> clocks, String name) {
        this.clocks = clocks;
        this.name = name;
    }

    /** An array in virtual time. */
    public static SimScsiArray in(SimWorld world, String name) {
        return new SimScsiArray(port -> DeviceClock.in(world, "target port " + port), name);
    }

    /** An array that uses the clock, the timers and the completion executor of {@code environment}. */
    public static SimScsiArray inRealTime(Environment environment, String name) {
        return new SimScsiArray(
                port -> DeviceClock.of(environment, environment.completions(), "target port " + port), name);
    }

    /** The name of the target device, as its SCSI name string has it. */
    public String name() {
        return name;
    }

    /** Has no asymmetric access: TPGS 00b, and no REPORT TARGET PORT GROUPS. */
    public SimScsiArray withoutAlua() {
        return set(() -> tpgs = NO_ALUA);
    }

    /** Takes SET TARGET PORT GROUPS besides changing states by itself (TPGS 11b). */
    public SimScsiArray withExplicitAlua() {
        return set(() -> tpgs = IMPLICIT | EXPLICIT);
    }

    /** Changes states by SET TARGET PORT GROUPS only (TPGS 10b); a script can still change them by itself. */
    public SimScsiArray withExplicitAluaOnly() {
        return set(() -> tpgs = EXPLICIT);
    }

    /** Which states it says that groups support: bits as in REPORT TARGET PORT GROUPS. By default all but reserved ones. */
    public SimScsiArray supportedStates(int bits) {
        return set(() -> supportedStates = bits & MOST_SUPPORTED);
    }

    /** What it does when it is asked for the extended header. By default it returns it. */
    public SimScsiArray extendedHeader(SimExtendedHeader value) {
        return set(() -> extendedHeader = value);
    }

    /** What it answers during a transition. By default 02/04/0A. */
    public SimScsiArray transitionAnswer(SimTransitionAnswer value) {
        return set(() -> transitionAnswer = value);
    }

    /** IMPLICIT TRANSITION TIME, in whole seconds, 255 at most. By default zero: not told. */
    public SimScsiArray implicitTransitionTime(Duration value) {
        return set(() -> implicitTransitionSeconds = Math.toIntExact(value.toSeconds()));
    }

    /** How long SET TARGET PORT GROUPS takes, while the groups that it changes are in transition. By default no time. */
    public SimScsiArray explicitTransitionTime(Duration value) {
        return set(() -> explicitTransitionNanos = value.toNanos());
    }

    /** Gives sense data in the descriptor format (D_SENSE). */
    public SimScsiArray withDescriptorSense() {
        return set(() -> descriptorSense = true);
    }

    /** How many unit attentions each logical unit keeps for a nexus; what finds no room is lost. By default 16; 0: none ever. */
    public SimScsiArray roomForAttentions(int value) {
        return set(() -> roomForAttentions = value);
    }

    /** Establishes 29/00 for each logical unit when a nexus is made, and not only what the loss of one brings. */
    public SimScsiArray announcingPowerOn() {
        return set(() -> announcesPowerOn = true);
    }

    private SimScsiArray set(Runnable setting) {
        synchronized (lock) {
            setting.run();
        }
        return this;
    }

    /** Adds a target port, with the next relative identifier from 1 on. */
    public SimTargetPort addPort(String portName, int group) {
        DeviceClock clock = clocks.apply(portName);
        synchronized (lock) {
            if (ports.containsKey(portName)) {
                throw new IllegalArgumentException("the array has a port '" + portName + "' already");
            }
            var port = new SimTargetPort(this, portName, ports.size() + 1, group, clock);
            ports.put(portName, port);
            groups.add(group);
            return port;
        }
    }

    /** Adds a logical unit, accessible through all ports; every nexus is told that what REPORT LUNS returns has changed. */
    public SimLogicalUnit addUnit(long lun, long blocks, int blockBytes) {
        synchronized (lock) {
            if (units.containsKey(lun) || lun < 0 || lun > LunFormat.MOST) {
                throw new IllegalArgumentException(
                        "logical unit " + lun + " is there already, or not from 0 to " + LunFormat.MOST);
            }
            var unit = new SimLogicalUnit(this, lun, blocks, blockBytes);
            units.put(lun, unit);
            lunsChanged();
            return unit;
        }
    }

    /** Deletes a logical unit; every nexus is told by the others that what REPORT LUNS returns has changed. */
    public void removeUnit(long lun) {
        synchronized (lock) {
            require(units, lun);
            units.remove(lun);
            nexuses.forEach(nexus -> nexus.forget(lun));
            lunsChanged();
        }
    }

    /** The port of that name. @throws IllegalArgumentException when there is none; so for all that are named below */
    public SimTargetPort port(String portName) {
        synchronized (lock) {
            return require(ports, portName);
        }
    }

    /** Its ports, in the order in which they were added. */
    public List<SimTargetPort> ports() {
        synchronized (lock) {
            return List.copyOf(ports.values());
        }
    }

    /** The logical unit of that number. */
    public SimLogicalUnit unit(long lun) {
        synchronized (lock) {
            return require(units, lun);
        }
    }

    /** Its logical units, by their numbers. */
    public List<SimLogicalUnit> units() {
        synchronized (lock) {
            return List.copyOf(units.values());
        }
    }

    /** Moves a group to another access state for all logical units, at once. */
    public void alua(int group, SimAluaState state) {
        change(() -> units.values().forEach(unit -> unit.alua(group, state)));
    }

    /** Moves a group to another access state for all logical units; it is in transition for {@code duration}. */
    public void transition(int group, SimAluaState to, Duration duration) {
        change(() -> units.values().forEach(unit -> unit.transition(group, to, duration)));
    }

    /** {@link SimLogicalUnit#losePower}, of all logical units. */
    public void losePower() {
        change(() -> units.values().forEach(SimLogicalUnit::losePower));
    }

    /** What has arrived, through whatever port, for whatever logical unit. */
    public SimCounts counts() {
        return counts;
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
            if (changing == 0 && !afterwards.isEmpty()) {
                told = List.copyOf(afterwards);
                afterwards.clear();
            }
        }
        told.forEach(Runnable::run);
    }

    // Under the lock from here on.

    /** What is to be done once the lock is released. */
    void afterwards(Runnable notice) {
        afterwards.add(notice);
    }

    void joined(SimNexus nexus) {
        nexuses.add(nexus);
        if (announcesPowerOn) {
            units.values().forEach(unit -> unit.establish(nexus, SimSense.POWER_ON));
        }
    }

    void left(SimNexus nexus) {
        nexuses.remove(nexus);
    }

    List<SimNexus> nexuses() {
        return nexuses;
    }

    private void lunsChanged() {
        units.values().forEach(unit -> unit.establish(SimSense.LUNS_CHANGED));
    }

    void lunsChangedAt(SimTargetPort port) {
        for (SimNexus nexus : nexuses) {
            if (nexus.targetPort() == port) {
                units.values().forEach(unit -> unit.establish(nexus, SimSense.LUNS_CHANGED));
            }
        }
    }

    @Nullable
    SimLogicalUnit accessible(long lun, SimTargetPort port) {
        SimLogicalUnit unit = units.get(lun);
        return unit != null && unit.accessibleThrough(port) ? unit : null;
    }

    Optional<SimCounts> countsOf(long lun) {
        return Optional.ofNullable(units.get(lun)).map(SimLogicalUnit::counts);
    }

    List<Long> accessibleLuns(SimTargetPort port) {
        return units.values().stream()
                .filter(unit -> unit.accessibleThrough(port))
                .map(SimLogicalUnit::lun)
                .toList();
    }

    void groupAppears(int group) {
        groups.add(group);
    }

    Set<Integer> groups() {
        return groups;
    }

    List<SimTargetPort> portsOf(int group) {
        return ports.values().stream().filter(port -> port.group() == group).toList();
    }

    int tpgs() {
        return tpgs;
    }

    boolean hasAlua() {
        return tpgs != NO_ALUA;
    }

    boolean takesSetTargetPortGroups() {
        return (tpgs & EXPLICIT) != 0;
    }

    int supportedStateBits() {
        return supportedStates;
    }

    SimExtendedHeader extendedHeader() {
        return extendedHeader;
    }

    SimTransitionAnswer transitionAnswer() {
        return transitionAnswer;
    }

    int implicitTransitionSeconds() {
        return implicitTransitionSeconds;
    }

    long explicitTransitionNanos() {
        return explicitTransitionNanos;
    }

    boolean descriptorSense() {
        return descriptorSense;
    }

    int roomForAttentions() {
        return roomForAttentions;
    }

    /** Any clock will do for what is not of one port. */
    DeviceClock clock() {
        return ports.values().iterator().next().clock();
    }

    private static <K, V> V require(Map<K, V> known, K key) {
        V found = known.get(key);
        if (found == null) {
            throw new IllegalArgumentException("the array has no '" + key + "'");
        }
        return found;
    }

    @Override
    public String toString() {
        return name;
    }
}
