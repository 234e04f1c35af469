package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One life of a controller: from when a host connected it until the controller is reset, dies, or notices that its host is gone. A
 * host that lost the connection hears no more of it; what it had sent may be executed all the same, until then.
 *
 * <p>Threading: any thread; guarded by the subsystem's lock, which is released before a host is told anything.
 */
public final class SimAssociation {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SimController controller;
    private final SimSubsystem subsystem;
    private final Host host;
    private final ControllerFeatures features;
    private final int uniquifier;
    private final long randomNumber;
    private final EventSlots events = new EventSlots();
    private final ResetLog resets = new ResetLog();
    private final ReservationLog reservationLog = new ReservationLog();
    private final Set<Long> changedNamespaces = new TreeSet<>();
    private final List<SubmittedCommand> underWay = new ArrayList<>();
    private final List<Runnable> onTheWire = new ArrayList<>();
    private final Map<Integer, SubmittedCommand> firstOfPair = new HashMap<>();
    private long heardNanos;
    private boolean hostHears = true;
    private boolean ended;
    private boolean resetting;

    /** Whose host it is. */
    @FunctionalInterface
    public interface Host {
        /** The controller ended the association, and whatever was under way with it; not told to a host that had let go of it. */
        void ended(String reason);
    }

    SimAssociation(
            SimController controller, Host host, ControllerFeatures features, int uniquifier, long randomNumber) {
        this.controller = controller;
        this.subsystem = controller.subsystem();
        this.host = host;
        this.features = features;
        this.uniquifier = uniquifier;
        this.randomNumber = randomNumber;
    }

    /** The controller. */
    public SimController controller() {
        return controller;
    }

    /** The keep-alive time-out in force, in milliseconds; 0: none. */
    public long keepAliveMillis() {
        synchronized (subsystem.lock) {
            return features.keepAliveMillis();
        }
    }

    /**
     * Takes a command.
     *
     * @param queue 0 for the admin queue, else the number of an I/O queue
     * @param entry a submission queue entry, 64 bytes from the buffer's position on; copied
     * @param data what it transfers to the controller; copied
     * @param answered told of each completion, by another thread than the caller's
     */
    public void submit(int queue, ByteBuffer entry, byte[] data, Consumer<SimReply> answered) {
        var submitted = new SubmittedCommand(controller.received(queue, entry, data), answered);
        subsystem.change(() -> send(() -> arrive(submitted)));
    }

    /**
     * Takes a command that is to be answered at once: as if its latency, and any delay up to {@code timeout}, had passed.
     *
     * @return empty when it is not answered within that time
     */
    public Optional<SimReply> execute(int queue, ByteBuffer entry, byte[] data, Duration timeout) {
        var command = controller.received(queue, entry, data);
        SimFate fate = controller.fateOf(command);
        List<SimReply> answer = new ArrayList<>();
        subsystem.change(() -> {
            if (ended || !hostHears || controller.silent()) {
                return;
            }
            heard(command);
            var submitted = new SubmittedCommand(command, reply -> {});
            submitted.access = access(command);
            if (fate.hasStatus()) {
                answer.add(Outcome.failed(fate.status()).reply(command));
            } else if (fate.executed() && fate.executeNanos() > timeout.toNanos()) {
                underWay.add(submitted);
                controller.clock().later(fate.executeNanos(), () -> perform(submitted, SimFate.unanswered()));
            } else if (fate.executed()) {
                Outcome outcome = outcomeOf(submitted);
                if (fate.answered() && fate.executeNanos() + fate.answerNanos() <= timeout.toNanos()) {
                    answer.add(outcome.reply(command));
                }
            }
        });
        return answer.stream().findFirst();
    }

    /** The host lets go of it without telling the controller: it hears nothing of it any more. */
    public void sever() {
        subsystem.change(() -> hostHears = false);
    }

    /** The host ends it in order: nothing of it takes effect any more. */
    public void disconnect() {
        subsystem.change(() -> {
            hostHears = false;
            end("the host disconnected");
        });
    }

    // Under the lock from here on.

    void start() {
        heardNanos = controller.clock().nanos();
        watch(features.keepAliveMillis() * NANOS_PER_MILLI);
    }

    int uniquifier() {
        return controller.resets() ? uniquifier : 0;
    }

    long randomNumber() {
        return controller.resets() ? randomNumber : 0;
    }

    ControllerFeatures features() {
        return features;
    }

    EventSlots events() {
        return events;
    }

    ResetLog resets() {
        return resets;
    }

    ReservationLog reservationLog() {
        return reservationLog;
    }

    /** Another host did something to reservations that concerns this one. */
    void reservationNotice(long nsid, int notification) {
        if (!features.reservations().masks(nsid, notification)) {
            reservationLog.add(nsid, notification);
            reservationsLeft();
        }
    }

