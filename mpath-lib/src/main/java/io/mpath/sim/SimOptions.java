package io.mpath.sim;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * What one {@link Simulation} is made of: every part drawn from its seed, so that each seed is another world (swarm testing), or
 * given. Immutable.
 *
 * <p>Printed and read as {@code devices=2,ports=3,…,faults=hang+no-room}; {@code faults} may also be {@code all} or {@code none}.
 */
public final class SimOptions {
    private static final String FAULTS = "faults";

    private final long seed;
    private final Map<SimOption, Long> values;
    private final Set<SimFault> faults;
    private final Set<SimOption> given;
    private final boolean faultsGiven;

    private SimOptions(
            long seed, Map<SimOption, Long> values, Set<SimFault> faults, Set<SimOption> given, boolean faultsGiven) {
        this.seed = seed;
        this.values = Collections.unmodifiableMap(values);
        this.faults = Collections.unmodifiableSet(faults);
        this.given = Collections.unmodifiableSet(given);
        this.faultsGiven = faultsGiven;
    }

    /** All that {@code seed} chooses. */
    public static SimOptions of(long seed) {
        SimRandom random = new SimRandom(seed).split("options");
        Map<SimOption, Long> values = new EnumMap<>(SimOption.class);
        for (SimOption option : SimOption.values()) {
            values.put(option, option.draw(random));
        }
        return new SimOptions(seed, values, drawFaults(random.split(FAULTS)), EnumSet.noneOf(SimOption.class), false);
    }

    /** Some worlds have few faults, some most of them: two that hide each other meet alone in others. */
    private static Set<SimFault> drawFaults(SimRandom random) {
        int inTen = 1 + random.nextInt(9);
        Set<SimFault> drawn = EnumSet.noneOf(SimFault.class);
        for (SimFault fault : SimFault.values()) {
            if (random.split(fault.name()).chance(inTen, 10)) {
                drawn.add(fault);
            }
        }
        return drawn;
    }

    /**
     * This with the parts that {@code assignments} names, such as {@code ports=2,faults=hang+resized}; empty: this.
     *
     * @throws IllegalArgumentException saying what there is to choose from
     */
    public SimOptions with(String assignments) {
        Map<SimOption, Long> changed = new EnumMap<>(values);
        Set<SimFault> chosen = faults;
        Set<SimOption> named = EnumSet.noneOf(SimOption.class);
        named.addAll(given);
        boolean faultsNamed = faultsGiven;
        for (String assignment : assignments.isBlank() ? new String[0] : assignments.split(",", -1)) {
            int equals = assignment.indexOf('=');
            String name = assignment.substring(0, Math.max(0, equals)).strip();
            String value = assignment.substring(equals + 1).strip();
            if (name.equals(FAULTS)) {
                chosen = parseFaults(value);
                faultsNamed = true;
            } else {
                SimOption option = optionNamed(name, assignment);
                changed.put(option, option.parse(value));
                named.add(option);
            }
        }
        return new SimOptions(seed, changed, chosen, named, faultsNamed);
    }

    private static SimOption optionNamed(String name, String assignment) {
        for (SimOption option : SimOption.values()) {
            if (option.toString().equals(name)) {
                return option;
            }
        }
        throw new IllegalArgumentException("'" + assignment + "' names no option: write NAME=VALUE, with a name of "
                + Arrays.toString(SimOption.values()) + " or " + FAULTS);
    }

    private static Set<SimFault> parseFaults(String text) {
        if (text.equals("all")) {
            return EnumSet.allOf(SimFault.class);
        }
        Set<SimFault> chosen = EnumSet.noneOf(SimFault.class);
        for (String name : text.equals("none") ? new String[0] : text.split("\\+", -1)) {
            chosen.add(faultNamed(name));
        }
        return chosen;
    }

    private static SimFault faultNamed(String name) {
        for (SimFault fault : SimFault.values()) {
            if (fault.toString().equals(name)) {
                return fault;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is no fault: write all, none, or several of "
                + Arrays.toString(SimFault.values()) + " joined by '+'");
    }

    /** The seed that chose what was not given. */
    public long seed() {
        return seed;
    }

    /** What {@code option} is. */
    public long get(SimOption option) {
        Long value = values.get(option);
        if (value == null) {
            throw new IllegalStateException(option + " was not drawn");
        }
        return value;
    }

    /** Whether there is that kind of fault. */
    public boolean has(SimFault fault) {
        return faults.contains(fault);
    }

    int count(SimOption option) {
        return Math.toIntExact(get(option));
    }

    boolean is(SimOption option) {
        return get(option) != 0;
    }

    /** What was given rather than drawn, in the form that {@link #with} takes; empty when nothing was. */
    public String given() {
        return print(given, faultsGiven);
    }

    /** All of it, in the form that {@link #with} takes. */
    @Override
    public String toString() {
        return print(values.keySet(), true);
    }

    private String print(Iterable<SimOption> options, boolean withFaults) {
        var text = new StringJoiner(",");
        for (SimOption option : options) {
            text.add(option + "=" + option.print(get(option)));
        }
        if (withFaults) {
            var names = new StringJoiner("+");
            faults.forEach(fault -> names.add(fault.toString()));
            text.add(FAULTS + "=" + (faults.isEmpty() ? "none" : names));
        }
        return text.toString();
    }
}
