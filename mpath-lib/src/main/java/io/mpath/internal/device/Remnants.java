package io.mpath.internal.device;

import io.mpath.internal.io.Fence;
import java.util.ArrayList;
import java.util.List;

/**
 * What the paths of a device have lost and what may still land, also where the target refuses it for as long as its path is fenced
 * by reservation: then it is in no doubt, but would be again. Used on the control loop only.
 */
final class Remnants {
    private static final int FEW = 64;

    private final List<Doubt> all = new ArrayList<>();
    private int many = FEW;

    void add(Doubt doubt, long now) {
        if (all.size() >= many) { // not each time: thousands are lost at once
            all.removeIf(old -> old.pastHold(now));
            many = Math.max(FEW, 2 * all.size());
        }
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
