package io.mpath.examples.fence;

import io.mpath.Environment;
import io.mpath.path.PathPort;
import io.mpath.scsi.sim.SimNexus;
import io.mpath.scsi.sim.SimReply;
import io.mpath.scsi.sim.SimScsiArray;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * An emulated array with one logical unit behind two ports, for processes of this machine: each connection is an I_T nexus of the
 * host and to the port that it names. Listens on the loopback interface only.
 *
 * <p>Threading: a thread for each connection.
 */
final class LoopbackArray implements AutoCloseable {
    /** Its ports. */
    static final List<String> PORTS = List.of("a", "b");

    static final String NAME = "iqn.2026-01.io.mpath:loopback";
    private static final long LUN = 0;
    private static final long BLOCKS = 2048;
    private static final int BLOCK_BYTES = 512;
    private static final int BACKLOG = 16;

    private final Environment emulation = Environment.system();
    private final SimScsiArray array = SimScsiArray.inRealTime(emulation, NAME);
    private final ServerSocket server;

    LoopbackArray() throws IOException {
        int group = 1;
        for (String port : PORTS) {
            array.addPort(port, group++);
        }
        array.addUnit(LUN, BLOCKS, BLOCK_BYTES);
        server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start(this::accept, "loopback array");
    }

    /** Where it listens. */
    int tcpPort() {
        return server.getLocalPort();
    }

    private static void start(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                start(() -> serve(connection), "loopback nexus");
            }
        } catch (IOException closed) {
            // It was closed, and takes no more connections.
        }
    }

    private void serve(Socket connection) {
        try (connection;
                var in = new DataInputStream(connection.getInputStream());
                var out = new DataOutputStream(new BufferedOutputStream(connection.getOutputStream()))) {
            connection.setTcpNoDelay(true);
            String host = in.readUTF();
            String port = in.readUTF();
            SimNexus nexus = SimNexus.iscsi(array.port(port), new PathPort(host + "." + port))
                    .initiator("iqn.2026-01.io.mpath:" + host);
            try {
                while (true) {
                    answer(nexus, LoopbackWire.Command.read(in)).write(out);
                }
            } finally {
                nexus.remove("its connection was closed");
            }
        } catch (IOException ended) {
            // The host has gone; what it registered stays, as at any array.
        }
    }

    private static LoopbackWire.Answer answer(SimNexus nexus, LoopbackWire.Command command) {
        SimReply reply = nexus.execute(LUN, command.cdb(), command.data());
        return new LoopbackWire.Answer(reply.hostByte(), reply.status(), reply.taken(), reply.sense(), reply.data());
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        emulation.stop().run();
    }
}
