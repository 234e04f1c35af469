package io.mpath.scsi.sim;

import io.mpath.Liveness;
import io.mpath.path.PathPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An I_T nexus: an initiator port of a host and a target port of the array, and the session that joins them for now. All logical
 * units through the target port share it. When it is lost, the host hands back what was under way, with a host byte as Linux
 * gives it, and connects it anew after the port's reconnect delay (never by itself with a delay of zero).
 *
 * <p>Threading: any thread in real time, the world's own in a world. What the target keeps of it is guarded by the array's lock,
 * what the host keeps by another, which is never held while anything else is called.
 */
public final class SimNexus {
    private static final int DID_NO_CONNECT = 0x01;
    private static final int DID_TIME_OUT = 0x03;
    private static final int DID_TRANSPORT_DISRUPTED = 0x0e;
    private static final int DID_TRANSPORT_FAILFAST = 0x0f;
    private static final String DEFAULT_HOST = "iqn.2026-01.io.mpath:host";
    private static final byte[] NO_DATA = {};

    private final SimTargetPort target;
    private final PathPort port;
    private final String kind;
    private final boolean loginEndsOldSession;
    private final Map<Long, UnitAttentions> attentions = new HashMap<>();
    private final List<SimSession> lostSessions = new ArrayList<>();
    private final Object hostLock = new Object();
    private final Set<Pending> outstanding = new LinkedHashSet<>();
    private final Map<Long, List<Host>> hosts = new HashMap<>();
    private InitiatorPort initiator;
    private SimSession session;
    private long nextSweepNanos = Long.MAX_VALUE;
    private volatile Liveness liveness = Liveness.LIVE;
    private volatile boolean tellsOfAttentions = true;

    /** Whose driver it is, for one logical unit. */
    interface Host {
        void livenessChanged();

        /** A unit attention was reported for the logical unit, to whomever. */
        void unitAttention(SimReply reply);

        void gone(String reason);
    }

    /** A command that the host waits for. */
    private static final class Pending {
        final Consumer<SimReply> answered;
        final long lun;
        final long deadlineNanos;

        Pending(Consumer<SimReply> answered, long lun, long deadlineNanos) {
            this.answered = answered;
            this.lun = lun;
            this.deadlineNanos = deadlineNanos;
        }
    }

    private SimNexus(SimTargetPort target, PathPort port, String kind, boolean loginEndsOldSession) {
        this.target = target;
        this.port = port;
        this.kind = kind;
        this.loginEndsOldSession = loginEndsOldSession;
        this.initiator = InitiatorPort.of(loginEndsOldSession, DEFAULT_HOST, port.name());
        this.session = new SimSession(this);
        synchronized (target.array().lock) {
            target.array().joined(this);
        }
    }

    /** An iSCSI session: logging in again ends the old one at the target, and whatever it had under way (RFC 7143 6.3.5). */
    public static SimNexus iscsi(SimTargetPort target, PathPort port) {
        return new SimNexus(target, port, "iscsi", true);
    }

    /** A Fibre Channel login. What was under way when the link was lost, goes on at the target. */
    public static SimNexus fibreChannel(SimTargetPort target, PathPort port) {
        return new SimNexus(target, port, "fc", false);
    }

    /** What the paths through it say that they go through. */
    public PathPort port() {
        return port;
    }

    /** What it is reached by: {@code iscsi} or {@code fc}. */
    public String kind() {
        return kind;
    }

    /** The target port. */
    public SimTargetPort targetPort() {
        return target;
    }

    /** How the host sees it. */
    public Liveness liveness() {
        return liveness;
    }

    boolean loginEndsOldSession() {
        return loginEndsOldSession;
    }

    /**
     * Whose nexus it is: the iSCSI name of the host. By default all are of one. The ISID, or the name of the Fibre
     * Channel port, follows from it and from the name of {@link #port}, so that a nexus which is made anew is the same
     * to the array.
     */
    public SimNexus initiator(String host) {
        synchronized (target.array().lock) {
            initiator = InitiatorPort.of(loginEndsOldSession, host, port.name());
        }
        return this;
    }

