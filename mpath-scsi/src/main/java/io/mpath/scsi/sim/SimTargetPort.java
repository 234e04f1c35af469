package io.mpath.scsi.sim;

import io.mpath.internal.sim.DeviceClock;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A target port of an emulated array. Faults are scripted here: what becomes of commands, data that is broken, silence on the wire.
 *
 * <p>Threading: any thread; guarded by the array's lock. Scripts are called by the thread that submits.
 */
public final class SimTargetPort {
    private final SimScsiArray array;
    private final String name;
    private final DeviceClock clock;
    private final SimCounts counts = new SimCounts();

    private volatile Function<SimCommand, SimFate> script = command -> SimFate.normal();
    private volatile BiFunction<SimCommand, byte[], byte[]> dataEditor = (command, data) -> data;
    private int relativeId;
    private int group;
    private int protocol = 5;
    private String portName;
    private String targetName;
    private long leastLatencyNanos;
    private long mostLatencyNanos;
    private boolean silent;

    SimTargetPort(SimScsiArray array, String name, int relativeId, int group, DeviceClock clock) {
        this.array = array;
        this.name = name;
        this.relativeId = relativeId;
        this.group = group;
        this.clock = clock;
        this.targetName = array.name();
        this.portName = array.name() + String.format(",t,0x%04x", relativeId);
    }

    /** What the script knows it by. */
    public String name() {
        return name;
    }

    /** The array that it belongs to. */
    public SimScsiArray array() {
        return array;
    }

    /** RELATIVE TARGET PORT IDENTIFIER, as its pages have it. */
    public SimTargetPort relativeId(int value) {
        synchronized (array.lock) {
            relativeId = value;
        }
        return this;
    }

    /** PROTOCOL IDENTIFIER, and the SCSI name strings of the port and of the target device, as VPD page 83h has them. */
    public SimTargetPort called(int protocolIdentifier, String nameOfPort, String nameOfTarget) {
        synchronized (array.lock) {
            protocol = protocolIdentifier;
            portName = nameOfPort;
            targetName = nameOfTarget;
        }
        return this;
    }

    /** Puts it into another target port group, and says nothing of it. */
    public SimTargetPort group(int value) {
        synchronized (array.lock) {
            group = value;
            array.groupAppears(value);
        }
        return this;
    }

    /** Each command takes a time drawn from {@code least} to {@code most} until it is executed. */
    public SimTargetPort latency(Duration least, Duration most) {
        synchronized (array.lock) {
            leastLatencyNanos = least.toNanos();
            mostLatencyNanos = most.toNanos();
        }
        return this;
    }

    /** Decides what becomes of each command from here on; it is called once for each. */
    public SimTargetPort script(Function<SimCommand, SimFate> value) {
        script = value;
        return this;
    }

    /** Says that it is ready, reports its states, and ends every command for blocks with {@code fate}. */
    public SimTargetPort failingAllIo(SimFate fate) {
        return script(command -> command.forBlocks() ? fate : SimFate.normal());
    }

    /** Changes what goes to hosts, after it was cut to the allocation length. */
    public SimTargetPort editData(BiFunction<SimCommand, byte[], byte[]> value) {
        dataEditor = value;
        return this;
    }

    /** Whether nothing gets through to it any more, nor from it. Nobody is told; what it has under way, goes on. */
    public void silent(boolean value) {
        synchronized (array.lock) {
            silent = value;
        }
    }

    /** What has arrived through it. */
    public SimCounts counts() {
        return counts;
    }

    SimFate fateOf(SimCommand command) {
        return script.apply(command);
    }

    byte[] edited(SimCommand command, byte[] data) {
        return dataEditor.apply(command, data);
    }

    DeviceClock clock() {
        return clock;
    }

    // Under the lock from here on.

    boolean isSilent() {
        return silent;
    }

    int group() {
        return group;
    }

    int relativeId() {
        return relativeId;
    }

    int protocol() {
        return protocol;
    }

    String portName() {
        return portName;
    }

    String targetName() {
        return targetName;
    }

    boolean takesNoTime() {
        return mostLatencyNanos == 0;
    }

    long drawLatency() {
        return mostLatencyNanos == 0 ? 0 : clock.draw(leastLatencyNanos, mostLatencyNanos);
    }

    @Override
    public String toString() {
        return name;
    }
}
