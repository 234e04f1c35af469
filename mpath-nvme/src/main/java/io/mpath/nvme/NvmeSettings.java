package io.mpath.nvme;

import io.mpath.ConfigurationException;
import java.time.Duration;
import java.util.Objects;

/**
 * How a controller is treated.
 *
 * @param anaPollInterval how often, where the controller's events cannot be heard, the header of its ANA log is looked at
 *     while each of its namespaces is usable; give or take a quarter
 * @param anaTroubleInterval the same while one is not, and between two attempts to read a log that could not be read
 * @param adminTimeout how long an admin command may take
 * @param crossControllerReset whether a lost write is fenced by Cross-Controller Reset through another controller where both
 *     can; off until such a subsystem has been seen to do it
 */
public record NvmeSettings(
        Duration anaPollInterval, Duration anaTroubleInterval, Duration adminTimeout, boolean crossControllerReset) {
    private static final NvmeSettings DEFAULTS =
            new NvmeSettings(Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ofSeconds(10), false);

    /** Checks that each time is above zero. @throws ConfigurationException naming the one that is not */
    public NvmeSettings {
        requirePositive("ANA poll interval", anaPollInterval);
        requirePositive("ANA trouble interval", anaTroubleInterval);
        requirePositive("admin time-out", adminTimeout);
    }

    private static void requirePositive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isZero() || value.isNegative()) {
            throw new ConfigurationException(name + " of " + value + " is not above zero");
        }
    }

    /** A look every 2 s, every 200 ms in trouble; 10 s for an admin command; no Cross-Controller Reset. */
    public static NvmeSettings defaults() {
        return DEFAULTS;
    }
}
