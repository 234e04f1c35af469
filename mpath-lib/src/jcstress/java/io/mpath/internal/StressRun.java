package io.mpath.internal;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;

/**
 * Runs jcstress with its own arguments, and looks at what it does not: a canary, whose name ends so, must have shown its
 * interesting outcome, no other test may have one, and every class of tests has a canary.
 */
public final class StressRun {
    private static final String CANARY = "Canary";

    private StressRun() {}

    /** Ends with an error when a test failed, a canary did not fall over, or one is missing. */
    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        if (!options.parse()) {
            throw new IllegalArgumentException("not understood: " + String.join(" ", args));
        }
        new JCStress(options).run();
        List<TestResult> results = read(options.getResultFile());
        long complaints = results.stream().filter(StressRun::complain).count();
        Set<String> suites = results.stream().map(StressRun::suite).collect(Collectors.toCollection(TreeSet::new));
        results.stream().filter(StressRun::isCanary).map(StressRun::suite).forEach(suites::remove);
        if (complaints > 0 || !suites.isEmpty() || results.isEmpty()) {
            throw new AssertionError(complaints + " of " + results.size()
                    + " tests are not as they must be; without a canary: " + suites);
        }
        System.out.println("jcstress: " + results.size() + " tests are as they must be");
    }

    private static boolean isCanary(TestResult result) {
        return result.getName().endsWith(CANARY);
    }

    private static List<TestResult> read(String file) throws Exception {
        InProcessCollector collector = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(file, collector);
        reader.dump();
        reader.close();
        return ReportUtils.mergedByName(collector.getTestResults()).stream()
                .sorted(Comparator.comparing(TestResult::getName))
                .toList();
    }

    private static boolean complain(TestResult result) {
        boolean passed = ReportUtils.statusToPassed(result) && result.grading().isPassed;
        boolean asItMust = passed && result.grading().hasInteresting == isCanary(result);
        String counts = result.getStateKeys().stream()
                .sorted()
                .map(outcome -> result.getCount(outcome) + " x " + outcome)
                .collect(Collectors.joining("; "));
        System.out.println((asItMust ? "ok    " : "WRONG ") + result.getName() + ": " + counts);
        return !asItMust;
    }

    private static String suite(TestResult result) {
        return result.getName().substring(0, result.getName().lastIndexOf('.'));
    }
}
