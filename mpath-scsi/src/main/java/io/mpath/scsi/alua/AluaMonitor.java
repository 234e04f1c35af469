package io.mpath.scsi.alua;

import io.mpath.Timers.Timer;
import io.mpath.path.PathControl;
import io.mpath.scsi.alua.AluaBudget.Topic;
import io.mpath.scsi.alua.AluaLook.Candidate;
import io.mpath.scsi.alua.AluaMembers.Next;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.TargetPortGroups;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the access states of the paths to one logical unit: one REPORT TARGET PORT GROUPS through one of them updates all (Linux
 * {@code alua_rtpg}). There is one look at a time, and each path that is asked for it is asked in a turn among those of the
 * target's other logical units ({@link AluaBudget}). What asks for a look meanwhile gets one more after it, because what is being
 * told may be older than the reason for asking.
 *
 * <p>A path is what the last answer says of its group, but for these: sense data makes it unknown, or its group transitioning, until
 * a look that began after that; one whose group two answers in a row do not list is unknown; a group that has been between two
 * states for longer than the implicit transition time is in standby, and is looked at on.
 *
 * <p>Of one change each nexus is told by a unit attention, with the next command through it. The first has the states read as soon as
 * the requests that met the change have had time to go elsewhere, and at once where no path is usable; those that may be of the same
 * change have them read once more, together and 5 s after the first of them, since they may be of a newer one, too. Until then a state
 * that is wrong is told by I/O that is refused for it.
 *
 * <p>Where nobody answers, or the logical unit refuses to tell its states or tells nonsense, they stay what they were, as in Linux:
 * whether a nexus is dead is told elsewhere, and where the state of a path was wrong, its I/O says so. So it is with a group whose
 * state is a reserved one, or that is listed in two. A path that never had a state, or whose state was told to be wrong, is unknown.
 *
 * <p>SCSI has no event for a changed state, and who asks first may be told in our stead. So besides sense data, a path that comes
 * or returns is a reason to look, and so is a path that carried no I/O for some time: a short time where none is usable.
 *
 * <p>Threading: {@link #sense} and {@link #changed} by any thread, all else and all fields by the control loop; states and
 * their reports are guarded by {@link AluaMembers}. Commands run on threads that may block.
 */
public final class AluaMonitor {
    static final long TRANSITION_POLL_NANOS = TimeUnit.SECONDS.toNanos(2);
    static final long UNSETTLED_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** No path is usable: requests wait for the first that is, and no I/O brings the news. */
    static final long UNUSABLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long LONGEST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** A path that is added so soon after a look began needs none of its own. */
    static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * How long a look that was asked for waits while there is a usable path: the requests that met the change go to that one first, and
     * what others are told meanwhile needs no look of its own (Linux {@code ALUA_RTPG_DELAY_MSECS}, 5 ms).
     */
    static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How long the unit attentions that follow the first are gathered for one more look. */
    static final long ATTENTION_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long NEVER = Long.MIN_VALUE;
    private static final Logger LOG = LoggerFactory.getLogger(AluaMonitor.class);

    private final String unit;
    private final AluaTiming timing;
    private final boolean activates;
    private final AluaMembers members = new AluaMembers();
    private final AluaActivation activation = new AluaActivation();
    private final AtomicBoolean asked = new AtomicBoolean();

    // From the moment a look waits for its turn until its answer has arrived.
    private boolean busy;
    // Whether somebody may be waiting for it.
    private boolean urgent;
    private AluaBudget.@Nullable Turn turn;
    // The path that the turn is for, or was for last.
    private @Nullable AluaMember through;
    // From its first turn on.
    private @Nullable AluaLook look;
    // Whether a path came during the look that takes its answer: it can be asked itself where there is none.
    private boolean joinedDuringLook;
    private boolean again;
    private boolean extended = true;
    private int allocationBytes = AluaLook.FIRST_ALLOCATION_BYTES;
    // Answers to earlier looks are of a time when nobody listened.
    private long firstValidLook;
    private @Nullable TargetPortGroups known;
    private long lookNumber;
    private long lookBegan;
    // Since when one more look is due because of unit attentions, and as of when the look under way answers for them.
    private long attendedAt = NEVER;
    private long attendedBefore = NEVER;
    // Before the next attempt after one that told nothing; 0 when it did.
    private long retryNanos;
    private boolean failureTold;
    private @Nullable Timer nextLook;
    private @Nullable Timer soon;
    private boolean unhurried;
    private boolean settling;
    private @Nullable Timer overdue;

    /**
     * Without members.
     *
     * @param unit the logical unit's name, for messages
     * @param activates whether to ask for optimized access with SET TARGET PORT GROUPS where no live path is usable: for a logical
     *     unit with explicit ALUA only, and only where that was asked for
     */
    public AluaMonitor(String unit, AluaTiming timing, boolean activates) {
        this.unit = unit;
        this.timing = timing;
        this.activates = activates;
    }

    /**
     * A path was attached: its state is reported, and then {@link AluaMember#stateKnown} called, before this returns when it is
     * known, and later otherwise. On the loop.
     */
    public void add(AluaMember member) {
        members.add(member);
        boolean fresh = !again
                && retryNanos == 0
                && lookNumber >= firstValidLook
                && member.control().ticker().nanos() - lookBegan < FRESH_NANOS;
        if (look != null && fresh) {
            joinedDuringLook = true;
            return;
        }
        if (!busy && known != null && fresh && members.applyTo(member, known)) {
            member.stateKnown();
            return;
        }
        read();
    }

    /** It is closed: nothing is told to it any more. On the loop. */
    public void remove(AluaMember member) {
        if (members.remove(member) && members.size() == 0) {
            forget();
        } else {
            hasten(member == through);
        }
    }

    /** Its nexus can be given commands again: it is unknown until a look that begins after this. On the loop. */
    public void nexusLive(AluaMember member) {
        member.budget().returned(member.port());
        renew(member);
    }

    /** Its nexus cannot be given commands: to be called after {@link AluaMember#live} says so. On the loop. */
    public void nexusNotLive(AluaMember member) {
        hasten(member == through);
        if (activates && members.contains(member)) {
            read();
        }
    }

    /** It was described anew: where its group is another one now, its state is read anew. On the loop. */
    public void described(AluaMember member) {
        if (!members.inGroup(member, member.targetPortGroup())) {
            renew(member);
        }
    }

    private void renew(AluaMember member) {
        if (members.contains(member)) {
            members.renew(member);
            read();
        }
    }

    /** Something changed, nobody says what: the states are read, {@link #SOON_NANOS} later where a path is usable. Any thread. */
    void changed() {
        PathControl control = members.control();
        if (control != null && asked.compareAndSet(false, true)) {
            control.loop().execute(this::readSoon);
        }
    }

    private void readSoon() {
        asked.set(false);
        PathControl control = members.control();
        if (control == null || !members.anyUsable()) {
            read();
        } else if (soon == null) {
            soon = control.timers().schedule(SOON_NANOS, this::read);
        }
    }

    /**
     * The host was told through a path that something changed; perhaps of the same unit attention as the path's I/O, and perhaps of
     * one that somebody else's I/O was told. Any thread.
     */
    public void changed(AluaMember member) {
        follow(members.attention(member), member.control());
    }

    /**
     * A command of I/O came back with sense data that lets its access state be checked ({@code Recheck.ACCESS_STATE}). Any thread;
     * what can be told at once was reported when this returns: the whole group as {@code TRANSITIONING}, or this path as {@code
     * UNKNOWN} where the group is in another state than was believed.
     */
    public void sense(AluaMember member, SenseData sense) {
        Next next = told(member, sense);
        PathControl control = member.control();
        if (next != Next.NOTHING && mayLog(Topic.SENSE, control)) {
            LOG.info(
                    "{}: {}: {}: its target port groups are asked for; the like of its target is not told for 10 s",
                    unit,
                    member.name(),
                    sense);
        }
        follow(next, control);
    }

    private void follow(Next next, PathControl control) {
        switch (next) {
            case NOTHING -> {}
            case READ -> changed();
            case WAIT -> control.loop().execute(this::hurry);
            case READ_LATER -> control.loop().execute(this::readLater);
        }
    }

    private Next told(AluaMember member, SenseData sense) {
        if (AluaLook.transition(sense)) {
            return members.transition(member);
        }
        if (sense.key() == SenseKey.NOT_READY) {
            return members.doubt(member, sense);
        }
        // A unit attention says that something changed, not what; what comes next is judged by its own sense data.
        return members.attention(member);
    }

    /** At once, or after what is under way. */
    private void read() {
        cancelSoon();
        again = members.size() > 0;
        goOn();
    }

    /** What did not go well is tried again: nobody waits for it, unless a path is in doubt. */
    private void readAgain() {
        again = members.size() > 0;
        goOn(again, members.anyDoubted());
    }

    private void poll() {
        goOn(true, true);
    }

    private void check() {
        goOn(members.anyIdle(), false);
    }

    private void goOn() {
        goOn(again, true);
    }

    private void goOn(boolean wanted, boolean urgently) {
        PathControl control = members.control();
        if (control == null) {
            return;
        }
        awaitOverdue(control);
        if (busy) {
            hasten(wanted && urgently);
            return;
        }
        List<Candidate> paths = wanted ? members.candidates() : List.of();
        if (paths.isEmpty()) {
            awaitNextLook(control);
        } else {
            cancelNextLook();
            busy = true;
            urgent = urgently;
            ask(paths.get(0).member());
        }
    }

    private void ask(AluaMember member) {
        through = member;
        turn = member.budget().ask(member, urgent, this::granted);
    }

    /** A turn through a port that does not answer may be long in coming: there may be a better one by now. */
    private void hasten(boolean urgently) {
        AluaBudget.Turn waiting = turn;
        AluaMember member = through;
        if (!urgently || waiting == null || member == null) {
            return;
        }
        urgent = true;
        waiting.hurry();
        if (look != null || (members.canBeAsked(member) && !isSilent(member))) {
            return;
        }
        AluaMember best =
                members.candidates().stream().map(Candidate::member).findFirst().orElse(member);
        if (!isSilent(best) && !waiting.isFor(best)) {
            waiting.giveBack();
            ask(best);
        }
    }

    private static boolean isSilent(AluaMember member) {
        return member.budget().isSilent(member.port());
    }

    /** What was awaited in due time only is awaited more eagerly. */
    private void hurry() {
        PathControl control = members.control();
        boolean sooner = nextLook == null || unhurried || (settling && (attendedAt != NEVER || members.anyDoubted()));
        if (control != null && !busy && sooner) {
            awaitNextLook(control);
        }
        if (control != null) {
            awaitOverdue(control);
        }
    }

    /** Once, for whatever else is told until then. */
    private void readLater() {
        PathControl control = members.control();
        if (control != null && attendedAt == NEVER) {
            attendedAt = control.ticker().nanos();
            hurry();
        }
    }

    private void awaitNextLook(PathControl control) {
        cancelNextLook();
        if (!members.anyLive()) {
            return;
        }
        long now = control.ticker().nanos();
        if (retryNanos != 0) {
            schedule(control, jittered(retryNanos, control), this::readAgain);
        } else if (members.anyDoubted()) {
            schedule(control, TRANSITION_POLL_NANOS, this::read);
        } else if (members.anyTransitioning()) {
            schedule(control, TRANSITION_POLL_NANOS, this::poll);
        } else if (attendedAt != NEVER) {
            settling = true;
            schedule(control, Math.max(0, attendedAt + ATTENTION_NANOS - now), this::read);
        } else if (members.anyUnsettled() || activation.nanosLeft(now) != Long.MAX_VALUE) {
            settling = true;
            long unsettled = members.anyUnsettled() ? jittered(UNSETTLED_NANOS, control) : Long.MAX_VALUE;
            schedule(control, Math.min(unsettled, activation.nanosLeft(now)), this::readAgain);
        } else if (timing.checkNanos() != 0) {
            long pause = members.anyHope() ? timing.checkNanos() : Math.min(UNUSABLE_NANOS, timing.checkNanos());
            unhurried = true;
            members.beginWatch();
            schedule(control, jittered(pause, control), this::check);
        }
    }

    private void schedule(PathControl control, long nanos, Runnable task) {
        nextLook = control.timers().schedule(nanos, task);
    }

    private void granted() {
        AluaBudget.Turn held = turn;
        PathControl control = members.control();
        if (held == null || control == null) {
            return;
        }
        turn = null;
        AluaLook current = look == null ? begin(control) : look;
        AluaMember next = current == null ? null : next(current);
        if (current == null) {
            held.giveBack();
            busy = false;
            awaitNextLook(control);
        } else if (next != null && held.isFor(next)) {
            through = next;
            send(control, held, current, next);
        } else {
            held.giveBack();
            askOrEnd(current, next);
        }
    }

    /** A look that is not begun before it has a turn; null when nobody can be asked any more. */
    private @Nullable AluaLook begin(PathControl control) {
        List<Candidate> paths = members.candidates();
        if (paths.isEmpty()) {
            return null;
        }
        long now = control.ticker().nanos();
        var request = new AluaLook.Request(
                paths,
                again ? List.of() : members.transitioning(paths),
                activation.take(paths, known, now),
                Math.max(members.transitionLimitNanos(), TransitioningGroups.DEFAULT_NANOS),
                extended,
                allocationBytes);
        again = false;
        joinedDuringLook = false;
        attendedBefore = attendedAt;
        attendedAt = NEVER;
        lookBegan = now;
        lookNumber = members.beginLook(now);
        var begun = new AluaLook(request);
        look = begun;
        return begun;
    }

    private @Nullable AluaMember next(AluaLook current) {
        AluaMember holding = Objects.requireNonNull(through);
        AluaMember next = current.next(holding);
        while (next != null && !members.canBeAsked(next)) {
            current.skip(next);
            next = current.next(holding);
        }
        return next;
    }

    private void send(PathControl control, AluaBudget.Turn held, AluaLook current, AluaMember member) {
        try {
            control.blocking().execute(() -> {
                look(held, current, member);
                control.loop().execute(() -> wentOn(current));
            });
        } catch (RejectedExecutionException e) {
            held.giveBack();
            current.breakOff(e.toString());
            ended(current);
        }
    }

    /** The turn ends here, where it ends whatever has become of the loop. */
    private static void look(AluaBudget.Turn held, AluaLook current, AluaMember member) {
        boolean answered = false;
        try {
            answered = current.goOn(member);
        } catch (Throwable t) {
            LOG.warn("a look at target port groups broke off", t);
            current.breakOff(t.toString());
        } finally {
            held.end(answered);
        }
    }

    private void wentOn(AluaLook current) {
        boolean counts = members.control() != null && lookNumber >= firstValidLook;
        askOrEnd(current, counts ? next(current) : null);
    }

    private void askOrEnd(AluaLook current, @Nullable AluaMember next) {
        if (next == null) {
            ended(current);
        } else {
            ask(next);
        }
    }

    private void ended(AluaLook current) {
        busy = false;
        look = null;
        extended = current.extended();
        allocationBytes = current.allocationBytes();
        try {
            PathControl control = members.control();
            if (control != null && lookNumber >= firstValidLook) {
                members.asked(current.failed(), current.worked());
                if (current.activated() != null) {
                    activated(current.activated(), control);
                }
                take(believed(current), lookNumber, control);
            }
        } finally {
            members.endLook();
            goOn();
        }
    }

    /** What came through a path that was doubted meanwhile may be of another unit. */
    private static AluaAnswer believed(AluaLook look) {
        AluaMember through = look.worked();
        return through == null || through.live()
                ? look.answer()
                : new AluaAnswer.Silence(through + " is not to be asked any more");
    }

    private void take(AluaAnswer answer, long number, PathControl control) {
        if (!(answer instanceof AluaAnswer.States) && attendedBefore != NEVER) {
            attendedAt = attendedBefore;
        }
        if (answer instanceof AluaAnswer.States states) {
            apply(states.groups(), number, control);
        } else if (answer instanceof AluaAnswer.Transition transition) {
            retryNanos = 0;
            members.transition(transition.through());
            tellKnown(members.untoldTransitioning());
        } else if (answer instanceof AluaAnswer.Silence silence) {
            failed(silence.why(), control);
        } else if (answer instanceof AluaAnswer.Refusal refusal) {
            failed(refusal.why(), control);
        } else {
            retryNanos = 0;
            again |= members.anyDoubted();
        }
    }

    private void apply(TargetPortGroups groups, long number, PathControl control) {
        known = groups;
        retryNanos = 0;
        if (failureTold) {
            failureTold = false;
            LOG.info("{}: its target port groups can be read again", unit);
        }
        AluaMembers.Outcome outcome =
                members.apply(groups, number, control.ticker().nanos());
        if (!outcome.newlyUnlisted().isEmpty()) {
            again = true;
            unlisted(outcome.newlyUnlisted().get(0), control);
        }
        if (!outcome.unclear().isEmpty()) {
            unclear(outcome.unclear().get(0), control);
        }
        if (activates && members.anyHope()) {
            activation.notNeeded();
        } else if (activates) {
            activation.needed();
        }
        tellKnown(outcome.firstTold());
    }

    private void unlisted(AluaMember member, PathControl control) {
        if (mayLog(Topic.UNLISTED, control)) {
            LOG.warn(
                    "{}: {}: its port {} is in target port group {}, which the logical unit does not list: not used unless that is "
                            + "listed when asked once more",
                    unit,
                    member.name(),
                    member.relativeTargetPort(),
                    member.targetPortGroup());
        }
    }

    private void unclear(AluaMember member, PathControl control) {
        if (mayLog(Topic.UNLISTED, control)) {
            LOG.warn(
                    "{}: {}: its target port group {} is listed in a reserved state, or in two: what was known of it is kept, and it is"
                            + " asked for again",
                    unit,
                    member.name(),
                    member.targetPortGroup());
        }
    }

    private void activated(ScsiResult result, PathControl control) {
        boolean refused = activation.ended(result);
        if (mayLog(Topic.ACTIVATION, control)) {
            LOG.warn(
                    "{}: no path is usable: SET TARGET PORT GROUPS was sent: {}{}",
                    unit,
                    result.treatment().isEmpty() ? "done" : result,
                    refused ? ": not sent again" : "");
        }
    }

    /** A state that was told is as likely to be so still as not; where it is not, I/O says so. */
    private void failed(String why, PathControl control) {
        members.lookFailed();
        again |= joinedDuringLook;
        retryNanos = retryNanos == 0 ? FIRST_RETRY_NANOS : Math.min(2 * retryNanos, LONGEST_RETRY_NANOS);
        if (mayLog(Topic.FAILURE, control)) {
            failureTold = true;
            LOG.warn(
                    "{}: the states of its target port groups are not told: what was known of them is kept; asked again in {} ms: {}",
                    unit,
                    TimeUnit.NANOSECONDS.toMillis(retryNanos),
                    why);
        }
        tellKnown(members.untoldUnknown());
    }

    private boolean mayLog(Topic topic, PathControl control) {
        AluaBudget budget = members.budget();
        return budget != null && budget.pace(topic).passes(control.ticker());
    }

    private void tellKnown(List<AluaMember> first) {
        for (AluaMember member : first) {
            // One that was told may have removed the next.
            if (members.contains(member)) {
                member.stateKnown();
            }
        }
    }

    private void awaitOverdue(PathControl control) {
        if (overdue != null) {
            overdue.cancel();
            overdue = null;
        }
        long left = members.nanosToExpiry(control.ticker().nanos());
        if (left != Long.MAX_VALUE) {
            overdue = control.timers().schedule(left, this::expire);
        }
    }

    private void expire() {
        PathControl control = members.control();
        if (control == null) {
            return;
        }
        Set<Integer> late = members.expire(control.ticker().nanos());
        if (!late.isEmpty() && mayLog(Topic.LATE, control)) {
            LOG.warn(
                    "{}: target port group {} has been transitioning for {} s: taken for standby, and asked on",
                    unit,
                    late,
                    TimeUnit.NANOSECONDS.toSeconds(members.transitionLimitNanos()));
        }
        read();
    }

    /** What is known, and what is being found out, counts no more. */
    private void forget() {
        firstValidLook = members.nextLook();
        again = false;
        known = null;
        retryNanos = 0;
        attendedAt = NEVER;
        attendedBefore = NEVER;
        members.forget();
        activation.notNeeded();
        cancelSoon();
        cancelNextLook();
        if (overdue != null) {
            overdue.cancel();
            overdue = null;
        }
        if (turn != null) {
            turn.giveBack();
            turn = null;
            look = null;
            busy = false;
            members.endLook();
        }
    }

    private void cancelSoon() {
        if (soon != null) {
            soon.cancel();
            soon = null;
        }
    }

    private void cancelNextLook() {
        unhurried = false;
        settling = false;
        if (nextLook != null) {
            nextLook.cancel();
            nextLook = null;
        }
    }

    /** Give or take a quarter, so that logical units and hosts do not ask in step. */
    private long jittered(long nanos, PathControl control) {
        var chance = new SplittableRandom(unit.hashCode() + control.ticker().nanos());
        return nanos - nanos / 4 + chance.nextLong(nanos / 2 + 1);
    }

    @Override
    public String toString() {
        return unit;
    }
}
