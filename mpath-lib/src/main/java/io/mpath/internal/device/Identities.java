package io.mpath.internal.device;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.collect.Sets;
import io.mpath.DeviceId;
import io.mpath.path.PathDescription;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By which identities the devices of a registry are known, besides the one that groups their paths.
 *
 * <p>Threading: used on the control loop only.
 */
final class Identities {
    private final Map<DeviceId, DeviceHead> known = new HashMap<>();
    private final SetMultimap<DeviceHead, DeviceId> ofDevice = HashMultimap.create();

    /** Why what is so described cannot be a path of {@code device}, or of a new one if that is null; or empty. */
    Optional<String> clash(PathDescription described, @Nullable DeviceHead device) {
        for (DeviceId identity : all(described)) {
            DeviceHead other = known.get(identity);
            if (other != null && other != device) {
                return Optional.of("it is " + described.id() + ", and as " + identity + " it would be " + other.id()
                        + " as well: either two units have one identifier, or one unit has two");
            }
        }
        return Optional.empty();
    }

    /** {@code device} has a path that is so described. */
    void add(PathDescription described, DeviceHead device) {
        for (DeviceId identity : all(described)) {
            known.put(identity, device);
            ofDevice.put(device, identity);
        }
    }

    /** {@code device} is no more. */
    void remove(DeviceHead device) {
        ofDevice.removeAll(device).forEach(known::remove);
    }

    private static Set<DeviceId> all(PathDescription described) {
        return Sets.union(described.aliases(), Set.of(described.id()));
    }
}
