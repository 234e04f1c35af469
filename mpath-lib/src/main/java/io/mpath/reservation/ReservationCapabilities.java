package io.mpath.reservation;

import com.google.common.collect.ImmutableSet;
import java.util.Set;

/**
 * What a device can do of reservations (SPC-6 6.15.4 REPORT CAPABILITIES, NVMe RESCAP).
 *
 * @param types the types that it says it has; where it does not say, those that its standard demands
 * @param persistent whether registrations can be made to outlive a loss of power (PTPL_C)
 * @param persistentNow whether they do, by what was asked last (PTPL_A)
 * @param perNexus whether every path is registered by itself (SCSI), and not the host once (NVMe)
 * @param allTargetPorts whether one registration can be made to count for all target ports (ATP_C)
 * @param fullStatus whether it tells who has which registration
 */
public record ReservationCapabilities(
        Set<ReservationType> types,
        boolean persistent,
        boolean persistentNow,
        boolean perNexus,
        boolean allTargetPorts,
        boolean fullStatus) {
    /** Copies the types. */
    public ReservationCapabilities {
        types = ImmutableSet.copyOf(types);
    }
}
