package io.mpath.nvme.sim;

import io.mpath.MultipathException;
import io.mpath.internal.sim.DeviceClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A controller of an emulated subsystem. A host is {@link #associate associated} with it, for one life of it; over fabrics a
 * former life may go on for a while beside the present one, until the controller notices that its host is gone. Faults are
 * scripted here: what becomes of commands, lost events, a log that lags or is broken, silence on the wire, the end of it all.
 *
 * <p>Threading: any thread; guarded by the subsystem's lock. Scripts are called by the thread that submits.
 */
public final class SimController {
    private static final int DEFAULT_MDTS = 8;
    private static final int MAX_UNIQUIFIER = 255;
    private static final int UNIT_MILLIS = 100;

    private final SimSubsystem subsystem;
    private final String name;
    private final int id;
    private final DeviceClock clock;
    private final AnaTable ana = new AnaTable();
    private final List<SimAssociation> associations = new ArrayList<>();

    private volatile Function<SimCommand, SimFate> script = command -> SimFate.normal();
    private volatile Misreading misreading = (queue, entry) -> entry;
    private long leastLatencyNanos;
    private long mostLatencyNanos;
    private int mdts = DEFAULT_MDTS;
    private int optionalCommands = NvmCommandSet.ALL_OPTIONAL;
    private boolean fuses = true;
    private boolean trafficBasedKeepAlive = true;
    private int quiesceMillis;
    private int keepAliveUnits = 10;
    private boolean volatileCache;
    private boolean cacheEnabled;
    private long resetNanos = -1;
    private int uniquifier;
    private @Nullable String refusal;
    private boolean silent;
    private boolean losesEvents;
    private @Nullable AnaLogPage frozenLog;
    private UnaryOperator<byte[]> logEditor = UnaryOperator.identity();

    SimController(SimSubsystem subsystem, String name, int id, DeviceClock clock) {
        this.subsystem = subsystem;
        this.name = name;
        this.id = id;
        this.clock = clock;
    }

    /** What the script knows it by. */
    public String name() {
        return name;
    }

    /** CNTLID. */
    public int id() {
        return id;
    }

    /** The subsystem that it belongs to. */
    public SimSubsystem subsystem() {
        return subsystem;
    }

    /** Each command takes a time drawn from {@code least} to {@code most} until it is executed. */
    public SimController latency(Duration least, Duration most) {
        synchronized (subsystem.lock) {
            leastLatencyNanos = least.toNanos();
            mostLatencyNanos = most.toNanos();
        }
        return this;
    }

    /** The longest transfer of one command: 4096 bytes times two to this power (MDTS). By default 8, for 1 MiB. */
    public SimController maxTransfer(int power) {
        synchronized (subsystem.lock) {
            mdts = power;
        }
        return this;
    }

    /**
     * Which optional commands it has, as in ONCS: bit 0 Compare, bit 2 Dataset Management, bit 3 Write Zeroes, bit 5 those of
     * reservations. By default these.
     */
    public SimController optionalCommands(int oncs) {
        synchronized (subsystem.lock) {
            optionalCommands = oncs & NvmCommandSet.ALL_OPTIONAL;
        }
        return this;
    }

    /** Takes no fused commands. */
    public SimController withoutFusedCommands() {
        synchronized (subsystem.lock) {
            fuses = false;
        }
        return this;
    }

    /** Only Keep Alive keeps an association alive, and not any command (CTRATT.TBKAS clear). */
    public SimController withoutTrafficBasedKeepAlive() {
        synchronized (subsystem.lock) {
            trafficBasedKeepAlive = false;
        }
        return this;
    }

    /** How long commands go on after it noticed that a host is gone (CQT). By default not at all. */
    public SimController quiesceTime(Duration value) {
        synchronized (subsystem.lock) {
            quiesceMillis = Math.toIntExact(value.toMillis());
        }
        return this;
    }

    /** Keep-alive time-outs are rounded up to multiples of this (KAS), itself one of 100 ms. By default 1 s. */
    public SimController keepAliveGranularity(Duration value) {
        synchronized (subsystem.lock) {
            keepAliveUnits = Math.toIntExact(value.toMillis() / UNIT_MILLIS);
        }
        return this;
    }

    /** Has a volatile write cache, which is on. */
    public SimController withVolatileCache() {
        synchronized (subsystem.lock) {
            volatileCache = true;
            cacheEnabled = true;
        }
        return this;
    }

    /**
     * Can be named in a Cross-Controller Reset, and asked for one: CIU is not 0.
     *
     * @param takes how long a reset of it takes; zero: it is done when the command completes
     */
    public SimController withCrossControllerReset(Duration takes) {
        synchronized (subsystem.lock) {
            resetNanos = takes.toNanos();
        }
        return this;
    }

    /** Lets {@code value} decide what becomes of each command from here on, but for Asynchronous Event Requests. */
    public SimController script(Function<SimCommand, SimFate> value) {
        script = value;
        return this;
    }

    /** How a controller may be wrong: what it takes an entry for. */
    @FunctionalInterface
    public interface Misreading {
        /** What it reads; {@code entry} is a copy of what came from queue {@code queue}, little endian, and may be changed. */
        ByteBuffer read(int queue, ByteBuffer entry);
    }

    /** Misreads entries from here on, so that tests of its hosts have something to find. */
    public SimController misreads(Misreading value) {
        misreading = value;
        return this;
    }

    /** Moves a group, which exists, to another ANA state as this controller sees it. */
    public void anaState(int group, SimAnaState state) {
        subsystem.change(() -> move(group, state));
    }

    /** The state of a group as this controller sees it. */
    public SimAnaState anaState(int group) {
        synchronized (subsystem.lock) {
            return ana.state(group);
        }
    }

    /** Lets the ANA log say what it says now, whatever happens from here on, or ends that and sends the event. */
    public void holdAnaLog(boolean hold) {
        subsystem.change(() -> {
            frozenLog = hold ? anaLog() : null;
            if (!hold) {
                raise(EventSlots.ANA_CHANGE);
            }
        });
    }

    /** Lets {@code value} change the bytes of the ANA log before a host reads them. */
    public void anaLogBytes(UnaryOperator<byte[]> value) {
        synchronized (subsystem.lock) {
            logEditor = value;
        }
    }

    /** Whether it forgets to send events. */
    public void losesEvents(boolean value) {
        synchronized (subsystem.lock) {
            losesEvents = value;
        }
    }

    /** Whether nothing passes between it and hosts. What is sent meanwhile arrives when that ends, if somebody still waits for it. */
    public void silence(boolean value) {
        subsystem.change(() -> {
            silent = value;
            if (!value) {
                associations().forEach(SimAssociation::wireIsBack);
            }
        });
    }

    /** Refuses to be associated from here on, because of {@code reason}; null: no longer. */
    public void refuseAssociations(@Nullable String reason) {
        synchronized (subsystem.lock) {
            refusal = reason;
        }
    }

    /** Resets it: every life of it ends, what it had under way with it, and hosts notice. */
    public void reset() {
        subsystem.change(() -> associations().forEach(association -> association.end("the controller was reset")));
    }

    /** Takes its power away, and with that what its volatile cache has; every life of it ends, and it takes no other. */
    public void die() {
        subsystem.change(() -> {
            refusal = "the controller is dead";
            associations().forEach(association -> association.end("the controller died"));
            subsystem.namespaces().values().forEach(namespace -> namespace.powerLost(this));
        });
    }

    /**
     * Begins a life of it.
     *
     * @param host told of its end
     * @param hostIdentifier 16 bytes (NVMe over Fabrics: Connect)
     * @param keepAlive KATO; zero: none
     * @param fabrics whether it is over fabrics, and not over PCIe
     * @throws MultipathException when it refuses
     */
    public SimAssociation associate(
            SimAssociation.Host host, byte[] hostIdentifier, Duration keepAlive, boolean fabrics) {
        synchronized (subsystem.lock) {
            if (refusal != null || silent) {
                throw new MultipathException("controller " + name + " cannot be connected: "
                        + (refusal != null ? refusal : "nothing is heard of it"));
            }
            uniquifier = uniquifier % MAX_UNIQUIFIER + 1;
            var features = new ControllerFeatures(this, hostIdentifier, keepAlive.toMillis(), fabrics);
            var association = new SimAssociation(this, host, features, uniquifier, clock.draw());
            associations.add(association);
            association.start();
            return association;
        }
    }

    /** How many lives of it go on, as far as it knows. */
    public int associated() {
        synchronized (subsystem.lock) {
            return associations.size();
        }
    }

    SimCommand received(int queue, ByteBuffer entry, byte[] data) {
        ByteBuffer copy = ByteBuffer.allocate(SimCommand.ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(0, entry, entry.position(), SimCommand.ENTRY_BYTES);
        return SimCommand.received(queue, misreading.read(queue, copy), data);
    }

    SimFate fateOf(SimCommand command) {
        return script.apply(command);
    }

    long drawLatency() {
        synchronized (subsystem.lock) {
            long range = mostLatencyNanos - leastLatencyNanos;
            return leastLatencyNanos + (range == 0 ? 0 : clock.draw(0, range));
        }
    }

    DeviceClock clock() {
        return clock;
    }

    // Under the lock.

    boolean move(int group, SimAnaState state) {
        boolean changed = ana.state(group, state);
        if (changed) {
            clock.trace(() -> "controller " + name + ": ANA group " + group + " is " + state);
            anaChanged();
        }
        return changed;
    }

    void groupAppears(int group) {
        ana.add(group);
    }

    void membersChanged(int from, int to) {
        ana.touch(from);
        ana.touch(to);
        anaChanged();
    }

    void attachmentChanged(long nsid, int group) {
        ana.touch(group);
        namespaceChanged(nsid);
    }

    void namespaceChanged(long nsid) {
        associations.forEach(association -> association.namespaceChanged(nsid));
        raise(EventSlots.NAMESPACE_ATTRIBUTE);
    }

    private void anaChanged() {
        if (subsystem.hasAna() && frozenLog == null) {
            raise(EventSlots.ANA_CHANGE);
        }
    }

    private void raise(int event) {
        if (!losesEvents) {
            associations.forEach(association -> association.raise(event));
        }
    }

    boolean forgetsEvents() {
        return losesEvents;
    }

    AnaLogPage anaLog() {
        if (frozenLog != null) {
            return frozenLog;
        }
        return ana.page(group -> subsystem.namespaces().values().stream()
                .filter(namespace -> namespace.group() == group && namespace.attachedTo(this))
                .map(SimNamespace::nsid)
                .toList());
    }

    byte[] edited(byte[] page) {
        return logEditor.apply(page);
    }

    SimAnaState stateOf(SimNamespace namespace) {
        return subsystem.hasAna() ? ana.state(namespace.group()) : SimAnaState.OPTIMIZED;
    }

    /** A copy: they come and go. */
    List<SimAssociation> associations() {
        return List.copyOf(associations);
    }

    void ended(SimAssociation association) {
        associations.remove(association);
    }

    boolean silent() {
        return silent;
    }

    int mdts() {
        return mdts;
    }

    int optionalCommands() {
        return optionalCommands;
    }

    boolean hasReservations() {
        return (optionalCommands & NvmCommandSet.HAS_RESERVATIONS) != 0;
    }

    boolean fuses() {
        return fuses;
    }

    boolean trafficBasedKeepAlive() {
        return trafficBasedKeepAlive;
    }

    int quiesceMillis() {
        return quiesceMillis;
    }

    int keepAliveUnits() {
        return keepAliveUnits;
    }

    long roundedUp(long keepAliveMillis) {
        long granularity = (long) keepAliveUnits * UNIT_MILLIS;
        return (keepAliveMillis + granularity - 1) / granularity * granularity;
    }

    boolean hasVolatileCache() {
        return volatileCache;
    }

    boolean caches() {
        return cacheEnabled;
    }

    void cacheEnabled(boolean value) {
        cacheEnabled = value;
    }

    boolean resets() {
        return resetNanos >= 0;
    }

    long resetNanos() {
        return resetNanos;
    }

    @Override
    public String toString() {
        return name;
    }
}
