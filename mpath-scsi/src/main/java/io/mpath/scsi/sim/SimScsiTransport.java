package io.mpath.scsi.sim;

import io.mpath.Liveness;
import io.mpath.PageFormatException;
import io.mpath.path.PathPort;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.CommandNotSentException;
import io.mpath.scsi.LogicalUnitTransport;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.ScsiTransport;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseData;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host's driver for one logical unit behind an emulated nexus: gives what Linux would give for it through SG_IO.
 *
 * <p>Threading: any thread in real time, the world's own in a world; there, time passes and other threads go on while {@link
 * #execute} waits for a command that takes time. Commands end on the target port's thread.
 */
public final class SimScsiTransport implements ScsiTransport {
    private static final int DEFAULT_QUEUE_DEPTH = 32;
    private static final int DEFAULT_TRANSFER_BYTES = 512 << 10;
    private static final byte[] NO_DATA = {};
    private static final Expected NO_TRANSFER = new Expected(ScsiCommand.Transfer.NONE, 0);

    private final SimNexus nexus;
    private final long lun;
    private final SimNexus.Host host = new Telling();
    private volatile @Nullable Listener listener;
    private volatile int queueDepth = DEFAULT_QUEUE_DEPTH;
    private volatile int maxTransferBytes = DEFAULT_TRANSFER_BYTES;
    private volatile @Nullable String readOnly;
    private volatile boolean offline;
    private volatile @Nullable String goneBecause;

    /** Of one logical unit. */
    public SimScsiTransport(SimNexus nexus, long lun) {
        this.nexus = nexus;
        this.lun = lun;
        nexus.register(lun, host);
    }

    /** How many commands may be under way through each way for I/O that is opened from here on; by default 32. */
    public SimScsiTransport queueDepth(int value) {
        queueDepth = value;
        return this;
    }

    /** The longest data of one command that can be carried, of each way for I/O that is opened from here on; by default 512 KiB. */
    public SimScsiTransport maxTransfer(int bytes) {
        maxTransferBytes = bytes;
        return this;
    }

    /** Nothing can be written through what is opened from here on. */
    public SimScsiTransport readOnly(String reason) {
        readOnly = reason;
        return this;
    }

    /** The administrator sets the logical unit offline at this nexus, or running again (sysfs: {@code state}). */
    public void offline(boolean value) {
        offline = value;
        host.livenessChanged();
    }

    /** The administrator deletes it from the host (sysfs: {@code delete}). */
    public void delete(String reason) {
        host.gone(reason);
    }

    /** The nexus. */
    public SimNexus nexus() {
        return nexus;
    }

    /** The logical unit number. */
    public long lun() {
        return lun;
    }

    @Override
    public PathPort port() {
        return nexus.port();
    }

    @Override
    public String kind() {
        return nexus.kind();
    }

    @Override
    public String target() {
        return nexus.targetPort().array().name();
    }

    @Override
    public Liveness liveness() {
        return nexus.liveness();
    }

    @Override
    public @Nullable String away() {
        return offline ? this + " is offline" : null;
    }

    @Override
    public boolean liveAgainMeansEnded() {
        return nexus.loginEndsOldSession();
    }

    @Override
    public void listen(Listener value) {
        listener = value;
    }

    @Override
    public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) {
        requireThere(command.name());
        byte[] sent = data == null ? NO_DATA : bytes(data);
        SimReply reply = offline
                ? SimNexus.notConnected(Liveness.DEAD)
                : nexus.execute(SimCommand.received(lun, cdb(command), sent), timeout);
        int room = command.transfer() == ScsiCommand.Transfer.TO_HOST ? command.dataBytes() : 0;
        byte[] received = reply.data();
        ByteBuffer page = ByteBuffer.wrap(received, 0, Math.min(received.length, room));
        return new ScsiReply(resultOf(reply, transferOf(command)), page);
    }

    private void requireThere(String what) {
        String reason = goneBecause;
        if (reason != null) {
            throw new CommandNotSentException(this + ": " + what + " cannot be sent: " + reason);
        }
    }

    static byte[] cdb(ScsiCommand command) {
        ByteBuffer cdb = ByteBuffer.allocate(command.cdbBytes());
        command.encode(cdb);
        return cdb.array();
    }

    private static byte[] bytes(ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(data.position(), copy);
        return copy;
    }

    /** What a command transfers, where, at most. */
    record Expected(ScsiCommand.Transfer transfer, int bytes) {
        long residual(SimReply reply) {
            return switch (transfer) {
                case NONE -> 0;
                case TO_DEVICE -> bytes - reply.taken();
                case TO_HOST -> Math.max(0, bytes - reply.data().length);
            };
        }
    }

    static Expected transferOf(ScsiCommand command) {
        return new Expected(command.transfer(), command.dataBytes());
    }

    /** Sense data that does not decode is none, as for Linux. */
    static ScsiResult resultOf(SimReply reply, Expected expected) {
        Optional<SenseData> sense = Optional.empty();
        if (reply.sense().length > 0) {
            try {
                sense = Optional.of(SenseData.decode(ByteBuffer.wrap(reply.sense())));
            } catch (PageFormatException e) {
                sense = Optional.empty();
            }
        }
        return new ScsiResult(reply.status(), reply.hostByte(), sense, expected.residual(reply));
    }

    @Override
    public LogicalUnitTransport open(int blockBytes, CommandJudge judge) {
        requireThere("I/O");
        return new SimScsiUnit(this, judge, blockBytes, maxTransferBytes, queueDepth, readOnly);
    }

    /** Sends a command for I/O. False: there is nobody to send it to, and nothing was sent. */
    boolean send(byte[] cdb, byte[] data, long timeoutNanos, Consumer<SimReply> answered) {
        if (liveness() != Liveness.LIVE || offline || goneBecause != null) {
            return false;
        }
        nexus.submit(SimCommand.received(lun, cdb, data), timeoutNanos, answered);
        return true;
    }

    void executeSoon(Runnable task) {
        nexus.targetPort().clock().execute(task);
    }

    @Override
    public void close() {
        nexus.unregister(lun, host);
    }

    /** What Linux announces with {@code SDEV_UA}. */
    private static void tell(Listener to, SenseData sense) {
        switch (sense.asc() << 8 | sense.ascq()) {
            case 0x2a06 -> to.accessStateMayHaveChanged();
            case 0x3f03 -> to.mayBeAnother();
            case 0x3f0e -> to.inventoryMayHaveChanged();
            // Of reservations it announces nothing: who has to know, had better be the one who is told.
            case 0x2a03, 0x2a04, 0x2a05 -> {}
            default -> to.mayHaveChanged();
        }
    }

    private final class Telling implements SimNexus.Host {
        @Override
        public void livenessChanged() {
            report(Listener::livenessMayHaveChanged);
        }

        @Override
        public void unitAttention(SimReply reply) {
            resultOf(reply, NO_TRANSFER).sense().ifPresent(sense -> report(to -> tell(to, sense)));
        }

        @Override
        public void gone(String reason) {
            goneBecause = reason;
            report(to -> to.gone(reason));
        }

        private void report(Consumer<Listener> report) {
            Listener to = listener;
            if (to != null) {
                report.accept(to);
            }
        }
    }

    /** The port and the number, as {@code host4:0}. */
    @Override
    public String toString() {
        return nexus + ":" + lun;
    }
}
