package io.mpath.scsi.linux;

import io.mpath.Liveness;
import io.mpath.linux.Sysfs;
import io.mpath.path.PathPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One life of an I_T nexus in sysfs: an iSCSI session, a remote port of Fibre Channel, or the target of a host that has no more to
 * say about its transport. One that was removed and made anew is another life. Immutable; what it tells is read anew each time.
 *
 * <p>Threading: any thread.
 */
final class SysfsNexus {
    /** Stands for what could not be read: two of them prove nothing. */
    static final String UNREAD = "?";

    private static final Pattern SESSION = Pattern.compile("session\\d+");
    private static final Pattern REMOTE_PORT = Pattern.compile("rport-.+");
    private static final Pattern END_DEVICE = Pattern.compile("end_device-.+");
    private static final Pattern ATA_PORT = Pattern.compile("ata\\d+");
    private static final Pattern USB_BUS = Pattern.compile("usb\\d+");
    private static final Pattern HOST = Pattern.compile("host\\d+");

    private final Sysfs sysfs;
    private final String name;
    private final String kind;
    private final Path directory;
    private final Path host;
    private final Path target;
    private final Object life;

    private SysfsNexus(Sysfs sysfs, String name, String kind, Path directory, Path host, Path target, Object life) {
        this.sysfs = sysfs;
        this.name = name;
        this.kind = kind;
        this.directory = directory;
        this.host = host;
        this.target = target;
        this.life = life;
    }

    /** The nexus that the device in {@code unit}, a directory without links, is reached through; empty when that was removed. */
    static Optional<SysfsNexus> of(Sysfs sysfs, Path unit) {
        Path target = unit.getParent();
        if (target == null) {
            return Optional.empty();
        }
        Path hostDevice = ancestor(target, HOST).orElse(target);
        Path host = hostDevice.resolve("scsi_host").resolve(String.valueOf(hostDevice.getFileName()));
        Optional<Path> session = ancestor(target, SESSION).map(each -> ofClass(each, "iscsi_session"));
        Optional<Path> remotePort = ancestor(target, REMOTE_PORT).map(each -> ofClass(each, "fc_remote_ports"));
        String kind = session.isPresent() ? "iscsi" : remotePort.isPresent() ? "fc" : plainKind(sysfs, target, host);
        Path directory = session.or(() -> remotePort).orElse(target);
        return sysfs.identity(directory)
                .map(life -> new SysfsNexus(sysfs, nameOf(unit), kind, directory, host, target, life));
    }

    private static Path ofClass(Path device, String subsystem) {
        return device.resolve(subsystem).resolve(String.valueOf(device.getFileName()));
    }

    /** What the administrator's tools call it: host, channel and target, as {@code 3:0:0}. */
    private static String nameOf(Path unit) {
        String address = String.valueOf(unit.getFileName());
        return address.substring(0, Math.max(0, address.lastIndexOf(':')));
    }

    private static String plainKind(Sysfs sysfs, Path target, Path host) {
        if (ancestor(target, END_DEVICE).isPresent()) {
            return "sas";
        }
        if (ancestor(target, ATA_PORT).isPresent()) {
            return "ata";
        }
        String driver = sysfs.text(host.resolve("proc_name")).orElse("scsi");
        if (ancestor(target, USB_BUS).isPresent()) {
            return "usb";
        }
        return switch (driver) {
            case "ufshcd" -> "ufs";
            case "tcm_loopback" -> "loop";
            case "virtio_scsi" -> "virtio";
            case "ib_srp" -> "srp";
            // What a host without a name has there.
            case "<NULL>", "(null)" -> "scsi";
            default -> driver;
        };
    }

