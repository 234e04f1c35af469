package io.mpath.examples.fence;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.PageFormatException;
import io.mpath.examples.fence.LoopbackWire.Answer;
import io.mpath.examples.fence.LoopbackWire.Command;
import io.mpath.path.PathPort;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.CommandNotSentException;
import io.mpath.scsi.LogicalUnitTransport;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.ScsiTransport;
import io.mpath.scsi.command.ScsiCommand;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseData;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How commands reach the logical unit of a {@link LoopbackArray}: over one connection, one at a time. A transport of a user's own,
 * as small as it can be; one that breaks is dead, and not connected again.
 *
 * <p>Threading: any thread; whoever comes second waits for the first.
 */
final class LoopbackTransport implements ScsiTransport {
    private static final byte[] NO_DATA = {};

    private final Socket connection;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final PathPort port;
    private volatile Liveness liveness = Liveness.LIVE;
    private volatile @Nullable Listener listener;

    private LoopbackTransport(Socket connection, PathPort port) throws IOException {
        this.connection = connection;
        this.port = port;
        this.in = new DataInputStream(connection.getInputStream());
        this.out = new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()));
        connection.setTcpNoDelay(true);
    }

    /** Connects as {@code host} to that port of the array. @throws MultipathException when nobody listens there */
    static LoopbackTransport connect(int tcpPort, String host, PathPort port) {
        try {
            var transport = new LoopbackTransport(new Socket(InetAddress.getLoopbackAddress(), tcpPort), port);
            transport.out.writeUTF(host);
            transport.out.writeUTF(port.name());
            return transport;
        } catch (IOException e) {
            throw new MultipathException("no array listens on loopback port " + tcpPort + ": " + e, e);
        }
    }

    @Override
    public PathPort port() {
        return port;
    }

    @Override
    public String kind() {
        return "loopback";
    }

    @Override
    public String target() {
        return LoopbackArray.NAME;
    }

    @Override
    public Liveness liveness() {
        return liveness;
    }

    @Override
    public @Nullable String away() {
        return null;
    }

    @Override
    public boolean liveAgainMeansEnded() {
        return false;
    }

    @Override
    public void listen(Listener value) {
        listener = value;
    }

    /**
     * One command, and how it ended.
     *
     * @throws CommandNotSentException when the connection was broken before
     * @throws IOException when nobody knows what became of it
     */
    synchronized Answer exchange(ScsiCommand command, byte[] data, Duration timeout) throws IOException {
        if (liveness != Liveness.LIVE) {
            throw new CommandNotSentException(port + ": " + command.name() + " cannot be sent: not connected");
        }
        ByteBuffer cdb = ByteBuffer.allocate(command.cdbBytes());
        command.encode(cdb);
        try {
            connection.setSoTimeout((int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis())));
            new Command(cdb.array(), data).write(out);
            return Answer.read(in);
        } catch (IOException e) {
            // What comes late would be taken for the answer to the next command.
            connection.close();
            liveness = Liveness.DEAD;
            Listener told = listener;
            if (told != null) {
                told.livenessMayHaveChanged();
            }
            throw e;
        }
    }

    @Override
    public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) {
        byte[] sent = NO_DATA;
        if (data != null) {
            sent = new byte[data.remaining()];
            data.get(data.position(), sent);
        }
        try {
            Answer answer = exchange(command, sent, timeout);
            int room = command.transfer() == ScsiCommand.Transfer.TO_HOST ? command.dataBytes() : 0;
            return new ScsiReply(
                    result(command, answer), ByteBuffer.wrap(answer.data(), 0, Math.min(answer.data().length, room)));
        } catch (IOException e) {
            throw new MultipathException(port + ": " + command.name() + " was not answered: " + e, e);
        }
    }

    /** What an answer means. */
    static ScsiResult result(ScsiCommand command, Answer answer) {
        int expected = command.dataBytes();
        long residual = switch (command.transfer()) {
            case NONE -> 0;
            case TO_DEVICE -> expected - answer.taken();
            case TO_HOST -> Math.max(0, expected - answer.data().length);
        };
        return new ScsiResult(answer.status(), answer.hostByte(), sense(answer.sense()), residual);
    }

    /** Sense data that does not decode is none, as for Linux. */
    private static Optional<SenseData> sense(byte[] bytes) {
        try {
            return bytes.length == 0 ? Optional.empty() : Optional.of(SenseData.decode(ByteBuffer.wrap(bytes)));
        } catch (PageFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public LogicalUnitTransport open(int blockBytes, CommandJudge judge) {
        return new LoopbackUnit(this, blockBytes, judge);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new MultipathException(port + " cannot be closed: " + e, e);
        }
    }
}
