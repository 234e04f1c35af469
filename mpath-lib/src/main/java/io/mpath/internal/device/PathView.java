package io.mpath.internal.device;

import io.mpath.AccessState;
import io.mpath.Liveness;
import io.mpath.internal.io.PathTarget;

/**
 * The states of one path at the moment a table was built.
 *
 * @param reason why it is not usable; empty when it is
 * @param marginal why it is marginal; empty when it is sound
 */
record PathView(
        PathRecord record,
        AccessState accessState,
        Liveness liveness,
        boolean preferred,
        String reason,
        String marginal) {
    boolean usable() {
        return reason.isEmpty();
    }

    boolean sound() {
        return marginal.isEmpty();
    }

    PathTarget target() {
        return record.target();
    }
}
