package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Policies that go by what paths serve, over random paths in virtual time. */
class SharingProperties {
    private static final long MILLI = 1_000_000;

    @Property(tries = 40)
    void sharesConvergeToTheRatioOfThroughput(
            @ForAll("sharing") IoPolicy policy, @ForAll("services") List<Integer> serviceMicros, @ForAll long seed) {
        SharingChecks.sharesFollowTheThroughput(policy, serviceMicros, seed);
    }

    @Property(tries = 40)
    void slowPathThatRecoveredIsFoundAgain(
            @ForAll("timing") IoPolicy policy,
            @ForAll @IntRange(min = 10, max = 2000) int slowMillis,
            @ForAll @IntRange(min = 1, max = 64) int callers,
            @ForAll long seed) {
        var slow = ServedPath.delay(slowMillis * MILLI, new SplittableRandom(seed));
        SharingChecks.recoveredPathIsFound(policy, slow, callers, seed);
    }

    @Property(tries = 20)
    void pathThatDidNotAnswerIsFoundAgain(
            @ForAll("timing") IoPolicy policy, @ForAll @IntRange(min = 16, max = 64) int callers, @ForAll long seed) {
        SharingChecks.recoveredPathIsFound(policy, ServedPath.hung(), callers, seed);
    }

    @Property(tries = 20)
    void pathThatStopsAnsweringLeavesRoomForTheOthers(
            @ForAll("sharing") IoPolicy policy, @ForAll @IntRange(min = 8, max = 256) int callers, @ForAll long seed) {
        SharingChecks.hungPathDoesNotTakeAllCallers(policy, callers, seed);
    }

    @Property(tries = 20)
    void pathThatComesBackIsNotFlooded(@ForAll("timing") IoPolicy policy, @ForAll long seed) {
        SharingChecks.returnedPathIsNotFlooded(policy, seed);
    }

    @Property(tries = 20)
    void pathThatComesBackHasItsPartAgain(@ForAll("timing") IoPolicy policy, @ForAll long seed) {
        SharingChecks.returnedPathHasItsPart(policy, seed);
    }

    /** The negative control: policies with one mistake each do not pass. */
    @Example
    void turnsThatHeedNothingAreCaught() {
        caught(() -> SharingChecks.sharesFollowTheThroughput(IoPolicies.roundRobin(), List.of(100, 800), 1));
        caught(() -> SharingChecks.hungPathDoesNotTakeAllCallers(IoPolicies.roundRobin(), 64, 1));
    }

    @Example
    void estimateWithoutDepthIsCaught() {
        IoPolicy fastestOnly = broken(candidates -> cursor -> {
            int best = 0;
            for (int i = 1; i < candidates.size(); i++) {
                long latency = candidates.get(i).history().latencyNanos();
                best = latency < candidates.get(best).history().latencyNanos() ? i : best;
            }
            return best;
        });

        caught(() -> SharingChecks.sharesFollowTheThroughput(fastestOnly, List.of(100, 800), 1));
    }

    @Example
    void pathThatIsNeverLookedAtAgainIsCaught() {
        var slow = ServedPath.delay(2000 * MILLI, new SplittableRandom(1));

        caught(() -> SharingChecks.recoveredPathIsFound(trusting(), slow, 4, 1));
    }

    @Example
    void trustInTheUnknownIsCaught() {
        caught(() -> SharingChecks.returnedPathIsNotFlooded(trusting(), 1));
    }

    /** Goes by latency and depth alone: what is unknown takes no time at all, and what was slow stays so. */
    private static IoPolicy trusting() {
        return broken(candidates -> cursor -> {
            int best = 0;
            double least = Double.MAX_VALUE;
            for (int i = 0; i < candidates.size(); i++) {
                SelectablePath path = candidates.get(i);
                double expected = (double) path.history().latencyNanos() * (path.inFlight() + 1);
                if (expected < least) {
                    least = expected;
                    best = i;
                }
            }
            return best;
        });
    }

    private static void caught(ThrowingCallable check) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class);
    }

    private static IoPolicy broken(Function<List<? extends SelectablePath>, PathSelector> choice) {
        return new IoPolicy() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public boolean countsInFlight() {
                return true;
            }

            @Override
            public PathSelector selector(List<? extends SelectablePath> candidates, NumaTopology numa) {
                return choice.apply(candidates);
            }
        };
    }

    @Provide
    Arbitrary<IoPolicy> sharing() {
        return Arbitraries.of(
                IoPolicies.queueDepth(),
                IoPolicies.serviceTime(),
                IoPolicies.historicalServiceTime(),
                IoPolicies.latency());
    }

    @Provide
    Arbitrary<IoPolicy> timing() {
        return Arbitraries.of(IoPolicies.historicalServiceTime(), IoPolicies.latency());
    }

    /** 2 to 6 paths, the slowest eight times slower than the fastest at most. */
    @Provide
    Arbitrary<List<Integer>> services() {
        return Arbitraries.integers().between(100, 800).list().ofMinSize(2).ofMaxSize(6);
    }
}