    private static Optional<Path> ancestor(Path from, Pattern name) {
        for (Path at = from; at != null && at.getFileName() != null; at = at.getParent()) {
            if (name.matcher(at.getFileName().toString()).matches()) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    /** Host, channel and target. */
    String name() {
        return name;
    }

    /** {@code iscsi}, {@code fc}, {@code sas}, {@code ata}, {@code usb}, {@code ufs}, {@code loop}, or what the driver calls itself. */
    String kind() {
        return kind;
    }

    /** Equal for equal lives, and no others. */
    Object life() {
        return life;
    }

    /** The name under which the kernel announces its transport's object, such as {@code session1}. */
    String announcedAs() {
        return String.valueOf(directory.getFileName());
    }

    /** Whether it is still there: false only when that is certain. */
    boolean exists() {
        Optional<Object> now = sysfs.identity(directory);
        return now.isPresent() ? now.get().equals(life) : !Files.notExists(directory);
    }

    /**
     * Whether it is live, from the transport's own state alone; null when that cannot be read (it may be on its way out, or this
     * process out of descriptors), or says what nobody knows the meaning of. A host that recovers from an error resets what it can:
     * that its commands are over then, nobody says.
     */
    @Nullable
    Liveness liveness() {
        if (!exists()) {
            return Liveness.DEAD;
        }
        return switch (kind) {
            case "iscsi" -> session(read(directory.resolve("state")).orElse(UNREAD));
            case "fc" ->
                read(directory.resolve("port_state"))
                        .map(SysfsNexus::remotePort)
                        .orElse(null);
            default -> read(host.resolve("state")).map(SysfsNexus::host).orElse(null);
        };
    }

    /** Whoever calls a session lost declares over what it carried, once it is logged in: so only those states that say so. */
    private static @Nullable Liveness session(String state) {
        return switch (state) {
            case "LOGGED_IN" -> Liveness.LIVE;
            // FREE: before the first login and when it is taken down.
            case "FAILED", "FREE" -> Liveness.CONNECTING;
            default -> null;
        };
    }

    private static Liveness remotePort(String state) {
        return switch (state) {
            case "Online", "Marginal" -> Liveness.LIVE;
            case "Deleted" -> Liveness.DELETING;
            // Blocked, Not Present, Linkdown, and what else there is: no commands yet.
            default -> Liveness.CONNECTING;
        };
    }

    private static Liveness host(String state) {
        return switch (state) {
            case "running" -> Liveness.LIVE;
            case "recovery" -> Liveness.RESETTING;
            case "cancel", "deleted", "cancel/recovery", "deleted/recovery" -> Liveness.DELETING;
            default -> Liveness.CONNECTING;
        };
    }

    /**
     * Whether a login of the same two ports ends what was there before, whole: over iSCSI it does, where nothing of the old session
     * can be taken over ({@code ErrorRecoveryLevel} 0).
     */
    boolean loginEndsOldSession() {
        return kind.equals("iscsi") && sysfs.number(directory.resolve("erl")).orElse(1) == 0;
    }

    /** The two ports that it joins, as their transport names them. */
    String identity() {
        return switch (kind) {
            case "iscsi" ->
                "from " + read("initiatorname")
                        + read(directory.resolve("isid"))
                                .map(isid -> ", ISID " + isid)
                                .orElse("") + " to " + read("targetname") + ", portal group " + read("tpgt");
            case "fc" -> "from " + initiatorPort() + " to " + read("port_name");
            default -> "host, channel and target " + name;
        };
    }

    private String initiatorPort() {
        Path device = host.resolve("../..").normalize();
        return read(device.resolve("fc_host")
                        .resolve(String.valueOf(host.getFileName()))
                        .resolve("port_name"))
                .orElse(UNREAD);
    }

    /** The array behind it, under one name for all of its ports where the transport has one. */
    String array() {
        return switch (kind) {
            case "iscsi" -> read("targetname");
            case "fc" -> read("node_name");
            default -> String.valueOf(target.getFileName());
        };
    }

    /** The port that it is: the kernel itself times its loss, by {@code recovery_tmo}, {@code fast_io_fail_tmo} and {@code dev_loss_tmo}. */
    PathPort port() {
        return new PathPort(name, numaNode(), PathPort.Timeouts.NONE);
    }

    private int numaNode() {
        for (Path at = host; at != null; at = at.getParent()) {
            OptionalLong node = sysfs.number(at.resolve("numa_node"));
            if (node.isPresent() && node.getAsLong() >= 0) {
                return (int) node.getAsLong();
            }
        }
        return PathPort.NO_NODE;
    }

    private String read(String attribute) {
        return read(directory.resolve(attribute)).orElse(UNREAD);
    }

    private Optional<String> read(Path attribute) {
        return sysfs.text(attribute);
    }

    @Override
    public String toString() {
        return name;
    }
}
