package io.mpath.internal.device;

/** How often one path's failures become an event: each is counted, one a second is told. */
final class FailureEvents {
    static final long INTERVAL_NANOS = 1_000_000_000L;

    private FailureEvents() {}
}
