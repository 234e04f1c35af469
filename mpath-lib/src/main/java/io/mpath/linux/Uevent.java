package io.mpath.linux;

import com.google.common.collect.ImmutableMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the kernel announces when a device comes, goes or changes ({@code kobject_uevent}).
 *
 * @param action {@code add}, {@code remove}, {@code change}, {@code bind} and others
 * @param devpath the device's directory below {@code /sys}, such as {@code /devices/virtual/nvme-fabrics/ctl/nvme0}
 * @param subsystem such as {@code nvme} or {@code block}
 * @param properties all it says, the three above included, by their names ({@code ACTION}, {@code SEQNUM}, {@code NVME_EVENT} …)
 */
public record Uevent(String action, String devpath, String subsystem, Map<String, String> properties) {
    /** Copies the properties. */
    public Uevent {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(devpath, "devpath");
        Objects.requireNonNull(subsystem, "subsystem");
        properties = ImmutableMap.copyOf(properties);
    }

    /** The name of the device: the last part of its path. */
    public String name() {
        return devpath.substring(devpath.lastIndexOf('/') + 1);
    }

    /** The name of the directory that the device is in; empty at the top. */
    public String parentName() {
        int end = devpath.lastIndexOf('/');
        return end <= 0 ? "" : devpath.substring(devpath.lastIndexOf('/', end - 1) + 1, end);
    }

    /**
     * Reads a message, from the buffer's position to its limit: a head ({@code add@/devices/…}), then {@code NAME=value}, each
     * ended by a zero byte. Empty when it is not one of the kernel's, as udev's are not.
     */
    public static Optional<Uevent> decode(ByteBuffer message) {
        String[] parts =
                StandardCharsets.UTF_8.decode(message.duplicate()).toString().split("\0", -1);
        if (parts[0].indexOf('@') <= 0) {
            return Optional.empty();
        }
        Map<String, String> properties = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                properties.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
            }
        }
        String action = properties.get("ACTION");
        String devpath = properties.get("DEVPATH");
        String subsystem = properties.get("SUBSYSTEM");
        if (action == null || devpath == null || subsystem == null) {
            return Optional.empty();
        }
        return Optional.of(new Uevent(action, devpath, subsystem, properties));
    }
}
