package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
        ended(MILLI, 1);
        long[] waits = new long[12];
        for (int i = 0; i < waits.length; i++) {
            now = history.probeNanos(32);
            assertThat(history.claimProbe(now)).isTrue();
            waits[i] = (history.probeNanos(32) - now) / MILLI;
        }

        assertThat(waits)
                .containsExactly(64, 128, 256, 512, 1024, 2048, 4096, 8192, 10_000, 10_000, 10_000, 10_000);
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

    private void ended(long latency, int inFlight) {
        history.ended(now, now + latency, inFlight);
        now += latency;
    }
}
