package io.mpath.scsi.linux;

import io.mpath.DeviceId;
import io.mpath.MultipathException;
import io.mpath.linux.Machine;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import io.mpath.scsi.ScsiHost;
import java.util.Optional;
import java.util.Set;

/** A disk that is there. */
final class ScsiCandidate implements PathCandidate {
    /** What has one cable, and no second. */
    private static final Set<String> OF_ONE_PATH = Set.of("ata", "usb", "ufs");

    private final Machine machine;
    private final ScsiHost host;
    private final NexusLife nexus;
    private final SysfsUnit unit;
    private final String disk;
    private final KernelClaims claims;
    private final ScsiOptions options;
    private final boolean requireAlua;

    ScsiCandidate(
            Machine machine,
            ScsiHost host,
            NexusLife nexus,
            SysfsUnit unit,
            String disk,
            KernelClaims claims,
            ScsiOptions options,
            boolean requireAlua) {
        this.machine = machine;
        this.host = host;
        this.nexus = nexus;
        this.unit = unit;
        this.disk = disk;
        this.claims = claims;
        this.options = options;
        this.requireAlua = requireAlua;
    }

    @Override
    public String name() {
        return machine.node(disk).toString();
    }

    @Override
    public String transport() {
        return nexus.sysfs().kind();
    }

    @Override
    public Optional<String> notCapable() {
        return claims.refusal(options.requireDetached())
                .or(() -> unit.zoned().map(how -> "it is zoned (" + how + "), which is not spoken here"));
    }

    @Override
    public Optional<String> optOut() {
        if (unit.isAta() || OF_ONE_PATH.contains(transport())) {
            return Optional.of("it is a disk of one path (" + (unit.isAta() ? "ata" : transport())
                    + "), left out unless opted-out kinds are asked for");
        }
        return requireAlua && unit.hasNoAlua()
                ? Optional.of("it has no asymmetric access (TPGS 0), as ALUA is called")
                : Optional.empty();
    }

    Optional<DeviceId> id() {
        return unit.id();
    }

    /** @throws MultipathException when it cannot be opened, belongs to dm-multipath, or answers nonsense */
    @Override
    public DevicePath open() {
        claims.refusal(options.requireDetached()).ifPresent(reason -> {
            throw new MultipathException(name() + " cannot be opened as a path: " + reason);
        });
        claims.look();
        return host.open(new LinuxTransport(machine, nexus, unit, disk, claims, options), name());
    }

    @Override
    public String toString() {
        return name();
    }
}
