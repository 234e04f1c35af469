package io.mpath.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tree that looks like {@code /sys}. */
final class FakeSys {
    private final Path root;

    FakeSys(Path root) {
        this.root = root;
    }

    Sysfs sysfs() {
        return new Sysfs(root);
    }

    FakeSys attribute(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeSys link(String name, String target) {
        try {
            Path link = root.resolve(name);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, link.getParent().relativize(root.resolve(target)));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A block device with its number, as the kernel lays it out. */
    FakeSys block(String directory, String number) {
        return attribute(directory + "/dev", number).link("dev/block/" + number, directory);
    }
}
