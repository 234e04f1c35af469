package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What must hold of policies that go by what paths serve, as checks that can be given broken ones too. */
final class SharingChecks {
    private static final long MICRO = 1000;
    private static final long MILLI = 1000 * MICRO;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final int CALLERS_A_PATH = 16;

    private SharingChecks() {}

    /** Of paths that serve one request at a time each gets its share of what they serve in all, whatever they were before. */
    static void sharesFollowTheThroughput(IoPolicy policy, List<Integer> serviceMicros, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<ServedPath> paths = new ArrayList<>();
        double rates = 0;
        for (int micros : serviceMicros) {
            // At first all the other way round.
            int first = serviceMicros.get(serviceMicros.size() - 1 - paths.size());
            paths.add(new ServedPath(paths.size(), ServedPath.server(first * MICRO, random.split())));
            rates += 1.0 / micros;
        }
        ClosedLoop loop = new ClosedLoop(policy, paths, CALLERS_A_PATH * paths.size());
        loop.run(WARM_UP);
        for (int i = 0; i < paths.size(); i++) {
            paths.get(i).become(ServedPath.server(serviceMicros.get(i) * MICRO, random.split()));
        }
        loop.run(WARM_UP);

        long[] taken = loop.run(MEASURED);

        long all = Arrays.stream(taken).sum();
        for (int i = 0; i < taken.length; i++) {
            double share = 1.0 / serviceMicros.get(i) / rates;
            assertThat((double) taken[i] / all)
                    .as("share of path %d of %s µs under %s: %s", i, serviceMicros, policy.name(), paths)
                    .isBetween(share * 0.85, share * 1.15);
        }
    }

    /** A path that was slow for long, or did not answer at all, and is the fastest again soon gets most requests. */
    static void recoveredPathIsFound(IoPolicy policy, ServedPath.Law before, int callers, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        var sound = new ServedPath(0, ServedPath.delay(5 * MILLI, random.split()));
        var recovering = new ServedPath(1, ServedPath.delay(MILLI, random.split()));
        ClosedLoop loop = new ClosedLoop(policy, List.of(sound, recovering), callers);
        loop.run(WARM_UP);
        recovering.become(before);
        loop.run(Duration.ofMinutes(2));
        recovering.become(ServedPath.delay(MILLI, random.split()));
        // The rarest probe is one in 10 s, and the first may have been sent just before.
        loop.run(Duration.ofSeconds(25));

        long[] taken = loop.run(MEASURED);

        assertThat(taken[1])
                .as("requests of %d callers to the fast path under %s: %s", callers, policy.name(), recovering)
                .isGreaterThan(taken[0]);
    }

    /** Once a time-out has passed, a path that stops answering has no more than its part of the callers. */
    static void hungPathDoesNotTakeAllCallers(IoPolicy policy, int callers, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        var sound = new ServedPath(0, ServedPath.delay(MILLI, random.split()));
        var hangs = new ServedPath(1, ServedPath.delay(MILLI, random.split()));
        ClosedLoop loop = new ClosedLoop(policy, List.of(sound, hangs), callers);
        loop.run(WARM_UP);
        hangs.become(ServedPath.hung());
        loop.run(Duration.ofSeconds(40));

        assertThat(hangs.inFlight())
                .as("requests of %d callers with the path that hangs under %s", callers, policy.name())
                .isLessThanOrEqualTo(callers * 3 / 4);
        assertThat(loop.run(MEASURED)[0]).isPositive();
    }

    /** A path that comes back is not given everything because nothing is known of it. */
    static void returnedPathIsNotFlooded(IoPolicy policy, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        var sound = new ServedPath(0, ServedPath.delay(2 * MILLI, random.split()));
        var returned = new ServedPath(1, ServedPath.delay(2 * MILLI, random.split()));
        ClosedLoop loop = new ClosedLoop(policy, List.of(sound, returned), 4 * CALLERS_A_PATH);
        loop.run(WARM_UP);
        returned.comeBack(ServedPath.delay(2 * MILLI, random.split()));

        // It cannot have answered in that time.
        long[] taken = loop.run(Duration.ofMillis(1));

        assertThat(taken[1])
                .as("requests given at once under %s", policy.name())
                .isLessThanOrEqualTo(2);
    }

    /** A path that comes back has its part again soon. */
    static void returnedPathHasItsPart(IoPolicy policy, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        var sound = new ServedPath(0, ServedPath.server(200 * MICRO, random.split()));
        var returned = new ServedPath(1, ServedPath.server(200 * MICRO, random.split()));
        ClosedLoop loop = new ClosedLoop(policy, List.of(sound, returned), 2 * CALLERS_A_PATH);
        loop.run(WARM_UP);
        returned.comeBack(ServedPath.server(200 * MICRO, random.split()));
        loop.run(Duration.ofSeconds(1));

        long[] taken = loop.run(Duration.ofSeconds(1));

        assertThat(taken[1]).as("its part under %s", policy.name()).isBetween(taken[0] * 4 / 5, taken[0] * 5 / 4);
    }
}
