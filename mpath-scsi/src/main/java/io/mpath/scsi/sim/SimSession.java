package io.mpath.scsi.sim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One life of an I_T nexus: from when its host connected it until the target ends it. A host that lost the connection hears no more
 * of it; what it had sent may be executed all the same, until then.
 *
 * <p>Threading: any thread; guarded by the array's lock, which is released before a host is told anything.
 */
final class SimSession {
    private final SimNexus nexus;
    private final SimTargetPort port;
    private final SimScsiArray array;
    private final Set<Task> underWay = new LinkedHashSet<>();
    private long tasks;
    private boolean hostHears = true;
    private boolean ended;

    /** A command that was taken. */
    private record Task(SimCommand command, SimFate fate, long tag, Consumer<SimReply> answered) {}

    SimSession(SimNexus nexus) {
        this.nexus = nexus;
        this.port = nexus.targetPort();
        this.array = port.array();
    }

    /** Takes a command; {@code answered} is told of its end, if there is one, by another thread than the caller's. */
    void submit(SimCommand command, SimFate fate, Consumer<SimReply> answered) {
        array.change(() -> {
            if (ended || port.isSilent()) {
                return;
            }
            if (fate.hostByte() != 0) {
                array.afterwards(() -> port.clock().execute(() -> answered.accept(SimReply.hostByte(fate.hostByte()))));
                if (!fate.executed()) {
                    return;
                }
            }
            begin(new Task(command, fate, ++tasks, answered));
        });
    }

    /** Takes a command that is carried out at once, if that is what happens to it. */
    Optional<SimReply> executeNow(SimCommand command, SimFate fate) {
        synchronized (array.lock) {
            boolean takesTime = !fate.isPlain()
                    || !port.takesNoTime()
                    || command.setsTargetPortGroups()
                    || command.changesReservations();
            if (takesTime || ended || port.isSilent()) {
                return Optional.empty();
            }
            arrived(command);
            Outcome outcome = outcomeOf(new Task(command, fate, ++tasks, reply -> {}));
            departed(command);
            return Optional.of(replyTo(command, outcome));
        }
    }

    /** The host lets go of it without telling the target: it hears nothing of it any more. */
    void sever() {
        synchronized (array.lock) {
            hostHears = false;
        }
    }

    /** The target gives up whatever of it is under way. */
    void end() {
        synchronized (array.lock) {
            ended = true;
            hostHears = false;
            underWay.forEach(task -> departed(task.command));
            underWay.clear();
        }
    }

    // Under the lock from here on.

    /** The target gives up what of it is under way for a logical unit, and says so (TAS is one). */
    void abort(long lun) {
        for (Task task : List.copyOf(underWay)) {
            if (task.command.lun() == lun) {
                leave(task);
                SimReply reply = Outcome.status(Outcome.TASK_ABORTED).reply(task.command, array.descriptorSense());
                if (hostHears && !port.isSilent()) {
                    array.afterwards(() -> port.clock().execute(() -> task.answered.accept(reply)));
                }
            }
        }
    }

    private void begin(Task task) {
        underWay.add(task);
        arrived(task.command);
        SimFate fate = task.fate;
        port.clock().trace(() -> "target port " + port + ": " + task.command);
        if (!fate.executed() && !fate.hasStatus()) {
            return;
        }
        long delay = Math.max(fate.executeNanos(), 0);
        array.afterwards(() -> {
            if (delay > 0) {
                port.clock().later(delay, () -> perform(task));
            } else {
                port.clock().latency(latency(), () -> perform(task));
            }
        });
    }

    private long latency() {
        synchronized (array.lock) {
            return port.drawLatency();
        }
    }

    private void perform(Task task) {
        array.change(() -> {
            if (!underWay.contains(task)) {
                return;
            }
            Outcome outcome = outcomeOf(task);
            SimFate fate = task.fate;
            if (!fate.answered()) {
                leave(task);
                return;
            }
            SimReply reply = replyTo(task.command, outcome);
            long delay = fate.answerNanos() + outcome.delayNanos();
            array.afterwards(() -> {
                if (delay > 0) {
                    port.clock().later(delay, () -> answer(task, reply));
                } else {
                    port.clock().soon(() -> answer(task, reply));
                }
            });
        });
    }

    private void answer(Task task, SimReply reply) {
        array.change(() -> {
            if (!underWay.contains(task)) {
                return;
            }
            leave(task);
            if (hostHears && !port.isSilent()) {
                array.afterwards(() -> task.answered.accept(reply));
            }
        });
    }

    private Outcome outcomeOf(Task task) {
        SimFate fate = task.fate;
        if (fate.hasStatus()) {
            return fate.instead();
        }
        port.clock().trace(() -> "target port " + port + ": executes " + task.command);
        var server = new DeviceServer(nexus);
        Outcome outcome = fate.cutsTransfer()
                ? server.executePart(task.command, task.tag, fate.transferBytes())
                : server.execute(task.command, task.tag);
        SimSense sense = fate.sense();
        return sense != null && outcome.done() ? outcome.with(sense) : outcome;
    }

    private SimReply replyTo(SimCommand command, Outcome outcome) {
        SimReply reply = outcome.reply(command, array.descriptorSense());
        byte[] data = port.edited(command, reply.data());
        return new SimReply(reply.hostByte(), reply.status(), reply.sense(), data, reply.taken());
    }

    private void leave(Task task) {
        underWay.remove(task);
        departed(task.command);
    }

    private void arrived(SimCommand command) {
        array.counts().arrived(command);
        port.counts().arrived(command);
        array.countsOf(command.lun()).ifPresent(counts -> counts.arrived(command));
    }

    private void departed(SimCommand command) {
        array.counts().ended(command);
        port.counts().ended(command);
        array.countsOf(command.lun()).ifPresent(counts -> counts.ended(command));
    }
}
