package io.mpath.nvme;

import io.mpath.MultipathException;
import io.mpath.nvme.ana.AnaSource;
import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.AnaLogAssembly;
import io.mpath.nvme.command.AnaLogHeader;
import io.mpath.nvme.command.GetLogPage;
import io.mpath.nvme.command.IdentifyController;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A controller's ANA log, read with Get Log Page: in one command where it fits one, else in pieces that are read over again
 * while the log changes under the reader.
 *
 * <p>Threading: one call at a time, on threads that may block.
 */
final class AnaLogReader implements AnaSource {
    static final int MOST_PIECE_BYTES = 64 << 10;
    static final int MOST_RESTARTS = 8;

    /** Sixteen million namespaces; a controller may say that it has more, and is not believed. */
    static final long MOST_LOG_BYTES = 64 << 20;

    /** What a controller must allow at once that knows no offsets into its logs (LPA). */
    static final int PIECE_BYTES_WITHOUT_OFFSET = 16 << 10;

    /** MDTS counts in the controller's smallest memory page, which the host's driver knows, and which is never smaller. */
    private static final int MEMORY_PAGE_BYTES = 4096;

    private final NvmeTransport transport;
    private final Duration timeout;
    private final long limitBytes;
    private final long maxGroupId;
    private final int pieceBytes;
    private final boolean takesOffsets;

    AnaLogReader(NvmeTransport transport, IdentifyController controller, Duration timeout) {
        this.transport = transport;
        this.timeout = timeout;
        limitBytes = Math.min(MOST_LOG_BYTES, controller.anaLogBytes());
        maxGroupId = controller.anaGroupIdMax();
        takesOffsets = controller.logPageOffset();
        pieceBytes = Math.min(
                takesOffsets ? MOST_PIECE_BYTES : PIECE_BYTES_WITHOUT_OFFSET,
                controller.maxTransferBytes(MEMORY_PAGE_BYTES).orElse(MOST_PIECE_BYTES));
    }

    @Override
    public AnaLog read() {
        var assembly = new AnaLogAssembly(limitBytes, pieceBytes, maxGroupId);
        while (!assembly.complete()) {
            if (assembly.restarts() > MOST_RESTARTS) {
                throw new MultipathException(transport.port() + ": the ANA log changed under each of "
                        + assembly.restarts() + " attempts to read it");
            }
            if (assembly.nextOffset() > 0 && !takesOffsets) {
                throw new MultipathException(transport.port() + ": the ANA log is longer than the " + pieceBytes
                        + " bytes of one command, and the controller takes no offset (LPA)");
            }
            assembly.accept(execute(GetLogPage.ana(assembly.nextOffset(), assembly.nextBytes())));
        }
        return assembly.log();
    }

    @Override
    public AnaLogHeader header() {
        return AnaLogHeader.decode(execute(GetLogPage.anaHeader()));
    }

    private ByteBuffer execute(GetLogPage command) {
        return transport.admin(command, null, timeout).data();
    }
}
