package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An ANA log page that is longer than one command may transfer, being read in pieces: says what to read next and puts together
 * what came. The log may change between two reads. So its header is read once more at the end; if the change count has moved,
 * the pieces are of different logs, and reading starts over. A log that one piece holds needs no second look, because one
 * command returns one state.
 *
 * <pre>{@code
 * while (!assembly.complete()) {
 *     assembly.accept(execute(GetLogPage.ana(assembly.nextOffset(), assembly.nextBytes())));
 * }
 * }</pre>
 *
 * <p>The caller bounds the loop by {@link #restarts}. Needs the controller's LPA to allow offsets when the log does not fit one
 * piece. Not for use by several threads.
 */
public final class AnaLogAssembly {
    private static final int GRANULARITY = Integer.BYTES;
    private static final int MAX_BYTES = 1 << 30;

    /** A piece of this length that is the log's beginning can be nothing else. */
    private static final int TELLING_BYTES = AnaLogHeader.BYTES + AnaGroup.HEADER_BYTES;

    private final int limitBytes;
    private final int pieceBytes;
    private final long maxGroupId;

    private byte[] bytes;
    private int received;
    private long changeCount;
    private int pieces;
    private int restarts;
    // Where the first descriptor begins that was not walked over, and how many there are from there on.
    private long walked;
    private int groupsLeft;
    private boolean complete;

    /**
     * Nothing read yet.
     *
     * @param limitBytes the longest the log may be, {@link IdentifyController#anaLogBytes}; not more than 1 GiB is ever read
     * @param pieceBytes the most that one command may transfer; at least the header's 16
     * @param maxGroupId the controller's ANAGRPMAX
     * @throws CommandFieldException when a number of bytes is below a header's, or not a multiple of four
     */
    public AnaLogAssembly(long limitBytes, int pieceBytes, long maxGroupId) {
        requireBytes("limitBytes", limitBytes);
        requireBytes("pieceBytes", pieceBytes);
        this.limitBytes = (int) Math.min(limitBytes, MAX_BYTES);
        this.pieceBytes = pieceBytes;
        this.maxGroupId = maxGroupId;
        this.bytes = new byte[Math.min(this.limitBytes, pieceBytes)];
    }

    private static void requireBytes(String field, long value) {
        CommandFieldException.check("ANA log", field, value, AnaLogHeader.BYTES, Long.MAX_VALUE);
        CommandFieldException.checkMultiple("ANA log", field, value, GRANULARITY);
    }

    /** Whether the log is there, unchanged from its first byte to its last. */
    public boolean complete() {
        return complete;
    }

    /** Where the next read begins, in bytes from the start of the log. */
    public int nextOffset() {
        return allReceived() ? 0 : received;
    }

    /** How much to read next, in bytes. */
    public int nextBytes() {
        if (allReceived()) {
            return AnaLogHeader.BYTES;
        }
        long end = pieces > 0 && groupsLeft == 0 ? walked : limitBytes;
        return (int) Math.min(pieceBytes, end - received);
    }

    /** How often the log changed under the reader. */
    public int restarts() {
        return restarts;
    }

    /**
     * Takes what was read from {@link #nextOffset}.
     *
     * @param piece at least {@link #nextBytes} bytes; more are not looked at
     * @throws io.mpath.PageFormatException when the piece is too short, what it holds would make the log longer than it may be, or
     *     one of 48 bytes or more is the log's beginning again: Linux's target says that it takes offsets into this log, and
     *     does not
     * @throws IllegalStateException when the log is complete
     */
    public void accept(ByteBuffer piece) {
        if (complete) {
            throw new IllegalStateException("the log is complete");
        }
        int length = nextBytes();
        PageReader.littleEndian(AnaLog.PAGE, piece).require(0, length, "piece at byte " + nextOffset());
        if (allReceived()) {
            confirm(piece);
        } else {
            append(piece, length);
        }
    }

    /**
     * The log.
     *
     * @throws io.mpath.PageFormatException as {@link AnaLog#decode}
     * @throws IllegalStateException when it is not complete
     */
    public AnaLog log() {
        if (!complete) {
            throw new IllegalStateException("the log is not complete");
        }
        return AnaLog.decode(ByteBuffer.wrap(bytes, 0, (int) walked), maxGroupId);
    }

    private boolean allReceived() {
        return pieces > 0 && groupsLeft == 0 && received >= walked;
    }

    private void append(ByteBuffer piece, int length) {
        if (received + length > bytes.length) {
            // Grown as bytes come, so that a count alone, however large, costs no memory.
            long room = Math.max(received + length, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(limitBytes, room));
        }
        piece.get(piece.position(), bytes, received, length);
        requireAnother(received, length);
        received += length;
        PageReader in = PageReader.littleEndian(AnaLog.PAGE, ByteBuffer.wrap(bytes, 0, received));
        if (pieces == 0) {
            AnaLogHeader header = AnaLogHeader.decode(in);
            changeCount = header.changeCount();
            groupsLeft = header.groupCount();
            walked = AnaLogHeader.BYTES;
        }
        pieces++;
        walk(in);
        complete = pieces == 1 && allReceived();
    }

    private void requireAnother(int from, int length) {
        boolean telling = from > 0 && length >= TELLING_BYTES && length <= from;
        if (telling && Arrays.equals(bytes, from, from + length, bytes, 0, length)) {
            throw PageReader.littleEndian(AnaLog.PAGE, ByteBuffer.wrap(bytes))
                    .error(
                            from,
                            "piece",
                            "is the log's beginning: the controller takes no offset, whatever its LPA says");
        }
    }

    private void walk(PageReader in) {
        while (groupsLeft > 0) {
            requireRoom(in, walked + AnaGroup.HEADER_BYTES);
            if (walked + AnaGroup.HEADER_BYTES > received) {
                return;
            }
            long end = AnaGroup.end(in, walked);
            requireRoom(in, end);
            walked = end;
            groupsLeft--;
        }
    }

    private void requireRoom(PageReader in, long end) {
        if (end > limitBytes) {
            throw in.error(
                    walked,
                    "descriptor",
                    "ends at byte " + end + ", and the controller's log has at most " + limitBytes + " bytes");
        }
    }

    private void confirm(ByteBuffer header) {
        complete = AnaLogHeader.decode(header).changeCount() == changeCount;
        if (!complete) {
            restarts++;
            received = 0;
            pieces = 0;
            walked = 0;
            groupsLeft = 0;
        }
    }
}