    /** There may be something in the log of reservations. */
    void reservationsLeft() {
        if (!reservationLog.isEmpty() && !controller.forgetsEvents()) {
            events.raise(EventSlots.RESERVATION_LOG);
        }
    }

    /** Its host was preempted with abort: what it has under way at the namespace takes no further effect. */
    void preempted(long nsid) {
        for (SubmittedCommand candidate : List.copyOf(underWay)) {
            if (!candidate.command.admin() && candidate.command.nsid() == nsid) {
                firstOfPair.values().remove(candidate);
                answerNow(candidate, Outcome.failed(WireStatus.PREEMPTED_AND_ABORTED));
            }
        }
    }

    /** What reservations leave to the host of what a command is for. */
    private ReservationAccess access(SimCommand command) {
        if (command.admin()) {
            return ReservationAccess.ALL;
        }
        if (command.nsid() != NvmCommandSet.ALL_NAMESPACES) {
            SimNamespace namespace = subsystem.namespaces().get(command.nsid());
            return namespace == null
                    ? ReservationAccess.ALL
                    : namespace.reservations().access(features.host());
        }
        return subsystem.namespaces().values().stream()
                .filter(namespace -> namespace.attachedTo(controller))
                .map(namespace -> namespace.reservations().access(features.host()))
                .reduce(ReservationAccess.ALL, ReservationAccess::and);
    }

    Set<Long> changedNamespaces() {
        return changedNamespaces;
    }

    void namespaceChanged(long nsid) {
        changedNamespaces.add(nsid);
    }

    void raise(int event) {
        if (features.wants(event)) {
            events.raise(event);
        }
    }

    /** The controller gives up whatever of it is under way. */
    void end(String reason) {
        if (ended) {
            return;
        }
        ended = true;
        underWay.clear();
        onTheWire.clear();
        controller.ended(this);
        controller.clock().trace(() -> "controller " + controller + ": an association ends: " + reason);
        if (hostHears) {
            hostHears = false;
            subsystem.afterwards(() -> controller.clock().execute(() -> host.ended(reason)));
        }
    }

    /** Whether a reset of it is under way. */
    boolean resetting() {
        return resetting;
    }

    /** Resets it in its controller's time. */
    void reset(Runnable afterReset) {
        resetting = true;
        controller
                .clock()
                .later(
                        controller.resetNanos(),
                        () -> subsystem.change(() -> {
                            end("the controller was reset through another one");
                            afterReset.run();
                        }));
    }

    void wireIsBack() {
        List<Runnable> late = List.copyOf(onTheWire);
        onTheWire.clear();
        late.forEach(Runnable::run);
    }

    /** Lets something travel between host and controller. */
    private void send(Runnable arrival) {
        if (controller.silent()) {
            onTheWire.add(arrival);
        } else {
            arrival.run();
        }
    }

    private void arrive(SubmittedCommand submitted) {
        if (ended) {
            return;
        }
        SimCommand command = submitted.command;
        heard(command);
        if (command.admin() && command.opcode() == AdminCommandSet.ASYNCHRONOUS_EVENT_REQUEST) {
            requestEvent(submitted);
            return;
        }
        submitted.access = access(command);
        underWay.add(submitted);
        SubmittedCommand first = firstOfPair.remove(command.queue());
        if (first != null && command.fuse() != NvmCommandSet.SECOND) {
            answerNow(first, Outcome.refused(WireStatus.MISSING_FUSED));
            first = null;
        }
        if (command.fuse() == NvmCommandSet.FIRST && !command.admin()) {
            firstOfPair.put(command.queue(), submitted);
            return;
        }
        submitted.partner = first;
        subsystem.afterwards(() -> begin(submitted));
    }

    private void requestEvent(SubmittedCommand submitted) {
        boolean taken = events.request(event -> answerNow(submitted, Outcome.result(event)));
        if (!taken) {
            answerNow(submitted, Outcome.refused(WireStatus.EVENT_REQUEST_LIMIT));
        }
    }

    private void heard(SimCommand command) {
        boolean keepAlive = command.admin() && command.opcode() == AdminCommandSet.KEEP_ALIVE;
        if (keepAlive || controller.trafficBasedKeepAlive()) {
            heardNanos = controller.clock().nanos();
        }
    }

    /** Without traffic a controller need not notice at once: with traffic-based keep-alive it looks once in a time-out. */
    private void watch(long delayNanos) {
        if (delayNanos > 0) {
            controller.clock().later(delayNanos, () -> subsystem.change(this::watched));
        }
    }

