package io.mpath.scsi.command;

import static io.mpath.path.Certainty.NOT_EXECUTED;
import static io.mpath.path.Certainty.TERMINATED;

import io.mpath.IoStatus;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The status byte that a logical unit ends a command with (SAM-6). */
public enum ScsiStatus {
    /** Done. */
    GOOD(0x00),
    /** Sense data tells more. */
    CHECK_CONDITION(0x02),
    /** Done, and what was looked for was found. */
    CONDITION_MET(0x04),
    /** The logical unit takes no commands now. */
    BUSY(0x08),
    /** Done, within linked commands; obsolete. */
    INTERMEDIATE(0x10),
    /** Done, within linked commands; obsolete. */
    INTERMEDIATE_CONDITION_MET(0x14),
    /** Another I_T nexus has reserved it. */
    RESERVATION_CONFLICT(0x18),
    /** Ended by a TERMINATE TASK; obsolete. */
    COMMAND_TERMINATED(0x22),
    /** There is no room for one more command. */
    TASK_SET_FULL(0x28),
    /** An auto contingent allegiance bars commands of this I_T nexus. */
    ACA_ACTIVE(0x30),
    /** Aborted by a command or a task management function of another I_T nexus. */
    TASK_ABORTED(0x40);

    private static final Map<Integer, ScsiStatus> BY_VALUE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ScsiStatus::value, Function.identity()));

    private final int value;

    ScsiStatus(int value) {
        this.value = value;
    }

    /** The status of that byte; empty for what is reserved. */
    public static Optional<ScsiStatus> of(int value) {
        return Optional.ofNullable(BY_VALUE.get(value));
    }

    /** The byte. */
    public int value() {
        return value;
    }

    /** The standard's name. */
    public String text() {
        return name().replace('_', ' ');
    }

    /** What to do about a command that ended so, with no sense data that tells more; empty when it was done. */
    public Optional<Treatment> treatment() {
        return switch (this) {
            case GOOD, CONDITION_MET, INTERMEDIATE, INTERMEDIATE_CONDITION_MET -> Optional.empty();
            case BUSY, TASK_SET_FULL ->
                Optional.of(Treatment.retry(NOT_EXECUTED, IoStatus.TARGET_ERROR, Treatment.BUSY_MILLIS));
            case TASK_ABORTED ->
                Optional.of(Treatment.retry(TERMINATED, IoStatus.TARGET_ERROR, Treatment.AGAIN_MILLIS));
            case RESERVATION_CONFLICT ->
                Optional.of(Treatment.fail(NOT_EXECUTED, IoStatus.RESERVATION_CONFLICT)
                        .recheck(Treatment.Recheck.RESERVATIONS));
            case ACA_ACTIVE -> Optional.of(Treatment.failOver(NOT_EXECUTED));
            case CHECK_CONDITION, COMMAND_TERMINATED -> Optional.of(Treatment.failOver(TERMINATED));
        };
    }
}
