package io.mpath.nvme.sim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ANA states of the groups as one controller sees them, and how often they changed.
 *
 * <p>Threading: guarded by the subsystem's lock.
 */
final class AnaTable {
    private static final class Row {
        SimAnaState state = SimAnaState.OPTIMIZED;
        long changes = 1;
    }

    private final Map<Integer, Row> rows = new TreeMap<>();
    private long changes = 1;

    /** The group exists. */
    void add(int group) {
        rows.computeIfAbsent(group, any -> new Row());
    }

    SimAnaState state(int group) {
        return row(group).state;
    }

    /** Whether it was another state before. */
    boolean state(int group, SimAnaState state) {
        Row row = row(group);
        boolean changed = row.state != state;
        row.state = state;
        if (changed) {
            touch(group);
        }
        return changed;
    }

    /** Something about the group changed. */
    void touch(int group) {
        row(group).changes++;
        changes++;
    }

    AnaLogPage page(Members members) {
        List<AnaLogPage.Group> groups = rows.entrySet().stream()
                .map(entry -> new AnaLogPage.Group(
                        entry.getKey(), entry.getValue().state, entry.getValue().changes, members.of(entry.getKey())))
                .toList();
        return new AnaLogPage(changes, groups);
    }

    private Row row(int group) {
        Row row = rows.get(group);
        if (row == null) {
            throw new IllegalArgumentException("there is no ANA group " + group + ", only " + rows.keySet());
        }
        return row;
    }

    /** Which namespaces a group has. */
    interface Members {
        List<Long> of(int group);
    }
}
