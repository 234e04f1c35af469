package io.mpath.bench.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs the benchmarks and writes the page, and beside it each plot as a picture of its own.
 *
 * <pre>
 * java -jar mpath-bench/target/benchmarks.jar report [--full] [--out FOLDER]    quick: less than three minutes
 * java -jar mpath-bench/target/benchmarks.jar report --from FILE [--out FOLDER] the page again, of what was measured before
 * </pre>
 */
public final class Report {
    private static final String USAGE = "usage: report [--full] [--from FILE] [--out FOLDER]";
    private static final Path FOLDER = Path.of("mpath-bench", "target", "report");

    private Report() {}

    /** Runs it, and says where the page is. @throws RunnerException when a benchmark fails */
    public static void main(String[] arguments) throws IOException, RunnerException {
        List<String> given = Arrays.asList(arguments);
        for (int i = 0; i < given.size(); i++) {
            switch (given.get(i)) {
                case "--full" -> {}
                case "--from", "--out" -> i++;
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        Path folder = valueOf(given, "--out", FOLDER);
        Path recorded = valueOf(given, "--from", null);
        write(folder, recorded, given.contains("--full") ? Plan.full() : Plan.quick(), System.out);
    }

    private static Path valueOf(List<String> given, String option, Path otherwise) {
        int at = given.indexOf(option);
        if (at >= 0 && at + 1 == given.size()) {
            throw new IllegalArgumentException(USAGE);
        }
        return at < 0 ? otherwise : Path.of(given.get(at + 1));
    }

    private static void write(Path folder, Path recorded, Plan plan, PrintStream progress)
            throws IOException, RunnerException {
        Files.createDirectories(folder);
        Path results = recorded == null ? folder.resolve("results.json") : recorded;
        if (recorded == null) {
            plan.run(results, folder.resolve("jmh.log"), progress);
        }
        List<Figure> figures = Figure.read(Files.readString(results));
        Path page = folder.resolve("report.html");
        Files.writeString(page, Page.of(figures, Comparisons.all(), recorded == null ? machine() : ""));
        for (Comparison comparison : Comparisons.all()) {
            String picture = Page.picture(figures, comparison);
            if (!picture.isEmpty()) {
                Files.writeString(folder.resolve(nameOf(comparison)), picture);
            }
        }
        progress.println(page.toAbsolutePath());
    }

    private static String nameOf(Comparison comparison) {
        return comparison.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-") + ".svg";
    }

    private static String machine() throws IOException {
        int processors = Runtime.getRuntime().availableProcessors();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
        return processors + " × " + processor() + ", " + system;
    }

    private static String processor() throws IOException {
        Path information = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(information)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(information)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }
}
