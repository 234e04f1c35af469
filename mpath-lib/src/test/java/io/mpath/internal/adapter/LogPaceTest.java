package io.mpath.internal.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogPaceTest {
    private final LogPace pace = new LogPace();

    @Test
    void firstLinePassesAtOnceAndOneInTenSecondsAfterIt() {
        assertThat(pace.passes(() -> 5)).isTrue();
        assertThat(pace.passes(() -> 4 + LogPace.INTERVAL_NANOS)).isFalse();
        assertThat(pace.passes(() -> 5 + LogPace.INTERVAL_NANOS)).isTrue();
        assertThat(pace.passes(() -> 6 + LogPace.INTERVAL_NANOS)).isFalse();
    }

    /** A ticker may be below zero, and may overflow. */
    @Test
    void timeMayPassTheLargestNumber() {
        assertThat(pace.passes(() -> Long.MAX_VALUE)).isTrue();
        assertThat(pace.passes(() -> Long.MIN_VALUE + 1)).isFalse();
        assertThat(pace.passes(() -> Long.MIN_VALUE + LogPace.INTERVAL_NANOS)).isTrue();
    }
}
