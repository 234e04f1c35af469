import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plants bugs, one at a time, and looks whether the tests that are there to find them go red.
 *
 * <p>Each bug is a patch of at most three lines in one directory, which says in its first lines what rule it breaks, and
 * how, and then {@code Found by} and the tests, as {@code package.Class#method}. It is applied to a copy of the files that it
 * touches, compiled, and laid over the module's classes; then a JVM of its own runs those tests, each of which must go red, and
 * is green without any bug. The control is a patch that breaks nothing: it says {@code Not found by}, and what it names must stay
 * green.
 *
 * <p>{@code java PlantedTests.java CHECKS MODULE CLASSPATH BUGS ONLY}, where CHECKS is the directory of this file, CLASSPATH the
 * test class path, BUGS the directory of the patches in MODULE, and ONLY a part of the names of the bugs to plant, or {@code all}.
 * Fails when a patch does not apply or compile, a bug is not found, a test is red without any, or there is no control.
 */
final class PlantedTests {
    private static final int MOST_LINES = 3;
    private static final int LONGEST_SECONDS = 120;
    private static final String FOUND_BY = "Found by ";
    private static final String NOT_FOUND_BY = "Not found by ";
    private static final String REPORT = "%-50s %-9s %s%n";

    private final Path module;
    private final Path directory;
    private final String classPath;
    private final Path scratch;

    private PlantedTests(Path module, Path directory, String classPath, Path scratch) {
        this.module = module;
        this.directory = directory;
        this.classPath = classPath;
        this.scratch = scratch;
    }

    /** @param breaks whether it is a bug; the control is none */
    private record Bug(Path patch, boolean breaks, Set<String> tests) {
        String name() {
            return patch.getFileName().toString().replace(".patch", "");
        }
    }

    /** @param sound whether it came out as it must */
    private record Outcome(boolean sound, String verdict, String why) {}

    public static void main(String[] args) throws Exception {
        Path scratch = Files.createTempDirectory("planted");
        try {
            Path runner = scratch.resolve("runner");
            compile(
                    runner,
                    args[2],
                    List.of(Path.of(args[0]).resolve("TestRun.java").toString()));
            Path module = Path.of(args[1]).toAbsolutePath();
            var planted =
                    new PlantedTests(module, module.resolve(args[3]), args[2] + File.pathSeparator + runner, scratch);
            if (!planted.plantAll(args[4].equals("all") ? "" : args[4])) {
                System.exit(1);
            }
        } finally {
            deleteAll(scratch);
        }
    }

    private boolean plantAll(String only) throws Exception {
        List<Bug> bugs = new ArrayList<>();
        for (Path patch : patches()) {
            Bug bug = read(patch);
            if (!bug.breaks() || bug.name().contains(only)) {
                bugs.add(bug);
            }
        }
        if (!only.isEmpty() && bugs.stream().noneMatch(Bug::breaks)) {
            System.out.println("no bug in " + directory + " has '" + only + "' in its name");
            return true;
        }
        if (bugs.stream().allMatch(Bug::breaks) || bugs.stream().noneMatch(Bug::breaks)) {
            System.out.println("there must be a control that breaks nothing, and a bug");
            return false;
        }
        Set<String> tests = bugs.stream().flatMap(bug -> bug.tests().stream()).collect(Collectors.toSet());
        Set<String> unfit = notEndingAs("green", run("", tests), tests);
        if (!unfit.isEmpty()) {
            System.out.println("not green without any bug: " + unfit);
            return false;
        }
        return report(bugs);
    }

    private boolean report(List<Bug> bugs) throws Exception {
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        boolean sound = true;
        try {
            List<Future<Outcome>> outcomes = new ArrayList<>();
            bugs.forEach(bug -> outcomes.add(workers.submit(() -> outcome(bug))));
            for (int i = 0; i < bugs.size(); i++) {
                Outcome outcome = outcomes.get(i).get();
                sound &= outcome.sound();
                System.out.printf(REPORT, bugs.get(i).name(), outcome.verdict(), outcome.why());
            }
        } finally {
            workers.shutdownNow();
        }
        return sound;
    }

    private Outcome outcome(Bug bug) throws Exception {
        List<String> said;
        try {
            said = run(plant(bug) + File.pathSeparator, bug.tests());
        } catch (IllegalStateException e) {
            return new Outcome(false, "UNFIT", e.getMessage());
        }
        String names = bug.tests().stream()
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .collect(Collectors.joining(", "));
        if (!bug.breaks()) {
            Set<String> red = notEndingAs("green", said, bug.tests());
            return red.isEmpty()
                    ? new Outcome(true, "control", "breaks nothing, and is not found by " + names)
                    : new Outcome(false, "CONTROL", "breaks nothing, and is found by " + red);
        }
        Set<String> missed = notEndingAs("red", said, bug.tests());
        return missed.isEmpty() ? new Outcome(true, "found", names) : new Outcome(false, "NOT FOUND", "by " + missed);
    }

    private List<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".patch"))
                    .sorted()
                    .toList();
        }
    }

    private static Bug read(Path patch) throws IOException {
        Set<String> tests = new LinkedHashSet<>();
        boolean breaks = true;
        for (String line : Files.readAllLines(patch)) {
            String names = "";
            if (line.startsWith(FOUND_BY)) {
                names = line.substring(FOUND_BY.length());
            } else if (line.startsWith(NOT_FOUND_BY)) {
                names = line.substring(NOT_FOUND_BY.length());
                breaks = false;
            }
            Arrays.stream(names.split(", *")).filter(name -> !name.isBlank()).forEach(tests::add);
        }
        if (tests.isEmpty()) {
            throw new IllegalStateException(patch + " does not say what test finds it");
        }
        return new Bug(patch, breaks, tests);
    }

    /** Where the classes are that have the bug. */
    private Path plant(Bug bug) throws Exception {
        Path copy = scratch.resolve(bug.name());
        List<String> sources = copyTouched(bug.patch(), copy);
        Process applied = new ProcessBuilder(
                        "patch",
                        "-s",
                        "-p1",
                        "--fuzz=0",
                        "--no-backup-if-mismatch",
                        "-d",
                        copy + "",
                        "-i",
                        bug.patch() + "")
                .inheritIO()
                .start();
        if (applied.waitFor() != 0) {
            throw new IllegalStateException("it does not apply");
        }
        Path over = copy.resolve("classes");
        compile(over, classPath, sources);
        return over;
    }

    private static void compile(Path to, String classPath, List<String> sources) {
        List<String> compile = new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", to + "", "-cp", classPath));
        compile.addAll(sources);
        if (ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, compile.toArray(String[]::new))
                != 0) {
            throw new IllegalStateException("it does not compile");
        }
    }

    /** The files that {@code patch} changes, copied into {@code copy}. */
    private List<String> copyTouched(Path patch, Path copy) throws IOException {
        List<String> touched = new ArrayList<>();
        int removed = 0;
        int added = 0;
        for (String line : Files.readAllLines(patch)) {
            if (line.startsWith("+++ b/")) {
                String file = line.substring("+++ b/".length());
                Path target = copy.resolve(file);
                Files.createDirectories(target.getParent());
                Files.copy(module.resolve(file), target);
                touched.add(target.toString());
            } else if (!line.startsWith("---")) {
                removed += line.startsWith("-") ? 1 : 0;
                added += line.startsWith("+") ? 1 : 0;
            }
        }
        if (touched.isEmpty() || Math.max(removed, added) > MOST_LINES) {
            throw new IllegalStateException("it replaces " + removed + " lines by " + added);
        }
        return touched;
    }

    /** Those of {@code tests} of which {@code said} does not say that they ended so. One that never ended is red. */
    private static Set<String> notEndingAs(String colour, List<String> said, Set<String> tests) {
        boolean stuck = said.contains("stuck");
        return tests.stream()
                .filter(test -> !said.contains(colour + " " + test))
                .filter(test -> !(stuck && colour.equals("red") && !said.contains("green " + test)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What the tests say, a line for each, and {@code stuck} at last when they do not end. */
    private List<String> run(String over, Set<String> tests) throws Exception {
        List<String> java = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-ea"));
        java.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", over + classPath, "TestRun"));
        java.addAll(tests);
        Path output = Files.createTempFile(scratch, "run", ".txt");
        Process process = new ProcessBuilder(java)
                .directory(module.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        List<String> said = new ArrayList<>(Files.readAllLines(output));
        if (!ended) {
            said.add("stuck");
        }
        return said;
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
