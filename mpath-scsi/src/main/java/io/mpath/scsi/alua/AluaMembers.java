package io.mpath.scsi.alua;

import io.mpath.AccessState;
import io.mpath.path.PathControl;
import io.mpath.path.PathControl.AccessChange;
import io.mpath.scsi.alua.AluaLook.Candidate;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.TargetPortGroup;
import io.mpath.scsi.command.TargetPortGroups;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The paths to one logical unit, and what was last reported of each.
 *
 * <p>Sense data may tell more than an answer that is on its way: so every look has a number, a member in doubt remembers the first
 * that can clear it, and an older answer does not count for it.
 *
 * <p>Threading: guarded by the monitor of this, which is held while a report is made, so that the reports of all threads are made
 * in the order of what they report. Only {@link #doubt} and {@link #transition} are called by other threads than the control loop.
 */
final class AluaMembers {
    /** I/O that contradicts an answer within this time is no reason to ask again at once. */
    static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * For so long a change may go on to be told to one nexus after another, each with its next command, after the first to be told
     * had it read. Whether a unit attention is of that change or of a newer one shows only where its nexus carried commands since.
     */
    static final long SAME_CHANGE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long NEVER = Long.MIN_VALUE;

    private final List<Entry> entries = new ArrayList<>();
    private final TransitioningGroups transitioning = new TransitioningGroups();
    private long looks;
    private boolean lookUnderWay;
    private long lookBegan = NEVER;
    private long answeredLookBegan = NEVER;
    private @Nullable AluaMember worked;

    /** One member. */
    private static final class Entry {
        private final AluaMember member;
        // As of the last look: sense data is judged by threads that must not ask the member.
        private int group;
        // The first look that tells the truth about this.
        private long clearedBy;
        private boolean doubted;
        private long trustedAt = NEVER;
        private boolean listed = true;
        // Listed with a state that nobody knows.
        private boolean unclear;
        private boolean known;
        private boolean failed;
        private long commandsEnded;
        private long commandsEndedAtLook;
        private @Nullable AccessState reported;
        private boolean preferred;

        Entry(AluaMember member) {
            this.member = member;
            group = member.targetPortGroup();
        }

        boolean usable() {
            return reported != null && reported.usable();
        }
    }

    /**
     * What one answer made of the members.
     *
     * @param firstTold those whose first state was reported
     * @param newlyUnlisted those that it does not list and that were not missed before, whose state was left as it is
     * @param unclear those that it lists in a state that nobody knows, whose state was left as it is
     */
    record Outcome(List<AluaMember> firstTold, List<AluaMember> newlyUnlisted, List<AluaMember> unclear) {}

    /** What is to follow sense data. */
    enum Next {
        /** Nothing: the path is no member. */
        NOTHING,
        /** The states are to be read: soon, and at once where no path is usable. */
        READ,
        /** They are to be read in due time. */
        WAIT,
        /** They have just been read, or are being read, but perhaps too early: they are to be read once more, a little later. */
        READ_LATER
    }

    synchronized void add(AluaMember member) {
        if (entry(member) != null) {
            throw new IllegalStateException(member.name() + " is a member already");
        }
        entries.add(new Entry(member));
    }

    /** Whether it was a member. */
    synchronized boolean remove(AluaMember member) {
        if (worked == member) {
            worked = null;
        }
        return entries.removeIf(entry -> entry.member == member);
    }

    synchronized boolean contains(AluaMember member) {
        return entry(member) != null;
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized boolean anyLive() {
        return entries.stream().anyMatch(entry -> entry.member.live());
    }

    /** Through which to report of all, and where to run; null without members. */
    synchronized @Nullable PathControl control() {
        return entries.isEmpty() ? null : entries.get(0).member.control();
    }

    /** A look is about to begin: its number. */
    synchronized long beginLook(long now) {
        lookBegan = now;
        lookUnderWay = true;
        for (Entry entry : entries) {
            entry.commandsEndedAtLook = entry.member.commandsEnded();
        }
        return ++looks;
    }

    /** What it told was applied. */
    synchronized void endLook() {
        lookUnderWay = false;
    }

    /** The last look told nothing. */
    synchronized void lookFailed() {
        lookBegan = NEVER;
    }

    /** The number of the next look. */
    synchronized long nextLook() {
        return looks + 1;
    }

    /** Nothing is under way any more that was. */
    synchronized void forget() {
        lookBegan = NEVER;
        answeredLookBegan = NEVER;
        transitioning.retain(Set.of());
    }

    /**
     * A command through {@code member} was refused for its state. What is known of that is wrong, unless it says the same, like each
     * check of a path in standby.
     */
    synchronized Next doubt(AluaMember member, SenseData sense) {
        Entry entry = entry(member);
        if (entry == null || (!lookUnderWay && entry.reported == refusedFor(sense))) {
            return Next.NOTHING;
        }
        boolean contradicts = entry.usable() && entry.trustedAt != NEVER && now(member) - entry.trustedAt < TRUST_NANOS;
        boolean asked = entry.doubted && entry.clearedBy == looks + 1;
        doubt(entry, AccessState.UNKNOWN);
        // Also when it was reported so before: this report must come before this thread's failure.
        member.control().accessStates(List.of(member.change(AccessState.UNKNOWN, entry.preferred)));
        return contradicts || asked ? Next.WAIT : Next.READ;
    }

    /**
     * A unit attention told {@code member} that something changed. One change is told through each nexus with the first command
     * after it, so most of them tell of what has been read since.
     */
    synchronized Next attention(AluaMember member) {
        Entry entry = entry(member);
        if (entry == null) {
            return Next.NOTHING;
        }
        long now = now(member);
        boolean justRead = lookBegan != NEVER && now - lookBegan < TRUST_NANOS;
        boolean nothingElseSince = answeredLookBegan != NEVER
                && now - answeredLookBegan < SAME_CHANGE_NANOS
                && member.commandsEnded() == entry.commandsEndedAtLook;
        // Where none is usable, requests wait for what it may tell of.
        boolean urgent = answeredLookBegan != NEVER && !anyUsable();
        if (!urgent && (justRead || nothingElseSince)) {
            return Next.READ_LATER;
        }
        // It has told what it had to tell: the next command through it is answered.
        worked = member;
        return Next.READ;
    }

    /** The group of {@code member} is between two states. */
    synchronized Next transition(AluaMember member) {
        Entry told = entry(member);
        if (told == null) {
            return Next.NOTHING;
        }
        transitioning.begin(told.group, now(member));
        boolean overdue = transitioning.overdue(told.group);
        boolean asked = told.clearedBy == looks + 1;
        AccessState state = overdue ? AccessState.STANDBY : AccessState.TRANSITIONING;
        List<AccessChange> changes = new ArrayList<>();
        boolean believed = true;
        for (Entry entry : entries) {
            if (entry.group == told.group) {
                believed &= entry.reported == state;
                if (entry.reported != state || entry == told) {
                    changes.add(entry.member.change(state, entry.preferred));
                }
                doubt(entry, state);
                entry.doubted = !overdue;
            }
        }
        member.control().accessStates(changes);
        // An answer that is on its way counts no more, and where it is overdue, nobody asks again soon by himself.
        return (overdue ? asked : believed) ? Next.WAIT : Next.READ;
    }

    /** It may have become another group's, or was away: nothing that was read before this counts. */
    synchronized void renew(AluaMember member) {
        Entry entry = entry(member);
        if (entry != null) {
            entry.group = member.targetPortGroup();
            entry.failed = false;
            entry.listed = true;
            entry.clearedBy = looks + 1;
            entry.doubted = true;
            List<AccessChange> changes = new ArrayList<>();
            report(entry, AccessState.UNKNOWN, entry.preferred, changes);
            send(changes);
        }
    }

    synchronized boolean inGroup(AluaMember member, int group) {
        Entry entry = entry(member);
        return entry != null && entry.group == group;
    }

    /** Applies what the look of that number was told. */
    synchronized Outcome apply(TargetPortGroups groups, long look, long now) {
        answeredLookBegan = lookBegan;
        transitioning.limit(limitNanos(groups), now);
        Set<Integer> between = new HashSet<>();
        for (Entry entry : entries) {
            entry.group = entry.member.targetPortGroup();
            boolean left = look < entry.clearedBy || groups.unclear().contains(entry.group);
            boolean is = left
                    ? transitioning.contains(entry.group)
                    : stateIn(groups, entry.group) == AccessState.TRANSITIONING;
            if (is) {
                between.add(entry.group);
            }
        }
        transitioning.retain(between);
        between.forEach(group -> transitioning.begin(group, now));
        List<AccessChange> changes = new ArrayList<>();
        List<AluaMember> told = new ArrayList<>();
        List<AluaMember> newlyUnlisted = new ArrayList<>();
        List<AluaMember> unclear = new ArrayList<>();
        for (Entry entry : entries) {
            if (look < entry.clearedBy) {
                continue;
            }
            entry.unclear = groups.unclear().contains(entry.group);
            if (entry.unclear) {
                unclear.add(entry.member);
                leave(entry, changes);
                tell(entry, told);
                continue;
            }
            TargetPortGroup group = groups.group(entry.group).orElse(null);
            if (group == null && entry.listed) {
                entry.listed = false;
                newlyUnlisted.add(entry.member);
                continue;
            }
            entry.listed = group != null;
            entry.trustedAt = entry.doubted ? now : entry.trustedAt;
            entry.doubted = false;
            AccessState state = group == null ? AccessState.UNKNOWN : stateOf(group);
            report(entry, state, group != null && group.preferred(), changes);
            tell(entry, told);
        }
        send(changes);
        return new Outcome(told, newlyUnlisted, unclear);
    }

    /** It stays what it is, if it is anything. */
    private void leave(Entry entry, List<AccessChange> changes) {
        entry.listed = true;
        entry.doubted = false;
        if (entry.reported == null) {
            report(entry, AccessState.UNKNOWN, entry.preferred, changes);
        }
    }

    /** Gives one member its first state from an answer that is known. @return whether that lists it */
    synchronized boolean applyTo(AluaMember member, TargetPortGroups groups) {
        Entry entry = entry(member);
        TargetPortGroup group = entry == null ? null : groups.group(entry.group).orElse(null);
        if (entry == null || group == null) {
            return false;
        }
        if (told(group) == AccessState.TRANSITIONING) {
            transitioning.begin(entry.group, now(member));
        }
        List<AccessChange> changes = new ArrayList<>();
        report(entry, stateOf(group), group.preferred(), changes);
        entry.known = true;
        send(changes);
        return true;
    }

    /** Those that are believed between two states, and for too long, are in standby. @return their groups */
    synchronized Set<Integer> expire(long now) {
        Set<Integer> late = transitioning.expire(now);
        List<AccessChange> changes = new ArrayList<>();
        for (Entry entry : entries) {
            if (late.contains(entry.group) && entry.reported == AccessState.TRANSITIONING) {
                report(entry, AccessState.STANDBY, entry.preferred, changes);
                entry.doubted = false;
            }
        }
        send(changes);
        return late;
    }

    synchronized long nanosToExpiry(long now) {
        return transitioning.nanosLeft(now);
    }

    synchronized long transitionLimitNanos() {
        return transitioning.limitNanos();
    }

    /** Those that no state was reported of are unknown, and that is reported. @return they */
    synchronized List<AluaMember> untoldUnknown() {
        List<AccessChange> changes = new ArrayList<>();
        for (Entry entry : entries) {
            if (!entry.known) {
                report(entry, AccessState.UNKNOWN, entry.preferred, changes);
            }
        }
        send(changes);
        return untold();
    }

    private List<AluaMember> untold() {
        List<AluaMember> told = new ArrayList<>();
        entries.forEach(entry -> tell(entry, told));
        return told;
    }

    /**
     * The live members, best to ask first: through ports that answer, those that did not fail last, the one that told last, and the
     * least busy. Each of the others may have a unit attention to tell before it gets to work, which costs the target more than that
     * one port has many turns to give.
     */
    synchronized List<Candidate> candidates() {
        Map<Entry, Boolean> silent = new LinkedHashMap<>();
        Map<Entry, Integer> turns = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.member.live()) {
                silent.put(entry, entry.member.budget().isSilent(entry.member.port()));
                turns.put(entry, entry.member.budget().turns(entry.member.port()));
            }
        }
        return silent.keySet().stream()
                .sorted(Comparator.<Entry, Boolean>comparing(silent::get)
                        .thenComparing(entry -> entry.failed)
                        .thenComparing(entry -> entry.member != worked)
                        .thenComparing(turns::get)
                        .thenComparing(entry -> !entry.usable()))
                .map(entry -> new Candidate(entry.member, entry.group))
                .toList();
    }

    /** Whether it is one that can be asked. */
    synchronized boolean canBeAsked(AluaMember member) {
        return entry(member) != null && member.live();
    }

    /** Of what target; null without members. */
    synchronized @Nullable AluaBudget budget() {
        return entries.isEmpty() ? null : entries.get(0).member.budget();
    }

    /** One of {@code candidates} for each group that is between two states, and not for too long. */
    synchronized List<Candidate> transitioning(List<Candidate> candidates) {
        Map<Integer, Candidate> first = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            if (transitioning.contains(candidate.group()) && !transitioning.overdue(candidate.group())) {
                first.putIfAbsent(candidate.group(), candidate);
            }
        }
        return List.copyOf(first.values());
    }

    synchronized void asked(List<AluaMember> failed, @Nullable AluaMember told) {
        for (Entry entry : entries) {
            entry.failed = entry.member != told && (entry.failed || failed.contains(entry.member));
        }
        if (told != null && entry(told) != null) {
            worked = told;
        }
    }

    /** Those whose first state is that their group is between two. */
    synchronized List<AluaMember> untoldTransitioning() {
        List<AluaMember> told = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.reported == AccessState.TRANSITIONING) {
                tell(entry, told);
            }
        }
        return told;
    }

    /** Whether a member is between two states. */
    synchronized boolean anyTransitioning() {
        return entries.stream().anyMatch(entry -> entry.reported == AccessState.TRANSITIONING);
    }

    /** Whether a member waits for an answer, and not because its group is between two states. */
    synchronized boolean anyDoubted() {
        return entries.stream()
                .anyMatch(entry -> (entry.doubted || !entry.known) && entry.reported != AccessState.TRANSITIONING);
    }

    /** Whether a member is in trouble that looking may settle. */
    synchronized boolean anyUnsettled() {
        return transitioning.anyOverdue() || entries.stream().anyMatch(entry -> !entry.listed || entry.unclear);
    }

    /** From here on it is counted who carries I/O. */
    synchronized void beginWatch() {
        entries.forEach(entry -> entry.commandsEnded = entry.member.commandsEnded());
    }

    /** Whether a live member carried no I/O since {@link #beginWatch}. */
    synchronized boolean anyIdle() {
        return entries.stream()
                .anyMatch(entry -> entry.member.live() && entry.commandsEnded == entry.member.commandsEnded());
    }

    /** Whether requests need not wait for what a look may tell. */
    synchronized boolean anyUsable() {
        return entries.stream().anyMatch(entry -> entry.usable() && entry.member.live());
    }

    /** Whether a live member is usable, or about to turn out to be or not. */
    synchronized boolean anyHope() {
        return entries.stream()
                .filter(entry -> entry.member.live())
                .anyMatch(entry -> entry.usable() || entry.doubted || entry.reported == AccessState.TRANSITIONING);
    }

    private static long limitNanos(TargetPortGroups groups) {
        return groups.implicitTransitionSeconds().isPresent()
                ? TimeUnit.SECONDS.toNanos(groups.implicitTransitionSeconds().getAsInt())
                : TransitioningGroups.DEFAULT_NANOS;
    }

    /** The state that a refusal names; null when it names none. */
    private static @Nullable AccessState refusedFor(SenseData sense) {
        return switch (sense.asc() << 8 | sense.ascq()) {
            case 0x040b -> AccessState.STANDBY;
            case 0x040c -> AccessState.UNAVAILABLE;
            case 0x0412 -> AccessState.OFFLINE;
            default -> null;
        };
    }

    private static @Nullable AccessState stateIn(TargetPortGroups groups, int id) {
        return groups.group(id).map(AluaMembers::told).orElse(null);
    }

    private static AccessState told(TargetPortGroup group) {
        return switch (group.state()) {
            case OPTIMIZED -> AccessState.OPTIMIZED;
            // Which blocks are served well is told elsewhere, and not used.
            case NON_OPTIMIZED, LBA_DEPENDENT -> AccessState.NON_OPTIMIZED;
            case STANDBY -> AccessState.STANDBY;
            case UNAVAILABLE -> AccessState.UNAVAILABLE;
            case OFFLINE -> AccessState.OFFLINE;
            case TRANSITIONING -> AccessState.TRANSITIONING;
        };
    }

    private AccessState stateOf(TargetPortGroup group) {
        AccessState told = told(group);
        return told == AccessState.TRANSITIONING && transitioning.overdue(group.id()) ? AccessState.STANDBY : told;
    }

    private @Nullable Entry entry(AluaMember member) {
        for (Entry entry : entries) {
            if (entry.member == member) {
                return entry;
            }
        }
        return null;
    }

    private void doubt(Entry entry, AccessState state) {
        entry.clearedBy = looks + 1;
        entry.doubted = true;
        entry.reported = state;
    }

    private void report(Entry entry, AccessState state, boolean preferred, List<AccessChange> changes) {
        if (entry.reported != state || entry.preferred != preferred) {
            entry.reported = state;
            entry.preferred = preferred;
            changes.add(entry.member.change(state, preferred));
        }
    }

    private void tell(Entry entry, List<AluaMember> told) {
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

    private static long now(AluaMember member) {
        return member.control().ticker().nanos();
    }
}
