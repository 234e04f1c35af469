package io.mpath.sim;

import java.util.Objects;

/**
 * Who a command comes from, for a simulated disk: a host through one port (SPC-6: an I_T nexus).
 *
 * @param host the name of the host
 * @param port the name of the port; empty for a host that is known as a whole, as over NVMe
 */
public record SimNexus(String host, String port) {
    /** Checks that nothing is null. */
    public SimNexus {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(port, "port");
    }
}
