package io.mpath.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the kernel tells about its devices as files ({@code sysfs(5)}). An attribute that is missing, empty or refused is
 * absent: which ones exist differs between kernels and kinds of device, and any may vanish between two calls.
 *
 * <p>Threading: immutable; any thread. Reading may block when a driver does.
 */
public final class Sysfs {
    private final Path root;

    /** A tree that looks like {@code /sys}. */
    public Sysfs(Path root) {
        this.root = root;
    }

    /** {@code /sys}. */
    public static Sysfs system() {
        return new Sysfs(Path.of("/sys"));
    }

    /** A directory or attribute by its name below the root, such as {@code class/nvme}. */
    public Path path(String name) {
        return root.resolve(name);
    }

    /** An attribute's text, without white space around it. */
    public Optional<String> text(Path attribute) {
        try {
            String text = Files.readString(attribute).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** An attribute that is a decimal number. */
    public OptionalLong number(Path attribute) {
        Optional<String> text = text(attribute);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** An attribute that is a page as a device sent it. */
    public Optional<byte[]> bytes(Path attribute) {
        try {
            byte[] bytes = Files.readAllBytes(attribute);
            return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The names in a directory, in order; none when there is no such directory. */
    public List<String> names(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return List.of();
        }
        Collections.sort(names);
        return List.copyOf(names);
    }

    /** Where a link leads to in the end. */
    public Optional<Path> target(Path link) {
        try {
            return Optional.of(link.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Which directory that is, where the link {@code name} leads: another one of the same name, made after this was removed, is not
     * equal to it.
     */
    public Optional<Object> identity(Path name) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(name, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The block device with that number. */
    public Optional<SysfsDisk> disk(DeviceNumber number) {
        return target(path("dev/block/" + number)).map(directory -> new SysfsDisk(this, directory));
    }
}