    /** Whether the host's driver tells of unit attentions that anybody was given (Linux: {@code SDEV_UA} uevents). By default it does. */
    public SimNexus tellsOfAttentions(boolean value) {
        tellsOfAttentions = value;
        return this;
    }

    /** The unit attentions that a logical unit has for it, in the order in which it will report them. */
    public List<SimSense> attentions(long lun) {
        synchronized (target.array().lock) {
            return attentionsOf(lun).pending();
        }
    }

    /** Loses the connection: what is under way is handed back, while the target knows nothing of it. */
    public void lose() {
        lost(Liveness.CONNECTING, DID_TRANSPORT_DISRUPTED, "the connection was lost");
        reconnectLater();
    }

    /** Connects again, unless it is connected. Each logical unit then has 29/07 for it. @return whether it is connected now */
    public boolean reconnect() {
        if (liveness != Liveness.CONNECTING) {
            return liveness == Liveness.LIVE;
        }
        SimScsiArray array = target.array();
        synchronized (array.lock) {
            if (target.isSilent()) {
                return false;
            }
            if (loginEndsOldSession) {
                session.end();
            } else {
                lostSessions.add(session);
            }
            session = new SimSession(this);
            array.units().forEach(unit -> unit.establish(this, SimSense.NEXUS_LOSS));
        }
        liveness = Liveness.LIVE;
        target.clock().trace(() -> port + " is connected again");
        tellAll(Host::livenessChanged);
        return true;
    }

    /** The target notices that sessions of this nexus are lost, and gives up whatever they had under way. */
    public void targetEndsLostSessions() {
        synchronized (target.array().lock) {
            lostSessions.forEach(SimSession::end);
            lostSessions.clear();
            if (liveness != Liveness.LIVE) {
                session.end();
            }
        }
    }

    /** The host gives it up for good: its logical units are gone there. */
    public void remove(String reason) {
        lost(Liveness.DEAD, DID_NO_CONNECT, reason);
        synchronized (target.array().lock) {
            target.array().left(this);
        }
        tellAll(host -> host.gone(reason));
    }

    /**
     * Another opener of the same logical unit through the same nexus sends a command and waits for its end, up to a minute.
     *
     * @param data what it transfers to the array; may be empty
     */
    public SimReply execute(long lun, byte[] cdb, byte[] data) {
        return execute(SimCommand.received(lun, cdb, data), Duration.ofMinutes(1));
    }

    /** Another opener sends TEST UNIT READY, and takes a unit attention that was meant for somebody else, too. */
    public SimReply testUnitReady(long lun) {
        return execute(lun, new byte[6], NO_DATA);
    }

    /** Executes a command, and blocks until it ends. */
    SimReply execute(SimCommand command, Duration timeout) {
        if (liveness != Liveness.LIVE) {
            return notConnected(liveness);
        }
        SimFate fate = target.fateOf(command);
        SimReply atOnce = session().executeNow(command, fate).orElse(null);
        if (atOnce != null) {
            notice(command.lun(), atOnce);
            return atOnce;
        }
        var answer = new CompletableFuture<SimReply>();
        submit(command, fate, timeout.toNanos(), answer::complete);
        target.clock().await(answer, timeout.plusNanos(1));
        return answer.getNow(SimReply.hostByte(DID_TIME_OUT));
    }

    /** Sends a command; {@code answered} is told once how it ended, with a host byte where the array did not answer. */
    void submit(SimCommand command, long timeoutNanos, Consumer<SimReply> answered) {
        submit(command, target.fateOf(command), timeoutNanos, answered);
    }

    private void submit(SimCommand command, SimFate fate, long timeoutNanos, Consumer<SimReply> answered) {
        long now = target.clock().nanos();
        boolean endless = timeoutNanos <= 0 || timeoutNanos > Long.MAX_VALUE - now;
        var pending = new Pending(answered, command.lun(), endless ? Long.MAX_VALUE : now + timeoutNanos);
        boolean sent;
        long sweepIn = -1;
        synchronized (hostLock) {
            sent = liveness == Liveness.LIVE;
            if (sent) {
                outstanding.add(pending);
                if (pending.deadlineNanos < nextSweepNanos) {
                    nextSweepNanos = pending.deadlineNanos;
                    sweepIn = timeoutNanos;
                }
            }
        }
        if (!sent) {
            target.clock().execute(() -> answered.accept(notConnected(liveness)));
            return;
        }
        if (sweepIn >= 0) {
            target.clock().later(sweepIn, this::sweep);
        }
        session().submit(command, fate, reply -> answered(pending, reply));
    }

