package io.mpath.scsi.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Pages as real logical units returned them, and pages made by hand. */
final class Vectors {
    private static final Pattern SIZE = Pattern.compile("# (\\d+) bytes in all");

    private Vectors() {}

    /** The page of that file, as long as it was. */
    static ByteBuffer page(String name) {
        List<String> lines = lines(name);
        int size = lines.stream()
                .map(SIZE::matcher)
                .filter(Matcher::lookingAt)
                .map(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElseThrow();
        String digits = lines.stream().filter(line -> !line.startsWith("#")).collect(Collectors.joining());
        return ByteBuffer.wrap(Arrays.copyOf(bytes(digits).array(), size));
    }

    /** Bytes as hexadecimal digits with spaces anywhere. */
    static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static List<String> lines(String name) {
        URL url = Vectors.class.getResource("/vectors/" + name + ".hex");
        if (url == null) {
            throw new IllegalArgumentException("no vector " + name);
        }
        try {
            return Files.readAllLines(Path.of(url.toURI()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
