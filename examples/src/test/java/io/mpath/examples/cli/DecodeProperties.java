package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mpath.examples.page.PageFile;
import io.mpath.examples.page.PageKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is decoded: what it says, or one line that says why not. */
class DecodeProperties {
    @Property(tries = 500)
    void anyBytesAreAPageOrOneLine(@ForAll PageKind kind, @ForAll @Size(max = 300) byte[] bytes) {
        requireAnswer(CommandRun.of(bytes, "decode", kind.toString(), "-", "--json"));
        requireAnswer(CommandRun.of(bytes, "decode", kind.toString(), "-"));
    }

    @Property(tries = 1000)
    void realPageWithADamagedByteIsAPageOrOneLine(
            @ForAll @IntRange(max = 1000) int which, @ForAll @IntRange(max = 63) int at, @ForAll byte value) {
        Path file = pick(which);
        byte[] page = bytes(file);
        page[at % page.length] = value;

        requireAnswer(CommandRun.of(page, "decode", Vectors.kind(file), "-", "--json"));
    }

    @Property(tries = 500)
    void realPageThatIsCutOffIsAPageOrOneLine(
            @ForAll @IntRange(max = 1000) int which, @ForAll @IntRange(max = 1100) int length) {
        Path file = pick(which);
        byte[] page = bytes(file);

        requireAnswer(
                CommandRun.of(Arrays.copyOf(page, Math.min(length, page.length)), "decode", Vectors.kind(file), "-"));
    }

    @Example
    void exceptionIsNoAnswer() {
        var failed = new CommandRun(1, "", "java.lang.IndexOutOfBoundsException\n\tat …\n");

        assertThatCode(() -> requireAnswer(failed)).isInstanceOf(AssertionError.class);
    }

    private static void requireAnswer(CommandRun run) {
        if (run.status() == ExitStatus.DONE) {
            assertThat(run.out()).isNotBlank();
            assertThat(run.err()).isEmpty();
            return;
        }
        assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("mpath decode: - ").hasLineCount(1);
    }

    private static Path pick(int which) {
        List<Path> files = Vectors.all();
        return files.get(which % files.size());
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            ByteBuffer page = PageFile.read(in);
            byte[] bytes = new byte[page.remaining()];
            page.get(bytes);
            return bytes;
        } catch (IOException | PageFile.SyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
