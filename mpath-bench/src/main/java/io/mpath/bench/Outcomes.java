package io.mpath.bench;

import io.mpath.IoStatus;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How the requests of a benchmark ended, beside how long they took: a fast failure is no success. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Outcomes {
    /** Requests that ended well. */
    public long succeeded;

    /** Requests that ended in any other way. */
    public long failed;

    /** None yet. */
    public Outcomes() {}

    IoStatus count(IoStatus status) {
        if (status == IoStatus.SUCCESS) {
            succeeded++;
        } else {
            failed++;
        }
        return status;
    }
}
