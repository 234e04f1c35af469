package io.mpath.scsi.command;

import static io.mpath.path.Certainty.NOT_EXECUTED;
import static io.mpath.path.Certainty.TERMINATED;

import io.mpath.IoStatus;
import io.mpath.scsi.command.Treatment.Recheck;
import java.util.Optional;

/**
 * What sense data says to do, for a command that reads or changes blocks (Linux {@code scsi_check_sense}, {@code
 * scsi_io_completion_action}, {@code alua_check_sense}, {@code blk_path_error}).
 *
 * <p>Where Linux repeats a command until it gives up and then calls it an error of the path, though no path would do better, the
 * caller is told at once: every medium error. What tells of a damaged transfer fails over, since the same path may damage it
 * again. So does what a port refuses that is between two access states: Linux asks it again a second later, and another port may
 * have served it by then; where there is none, the states are read until there is.
 *
 * <p>{@code NOT_EXECUTED} is said only where the standards have the device server end the command before it begins: unit
 * attentions (SAM-6), a logical unit that is not ready, a request that is refused, deferred errors (SPC-6).
 */
final class SenseTreatment {
    private SenseTreatment() {}

    static Optional<Treatment> of(SenseData sense) {
        if (sense.deferred()) {
            return Optional.of(Treatment.retry(NOT_EXECUTED, ofEarlierCommand(sense), 0));
        }
        return switch (sense.key()) {
            case RECOVERED_ERROR -> Optional.empty();
            // Nothing is known of the data, so nothing of it is believed.
            case NO_SENSE -> Optional.of(Treatment.retry(TERMINATED, IoStatus.TARGET_ERROR, Treatment.AGAIN_MILLIS));
            case NOT_READY -> Optional.of(notReady(sense));
            case MEDIUM_ERROR -> Optional.of(Treatment.fail(TERMINATED, IoStatus.MEDIUM_ERROR));
            case ILLEGAL_REQUEST -> Optional.of(illegalRequest(sense));
            case UNIT_ATTENTION -> Optional.of(unitAttention(sense));
            case DATA_PROTECT -> Optional.of(dataProtect(sense));
            case ABORTED_COMMAND -> Optional.of(abortedCommand(sense));
            case MISCOMPARE -> Optional.of(Treatment.fail(TERMINATED, IoStatus.MISCOMPARE));
            case HARDWARE_ERROR, BLANK_CHECK, COPY_ABORTED, VOLUME_OVERFLOW ->
                Optional.of(Treatment.fail(TERMINATED, IoStatus.TARGET_ERROR));
            case VENDOR_SPECIFIC, RESERVED, COMPLETED -> Optional.of(Treatment.failOver(TERMINATED));
        };
    }

    /** What of the earlier command its caller would have been told; of this one nothing but that it was not performed is known. */
    private static IoStatus ofEarlierCommand(SenseData sense) {
        if (sense.key() == SenseKey.MEDIUM_ERROR) {
            return IoStatus.MEDIUM_ERROR;
        }
        return sense.codes() == 0x072707 ? IoStatus.NO_SPACE : IoStatus.TARGET_ERROR;
    }

    private static Treatment notReady(SenseData sense) {
        return switch (sense.codes()) {
            case 0x02040A, 0x02040B, 0x02040C, 0x020412 -> inaccessible();
            case 0x020401,
                    0x020404,
                    0x020405,
                    0x020406,
                    0x020407,
                    0x020408,
                    0x020409,
                    0x020411,
                    0x020414,
                    0x02041A,
                    0x02041B,
                    0x02041D -> Treatment.retry(NOT_EXECUTED, IoStatus.TARGET_ERROR, Treatment.IN_PROGRESS_MILLIS);
            case 0x020424, 0x020425 -> Treatment.fail(NOT_EXECUTED, IoStatus.TARGET_ERROR);
            default -> Treatment.failOver(NOT_EXECUTED);
        };
    }

    private static Treatment inaccessible() {
        return Treatment.failOver(NOT_EXECUTED).recheck(Recheck.ACCESS_STATE);
    }

    private static Treatment illegalRequest(SenseData sense) {
        return switch (sense.asc()) {
            case AdditionalSense.PROTECTION -> Treatment.fail(TERMINATED, IoStatus.PROTECTION_ERROR);
            case 0x20, 0x22, 0x24, 0x26 -> Treatment.fail(NOT_EXECUTED, IoStatus.UNSUPPORTED);
            case 0x21 -> outOfRange(sense.ascq());
            case 0x27 -> Treatment.fail(NOT_EXECUTED, IoStatus.READ_ONLY);
            case 0x1A, 0x2C -> Treatment.fail(NOT_EXECUTED, IoStatus.TARGET_ERROR);
            case 0x25 -> Treatment.failOver(NOT_EXECUTED).recheck(Recheck.IDENTITY);
            default -> Treatment.failOver(TERMINATED);
        };
    }

    /** 21h is also said of zones: of a write that is not where the write pointer is, and of a boundary crossed. */
    private static Treatment outOfRange(int ascq) {
        return ascq == 0
                ? Treatment.fail(NOT_EXECUTED, IoStatus.OUT_OF_RANGE).recheck(Recheck.CAPACITY)
                : Treatment.fail(NOT_EXECUTED, IoStatus.TARGET_ERROR);
    }

    private static Treatment unitAttention(SenseData sense) {
        if (sense.codes() == 0x06040A) {
            return inaccessible();
        }
        return Treatment.retry(NOT_EXECUTED, IoStatus.TARGET_ERROR, 0).recheck(changed(sense));
    }

    private static Recheck changed(SenseData sense) {
        if (sense.asc() == 0x29) {
            // It takes the place of the unit attentions before it, whatever they tell; and may end registrations.
            return Recheck.RESET;
        }
        return switch (sense.codes()) {
            case 0x062A06, 0x062A07 -> Recheck.ACCESS_STATE;
            case 0x063F03, 0x063F05, 0x062800 -> Recheck.IDENTITY;
            case 0x063F0E -> Recheck.INVENTORY;
            case 0x062A09 -> Recheck.CAPACITY;
            case 0x062A03, 0x062A04, 0x062A05 -> Recheck.RESERVATIONS;
            default -> Recheck.NOTHING;
        };
    }

    private static Treatment dataProtect(SenseData sense) {
        if (sense.asc() != 0x27) {
            return Treatment.fail(TERMINATED, IoStatus.TARGET_ERROR);
        }
        return sense.ascq() == 0x07
                ? Treatment.fail(TERMINATED, IoStatus.NO_SPACE)
                : Treatment.fail(NOT_EXECUTED, IoStatus.READ_ONLY);
    }

    private static Treatment abortedCommand(SenseData sense) {
        return switch (sense.asc()) {
            case AdditionalSense.PROTECTION -> Treatment.fail(TERMINATED, IoStatus.PROTECTION_ERROR);
            case 0x2E -> Treatment.fail(TERMINATED, IoStatus.TIMED_OUT);
            // Parity or CRC of the transfer, a message, the data phase: this path's doing.
            case 0x08, 0x43, 0x47, 0x48, 0x49, 0x4B -> Treatment.failOver(TERMINATED);
            default -> Treatment.retry(TERMINATED, IoStatus.TARGET_ERROR, Treatment.AGAIN_MILLIS);
        };
    }
}
