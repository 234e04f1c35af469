package io.mpath.internal.device;

import io.mpath.path.PathDescription;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a device is: its identity, its block size, and every attribute that one of its paths has said. It outlives the paths, so
 * that a unit that has only the identity of this one, as a clone has, is told from it also when no other path is there to
 * contradict, and never changes but that more is learnt. Used on the control loop only.
 */
final class DeviceDescription {
    private PathDescription known;

    /** Of a device that is made for what {@code first} says. */
    DeviceDescription(PathDescription first) {
        this.known = first;
    }

    /** How {@code answer} contradicts that its path leads to this device, or empty. Not by its size, which may change. */
    Optional<String> contradiction(PathDescription answer) {
        return known.contradiction(answer);
    }

    /** A path that is taken in, or stays, says so: it may know what none before it did. */
    void learn(PathDescription answer) {
        if (!known.attributes().keySet().containsAll(answer.attributes().keySet())) {
            Map<String, String> all = new HashMap<>(answer.attributes());
            all.putAll(known.attributes());
            known = new PathDescription(known.id(), all, known.geometry());
        }
    }

    /** Whether {@code answer}, which contradicts nothing, bears out more than the identity: it says all else that is known. */
    boolean borneOutBy(PathDescription answer) {
        return !known.attributes().isEmpty()
                && answer.attributes().keySet().containsAll(known.attributes().keySet());
    }
}
