package io.mpath.internal.device;

import io.mpath.AccessState;
import io.mpath.Liveness;
import io.mpath.internal.io.PathTarget;

/** The states of one path at the moment a table was built; {@code reason} says why it is not usable, and is empty when it is. */
record PathView(PathRecord record, AccessState accessState, Liveness liveness, boolean preferred, String reason) {
    boolean usable() {
        return reason.isEmpty();
    }

    PathTarget target() {
        return record.target();
    }
}
