package io.mpath.scsi.alua;

import io.mpath.scsi.command.SenseData;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps the access states of the paths to one logical unit. */
public final class AluaMonitor {
    private final String unit;
    private final AluaBudget budget;
    private final AluaTiming timing;
    private final boolean activates;
    private final Set<AluaMember> members = ConcurrentHashMap.newKeySet();

    /**
     * Without members.
     *
     * @param unit the logical unit's name, for messages
     * @param budget of its target
     * @param activates whether to ask for optimized access with SET TARGET PORT GROUPS where no live path is usable: for a logical
     *     unit with explicit ALUA only, and only where that was asked for
     */
    public AluaMonitor(String unit, AluaBudget budget, AluaTiming timing, boolean activates) {
        this.unit = unit;
        this.budget = budget;
        this.timing = timing;
        this.activates = activates;
    }

    /**
     * A path was attached: its state is reported, and then {@link AluaMember#stateKnown} called, before this returns when it is
     * known, and later otherwise. On the loop.
     */
    public void add(AluaMember member) {
        members.add(member);
    }

    /** It is closed: nothing is told to it any more. On the loop. */
    public void remove(AluaMember member) {
        members.remove(member);
    }

    /** Its nexus can be given commands again: it is unknown until a read that begins after this. On the loop. */
    public void nexusLive(AluaMember member) {
        require(member);
    }

    /** Its nexus cannot be given commands: to be called after {@link AluaMember#live} says so. On the loop. */
    public void nexusNotLive(AluaMember member) {
        require(member);
    }

    /** It was described anew: where its group is another one now, its state is read anew. On the loop. */
    public void described(AluaMember member) {
        require(member);
    }

    /** Something may have changed, nobody says what: the states are read. Any thread. */
    public void changed() {
        members.forEach(this::require);
    }

    /**
     * A command of I/O came back with sense data that lets its access state be checked ({@code Recheck.ACCESS_STATE}). Any thread;
     * what can be told at once was reported when this returns: the whole group as {@code TRANSITIONING}, or this path as {@code
     * UNKNOWN} where the group is in another state than was believed.
     */
    public void sense(AluaMember member, SenseData sense) {
        require(member);
    }

    private void require(AluaMember member) {
        if (!members.contains(member)) {
            throw new IllegalStateException(member.name() + ": no member of " + this);
        }
    }

    @Override
    public String toString() {
        return unit + " of " + budget + ", " + timing + (activates ? ", activated" : "");
    }
}
