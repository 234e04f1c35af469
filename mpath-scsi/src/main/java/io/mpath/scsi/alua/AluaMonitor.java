package io.mpath.scsi.alua;

import io.mpath.Timers.Timer;
import io.mpath.path.PathControl;
import io.mpath.scsi.alua.AluaBudget.Topic;
import io.mpath.scsi.alua.AluaLook.Candidate;
import io.mpath.scsi.alua.AluaMembers.Next;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.TargetPortGroups;
import java.util.List;
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
 * {@code alua_rtpg}). There is one look at a time, in its turn among those of the target's other logical units. What asks for one
 * meanwhile gets one more after it, because what is being told may be older than the reason for asking.
 *
 * <p>A path is what the last answer says of its group, but for these: sense data makes it unknown, or its group transitioning, until
 * a look that began after that; one whose group two answers in a row do not list is unknown; a group that has been between two
 * states for longer than the implicit transition time is in standby, and is looked at on.
 *
 * <p>Of one change each nexus is told by a unit attention, with the next command through it. The first has the states read at once;
 * those that may be of the same change have them read once more, together and 5 s after the first of them, since they may be of a
 * newer one, too. Until then a state that is wrong is told by I/O that is refused for it.
 *
 * <p>Where nobody answers, states stay what they were: whether a nexus is dead is told elsewhere, and where the state of a path
 * was wrong, its I/O says so. Where the logical unit answers and does not tell its states, they are unknown.
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

    /** How long the unit attentions that follow the first are gathered for one more look. */
    static final long ATTENTION_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long NEVER = Long.MIN_VALUE;
    private static final Logger LOG = LoggerFactory.getLogger(AluaMonitor.class);

    private final String unit;
    private final AluaBudget budget;
    private final AluaTiming timing;
    private final boolean activates;
    private final AluaMembers members = new AluaMembers();
    private final AluaActivation activation = new AluaActivation();
    private final AtomicBoolean asked = new AtomicBoolean();

    // From the moment a look waits for its turn until its answer has arrived.
    private boolean busy;
    private AluaBudget.@Nullable Turn turn;
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
    private boolean unhurried;
    private boolean settling;
    private @Nullable Timer overdue;

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
        boolean fresh = !again
                && lookNumber >= firstValidLook
                && member.control().ticker().nanos() - lookBegan < FRESH_NANOS;
        if (busy && turn == null && fresh) {
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
        }
    }

    /** Its nexus can be given commands again: it is unknown until a look that begins after this. On the loop. */
    public void nexusLive(AluaMember member) {
        renew(member);
    }

    /** Its nexus cannot be given commands: to be called after {@link AluaMember#live} says so. On the loop. */
    public void nexusNotLive(AluaMember member) {
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

    /** Something changed, nobody says what: the states are read. Any thread. */
    void changed() {
        PathControl control = members.control();
        if (control != null && asked.compareAndSet(false, true)) {
            control.loop().execute(() -> {
                asked.set(false);
                read();
            });
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
        if (next != Next.NOTHING && budget.pace(Topic.SENSE).passes(control.ticker())) {
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
        again = members.size() > 0;
        goOn();
    }

    private void poll() {
        goOn(true);
    }

    private void goOn() {
        goOn(again);
    }

    private void goOn(boolean look) {
        PathControl control = members.control();
        if (control == null) {
            return;
        }
        awaitOverdue(control);
        if (busy) {
            return;
        }
        if (look && members.anyLive()) {
            cancelNextLook();
            busy = true;
            turn = budget.ask(control.loop(), this::begin);
        } else {
            awaitNextLook(control);
        }
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
            schedule(control, jittered(retryNanos, control), this::read);
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
            schedule(control, Math.min(unsettled, activation.nanosLeft(now)), this::read);
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

    private void check() {
        goOn(members.anyIdle());
    }

    private void begin() {
        AluaBudget.Turn held = turn;
        PathControl control = members.control();
        if (held == null || control == null) {
            return;
        }
        turn = null;
        List<Candidate> paths = members.candidates(budget);
        if (paths.isEmpty()) {
            held.end();
            busy = false;
            awaitNextLook(control);
            return;
        }
        long now = control.ticker().nanos();
        var request = new AluaLook.Request(
                paths,
                again ? List.of() : members.transitioning(paths),
                activation.take(paths, known, now),
                extended,
                allocationBytes);
        again = false;
        attendedBefore = attendedAt;
        attendedAt = NEVER;
        lookBegan = now;
        lookNumber = members.beginLook(now);
        look(control, held, lookNumber, new AluaLook(budget, request));
    }

    private void look(PathControl control, AluaBudget.Turn held, long number, AluaLook look) {
        try {
            control.blocking().execute(() -> {
                AluaAnswer answer = answer(look, held);
                control.loop().execute(() -> ended(number, look, answer));
            });
        } catch (RejectedExecutionException e) {
            held.end();
            ended(number, look, new AluaAnswer.Silence(e.toString()));
        }
    }

    /** The turn ends here, where it ends whatever has become of the loop. */
    private static AluaAnswer answer(AluaLook look, AluaBudget.Turn held) {
        try {
            return look.answer();
        } catch (Throwable t) {
            LOG.warn("a look at target port groups broke off", t);
            return new AluaAnswer.Silence(t.toString());
        } finally {
            held.end();
        }
    }

    private void ended(long number, AluaLook look, AluaAnswer answer) {
        busy = false;
        extended = look.extended();
        allocationBytes = look.allocationBytes();
        try {
            PathControl control = members.control();
            if (control != null && number >= firstValidLook) {
                members.asked(look.failed(), look.worked());
                if (look.activated() != null) {
                    activated(look.activated(), control);
                }
                take(answer, number, control);
            }
        } finally {
            members.endLook();
            goOn();
        }
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
            failed(silence.why(), "what was known of them is kept", control);
            tellKnown(members.untoldUnknown());
        } else if (answer instanceof AluaAnswer.Unsound unsound && onlyOptimized()) {
            failed(unsound.why(), "they were only ever optimized, and count as that", control);
        } else if (answer instanceof AluaAnswer.Unsound unsound) {
            known = null;
            failed(unsound.why(), "its paths are not used until they are", control);
            tellKnown(members.allUnknown());
        } else {
            retryNanos = 0;
            again |= members.anyDoubted();
        }
    }

    /** There are arrays that have nothing to report, and fail to report it at times (Linux {@code alua_rtpg}). */
    private boolean onlyOptimized() {
        return known != null
                && known.groups().stream().allMatch(group -> group.supported().equals(Set.of(AluaState.OPTIMIZED)));
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
        if (activates && members.anyHope()) {
            activation.notNeeded();
        } else if (activates) {
            activation.needed();
        }
        tellKnown(outcome.firstTold());
    }

    private void unlisted(AluaMember member, PathControl control) {
        if (budget.pace(Topic.UNLISTED).passes(control.ticker())) {
            LOG.warn(
                    "{}: {}: its port {} is in target port group {}, which the logical unit does not list: not used unless that is "
                            + "listed when asked once more",
                    unit,
                    member.name(),
                    member.relativeTargetPort(),
                    member.targetPortGroup());
        }
    }

    private void activated(ScsiResult result, PathControl control) {
        boolean refused = activation.ended(result);
        if (budget.pace(Topic.ACTIVATION).passes(control.ticker())) {
            LOG.warn(
                    "{}: no path is usable: SET TARGET PORT GROUPS was sent: {}{}",
                    unit,
                    result.treatment().isEmpty() ? "done" : result,
                    refused ? ": not sent again" : "");
        }
    }

    private void failed(String why, String consequence, PathControl control) {
        members.lookFailed();
        retryNanos = retryNanos == 0 ? FIRST_RETRY_NANOS : Math.min(2 * retryNanos, LONGEST_RETRY_NANOS);
        if (budget.pace(Topic.FAILURE).passes(control.ticker())) {
            failureTold = true;
            LOG.warn(
                    "{}: the states of its target port groups are not told: {}; asked again in {} ms: {}",
                    unit,
                    consequence,
                    TimeUnit.NANOSECONDS.toMillis(retryNanos),
                    why);
        }
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
        if (!late.isEmpty() && budget.pace(Topic.LATE).passes(control.ticker())) {
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
        cancelNextLook();
        if (overdue != null) {
            overdue.cancel();
            overdue = null;
        }
        if (turn != null) {
            turn.end();
            turn = null;
            busy = false;
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
