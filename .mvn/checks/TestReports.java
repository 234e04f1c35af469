import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Fails the build when tests silently stopped being run: one was skipped or disabled, there are fewer than the module's
 * pom records, it records so few that many could go unnoticed, the module has tests and no report, or they were run on
 * another Java than they should.
 *
 * <p>{@code java TestReports.java MODULE REPORTS MINIMUM JAVA}, where JAVA is a version such as 25, or any; or {@code --self-test} to see it refuse what it must refuse.
 */
final class TestReports {
    private static final String ANY = "any";

    private final List<String> complaints = new ArrayList<>();
    private final TreeSet<String> jvms = new TreeSet<>();
    private int tests;

    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals("--self-test")) {
            selfTest();
            return;
        }
        Path module = Path.of(args[0]);
        var reports = new TestReports();
        reports.check(module, Path.of(args[1]), Integer.parseInt(args[2]), args[3]);
        String jvm = String.join(", ", reports.jvms);
        System.out.printf("%s: %d tests on Java %s%n", module.getFileName(), reports.tests, jvm.isEmpty() ? "-" : jvm);
        reports.complaints.forEach(complaint -> System.err.println(module.getFileName() + ": " + complaint));
        if (!reports.complaints.isEmpty()) {
            System.exit(1);
        }
    }

    private void check(Path module, Path directory, int minimum, String java) throws Exception {
        List<Path> reports = filesUnder(directory, "TEST-", ".xml");
        for (Path report : reports) {
            read(report);
        }
        boolean hasTests =
                !filesUnder(module.resolve("src/test/java"), "", ".java").isEmpty();
        if (hasTests && reports.isEmpty()) {
            complaints.add("has src/test/java, but no report in " + directory);
        }
        if (hasTests && minimum < 1) {
            complaints.add("has src/test/java, but its pom.xml does not set mpath.tests.minimum");
        }
        if (tests < minimum) {
            complaints.add(tests + " tests ran, and mpath.tests.minimum in its pom.xml says " + minimum);
        }
        if (minimum * 10L < tests * 9L) {
            complaints.add(tests + " tests ran, and mpath.tests.minimum in its pom.xml says " + minimum
                    + ", which lets more than a tenth of them go unnoticed: raise it");
        }
        for (String jvm : jvms) {
            if (!java.equals(ANY) && !jvm.equals(java) && !jvm.startsWith(java + '.')) {
                complaints.add("tests ran on Java " + jvm + ", not on " + java);
            }
        }
    }

    private void read(Path report) throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        var cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            tests++;
            if (test.getElementsByTagName("skipped").getLength() > 0) {
                complaints.add("skipped: " + test.getAttribute("classname") + '.' + test.getAttribute("name"));
            }
        }
        jvms.add(javaVersion(suite));
    }

    private static String javaVersion(Element suite) {
        var properties = suite.getElementsByTagName("property");
        for (int i = 0; i < properties.getLength(); i++) {
            Element property = (Element) properties.item(i);
            if (property.getAttribute("name").equals("java.version")) {
                return property.getAttribute("value");
            }
        }
        return "of unknown version";
    }

    private static List<Path> filesUnder(Path directory, String prefix, String suffix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static void selfTest() throws Exception {
        String passed = "<testcase classname='T' name='a'/>";
        String skipped = "<testcase classname='T' name='b'><skipped/></testcase>";
        expect(null, 2, ANY, passed + passed);
        expect("2 tests ran, and mpath.tests.minimum", 3, ANY, passed + passed);
        expect("skipped: T.b", 2, ANY, passed + skipped);
        expect("does not set mpath.tests.minimum", 0, ANY, passed);
        expect("no report", 1, ANY, null);
        expect(null, 9, ANY, passed.repeat(10));
        expect("raise it", 8, ANY, passed.repeat(10));
        expect(null, 1, "25", java("25.0.3") + passed);
        expect(null, 1, "25", java("25") + passed);
        expect("tests ran on Java 17.0.1, not on 25", 1, "25", java("17.0.1") + passed);
        expect("tests ran on Java 250.1, not on 25", 1, "25", java("250.1") + passed);
        expect("of unknown version", 1, "25", passed);
        System.out.println("TestReports: self-test passed");
    }

    private static String java(String version) {
        return "<properties><property name='java.version' value='" + version + "'/></properties>";
    }

    /** @param complaint part of what is said about it, or null when it must pass */
    private static void expect(String complaint, int minimum, String java, String cases) throws Exception {
        Path module = Files.createTempDirectory("test-reports");
        Path source = Files.createDirectories(module.resolve("src/test/java")).resolve("T.java");
        Path report = Files.createDirectories(module.resolve("reports")).resolve("TEST-T.xml");
        try {
            Files.writeString(source, "");
            if (cases != null) {
                Files.writeString(report, "<testsuite>" + cases + "</testsuite>");
            }
            var reports = new TestReports();
            reports.check(module, report.getParent(), minimum, java);
            boolean asExpected = complaint == null
                    ? reports.complaints.isEmpty()
                    : reports.complaints.stream().anyMatch(said -> said.contains(complaint));
            if (!asExpected) {
                throw new AssertionError(cases + " with a minimum of " + minimum + " on " + java + " gave "
                        + reports.complaints + ", not " + complaint);
            }
        } finally {
            Files.deleteIfExists(report);
            Files.delete(source);
            for (String directory : List.of("reports", "src/test/java", "src/test", "src", "")) {
                Files.delete(module.resolve(directory));
            }
        }
    }
}