    private void watched() {
        long timeout = features.keepAliveMillis() * NANOS_PER_MILLI;
        long silence = controller.clock().nanos() - heardNanos;
        if (ended) {
            return;
        }
        if (timeout == 0 || silence < timeout) {
            watch(controller.trafficBasedKeepAlive() ? timeout : timeout - silence);
            return;
        }
        controller
                .clock()
                .later(
                        controller.quiesceMillis() * NANOS_PER_MILLI,
                        () -> subsystem.change(() -> end("its keep-alive timer expired")));
    }

    /** Answers with what the controller knows at once. */
    private void answerNow(SubmittedCommand submitted, Outcome outcome) {
        underWay.remove(submitted);
        SimReply reply = outcome.reply(submitted.command);
        subsystem.afterwards(() ->
                controller.clock().execute(() -> subsystem.change(() -> send(() -> deliver(submitted, reply)))));
    }

    private void deliver(SubmittedCommand submitted, SimReply reply) {
        if (hostHears) {
            subsystem.afterwards(() -> submitted.answered.accept(reply));
        }
    }

    // Not under the lock from here on.

    private void begin(SubmittedCommand submitted) {
        SimFate fate = controller.fateOf(submitted.command);
        controller.clock().trace(() -> "controller " + controller + ": " + submitted.command);
        if (fate.hasStatus()) {
            controller.clock().latency(controller.drawLatency(), () -> refuse(submitted, fate));
        } else if (fate.executeNanos() > 0) {
            controller.clock().later(fate.executeNanos(), () -> perform(submitted, fate));
        } else if (fate.executed()) {
            controller.clock().latency(controller.drawLatency(), () -> perform(submitted, fate));
        }
    }

    private void refuse(SubmittedCommand submitted, SimFate fate) {
        subsystem.change(() -> {
            SubmittedCommand first = submitted.partner;
            if (first != null) {
                finish(first, Outcome.failed(fate.status()), SimFate.normal());
            }
            finish(
                    submitted,
                    Outcome.failed(first == null ? fate.status() : WireStatus.FAILED_FUSED),
                    SimFate.normal());
        });
    }

    private void perform(SubmittedCommand submitted, SimFate fate) {
        subsystem.change(() -> {
            if (!underWay.contains(submitted)) {
                return;
            }
            controller.clock().trace(() -> "controller " + controller + ": executes " + submitted.command);
            SubmittedCommand first = submitted.partner;
            if (first != null) {
                List<Outcome> both = new NvmCommandSet(this, first.access.and(submitted.access))
                        .executePair(first.command, submitted.command);
                finish(first, both.get(0), fate);
                finish(submitted, both.get(1), fate);
            } else {
                finish(submitted, outcomeOf(submitted), fate);
            }
        });
    }

    private Outcome outcomeOf(SubmittedCommand submitted) {
        SimCommand command = submitted.command;
        if (!command.admin()) {
            return new NvmCommandSet(this, submitted.access).execute(command);
        }
        return command.opcode() == AdminCommandSet.ABORT ? abort(command) : new AdminCommandSet(this).execute(command);
    }

    /** Abort (NVMe Base 2.1 5.1.1): bit 0 of the result is clear when the command was aborted. */
    private Outcome abort(SimCommand abort) {
        int queue = abort.dword(10) & 0xffff;
        int commandId = abort.dword(10) >>> 16;
        for (SubmittedCommand candidate : List.copyOf(underWay)) {
            boolean named = candidate.command.queue() == queue && candidate.command.commandId() == commandId;
            if (named && candidate.command.fuse() == 0) {
                answerNow(candidate, Outcome.failed(WireStatus.ABORT_REQUESTED));
                return Outcome.result(0);
            }
        }
        return Outcome.result(1);
    }

    private void finish(SubmittedCommand submitted, Outcome outcome, SimFate fate) {
        if (!underWay.remove(submitted) || !fate.answered()) {
            return;
        }
        SimReply reply = outcome.reply(submitted.command);
        Runnable answer = () -> subsystem.change(() -> {
            for (int i = 0; i < fate.answers(); i++) {
                send(() -> deliver(submitted, reply));
            }
        });
        subsystem.afterwards(() -> {
            if (fate.answerNanos() > 0) {
                controller.clock().later(fate.answerNanos(), answer);
            } else {
                controller.clock().soon(answer);
            }
        });
    }

    /** A command that was taken. */
    private static final class SubmittedCommand {
        final SimCommand command;
        final Consumer<SimReply> answered;
        /** What reservations left to the host when it came: a preempt without abort does not stop what came before it. */
        ReservationAccess access = ReservationAccess.ALL;
        /** The first of the pair that this is the second of. */
        @Nullable
        SubmittedCommand partner;

        SubmittedCommand(SimCommand command, Consumer<SimReply> answered) {
            this.command = command;
            this.answered = answered;
        }
    }
}
