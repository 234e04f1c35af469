package io.mpath.internal.device;

import io.mpath.observe.MultipathEvent;

/**
 * What goes wrong on a path: how often, the events that tell of it, and the rest that the path takes. Made when something first
 * does, which on most paths is never.
 *
 * <p>Threading: used on the control loop only, but for the plain counters, which others read without order to print them.
 */
final class PathFaults {
    private final PathRecord record;
    private final Rest rest;
    private long errors;
    private long failovers;
    private long retries;
    private long failuresSinceEvent;
    private long lastFailureEvent;

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
