package io.mpath.nvme.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Pages as real controllers returned them, and pages made by hand. */
public final class Vectors {
    static final int PAGE_BYTES = 4096;

    private Vectors() {}

    /** The page of that file, zeroes behind its last line, in little-endian order. */
    public static ByteBuffer page(String name) {
        URL url = Vectors.class.getResource("/vectors/" + name + ".hex");
        if (url == null) {
            throw new IllegalArgumentException("no vector " + name);
        }
        try {
            String digits = Files.readAllLines(Path.of(url.toURI())).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.replace(" ", ""))
                    .collect(Collectors.joining());
            return zeroes().put(HexFormat.of().parseHex(digits)).rewind();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An empty page of 4096 bytes, in little-endian order. */
    public static ByteBuffer zeroes() {
        return zeroes(PAGE_BYTES);
    }

    static ByteBuffer zeroes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
