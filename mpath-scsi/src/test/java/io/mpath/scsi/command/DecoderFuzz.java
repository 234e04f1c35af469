package io.mpath.scsi.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Coverage-guided fuzzing of every decoder by Jazzer: any bytes in, a value or a typed error out. Begins with the pages of
 * {@link PageDecoder}, and keeps what it found in {@code target/fuzz} for the next run.
 *
 * <p>{@code mvn -Pfuzz -pl mpath-scsi -am test -Dfuzz.seconds=60} gives each decoder that many seconds, in a process of its
 * own; the first finding fails the build and is replayed by giving Jazzer the file that it names.
 */
public final class DecoderFuzz {
    private static final String DECODER = "mpath.fuzz.decoder";
    private static final int LONGEST_INPUT = 4096;

    private DecoderFuzz() {}

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        DecoderProperties.decodesOrSaysWhyNot(PageDecoder.valueOf(System.getProperty(DECODER)), bytes);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]);
        for (PageDecoder decoder : PageDecoder.values()) {
            Path corpus = Files.createDirectories(directory.resolve(decoder.name()));
            int number = 0;
            for (byte[] page : decoder.pages()) {
                Files.write(corpus.resolve("page" + number++), page);
            }
            if (fuzz(decoder, corpus, args[1]) != 0) {
                throw new AssertionError(
                        decoder + " throws what it must not: see above, and the files in " + directory);
            }
        }
    }

    private static int fuzz(PageDecoder decoder, Path corpus, String seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + DECODER + "=" + decoder,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + DecoderFuzz.class.getName(),
                "--instrumentation_includes=io.mpath.**",
                "--reproducer_path=" + corpus.getParent(),
                "-artifact_prefix=" + corpus.getParent() + File.separator,
                "-max_len=" + LONGEST_INPUT,
                "-max_total_time=" + seconds,
                corpus.toString()));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
