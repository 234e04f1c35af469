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
 * pom records, or the module has tests and no report.
 *
 * <p>{@code java TestReports.java MODULE REPORTS MINIMUM}, or {@code --self-test} to see it refuse what it must refuse.
 */
final class TestReports {
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
        reports.check(module, Path.of(args[1]), Integer.parseInt(args[2]));
        String jvm = String.join(", ", reports.jvms);
        System.out.printf("%s: %d tests on Java %s%n", module.getFileName(), reports.tests, jvm.isEmpty() ? "-" : jvm);
        reports.complaints.forEach(complaint -> System.err.println(module.getFileName() + ": " + complaint));
        if (!reports.complaints.isEmpty()) {
            System.exit(1);
        }
    }

    private void check(Path module, Path directory, int minimum) throws Exception {
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
        var properties = suite.getElementsByTagName("property");
        for (int i = 0; i < properties.getLength(); i++) {
            Element property = (Element) properties.item(i);
            if (property.getAttribute("name").equals("java.version")) {
                jvms.add(property.getAttribute("value"));
            }
        }
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
        expect(false, 2, passed + passed);
        expect(true, 3, passed + passed);
        expect(true, 2, passed + skipped);
        expect(true, 0, passed);
        expect(true, 1, null);
        System.out.println("TestReports: self-test passed");
    }

    private static void expect(boolean refused, int minimum, String cases) throws Exception {
        Path module = Files.createTempDirectory("test-reports");
        Path source = Files.createDirectories(module.resolve("src/test/java")).resolve("T.java");
        Path report = Files.createDirectories(module.resolve("reports")).resolve("TEST-T.xml");
        try {
            Files.writeString(source, "");
            if (cases != null) {
                Files.writeString(report, "<testsuite>" + cases + "</testsuite>");
            }
            var reports = new TestReports();
            reports.check(module, report.getParent(), minimum);
            if (reports.complaints.isEmpty() == refused) {
                throw new AssertionError(cases + " with a minimum of " + minimum + " gave " + reports.complaints);
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
