package io.mpath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README.md says what the code says. */
class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> EMBEDDED =
            List.of("Embed.java", "EmbedNvme.java", "EmbedScsi.java", "EmbedReservation.java");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEST_CLASS = Pattern.compile("`(\\w+(?:Test|Properties))`");

    @Test
    void embeddedLinesAreThoseThatCompile() throws IOException {
        List<String> blocks = found(JAVA_BLOCK);

        assertThat(blocks).hasSameSizeAs(EMBEDDED);
        for (int i = 0; i < blocks.size(); i++) {
            Path source = ROOT.resolve("examples/src/main/java/io/mpath/examples/" + EMBEDDED.get(i));
            assertThat(blocks.get(i).lines()).hasSizeGreaterThanOrEqualTo(5);
            assertThat(withoutIndentation(Files.readString(source))).contains(withoutIndentation(blocks.get(i)));
        }
    }

    @Test
    void guaranteesNameTestsThatExist() throws IOException {
        List<String> tests = testClasses();

        assertThat(found(TEST_CLASS)).hasSizeGreaterThan(5).isSubsetOf(tests);
    }

    private static List<String> found(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static List<String> testClasses() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ReadmeTest::filesUnder)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .toList();
        }
    }

    private static Stream<Path> filesUnder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutIndentation(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
