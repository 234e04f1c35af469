package io.mpath.bench;

import io.mpath.bench.report.Gate;
import io.mpath.bench.report.Report;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The benchmarks' command: {@code report} and {@code gate}, and else JMH's own with its options, over all policies that there
 * are unless {@code -p policy=…} names some.
 */
public final class Main {
    private static final String POLICY = "policy=";

    private Main() {}

    /** Runs it; the exit status is not 0 when something could not be measured or a bound does not hold. */
    public static void main(String[] arguments) throws Exception {
        String first = arguments.length == 0 ? "" : arguments[0];
        switch (first) {
            case "report" -> Report.main(behindFirst(arguments));
            case "gate" -> Gate.main(behindFirst(arguments));
            default -> org.openjdk.jmh.Main.main(overAllPolicies(arguments));
        }
    }

    private static String[] behindFirst(String[] arguments) {
        return Arrays.copyOfRange(arguments, 1, arguments.length);
    }

    private static String[] overAllPolicies(String[] arguments) {
        if (Arrays.stream(arguments).anyMatch(argument -> argument.startsWith(POLICY))) {
            return arguments;
        }
        String names = IoPolicies.all().stream().map(IoPolicy::name).collect(Collectors.joining(","));
        return Stream.concat(Arrays.stream(arguments), Stream.of("-p", POLICY + names))
                .toArray(String[]::new);
    }
}
