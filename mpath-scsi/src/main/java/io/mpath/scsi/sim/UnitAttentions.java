package io.mpath.scsi.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unit attention conditions that one logical unit has for one I_T nexus (SAM-6 5.14), in the order in which they are reported.
 * One that is there is not established twice; a reset takes the place of all others; one that finds no room is lost.
 *
 * <p>Threading: guarded by the array's lock.
 */
final class UnitAttentions {
    private final List<SimSense> pending = new ArrayList<>(1);

    void establish(SimSense sense, int room) {
        if (sense.isReset()) {
            pending.clear();
        }
        if (!pending.contains(sense) && pending.size() < room) {
            pending.add(sense);
        }
    }

    /** Reports the first, which clears it. */
    @Nullable
    SimSense take() {
        return pending.isEmpty() ? null : pending.remove(0);
    }

    /** Reports the first if it tells of a reset or of the loss of the nexus, which no status takes precedence over. */
    @Nullable
    SimSense takeReset() {
        return !pending.isEmpty() && pending.get(0).isReset() ? pending.remove(0) : null;
    }

    void clear(SimSense sense) {
        pending.remove(sense);
    }

    List<SimSense> pending() {
        return List.copyOf(pending);
    }
}
