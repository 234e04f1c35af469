package io.mpath.internal.device;

import io.mpath.internal.io.Fence;
import java.util.ArrayList;
import java.util.List;

/**
 * What the paths of a device have lost and what may still land, also where the target refuses it for as long as its path is fenced
 * by reservation: then it is in no doubt, but would be again. Used on the control loop only.
 */
final class Remnants {
    private final List<Doubt> all = new ArrayList<>();

    void add(Doubt doubt, long now) {
        all.removeIf(old -> old.pastHold(now));
        all.add(doubt);
    }

    /** Whether any of those of the path with that fence may still land, unless it is refused. */
    boolean any(Fence fence, long now) {
        return all.stream().anyMatch(doubt -> doubt.isOf(fence) && !doubt.pastHold(now));
    }

    /** Those of the path with that fence. */
    List<Doubt> of(Fence fence, long now) {
        all.removeIf(old -> old.pastHold(now));
        return all.stream().filter(doubt -> doubt.isOf(fence)).toList();
    }

    /** Somebody knows that all of it is given up. */
    void assumeFenced() {
        all.clear();
    }
}
