package io.mpath.scsi.command;

import static io.mpath.path.Certainty.UNKNOWN;

import java.util.HexFormat;
import java.util.Optional;

/**
 * How a command ended, as a Linux SG_IO tells it.
 *
 * @param statusByte the device's status
 * @param hostByte the host's status
 * @param sense the sense data, if there is any that decodes
 * @param residualBytes how much of the data was not transferred, in bytes
 */
public record ScsiResult(int statusByte, int hostByte, Optional<SenseData> sense, long residualBytes) {
    /**
     * What to do about it; empty when the command was done, as far as {@link #doneBytes} says.
     *
     * <p>The host byte comes first, as in Linux: behind a failed transport the status byte is often that of no answer at all.
     */
    public Optional<Treatment> treatment() {
        Optional<HostByte> host = HostByte.of(hostByte);
        if (host.isEmpty()) {
            return Optional.of(Treatment.failOver(UNKNOWN));
        }
        if (!deviceTells(host.get())) {
            return host.get().treatment();
        }
        Optional<ScsiStatus> status = ScsiStatus.of(statusByte);
        if (status.isEmpty()) {
            return Optional.of(Treatment.failOver(UNKNOWN));
        }
        if (status.get() == ScsiStatus.CHECK_CONDITION && sense.isPresent()) {
            return sense.get().treatment();
        }
        return status.get().treatment();
    }

    /**
     * Whether it tells that an earlier command, whose success was reported, failed after that: data that was acknowledged may be lost.
     * That it was recovered from is no loss.
     */
    public boolean tellsOfEarlierFailure() {
        return statusByte == ScsiStatus.CHECK_CONDITION.value()
                && HostByte.of(hostByte).map(this::deviceTells).orElse(false)
                && sense.filter(told -> told.deferred()
                                && told.key() != SenseKey.RECOVERED_ERROR
                                && told.key() != SenseKey.NO_SENSE)
                        .isPresent();
    }

    private boolean deviceTells(HostByte host) {
        return switch (host) {
            case DID_OK -> true;
            // Some adapters call a reservation conflict an error of theirs (Linux scsi_decide_disposition).
            case DID_ERROR -> statusByte == ScsiStatus.RESERVATION_CONFLICT.value();
            default -> host.answered() && statusByte != ScsiStatus.GOOD.value();
        };
    }

    /**
     * How many bytes from the start are known to be done, of a command that transfers the data of its blocks: what the residual
     * leaves, and no more than what lies ahead of the block that failed. Of a write, a number short of all of them says only that
     * not all is done: see {@link SenseData#blocksDone}.
     *
     * @param lba the command's first logical block
     * @param blocks how many it has
     * @param blockBytes the logical block size, in bytes
     */
    public long doneBytes(long lba, int blocks, int blockBytes) {
        long all = (long) blocks * blockBytes;
        long transferred = all - Math.max(0, Math.min(residualBytes, all));
        if (treatment().isEmpty()) {
            return transferred;
        }
        boolean deviceToldBlock = statusByte == ScsiStatus.CHECK_CONDITION.value()
                && HostByte.of(hostByte).map(this::deviceTells).orElse(false);
        long ahead = deviceToldBlock
                ? sense.map(told -> told.blocksDone(lba, blocks)).orElse(0L)
                : 0;
        return Math.min(ahead * blockBytes, transferred);
    }

    /** For an operator: what failed first, as {@code sense 02/04/0B logical unit not accessible, target port in standby state}. */
    @Override
    public String toString() {
        Optional<HostByte> host = HostByte.of(hostByte);
        if (host.isEmpty() || !deviceTells(host.get())) {
            return "host byte 0x" + HexFormat.of().toHexDigits(hostByte, hostByte > 0xff ? 4 : 2) + " "
                    + host.map(Object::toString).orElse("unnamed");
        }
        if (statusByte == ScsiStatus.CHECK_CONDITION.value() && sense.isPresent()) {
            return sense.get().toString();
        }
        return "status 0x" + HexFormat.of().toHexDigits((byte) statusByte) + " "
                + ScsiStatus.of(statusByte).map(ScsiStatus::text).orElse("unnamed");
    }
}
