package io.mpath.reservation;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * One registration that a device keeps. SCSI keeps one for each I_T nexus, so that a host has several; NVMe one for each host.
 *
 * @param key what it is registered with
 * @param holder whether it holds the reservation; false where the device does not say
 * @param host who it is, as the device names it (SCSI: the initiator's TransportID; NVMe: the host identifier), or empty where the
 *     device does not say
 * @param port through what it is registered (SCSI: the relative target port identifier; NVMe: the controller ID), or empty where the
 *     device does not say
 */
public record Registrant(ReservationKey key, boolean holder, String host, OptionalInt port) {
    /** Checks that nothing is null. */
    public Registrant {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(port, "port");
    }

    /** One of which nothing but the key is known. */
    public Registrant(ReservationKey key) {
        this(key, false, "", OptionalInt.empty());
    }
}
