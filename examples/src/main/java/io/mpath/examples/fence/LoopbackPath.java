package io.mpath.examples.fence;

import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.path.PathPort;
import io.mpath.scsi.ScsiHost;

/**
 * A path from a host to the logical unit of a {@link LoopbackArray}.
 *
 * @param scsi the host as an initiator
 * @param tcpPort where the array listens
 * @param host what the array knows the host by
 * @param port the array's port
 */
record LoopbackPath(ScsiHost scsi, int tcpPort, String host, String port) implements PathCandidate {
    @Override
    public String name() {
        return "loopback." + port;
    }

    @Override
    public String transport() {
        return "loopback";
    }

    @Override
    public DevicePath open() {
        return scsi.open(LoopbackTransport.connect(tcpPort, host, new PathPort(port)), name());
    }
}
