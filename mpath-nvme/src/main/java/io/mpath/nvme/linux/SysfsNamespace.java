package io.mpath.nvme.linux;

import com.google.common.collect.ImmutableList;
import io.mpath.linux.Sysfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A namespace's node in sysfs, in the directory of its controller or, where the kernel multipaths it, of its subsystem. Immutable;
 * what it tells is read anew each time.
 *
 * <p>Threading: any thread.
 */
final class SysfsNamespace {
    private static final Pattern NAME = Pattern.compile("(nvme|ng)(\\d+)(c\\d+)?n(\\d+)");
    private static final int PAGE = 4096;

    private final Sysfs sysfs;
    private final Path directory;
    private final Matcher name;

    private SysfsNamespace(Sysfs sysfs, Path directory, Matcher name) {
        this.sysfs = sysfs;
        this.directory = directory;
        this.name = name;
    }

    static List<SysfsNamespace> in(Sysfs sysfs, Path parent) {
        return sysfs.names(parent).stream()
                .map(NAME::matcher)
                .filter(Matcher::matches)
                .map(name -> new SysfsNamespace(sysfs, parent.resolve(name.group()), name))
                .collect(ImmutableList.toImmutableList());
    }

    /** The kernel's name, such as {@code nvme0n1}, {@code ng0n1} or {@code nvme0c1n1}. */
    String name() {
        return name.group();
    }

    /** Whether it is a block device, and not the character device beside it. */
    boolean isBlock() {
        return name.group(1).equals("nvme");
    }

    /** Whether it is one path below a block device that the kernel makes of several ({@code nvme0c1n1}). */
    boolean isPathOfKernel() {
        return name.group(3) != null;
    }

    /** Whether it is the other node of the same namespace in the same directory. */
    boolean isSiblingOf(SysfsNamespace other) {
        return isBlock() != other.isBlock()
                && name.group(2).equals(other.name.group(2))
                && name.group(4).equals(other.name.group(4));
    }

    /** Its number, as sysfs has it. */
    Optional<String> number() {
        return sysfs.text(directory.resolve("dev"));
    }

    /** Equal while it is the same device. */
    Optional<Object> life() {
        return sysfs.identity(directory);
    }

    /** Whether the device that had this {@code life} is certainly no more. */
    boolean isGone(Object life) {
        Optional<Object> now = life();
        return now.isPresent() ? !now.get().equals(life) : Files.notExists(directory);
    }

    /** The namespace's identifier at its controller; character nodes do not tell. */
    OptionalLong nsid() {
        return sysfs.number(directory.resolve("nsid"));
    }

    /** Whether it has no node in {@code /dev}: the kernel cannot drive it as a block device, or drives it below another. */
    boolean hidden() {
        return sysfs.number(directory.resolve("hidden")).orElse(0) != 0;
    }

    /** Why its commands are not of the NVM command set, or empty. */
    Optional<String> foreignCommandSet() {
        OptionalLong set = sysfs.number(directory.resolve("csi"));
        if (set.isPresent() && set.getAsLong() != 0) {
            return Optional.of("its I/O command set is " + set.getAsLong() + ", and only 0, NVM, is spoken here");
        }
        return sysfs.text(directory.resolve("queue/zoned"))
                .filter(zoned -> !zoned.equals("none"))
                .map(zoned -> "it is zoned (" + zoned + "), and only the NVM command set is spoken here");
    }

    /** The longest data of one command that the kernel takes from memory whose pages lie anywhere; empty where it does not tell. */
    OptionalLong maxTransferBytes() {
        OptionalLong kibibytes = sysfs.number(directory.resolve("queue/max_hw_sectors_kb"));
        OptionalLong segments = sysfs.number(directory.resolve("queue/max_segments"));
        if (kibibytes.isEmpty() || segments.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.min(kibibytes.getAsLong() * 1024, segments.getAsLong() * PAGE));
    }

    @Override
    public String toString() {
        return name();
    }
}
