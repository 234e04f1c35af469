package io.mpath.scsi.sim;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many commands of each kind arrived, and how many of them were under way at once: at a logical unit, a target port or a whole
 * array.
 *
 * <p>Threading: any thread.
 */
public final class SimCounts {
    private final Map<Integer, Count> counts = new TreeMap<>();

    private static final class Count {
        long seen;
        int underWay;
        int mostUnderWay;
    }

    SimCounts() {}

    /** How many commands of that operation code have arrived, whatever their service action. */
    public synchronized long seen(int opcode) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey() >> Byte.SIZE == opcode)
                .mapToLong(entry -> entry.getValue().seen)
                .sum();
    }

    /** How many commands of that operation code and service action have arrived. */
    public synchronized long seen(int opcode, int serviceAction) {
        Count count = counts.get(key(opcode, serviceAction));
        return count == null ? 0 : count.seen;
    }

    /** How many REPORT TARGET PORT GROUPS have arrived. */
    public long seenReportTargetPortGroups() {
        return seen(SimCommand.MAINTENANCE_IN, SimCommand.TARGET_PORT_GROUPS_ACTION);
    }

    /** How many commands of that operation code and service action were under way at once, at most. */
    public synchronized int mostUnderWay(int opcode, int serviceAction) {
        Count count = counts.get(key(opcode, serviceAction));
        return count == null ? 0 : count.mostUnderWay;
    }

    /** How many REPORT TARGET PORT GROUPS were under way at once, at most. */
    public int mostReportTargetPortGroupsUnderWay() {
        return mostUnderWay(SimCommand.MAINTENANCE_IN, SimCommand.TARGET_PORT_GROUPS_ACTION);
    }

    /** How many commands have arrived. */
    public synchronized long seen() {
        return counts.values().stream().mapToLong(count -> count.seen).sum();
    }

    /** Counts from 0 again; what is under way still is. */
    public synchronized void reset() {
        counts.values().forEach(count -> {
            count.seen = 0;
            count.mostUnderWay = count.underWay;
        });
    }

    synchronized void arrived(SimCommand command) {
        Count count = counts.computeIfAbsent(key(command), key -> new Count());
        count.seen++;
        count.underWay++;
        count.mostUnderWay = Math.max(count.mostUnderWay, count.underWay);
    }

    synchronized void ended(SimCommand command) {
        counts.computeIfAbsent(key(command), key -> new Count()).underWay--;
    }

    private static int key(SimCommand command) {
        return key(command.opcode(), command.serviceAction());
    }

    private static int key(int opcode, int serviceAction) {
        return opcode << Byte.SIZE | serviceAction;
    }
}
