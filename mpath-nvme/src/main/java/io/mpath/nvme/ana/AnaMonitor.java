package io.mpath.nvme.ana;

import io.mpath.AccessState;
import io.mpath.Timers.Timer;
import io.mpath.internal.adapter.LogPace;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.PathControl;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the access states of one controller's namespaces: one read of its ANA log updates all of them (Linux {@code
 * nvme_ana_work}). There is one look at the log at a time. What asks for a read meanwhile gets one more after it, because what is
 * being read may be older than the reason for asking; so errors and events, however many, cost two reads.
 *
 * <p>A member is what the last sound log says, but for these: an ANA error makes it unknown until a read that began after the error;
 * one that two logs in a row do not list is unknown; one whose group has been in change state for twice ANATT is unavailable;
 * and without a sound log, or before one was read in this life of the controller, nothing is usable.
 *
 * <p>Threading: {@link #error} and {@link #changed} by any thread, all else and all fields by the control loop; states and
 * their reports are guarded by {@link AnaMembers}.
 */
public final class AnaMonitor {
    static final long LONGEST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = LoggerFactory.getLogger(AnaMonitor.class);
    private static final int MOST_GROUPS_NAMED = 8;

    private final String controller;
    private final AnaSource source;
    private final AnaTiming timing;
    private final ChangingGroups changing;
    private final AnaMembers members;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final LogPace errorPace = new LogPace();
    private final LogPace failurePace = new LogPace();

    private boolean live;
    private Look underWay = Look.NONE;
    private boolean again;
    // Answers to earlier looks are of another life of the controller.
    private long firstValidLook;
    private @Nullable AnaTable known;
    // Before the next attempt at a log that could not be read; 0 when it could.
    private long retryNanos;
    private boolean failureTold;
    private @Nullable Timer nextLook;
    private boolean unhurried;
    private @Nullable Timer overdue;
    private @Nullable Random jitter;

    /** What is being asked of the source. */
    private enum Look {
        NONE,
        HEADER,
        LOG
    }

    /**
     * Without members, and not live.
     *
     * @param controller its name, for messages
     */
    public AnaMonitor(String controller, AnaSource source, AnaTiming timing) {
        this.controller = controller;
        this.source = source;
        this.timing = timing;
        changing = new ChangingGroups(timing.anattSeconds());
        members = new AnaMembers(changing);
    }

    /**
     * A path was attached: its state is reported, and then {@link AnaMember#stateKnown} called, before this returns when the
     * log is known, and later otherwise. On the loop.
     */
    public void add(AnaMember member) {
        members.add(member);
        boolean fresh = underWay != Look.LOG && !again;
        AccessState first = known != null && fresh ? members.applyTo(member, known) : null;
        if (first == null) {
            read();
            return;
        }
        if (unhurried && !first.usable()) {
            awaitNextLook();
        }
        member.stateKnown();
    }

    /** It is closed: nothing is told to it any more. On the loop. */
    public void remove(AnaMember member) {
        if (members.remove(member) && members.isEmpty()) {
            forget();
        }
    }

    /** The controller can be given commands: the log is read anew, and no member is usable before that. On the loop. */
    public void live() {
        live = true;
        read();
    }

    /** It cannot: nothing is read, and what was usable is unknown. On the loop. */
    public void notLive() {
        live = false;
        forget();
        members.withdraw();
    }

    /**
     * I/O came back with an ANA status. Any thread; the path was reported {@code UNKNOWN} when this returns, and stays so until a
     * read that begins after this.
     */
    public void error(AnaMember member, NvmeStatus status) {
        if (!members.doubt(member)) {
            return;
        }
        PathControl control = member.control();
        if (errorPace.passes(control.ticker())) {
            LOG.info(
                    "{}: namespace {}: {}: not used through it until its ANA log has been read",
                    controller,
                    member.nsid(),
                    status);
        }
        askForRead(control);
    }

    /** The controller says that its log changed: it is read, and until then paths are used as before. Any thread. */
    public void changed() {
        PathControl control = members.control();
        if (control != null) {
            askForRead(control);
        }
    }

    private void askForRead(PathControl control) {
        if (asked.compareAndSet(false, true)) {
            control.loop().execute(() -> {
                asked.set(false);
                read();
            });
        }
    }

    /** At once, or after what is under way. */
    private void read() {
        again = live && !members.isEmpty();
        goOn();
    }

    private void goOn() {
        PathControl control = members.control();
        if (!live || control == null || underWay != Look.NONE) {
            return;
        }
        if (again) {
            again = false;
            look(control, Look.LOG, () -> AnaTable.of(source.read()), this::apply);
        } else {
            awaitNextLook();
        }
    }

    private void awaitNextLook() {
        cancelNextLook();
        PathControl control = members.control();
        if (control == null) {
            return;
        }
        if (known == null) {
            nextLook = control.timers().schedule(jittered(retryNanos, control), this::read);
        } else if (!timing.eventsHeard() || changing.anyOverdue() || !members.allListed()) {
            // An event is told once: where the last one did not settle it, looking does.
            unhurried = timing.eventsHeard() || members.allUsable();
            long interval = unhurried ? timing.pollNanos() : timing.troubleNanos();
            nextLook = control.timers().schedule(jittered(interval, control), this::lookAtHeader);
        }
    }

    private void lookAtHeader() {
        PathControl control = members.control();
        if (control != null) {
            look(control, Look.HEADER, () -> source.header().changeCount(), this::compare);
        }
    }

    private interface Answer<T> {
        void take(T answer, long look);
    }

    private <T> void look(PathControl control, Look what, Supplier<T> question, Answer<T> answer) {
        cancelNextLook();
        underWay = what;
        long look = members.beginLook();
        try {
            control.blocking().execute(() -> {
                Runnable outcome = outcome(look, question, answer);
                control.loop().execute(() -> ended(look, outcome));
            });
        } catch (RejectedExecutionException e) {
            ended(look, () -> failed(e));
        }
    }

    private <T> Runnable outcome(long look, Supplier<T> question, Answer<T> answer) {
        try {
            T found = question.get();
            return () -> answer.take(found, look);
        } catch (Throwable t) {
            return () -> failed(t);
        }
    }

    private void ended(long look, Runnable outcome) {
        underWay = Look.NONE;
        try {
            if (look >= firstValidLook) {
                outcome.run();
            }
        } finally {
            goOn();
        }
    }

    private void compare(long changeCount, long look) {
        // Only equality means anything: the count starts again when the controller is reset.
        again |= known == null || known.changeCount() != changeCount;
    }

    private void apply(AnaTable log, long look) {
        PathControl control = members.control();
        if (control == null) {
            return;
        }
        known = log;
        retryNanos = 0;
        if (failureTold) {
            failureTold = false;
            LOG.info("{}: its ANA log can be read again", controller);
        }
        changing.update(log.changing(), control.ticker().nanos());
        AnaMembers.Outcome outcome = members.apply(log, look);
        again |= outcome.newlyUnlisted();
        awaitOverdue(control);
        tellKnown(outcome.firstTold());
    }

    private void failed(Throwable thrown) {
        PathControl control = members.control();
        if (control == null) {
            return;
        }
        known = null;
        long longest = Math.max(LONGEST_RETRY_NANOS, timing.troubleNanos());
        retryNanos = retryNanos == 0 ? timing.troubleNanos() : Math.min(2 * retryNanos, longest);
        if (failurePace.passes(control.ticker())) {
            failureTold = true;
            LOG.warn(
                    "{}: its ANA log cannot be read, so none of its {} paths is used until it can; tried again in {} ms: {}",
                    controller,
                    members.size(),
                    TimeUnit.NANOSECONDS.toMillis(retryNanos),
                    thrown.toString());
        }
        tellKnown(members.unread());
    }

    private void tellKnown(List<AnaMember> first) {
        for (AnaMember member : first) {
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
        long left = changing.nanosLeft(control.ticker().nanos());
        if (left != Long.MAX_VALUE) {
            overdue = control.timers().schedule(left, this::expire);
        }
    }

    private void expire() {
        PathControl control = members.control();
        if (control == null) {
            return;
        }
        Set<Long> late = changing.expire(control.ticker().nanos());
        int paths = known == null ? 0 : members.expire(known);
        if (paths > 0) {
            LOG.warn(
                    "{}: ANA group {} has been in change state for {} s, twice ANATT: {} paths through it are unavailable",
                    controller,
                    late.stream().limit(MOST_GROUPS_NAMED).map(String::valueOf).collect(Collectors.joining(", ")),
                    TimeUnit.NANOSECONDS.toSeconds(changing.limitNanos()),
                    paths);
        }
        awaitOverdue(control);
        read();
    }

    /** What is known, and what is being found out, counts no more. */
    private void forget() {
        firstValidLook = members.nextLook();
        again = false;
        known = null;
        retryNanos = 0;
        changing.clear();
        cancelNextLook();
        if (overdue != null) {
            overdue.cancel();
            overdue = null;
        }
    }

    private void cancelNextLook() {
        unhurried = false;
        if (nextLook != null) {
            nextLook.cancel();
            nextLook = null;
        }
    }

    /** Give or take a quarter, so that controllers and hosts do not look in step. */
    private long jittered(long nanos, PathControl control) {
        if (jitter == null) {
            jitter = new Random(controller.hashCode() + control.ticker().nanos());
        }
        return nanos - nanos / 4 + (long) (nanos * 0.5 * jitter.nextDouble());
    }
}
