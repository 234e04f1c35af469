import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs tests by their names, one after the other, and prints {@code green} or {@code red} and the name for each. A test that
 * there is not, or that does not run, is {@code missing}.
 *
 * <p>{@code java -cp CLASSPATH TestRun CLASS#METHOD...}
 */
final class TestRun implements TestExecutionListener {
    private final List<TestExecutionResult.Status> ended = new ArrayList<>();

    public static void main(String[] args) {
        for (String name : args) {
            System.out.printf("%n%s %s%n", new TestRun().run(name), name);
        }
        // Threads that a broken test left behind must not keep the next from being planted.
        System.exit(0);
    }

    private String run(String name) {
        try {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(method(name))
                                    .filters(EngineFilter.includeEngines("junit-jupiter"))
                                    .build(),
                            this);
        } catch (ClassNotFoundException | RuntimeException e) {
            return "missing";
        }
        if (ended.isEmpty()) {
            return "missing";
        }
        return ended.stream().allMatch(TestExecutionResult.Status.SUCCESSFUL::equals) ? "green" : "red";
    }

    /** By its name alone, though it may take parameters. */
    private static DiscoverySelector method(String name) throws ClassNotFoundException {
        String[] parts = name.split("#", 2);
        Class<?> type = Class.forName(parts[0]);
        return Stream.of(type.getDeclaredMethods())
                .filter(each -> each.getName().equals(parts[1]))
                .findFirst()
                .map(each -> selectMethod(type, each))
                .orElseThrow();
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        // A class whose setting up fails has no tests that ended.
        if (test.isTest() || result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
            ended.add(result.getStatus());
        }
    }
}
