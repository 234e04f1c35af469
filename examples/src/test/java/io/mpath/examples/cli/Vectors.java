package io.mpath.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pages that the adapters' own tests read, as files: from real devices. */
final class Vectors {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> MODULES = List.of("mpath-nvme", "mpath-scsi");
    private static final List<String> NO_KIND = List.of("vpd0x00");

    private Vectors() {}

    /** All that there is a kind for. */
    static List<Path> all() {
        return MODULES.stream()
                .flatMap(module -> files(ROOT.resolve(module).resolve("src/test/resources/vectors")))
                .filter(file -> !NO_KIND.contains(suffix(file)))
                .sorted()
                .toList();
    }

    static Path file(String name) {
        return all().stream()
                .filter(file -> file.getFileName().toString().equals(name + ".hex"))
                .findFirst()
                .orElseThrow();
    }

    /** The word of the command for what that file is. */
    static String kind(Path file) {
        String suffix = suffix(file);
        return suffix.equals("rtpg-ext") ? "rtpg" : suffix.replace("vpd0x", "vpd");
    }

    private static String suffix(Path file) {
        return file.getFileName().toString().replaceFirst("[^.]*\\.", "").replace(".hex", "");
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
