package io.mpath.reservation.conformance;

/** Who acts in a {@link Step}: which of the target's nexuses it is, the target says. */
public enum Party {
    /** The first nexus. */
    LOCAL,
    /** Another nexus of the same host. */
    LOCAL_SECOND,
    /** A nexus of another host. */
    REMOTE
}
