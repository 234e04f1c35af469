package io.mpath.path;

import io.mpath.MultipathException;
import java.util.Optional;

/**
 * A path that could be: what is known of it without opening it. Immutable, and cheap to ask.
 *
 * <p>Threading: asked by any thread; {@link #open} is called on a thread that may block.
 */
public interface PathCandidate {
    /** The name an administrator knows it by, such as {@code /dev/nvme0n1}; unique in a registry. */
    String name();

    /** The transport it is reached by, such as {@code nvme-tcp}, {@code iscsi}, {@code ata} or {@code plain}. */
    String transport();

    /**
     * Why it cannot be one path of several, or empty when it can: a capable one alone is a device, or no second could join. What
     * only the device itself can tell is said by {@link PathDescription#notCapable}.
     */
    default Optional<String> notCapable() {
        return Optional.empty();
    }

    /** Why its driver advises against multipath for this kind of device, or empty. */
    default Optional<String> optOut() {
        return Optional.empty();
    }

    /**
     * Opens it. May block.
     *
     * @throws MultipathException when it cannot be opened, naming it and the cause
     */
    DevicePath open();
}
