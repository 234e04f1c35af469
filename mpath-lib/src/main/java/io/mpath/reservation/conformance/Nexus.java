package io.mpath.reservation.conformance;

import io.mpath.path.Reservable;
import java.util.Objects;

/**
 * One way from one host to the device under test (SPC-6: an I_T nexus; NVMe: a controller).
 *
 * @param name what a report calls it
 * @param host the host that it belongs to: nexuses with the same text belong to the same one
 * @param path carries its commands of reservations out, one at a time
 * @param blocks tries its I/O
 */
public record Nexus(String name, String host, Reservable path, BlockAccess blocks) {
    /** Tries I/O through one nexus. */
    @FunctionalInterface
    public interface BlockAccess {
        /**
         * Reads one block, or writes one: the same block always, and best what it holds already. Called on a thread that may
         * block. Whatever the device refuses without regard to reservations (a unit attention, busy) is to be tried again in here.
         */
        Access tryAccess(boolean write);
    }

    /** Checks that nothing is null. */
    public Nexus {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(blocks, "blocks");
    }

    @Override
    public String toString() {
        return name;
    }
}
