package io.mpath.nvme;

import io.mpath.MultipathException;
import io.mpath.nvme.command.Feature;
import io.mpath.nvme.command.GetFeatures;
import io.mpath.nvme.command.KeepAliveTimeout;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.nvme.command.StatusCode;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a controller for the keep-alive time-out that it keeps itself to, which may be longer than the one that its host asked for.
 *
 * <p>Threading: one call at a time; it blocks.
 */
final class KeepAliveReader {
    private static final Logger LOG = LoggerFactory.getLogger(KeepAliveReader.class);

    private final NvmeTransport transport;
    private final Duration timeout;
    private boolean troubleTold;

    KeepAliveReader(NvmeTransport transport, Duration timeout) {
        this.transport = transport;
        this.timeout = timeout;
    }

    /** In milliseconds; 0 when it says that it has no such timer, and empty when it did not say: to be asked again then. */
    OptionalLong millis() {
        try {
            int value = transport
                    .admin(GetFeatures.value(Feature.KEEP_ALIVE_TIMER), null, timeout)
                    .dword0();
            troubleTold = false;
            return OptionalLong.of(KeepAliveTimeout.decode(value).millis());
        } catch (NvmeStatusException e) {
            return hasNone(e.status()) ? OptionalLong.of(0) : unknown(e);
        } catch (MultipathException e) {
            return unknown(e);
        }
    }

    private static boolean hasNone(NvmeStatus status) {
        return status.value() == StatusCode.INVALID_FIELD_IN_COMMAND.value()
                || status.value() == StatusCode.INVALID_COMMAND_OPCODE.value();
    }

    private OptionalLong unknown(MultipathException e) {
        if (!troubleTold) {
            troubleTold = true;
            LOG.warn(
                    "{}: its keep-alive timer cannot be read, and until it can, lost writes are held for the device's hold"
                            + " at least: {}",
                    transport.port(),
                    e.getMessage());
        }
        return OptionalLong.empty();
    }
}
