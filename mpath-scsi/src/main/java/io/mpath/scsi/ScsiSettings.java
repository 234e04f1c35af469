package io.mpath.scsi;

import io.mpath.ConfigurationException;
import java.time.Duration;
import java.util.Objects;

/**
 * How SCSI logical units are treated.
 *
 * @param stateCheckInterval how often the access states of a logical unit are read where no I/O and no sense data told of them, give
 *     or take a quarter, and no more than 5 s apart where no path is usable; zero: never (SCSI has no event for a changed access
 *     state, and another opener of the device may consume the unit attention that was meant for us)
 * @param commandTimeout how long a command for housekeeping may take
 * @param refreshesPerTarget how many access states are read at once from one array, 1 to 64
 * @param requireAlua whether a logical unit without ALUA (TPGS 0) has one path only
 * @param activate whether SET TARGET PORT GROUPS is sent to logical units with explicit ALUA that have no usable path
 */
public record ScsiSettings(
        Duration stateCheckInterval,
        Duration commandTimeout,
        int refreshesPerTarget,
        boolean requireAlua,
        boolean activate) {
    private static final int MOST_REFRESHES = 64;
    private static final ScsiSettings DEFAULTS =
            new ScsiSettings(Duration.ofSeconds(30), Duration.ofSeconds(20), 4, true, false);

    /** Checks the ranges. @throws ConfigurationException naming the one that is left */
    public ScsiSettings {
        Objects.requireNonNull(stateCheckInterval, "state check interval");
        Objects.requireNonNull(commandTimeout, "command time-out");
        if (stateCheckInterval.isNegative()) {
            throw new ConfigurationException("state check interval of " + stateCheckInterval + " is negative");
        }
        if (commandTimeout.isZero() || commandTimeout.isNegative()) {
            throw new ConfigurationException("command time-out of " + commandTimeout + " is not above zero");
        }
        if (refreshesPerTarget < 1 || refreshesPerTarget > MOST_REFRESHES) {
            throw new ConfigurationException(
                    "refreshes per target of " + refreshesPerTarget + " are not from 1 to " + MOST_REFRESHES);
        }
    }

    /** A check every 30 s without I/O, 20 s for a command, 4 refreshes at once, ALUA required, nothing activated. */
    public static ScsiSettings defaults() {
        return DEFAULTS;
    }
}
