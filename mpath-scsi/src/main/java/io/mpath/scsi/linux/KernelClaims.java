package io.mpath.scsi.linux;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the kernel has its hands on one life of a disk: dm-multipath, which may map a disk at any time, also one that is driven here
 * already; and a device handler ({@code scsi_dh_alua} and its like), which is shown all sense data first.
 *
 * <p>A handler takes the unit attentions that say that the unit may be another one or has other states (06/3F/03, 06/3F/0E, 06/29/00,
 * 06/2A/01, 06/2A/06 and others), and has the kernel send the refused command again by itself, which nothing forbids it, not even for
 * commands that are passed through ({@code scsi_check_sense}: {@code ADD_TO_MLQUEUE}). Where a logical unit number was given to another
 * unit, a write may go there before the uevent that tells of it is heard.
 *
 * <p>Each is told in one line of the log when it is first seen, and again when it was gone in between. A path that is in use goes on
 * all the same: dm-multipath sends what it is given, and to lose all paths at once would be worse.
 *
 * <p>Threading: any thread; what was told last is guarded by the monitor.
 */
final class KernelClaims {
    private static final Logger LOG = LoggerFactory.getLogger(KernelClaims.class);

    private final SysfsUnit unit;
    private final String node;
    private List<String> told = List.of();

    /** @param node what to call the disk */
    KernelClaims(SysfsUnit unit, String node) {
        this.unit = unit;
        this.node = node;
    }

    /** Who else drives it, with the remedy: the kernel multipaths it by itself, or dm-multipath maps it. */
    private Optional<String> owner() {
        if (unit.hidden()) {
            return Optional.of(
                    "the kernel multipaths it already: switch that off, or drive the device that it makes of it as"
                            + " one plain device");
        }
        return unit.multipathMap().map(KernelClaims::ofMap);
    }

    private static String ofMap(String map) {
        return "dm-multipath has it, as " + map + ": blacklist it in /etc/multipath.conf and run 'multipath -f " + map
                + "', or drive /dev/mapper/" + map + " as one plain device";
    }

    /**
     * Why it is not to be opened.
     *
     * @param requireDetached whether a device handler is a reason
     */
    Optional<String> refusal(boolean requireDetached) {
        return owner().or(() -> requireDetached ? handler() : Optional.empty());
    }

    /** The device handler that is attached to it, and what that means, with the remedy. */
    private Optional<String> handler() {
        return unit.deviceHandler().map(KernelClaims::ofHandler);
    }

    private static String ofHandler(String handler) {
        String module = "scsi_dh_" + handler;
        return "the kernel's device handler '" + handler
                + "' is attached to it, which repeats commands by itself that are"
                + " refused because the unit may be another one: keep " + module + " from being loaded ('install "
                + module
                + " /bin/false' in /etc/modprobe.d), remove the disks that have it, unload it, and rescan";
    }

    /** Looks, and tells what is new. */
    void look() {
        news().forEach(what -> LOG.warn("{} ({}): {}", node, unit.address(), what));
    }

    /** Looks: what is there that was not when it was looked at before. */
    synchronized List<String> news() {
        List<String> now =
                Stream.of(handler(), owner()).flatMap(Optional::stream).collect(ImmutableList.toImmutableList());
        List<String> before = told;
        told = now;
        return now.stream().filter(each -> !before.contains(each)).collect(ImmutableList.toImmutableList());
    }
}
