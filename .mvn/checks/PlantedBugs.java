import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Plants bugs, one at a time, and looks whether the simulator finds them: seeds that are clean prove nothing where a bug would
 * not show.
 *
 * <p>Each bug is a patch of at most three lines in {@code src/test/planted}, which says in its first lines what rule it breaks,
 * and how. It is applied to a copy of the files that it touches, compiled, and laid over the module's classes; then a JVM of its
 * own runs seed after seed until one of them breaks a rule. {@code found.txt} beside the patches keeps what came of it; bugs
 * that are not found stay listed there.
 *
 * <p>{@code java PlantedBugs.java CHECKS MODULE CLASSES JARS MODE SEEDS ONLY}, where CHECKS is the directory of this file.
 * MODE is {@code show}; or {@code check}, which fails when a patch does not apply, when a bug is not found any more, and when the
 * seeds break a rule without any bug; or {@code update}, which writes {@code found.txt} anew. ONLY is a part of the names of
 * the bugs to plant, or {@code all}.
 */
final class PlantedBugs {
    private static final int MOST_LINES = 3;
    private static final int LONGEST_SECONDS = 60;
    private static final String NONE = "none";
    private static final String MISSED = "-";
    private static final String UNFIT = "!";
    private static final String REPORT = "%-40s %6s  %s";

    private final Path checks;
    private final Path module;
    private final String classPath;
    private final String seeds;
    private final Path scratch;

    private PlantedBugs(Path checks, Path module, String classPath, String seeds, Path scratch) {
        this.checks = checks;
        this.module = module;
        this.classPath = classPath;
        this.seeds = seeds;
        this.scratch = scratch;
    }

    /** What came of a bug: the number of the seed that broke a rule, and which. */
    private record Outcome(String bug, String seed, String rule) {
        boolean found() {
            return !seed.equals(MISSED) && !seed.equals(UNFIT);
        }

        @Override
        public String toString() {
            return String.format(REPORT, bug, seed, rule);
        }
    }

    public static void main(String[] args) throws Exception {
        Path scratch = Files.createTempDirectory("planted");
        try {
            String classPath = args[2] + ':' + args[3];
            var planted =
                    new PlantedBugs(Path.of(args[0]), Path.of(args[1]).toAbsolutePath(), classPath, args[5], scratch);
            if (!planted.conclude(args[4], planted.plantAll(args[6].equals("all") ? "" : args[6]))) {
                System.exit(1);
            }
        } finally {
            deleteAll(scratch);
        }
    }

    private List<Outcome> plantAll(String only) throws Exception {
        System.out.printf(REPORT + "%n", "bug", "seed", "rule that it broke");
        List<Callable<Outcome>> work = new ArrayList<>();
        work.add(() -> sweep(NONE, List.of()));
        patches().filter(patch -> name(patch).contains(only)).forEach(patch -> work.add(() -> tryPlanting(patch)));
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> outcome : work.stream().map(workers::submit).toList()) {
                outcomes.add(outcome.get());
                System.out.println(outcome.get());
            }
            return outcomes;
        } finally {
            workers.shutdownNow();
        }
    }

    private Stream<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(module.resolve("src/test/planted"))) {
            return files.filter(file -> file.toString().endsWith(".patch")).sorted().toList().stream();
        }
    }

    private static String name(Path patch) {
        return patch.getFileName().toString().replace(".patch", "");
    }

    private Outcome tryPlanting(Path patch) throws Exception {
        try {
            return plant(patch);
        } catch (IllegalStateException e) {
            return new Outcome(name(patch), UNFIT, e.getMessage());
        }
    }

    private Outcome plant(Path patch) throws Exception {
        String bug = name(patch);
        Path copy = scratch.resolve(bug);
        List<String> sources = copyTouched(patch, copy);
        run("patch", "-s", "-p1", "--fuzz=0", "--no-backup-if-mismatch", "-d", copy + "", "-i", patch + "");
        Path over = copy.resolve("classes");
        List<String> compile = new ArrayList<>(List.of("-nowarn", "-d", over + "", "-p", classPath));
        compile.addAll(List.of("--patch-module", "io.mpath=" + copy.resolve("src/main/java")));
        compile.addAll(sources);
        if (ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, compile.toArray(String[]::new))
                != 0) {
            throw new IllegalStateException("it does not compile");
        }
        return sweep(bug, List.of("--patch-module", "io.mpath=" + over));
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

    private Outcome sweep(String bug, List<String> patched) throws Exception {
        List<String> java = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-ea"));
        java.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        java.addAll(patched);
        java.addAll(List.of("-p", classPath, "--add-modules", "io.mpath", checks.resolve("SeedSweep.java") + ""));
        java.addAll(List.of(seeds, LONGEST_SECONDS + ""));
        String[] said = run(java.toArray(String[]::new)).split("\t", -1);
        return switch (said[0]) {
            case "broken" -> new Outcome(bug, said[1], said[2].strip());
            case "clean" -> new Outcome(bug, MISSED, "not found by " + said[1] + " seeds");
            default -> new Outcome(bug, "1", "the run never ends");
        };
    }

    /** The last line that {@code command} prints; empty when it does not end by itself. */
    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(2L * LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return "";
        }
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(command[0] + " failed: " + said.strip());
        }
        return said.lines().reduce("", (first, second) -> second);
    }

    private boolean conclude(String mode, List<Outcome> outcomes) throws IOException {
        long found = outcomes.stream().skip(1).filter(Outcome::found).count();
        System.out.printf("%d of %d bugs found%n", found, outcomes.size() - 1);
        Path record = module.resolve("src/test/planted/found.txt");
        if (mode.equals("update")) {
            Files.write(record, outcomes.stream().map(Outcome::toString).toList());
        }
        List<String> expected = mode.equals("check") ? Files.readAllLines(record) : List.of();
        List<String> complaints = new ArrayList<>();
        if (outcomes.get(0).found()) {
            complaints.add(
                    "a rule is broken without any bug: " + outcomes.get(0).rule());
        }
        for (Outcome outcome : outcomes) {
            if (outcome.seed().equals(UNFIT)) {
                complaints.add(outcome.bug() + " cannot be planted: " + outcome.rule());
            } else if (!outcome.found() && expected.stream().anyMatch(line -> wasFound(line, outcome.bug()))) {
                complaints.add(outcome.bug() + " is not found any more");
            }
        }
        complaints.forEach(System.err::println);
        return complaints.isEmpty();
    }

    private static boolean wasFound(String line, String bug) {
        String[] words = line.strip().split("\\s+");
        return words[0].equals(bug) && !words[1].equals(MISSED);
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
