package io.mpath.internal.device;

import com.google.common.collect.ImmutableSet;
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
    private final Map<DeviceHead, ImmutableSet<DeviceId>> ofDevice = new HashMap<>();

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
        Set<DeviceId> identities = all(described);
        identities.forEach(identity -> known.put(identity, device));
        ImmutableSet<DeviceId> before = ofDevice.getOrDefault(device, ImmutableSet.of());
        if (!before.containsAll(identities)) {
            ofDevice.put(device, ImmutableSet.copyOf(Sets.union(before, identities)));
        }
    }

    /** {@code device} is no more. */
    void remove(DeviceHead device) {
        ImmutableSet<DeviceId> identities = ofDevice.remove(device);
        if (identities != null) {
            identities.forEach(known::remove);
        }
    }

    private static Set<DeviceId> all(PathDescription described) {
        return Sets.union(described.aliases(), Set.of(described.id()));
    }
}
