package io.mpath.examples.fence;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** What goes over a connection to a {@link LoopbackArray}: after two names, one command and its answer at a time. */
final class LoopbackWire {
    private static final int MOST_CDB_BYTES = 16;
    private static final int MOST_BYTES = 1 << 20;

    private LoopbackWire() {}

    /** A command descriptor block, and the data that goes with it. */
    record Command(byte[] cdb, byte[] data) {
        void write(DataOutputStream out) throws IOException {
            LoopbackWire.write(out, cdb);
            LoopbackWire.write(out, data);
            out.flush();
        }

        static Command read(DataInputStream in) throws IOException {
            return new Command(LoopbackWire.read(in, MOST_CDB_BYTES), LoopbackWire.read(in, MOST_BYTES));
        }
    }

    /**
     * How a command ended.
     *
     * @param hostByte what the array's side gives instead of an answer; 0: it answered
     * @param status the status byte
     * @param taken how many bytes of the command's data were taken
     * @param sense sense data, or nothing
     * @param data what goes to the host
     */
    record Answer(int hostByte, int status, int taken, byte[] sense, byte[] data) {
        void write(DataOutputStream out) throws IOException {
            out.writeInt(hostByte);
            out.writeInt(status);
            out.writeInt(taken);
            LoopbackWire.write(out, sense);
            LoopbackWire.write(out, data);
            out.flush();
        }

        static Answer read(DataInputStream in) throws IOException {
            return new Answer(
                    in.readInt(),
                    in.readInt(),
                    in.readInt(),
                    LoopbackWire.read(in, MOST_BYTES),
                    LoopbackWire.read(in, MOST_BYTES));
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] read(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw new IOException("a length of " + length + " is not from 0 to " + most);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
