package io.mpath.internal.device;

import io.mpath.observe.MultipathEvent;

/**
 * What goes wrong on a path: how often, the events that tell of it, and the rest that the path takes. Made when something first
 * does, which on most paths is never.
 *
 * <p>Threading: used on the control loop only, but for the plain counters, which others read without order to print them.
 */
final class PathFaults {
    /** One request may meet every moment at which a busy port is full; so many in a row, with none served in between, do not. */
    private static final int REFUSED_REQUESTS = 3;

    private final PathRecord record;
    private final Rest rest;
    private long errors;
    private long failovers;
    private long retries;
    private long failuresSinceEvent;
    private long lastFailureEvent;
    private int givenUp;
    private DeviceHealth.Served servedThen = DeviceHealth.Served.NOTHING;

    PathFaults(PathRecord record) {
        DeviceControl device = record.device();
        this.record = record;
        this.rest = new Rest(device.environment(), record::stateChanged);
        this.lastFailureEvent = device.now() - FailureEvents.INTERVAL_NANOS;
    }

    /** Its pause after a failure. */
    Rest rest() {
        return rest;
    }

    /** A request has failed for {@code cause}, and goes to another path; told as an event, those of a second as one. */
    void failed(String cause) {
        DeviceControl device = record.device();
        long now = device.now();
        failuresSinceEvent++;
        if (now - lastFailureEvent >= FailureEvents.INTERVAL_NANOS) {
            device.emit(new MultipathEvent.PathFailed(now, device.id(), record.name(), cause, failuresSinceEvent));
            failuresSinceEvent = 0;
            lastFailureEvent = now;
        }
    }

    /**
     * A request was given to another path because this one kept refusing it; {@code now} is what was served so far. Whether it
     * refuses everything, and others do not: until one of them has served something, all may be as busy, and none is blamed.
     */
    boolean refusesAlone(DeviceHealth.Served now) {
        if (givenUp == 0 || now.here() > servedThen.here()) {
            givenUp = 0;
            servedThen = now;
        }
        givenUp++;
        servedThen = servedThen.atMost(now);
        return givenUp >= REFUSED_REQUESTS && now.elsewhere() > servedThen.elsewhere();
    }

    void countError() {
        errors++;
    }

    void countFailover() {
        failovers++;
    }

    void countRetry() {
        retries++;
    }

    long errors() {
        return errors;
    }

    long failovers() {
        return failovers;
    }

    long retries() {
        return retries;
    }
}