    /** What a command ends with that was sent to what is in that state. */
    static SimReply notConnected(Liveness liveness) {
        return SimReply.hostByte(liveness.mayReturn() ? DID_TRANSPORT_FAILFAST : DID_NO_CONNECT);
    }

    private void answered(Pending pending, SimReply reply) {
        boolean waited;
        synchronized (hostLock) {
            waited = outstanding.remove(pending);
        }
        if (waited) {
            notice(pending.lun, reply);
            pending.answered.accept(reply);
        }
    }

    private void notice(long lun, SimReply reply) {
        if (tellsOfAttentions && reply.unitAttention()) {
            hostsOf(lun).forEach(host -> host.unitAttention(reply));
        }
    }

    /** Gives up what is overdue. */
    private void sweep() {
        List<Pending> overdue = new ArrayList<>();
        long now = target.clock().nanos();
        long next = Long.MAX_VALUE;
        synchronized (hostLock) {
            if (now < nextSweepNanos) {
                return;
            }
            for (Pending pending : outstanding) {
                if (pending.deadlineNanos <= now) {
                    overdue.add(pending);
                } else {
                    next = Math.min(next, pending.deadlineNanos);
                }
            }
            outstanding.removeAll(overdue);
            nextSweepNanos = next;
        }
        if (next != Long.MAX_VALUE) {
            target.clock().later(next - now, this::sweep);
        }
        overdue.forEach(pending -> pending.answered.accept(SimReply.hostByte(DID_TIME_OUT)));
    }

    private void lost(Liveness now, int hostByte, String reason) {
        List<Pending> back;
        synchronized (hostLock) {
            if (!liveness.mayBecome(now) || liveness == now) {
                return;
            }
            liveness = now;
            back = List.copyOf(outstanding);
            outstanding.clear();
        }
        session().sever();
        target.clock().trace(() -> port + " is " + now + ": " + reason);
        tellAll(Host::livenessChanged);
        target.clock().execute(() -> back.forEach(pending -> pending.answered.accept(SimReply.hostByte(hostByte))));
    }

    private void reconnectLater() {
        long delay = port.timeouts().reconnectDelay().toNanos();
        if (delay > 0) {
            target.clock().later(delay, () -> {
                if (liveness == Liveness.CONNECTING && !reconnect()) {
                    reconnectLater();
                }
            });
        }
    }

    private SimSession session() {
        synchronized (target.array().lock) {
            return session;
        }
    }

    void register(long lun, Host host) {
        synchronized (hostLock) {
            hosts.computeIfAbsent(lun, number -> new ArrayList<>(1)).add(host);
        }
    }

    void unregister(long lun, Host host) {
        synchronized (hostLock) {
            hosts.computeIfAbsent(lun, number -> new ArrayList<>(1)).remove(host);
        }
    }

    private List<Host> hostsOf(long lun) {
        synchronized (hostLock) {
            return List.copyOf(hosts.getOrDefault(lun, List.of()));
        }
    }

    private void tellAll(Consumer<Host> told) {
        List<Host> all;
        synchronized (hostLock) {
            all = hosts.values().stream().flatMap(List::stream).toList();
        }
        all.forEach(told);
    }

    // Under the array's lock from here on.

    SimReservations.Nexus named() {
        return new SimReservations.Nexus(initiator, target);
    }

    /** The target gives up what came through it for a logical unit, in whichever of its sessions. */
    void abort(long lun) {
        session.abort(lun);
        lostSessions.forEach(lost -> lost.abort(lun));
    }

    UnitAttentions attentionsOf(long lun) {
        return attentions.computeIfAbsent(lun, number -> new UnitAttentions());
    }

    void clearAttentions(SimSense sense) {
        attentions.values().forEach(pending -> pending.clear(sense));
    }

    void forget(long lun) {
        attentions.remove(lun);
    }

    /** The name of the port, as the host knows it. */
    @Override
    public String toString() {
        return port.name();
    }
}
