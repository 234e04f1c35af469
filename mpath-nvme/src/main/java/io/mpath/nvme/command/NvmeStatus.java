package io.mpath.nvme.command;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.Verdict;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The status of a completed command (NVMe Base 2.1 4.2.3), without the phase tag: SC in bits 7:0, SCT in 10:8, CRD in 12:11, M
 * in 13, DNR in 14. That is what Linux ioctls return when they return a positive number.
 *
 * <p>What to do about it, for an I/O command:
 *
 * <ul>
 *   <li>SCT 3h is of the path: fail over, also with DNR, because another path does not have that trouble. (Linux gives up when
 *       it sees DNR.)
 *   <li>A miscompare and a reservation conflict are answers: the caller gets them.
 *   <li>All else is of the target, and would be the same over any path. With DNR set the caller gets it. Otherwise the
 *       controller says that the same command may succeed, and it is sent again down the same path after the delay that CRD
 *       asks for (Linux {@code nvme_decide_disposition}).
 * </ul>
 *
 * @param field 15 bits
 */
public record NvmeStatus(int field) {
    /** Done. */
    public static final NvmeStatus SUCCESS = new NvmeStatus(0);

    private static final int FIELD_MASK = 0x7fff;
    private static final int VALUE_MASK = 0x7ff;
    private static final int PATH_RELATED = 3;

    /** Checks that it is one. @throws CommandFieldException when it has more than 15 bits */
    public NvmeStatus {
        CommandFieldException.check("completion", "status", field, 0, FIELD_MASK);
    }

    /** Whether the command was done. */
    public boolean success() {
        return value() == 0;
    }

    /** Status code type in bits 10:8, status code in bits 7:0. */
    public int value() {
        return field & VALUE_MASK;
    }

    /** SCT: the status code type. */
    public int type() {
        return value() >> 8;
    }

    /** The code by its name; empty for success, and for what has no name here. */
    public Optional<StatusCode> code() {
        return StatusCode.of(value());
    }

    /** DNR: whether the same command would fail again, at any controller. */
    public boolean doNotRetry() {
        return (field & 1 << 14) != 0;
    }

    /** M: whether the Error Information log has more about it. */
    public boolean more() {
        return (field & 1 << 13) != 0;
    }

    /** CRD: which of the controller's retry delays to wait, 1 to 3; 0 for none. */
    public int retryDelayIndex() {
        return field >> 11 & 3;
    }

    /** How long the controller asks to wait before the command is sent again, in milliseconds. */
    public int retryDelayMillis(IdentifyController controller) {
        return switch (retryDelayIndex()) {
            case 1 -> controller.retryDelay1Millis();
            case 2 -> controller.retryDelay2Millis();
            case 3 -> controller.retryDelay3Millis();
            default -> 0;
        };
    }

    /** Whether the path failed, and not what it leads to. */
    public boolean pathRelated() {
        return type() == PATH_RELATED;
    }

    /** Whether the namespace's ANA state is not what it was believed to be: the path is not to be used until the log was read. */
    public boolean rereadsAccessState() {
        return switch (value()) {
            case 0x301, 0x302, 0x303 -> true;
            default -> false;
        };
    }

    /**
     * What to do about it.
     *
     * @throws IllegalStateException for {@link #success}
     */
    public Verdict verdict() {
        requireFailure();
        if (pathRelated()) {
            return Verdict.FAIL_OVER;
        }
        return doNotRetry() || isAnswer() ? Verdict.FAIL : Verdict.RETRY;
    }

    private boolean isAnswer() {
        return value() == StatusCode.COMPARE_FAILURE.value() || value() == StatusCode.RESERVATION_CONFLICT.value();
    }

    /**
     * What a caller is told who is told of it.
     *
     * @throws IllegalStateException for {@link #success}
     */
    public IoStatus ioStatus() {
        requireFailure();
        return code().map(StatusCode::ioStatus).orElse(pathRelated() ? IoStatus.PATH_ERROR : IoStatus.TARGET_ERROR);
    }

    /**
     * What is known of the command. A status without a name is the target's answer, unless it is of the path: then it may have
     * been made up by the host.
     *
     * @throws IllegalStateException for {@link #success}
     */
    public Certainty certainty() {
        requireFailure();
        return code().map(StatusCode::certainty).orElse(pathRelated() ? Certainty.UNKNOWN : Certainty.TERMINATED);
    }

    private void requireFailure() {
        if (success()) {
            throw new IllegalStateException("success is no failure");
        }
    }

    /** For an operator: {@code status 0x302 Asymmetric Access Inaccessible (DNR)}. */
    @Override
    public String toString() {
        String text = success()
                ? "Successful Completion"
                : code().map(StatusCode::text).orElse("unnamed");
        // Without a formatter: each request that a fault fails has its cause told, thousands at a time.
        return "status 0x" + HexFormat.of().toHexDigits(value(), 3) + " " + text + flags();
    }

    private String flags() {
        String flags = (doNotRetry() ? " DNR" : "")
                + (more() ? " More" : "")
                + (retryDelayIndex() > 0 ? " CRD " + retryDelayIndex() : "");
        return flags.isEmpty() ? "" : " (" + flags.strip() + ')';
    }
}
