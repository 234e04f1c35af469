package io.mpath.path;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.mpath.DeviceId;
import io.mpath.Geometry;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a path says that it leads to, read from the device.
 *
 * @param id the identity that groups paths into devices
 * @param attributes whatever else must be the same on every path of one device (another identifier, serial number, vendor,
 *     product), by name; an attribute that only one of two paths has contradicts nothing
 * @param geometry size and limits through this path
 * @param notCapable why what it leads to has this one path and no second, where only the device itself says so (a private
 *     namespace, a subsystem of one controller, a logical unit without ALUA), or empty; {@link PathCandidate#notCapable} tells what
 *     is known before
 * @param aliases the other identities of the same logical unit, each of which no other unit may have: a path to one that has an
 *     identity of another device here is refused, for either two units share an identifier, or one unit would be two devices
 */
public record PathDescription(
        DeviceId id,
        Map<String, String> attributes,
        Geometry geometry,
        Optional<String> notCapable,
        Set<DeviceId> aliases) {
    /** Copies the attributes and the aliases. */
    public PathDescription {
        Objects.requireNonNull(id, "id");
        attributes = ImmutableMap.copyOf(attributes);
        Objects.requireNonNull(geometry, "geometry");
        Objects.requireNonNull(notCapable, "notCapable");
        aliases = ImmutableSet.copyOf(aliases);
    }

    /** A description of what may have several paths. */
    public PathDescription(DeviceId id, Map<String, String> attributes, Geometry geometry) {
        this(id, attributes, geometry, Optional.empty(), Set.of());
    }

    /** A description without attributes. */
    public PathDescription(DeviceId id, Geometry geometry) {
        this(id, Map.of(), geometry);
    }

    /** This of what has one path only. */
    public PathDescription withNotCapable(String reason) {
        return new PathDescription(id, attributes, geometry, Optional.of(reason), aliases);
    }

    /** This of a unit that is also known by these. */
    public PathDescription withAliases(Set<DeviceId> value) {
        return new PathDescription(id, attributes, geometry, notCapable, value);
    }

    /** This of another geometry. */
    public PathDescription withGeometry(Geometry value) {
        return new PathDescription(id, attributes, value, notCapable, aliases);
    }

    /**
     * How {@code other} contradicts that both lead to one logical unit, or empty. Capacity is not compared: it may change, and
     * the paths learn of it one after the other.
     */
    public Optional<String> contradiction(PathDescription other) {
        if (!id.equals(other.id)) {
            return Optional.of("its identity is " + other.id + ", not " + id);
        }
        for (Map.Entry<String, String> mine : attributes.entrySet()) {
            String theirs = other.attributes.get(mine.getKey());
            if (theirs != null && !theirs.equals(mine.getValue())) {
                return Optional.of("its " + mine.getKey() + " is '" + theirs + "', not '" + mine.getValue() + "'");
            }
        }
        if (geometry.logicalBlockSize() != other.geometry.logicalBlockSize()) {
            return Optional.of("its logical block size is " + other.geometry.logicalBlockSize() + ", not "
                    + geometry.logicalBlockSize());
        }
        return Optional.empty();
    }
}
