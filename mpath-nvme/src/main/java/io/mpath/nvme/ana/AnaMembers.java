package io.mpath.nvme.ana;

import io.mpath.AccessState;
import io.mpath.nvme.command.AnaGroup;
import io.mpath.path.PathControl;
import io.mpath.path.PathControl.AccessChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one controller by ascending NSID, and what was last reported of each.
 *
 * <p>An I/O error may tell more than a log that is being read: so every look at the log has a number, a member in doubt
 * remembers the first that can clear it, and an older answer does not count for it.
 *
 * <p>Threading: guarded by the monitor of this, which is held while a report is made, so that the reports of all threads are made
 * in the order of what they report. Only {@link #doubt} is called by other threads than the control loop.
 */
final class AnaMembers {
    private static final Comparator<Entry> BY_NSID = Comparator.comparingLong(entry -> entry.nsid);

    private final List<Entry> entries = new ArrayList<>();
    private final IdentityHashMap<AnaMember, Entry> byMember = new IdentityHashMap<>();
    private final ChangingGroups changing;
    private long looks;

    AnaMembers(ChangingGroups changing) {
        this.changing = changing;
    }

    /** One member. */
    private static final class Entry {
        private final AnaMember member;
        private final long nsid;
        // The first look that tells the truth about this.
        private long clearedBy;
        private boolean listed = true;
        private boolean known;
        private @Nullable AccessState reported;

        Entry(AnaMember member) {
            this.member = member;
            this.nsid = member.nsid();
        }
    }

    /**
     * What one log made of the members.
     *
     * @param firstTold those whose first state was reported
     * @param newlyUnlisted whether it does not list a member that was not missed before, whose state was left as it is
     */
    record Outcome(List<AnaMember> firstTold, boolean newlyUnlisted) {}

    synchronized void add(AnaMember member) {
        var entry = new Entry(member);
        if (byMember.putIfAbsent(member, entry) != null) {
            throw new IllegalStateException("namespace " + entry.nsid + ": this path is a member already");
        }
        int at = Collections.binarySearch(entries, entry, BY_NSID);
        entries.add(at < 0 ? -1 - at : at, entry);
    }

    /** Whether it was a member. */
    synchronized boolean remove(AnaMember member) {
        Entry entry = byMember.remove(member);
        return entry != null && entries.remove(entry);
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized boolean contains(AnaMember member) {
        return byMember.containsKey(member);
    }

    synchronized boolean allUsable() {
        return entries.stream().allMatch(entry -> entry.reported != null && entry.reported.usable());
    }

    synchronized boolean allListed() {
        return entries.stream().allMatch(entry -> entry.listed);
    }

    /** Through which to report of all, and where to run; null without members. */
    synchronized @Nullable PathControl control() {
        return entries.isEmpty() ? null : entries.get(0).member.control();
    }

    /** A look at the log is about to begin: its number. */
    synchronized long beginLook() {
        return ++looks;
    }

    /** The number of the next look. */
    synchronized long nextLook() {
        return looks + 1;
    }

    /** I/O says that what is known of {@code member} is wrong. @return whether it is a member */
    synchronized boolean doubt(AnaMember member) {
        Entry entry = byMember.get(member);
        if (entry == null) {
            return false;
        }
        entry.clearedBy = looks + 1;
        entry.reported = AccessState.UNKNOWN;
        // Also when it was reported so before: this report must come before this thread's failure.
        member.control().accessState(AccessState.UNKNOWN);
        return true;
    }

    /** Applies a log that was read by the look of that number. */
    synchronized Outcome apply(AnaTable log, long look) {
        List<AccessChange> changes = new ArrayList<>();
        List<AnaMember> told = new ArrayList<>();
        boolean newlyUnlisted = false;
        AnaTable.Walk walk = log.walk();
        for (Entry entry : entries) {
            AnaGroup group = walk.find(entry.nsid);
            if (look < entry.clearedBy) {
                continue;
            }
            if (group == null && entry.listed) {
                entry.listed = false;
                newlyUnlisted = true;
                continue;
            }
            entry.listed = group != null;
            report(entry, group == null ? AccessState.UNKNOWN : stateOf(group), changes, told);
        }
        send(changes);
        return new Outcome(told, newlyUnlisted);
    }

    /** Gives one member its first state from a log that is known: that state, or null when the log does not list it. */
    synchronized @Nullable AccessState applyTo(AnaMember member, AnaTable log) {
        Entry entry = byMember.get(member);
        AnaGroup group = entry == null ? null : log.find(entry.nsid);
        if (entry == null || group == null) {
            return null;
        }
        List<AccessChange> changes = new ArrayList<>();
        report(entry, stateOf(group), changes, new ArrayList<>());
        send(changes);
        return entry.reported;
    }

    /** Of those that are believed between two states, the ones whose group is overdue now are unavailable. @return how many */
    synchronized int expire(AnaTable log) {
        List<AccessChange> changes = new ArrayList<>();
        AnaTable.Walk walk = log.walk();
        for (Entry entry : entries) {
            AnaGroup group = walk.find(entry.nsid);
            if (group != null && entry.reported == AccessState.TRANSITIONING && changing.overdue(group.id())) {
                entry.reported = AccessState.UNAVAILABLE;
                changes.add(entry.member.change(AccessState.UNAVAILABLE));
            }
        }
        send(changes);
        return changes.size();
    }

    /** No state can be vouched for: all members are unknown. @return those whose first state that is */
    synchronized List<AnaMember> unread() {
        return makeUnknown(entry -> true);
    }

    /** What is usable is unknown. */
    synchronized void withdraw() {
        makeUnknown(entry -> entry.reported != null && entry.reported.usable());
    }

    private List<AnaMember> makeUnknown(Predicate<Entry> which) {
        List<AccessChange> changes = new ArrayList<>();
        List<AnaMember> told = new ArrayList<>();
        for (Entry entry : entries) {
            if (which.test(entry)) {
                report(entry, AccessState.UNKNOWN, changes, told);
            }
        }
        send(changes);
        return told;
    }

    private AccessState stateOf(AnaGroup group) {
        return switch (group.state()) {
            case OPTIMIZED -> AccessState.OPTIMIZED;
            case NON_OPTIMIZED -> AccessState.NON_OPTIMIZED;
            case INACCESSIBLE -> AccessState.UNAVAILABLE;
            case PERSISTENT_LOSS -> AccessState.PERSISTENT_LOSS;
            case CHANGE -> changing.overdue(group.id()) ? AccessState.UNAVAILABLE : AccessState.TRANSITIONING;
        };
    }

    private void report(Entry entry, AccessState state, List<AccessChange> changes, List<AnaMember> told) {
        if (entry.reported != state) {
            entry.reported = state;
            changes.add(entry.member.change(state));
        }
        if (!entry.known) {
            entry.known = true;
            told.add(entry.member);
        }
    }

    private void send(List<AccessChange> changes) {
        if (!changes.isEmpty()) {
            entries.get(0).member.control().accessStates(changes);
        }
    }
}
