package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ServiceHistoryTest {
    private static final long MILLI = 1_000_000;

    /** System.nanoTime may be negative. */
    private static final long START = -5_000 * MILLI;

    private final ServiceHistory history = new ServiceHistory();
    private long now = START;

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(history.latencyNanos()).isZero();
        assertThat(history.serviceNanos()).isZero();
        assertThat(history.untried()).isTrue();
        assertThat(history.toString()).isEqualTo("nothing known");
    }

    @Test
    void serviceTimeIsTheLatencyDividedByWhatThePortHadAtOnce() {
        ended(12 * MILLI, 4);

        assertThat(history.latencyNanos()).isEqualTo(12 * MILLI);
        assertThat(history.serviceNanos()).isEqualTo(3 * MILLI);
        assertThat(history).hasToString("12000000 ns, 3000000 ns each");
    }

    @Test
    void firstEightCountEvenly() {
        for (int i = 1; i <= 8; i++) {
            ended(i * MILLI, 1);
        }

        assertThat(history.latencyNanos()).isCloseTo(4_500_000, within(10L));
    }

    @Test
    void afterThoseARequestCountsByTheTimeSinceTheOneBefore() {
        for (int i = 0; i < 8; i++) {
            ended(MILLI, 1);
        }
        now += 250 * MILLI - 9 * MILLI;
        ended(9 * MILLI, 1);

        assertThat(history.latencyNanos()).isCloseTo(5 * MILLI, within(10L));
    }

    @Test
    void whatIsSecondsOldIsAllButForgotten() {
        for (int i = 0; i < 100; i++) {
            ended(500 * MILLI, 1);
        }
        now += 60_000 * MILLI;
        ended(MILLI, 1);

        assertThat(history.latencyNanos()).isLessThan(4 * MILLI);
    }

    @Test
    void requestsThatEndInDisorderDoNotTurnTimeBack() {
        ended(10 * MILLI, 1);
        long last = history.sampledNanos();
        history.ended(now - 30 * MILLI, now - 20 * MILLI, 1);

        assertThat(history.sampledNanos()).isEqualTo(last);
    }

    @Test
    void clockThatDoesNotMoveAndOneThatRunsWildGiveATimeThatCanBeReckonedWith() {
        history.ended(START, START, 5);
        assertThat(history.latencyNanos()).isEqualTo(1);
        assertThat(history.serviceNanos()).isEqualTo(1);

        history.forget();
        history.ended(START, Long.MAX_VALUE + START, 0);
        assertThat(history.latencyNanos()).isEqualTo(100_000 * MILLI);
    }

    @Test
    void cautionEndsWithTheFifthRequest() {
        int[] cautions = new int[9];
        for (int i = 0; i < cautions.length; i++) {
            cautions[i] = history.caution();
            ended(MILLI, 1);
        }

        assertThat(cautions).containsExactly(1, 8, 4, 2, 2, 1, 1, 1, 1);
    }

    @Test
    void pathIsLookedAtAgainAfterSoManyTimesItsLatency() {
        ended(3 * MILLI, 1);

        assertThat(history.probeNanos(32)).isEqualTo(now + 96 * MILLI);
    }

    @Test
    void pathThatDoesNotAnswerIsLookedAtMoreAndMoreRarely() {
        history.claimProbe(now);
        long[] waits = new long[10];
        for (int i = 0; i < waits.length; i++) {
            waits[i] = (history.probeNanos(32) - now) / MILLI;
            now = history.probeNanos(32);
            assertThat(history.claimProbe(now)).isTrue();
        }

        assertThat(waits).containsExactly(100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000);
    }

    @Test
    void pathThatDoesNotAnswerIsAsSlowAsItHasBeenWaitedFor() {
        ended(2 * MILLI, 2);
        now += 64 * MILLI;
        history.claimProbe(now);
        assertThat(history.latencyNanos()).isEqualTo(2 * MILLI);
        history.claimProbe(now + 128 * MILLI);

        assertThat(history.latencyNanos()).isEqualTo(128 * MILLI);
        assertThat(history.serviceNanos()).isEqualTo(64 * MILLI);
        assertThat(history.probeNanos(32)).isEqualTo(now + 128 * MILLI + 10_000 * MILLI);
    }

    @Test
    void answerThatWasNotWaitedForLongDoesNotMakeAPathFaster() {
        ended(20 * MILLI, 1);
        history.claimProbe(now);
        history.claimProbe(now + MILLI);

        assertThat(history.latencyNanos()).isEqualTo(20 * MILLI);
    }

    @Test
    void answerEndsTheWaiting() {
        ended(MILLI, 1);
        history.claimProbe(now);
        history.claimProbe(now);
        ended(MILLI, 1);

        assertThat(history.probeNanos(32)).isCloseTo(now + 32 * MILLI, within(100L));
    }

    @Test
    void unknownPathThatDidNotAnswerIsLookedAtAgainAfter100Milliseconds() {
        assertThat(history.claimProbe(START)).isTrue();

        assertThat(history.untried()).isFalse();
        assertThat(history.probeNanos(32)).isEqualTo(START + 100 * MILLI);
    }

    @Test
    void requestSentToFindOutIsTimedOnce() {
        assertThat(history.takeWanted()).isFalse();
        history.claimProbe(START);

        assertThat(history.takeWanted()).isTrue();
        assertThat(history.takeWanted()).isFalse();
    }

    @Test
    void failureCountsOnlyWhereItTookLongerThanWhatSucceeds() {
        ended(3 * MILLI, 1);
        history.failed(now, now + MILLI, 1);
        assertThat(history.latencyNanos()).isEqualTo(3 * MILLI);
        long due = history.probeNanos(32);
        history.failed(now, now + 30_000 * MILLI, 3);

        assertThat(history.latencyNanos()).isEqualTo(30_000 * MILLI);
        assertThat(history.serviceNanos()).isEqualTo(10_000 * MILLI);
        assertThat(history.probeNanos(1)).isLessThan(due + 10_000 * MILLI);
    }

    @Test
    void failureOfARequestThatWasSentBeforeOthersSucceededTellsNothing() {
        long sent = now;
        now += 20_000 * MILLI;
        ended(MILLI, 1);
        history.failed(sent, now, 1);

        assertThat(history.latencyNanos()).isEqualTo(MILLI);
    }

    @Test
    void failureOfAPathOfWhichNothingIsKnownTellsNothing() {
        history.failed(now, now + MILLI, 1);

        assertThat(history.latencyNanos()).isZero();
    }

    @Test
    void pathThatComesBackIsUnknown() {
        ended(3 * MILLI, 1);
        history.claimProbe(now);
        history.forget();

        assertThat(history.latencyNanos()).isZero();
        assertThat(history.serviceNanos()).isZero();
        assertThat(history.untried()).isTrue();
        ended(7 * MILLI, 1);
        assertThat(history.latencyNanos()).isEqualTo(7 * MILLI);
    }

    /** What a reader sees may be of two moments, but it was written. */
    @Test
    void threadsThatTimeAtOnceLeaveNothingThatNobodyWrote() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Boolean>> sound = threads.invokeAll(List.of(this::timeMany, this::timeMany));
            for (Future<Boolean> each : sound) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private boolean timeMany() {
        boolean sound = true;
        for (int i = 0; i < 200_000; i++) {
            long latency = (1 + i % 9) * MILLI;
            history.ended(i, i + latency, 1 + i % 3);
            sound &= history.latencyNanos() >= MILLI && history.latencyNanos() <= 9 * MILLI;
            sound &= history.serviceNanos() >= MILLI / 3 && history.serviceNanos() <= 9 * MILLI;
        }
        return sound;
    }

    private void ended(long latency, int inFlight) {
        history.ended(now, now + latency, inFlight);
        now += latency;
    }
}
