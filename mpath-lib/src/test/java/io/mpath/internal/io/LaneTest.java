package io.mpath.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneTest {
    private final Lane lane = new Lane(io -> true);

    @Test
    void firstOfATickIsTimedAndThenOneInSixteen() {
        StringBuilder timed = new StringBuilder();
        for (int i = 0; i < 33; i++) {
            timed.append(lane.timesNext(50) ? 'x' : '.');
        }

        assertThat(timed).hasToString("x...............x...............x");
    }

    @Test
    void everyOneIsTimedWhereTheyAreFarBetween() {
        for (long tick = 50; tick < 5_000; tick += 50) {
            assertThat(lane.timesNext(tick)).isTrue();
        }
    }
}
