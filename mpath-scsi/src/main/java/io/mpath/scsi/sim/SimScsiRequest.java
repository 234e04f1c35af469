package io.mpath.scsi.sim;

import io.mpath.IoOperation;
import io.mpath.internal.adapter.UnflushedChange;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import io.mpath.scsi.BlockCommands;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.ScsiPassthrough;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiCommand.Transfer;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SynchronizeCache16;
import io.mpath.scsi.command.Unmap;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A request that a logical unit took, from its first command to its end.
 *
 * <p>Threading: one thread at a time; it ends once, since each command does.
 */
final class SimScsiRequest {
    private static final byte[] NO_DATA = {};

    private final SimScsiUnit unit;
    private final SimScsiQueue queue;
    private final PathIo io;
    private final long tag;
    private final IoOperation operation;
    private final long lba;
    private final int blocks;
    private final long timeoutNanos;
    private boolean flushDue;
    private boolean flushing;

    SimScsiRequest(SimScsiUnit unit, SimScsiQueue queue, PathIo io) {
        this.unit = unit;
        this.queue = queue;
        this.io = io;
        this.tag = io.tag();
        this.operation = io.operation();
        this.lba = io.offset() / unit.blockBytes();
        this.blocks = operation == IoOperation.READ || operation == IoOperation.WRITE
                ? (int) (io.length() / unit.blockBytes())
                : 0;
        this.timeoutNanos = io.timeoutNanos();
        this.flushDue = BlockCommands.flushFollows(io);
    }

    /** Sends its first command. @throws IllegalArgumentException when it cannot be put into one */
    void send() {
        if (operation == IoOperation.PASSTHROUGH) {
            sendPassthrough();
        } else {
            ScsiCommand command = BlockCommands.of(io, unit.blockBytes());
            send(command, dataOf(command));
        }
    }

    private void send(ScsiCommand command, byte[] data) {
        SimScsiTransport.Expected expected = SimScsiTransport.transferOf(command);
        send(SimScsiTransport.cdb(command), data, expected, null);
    }

    private void sendPassthrough() {
        if (!(io.command() instanceof ScsiPassthrough command)) {
            throw new IllegalArgumentException("a passthrough without a SCSI command");
        }
        ByteBuffer data = command.data();
        int length = data == null ? 0 : data.remaining();
        byte[] sent = NO_DATA;
        if (data != null && command.transfer() == Transfer.TO_DEVICE) {
            sent = new byte[length];
            data.get(data.position(), sent);
        }
        send(command.cdb(), sent, new SimScsiTransport.Expected(command.transfer(), length), command);
    }

    private void send(
            byte[] cdb, byte[] data, SimScsiTransport.Expected expected, @Nullable ScsiPassthrough passthrough) {
        SimScsiTransport transport = unit.transport();
        if (!transport.send(cdb, data, timeoutNanos, reply -> answered(reply, expected, passthrough))) {
            end(ofTheWhole(PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent: " + transport + " is not there")));
        }
    }

    private byte[] dataOf(ScsiCommand command) {
        return switch (operation) {
            case WRITE, COMPARE_AND_WRITE -> gather();
            case WRITE_ZEROES -> new byte[command.dataBytes()];
            case DISCARD -> command instanceof Unmap unmap ? parameters(unmap) : NO_DATA;
            case READ, FLUSH, PASSTHROUGH -> NO_DATA;
        };
    }

    private static byte[] parameters(Unmap unmap) {
        ByteBuffer data = ByteBuffer.allocate(unmap.dataBytes());
        unmap.encodeParameters(data);
        return data.array();
    }

    private byte[] gather() {
        int length = 0;
        for (int i = 0; i < io.bufferCount(); i++) {
            length += io.bufferLength(i);
        }
        byte[] into = new byte[length];
        int at = 0;
        for (int i = 0; i < io.bufferCount(); i++) {
            io.buffer(i).get(io.bufferOffset(i), into, at, io.bufferLength(i));
            at += io.bufferLength(i);
        }
        return into;
    }

    private void scatter(byte[] data) {
        int at = 0;
        for (int i = 0; i < io.bufferCount() && at < data.length; i++) {
            int part = Math.min(io.bufferLength(i), data.length - at);
            io.buffer(i).put(io.bufferOffset(i), data, at, part);
            at += part;
        }
    }

    private void answered(SimReply reply, SimScsiTransport.Expected expected, @Nullable ScsiPassthrough passthrough) {
        ScsiResult result = SimScsiTransport.resultOf(reply, expected);
        if (flushDue && result.treatment().isEmpty()) {
            flushDue = false;
            flushing = true;
            send(SynchronizeCache16.all(), NO_DATA);
            return;
        }
        if (passthrough != null) {
            passthrough.result(result);
            ByteBuffer into = passthrough.data();
            if (into != null && passthrough.transfer() == Transfer.TO_HOST) {
                into.put(into.position(), reply.data(), 0, Math.min(reply.data().length, into.remaining()));
            }
        } else if (operation == IoOperation.READ) {
            scatter(reply.data());
        }
        end(
                flushing
                        ? ofTheWhole(judge().completed(IoOperation.FLUSH, result, 0, 0))
                        : judge().completed(operation, result, lba, blocks));
    }

    private @Nullable PathFailure ofTheWhole(@Nullable PathFailure ofTheLast) {
        return flushing && ofTheLast != null ? UnflushedChange.of(ofTheLast) : ofTheLast;
    }

    void end(@Nullable PathFailure failure) {
        queue.deliver(() -> {
            unit.makeRoom();
            if (failure == null) {
                io.complete(tag);
            } else {
                io.fail(tag, failure);
            }
            unit.reported();
        });
    }

    private CommandJudge judge() {
        return unit.judge();
    }
}
