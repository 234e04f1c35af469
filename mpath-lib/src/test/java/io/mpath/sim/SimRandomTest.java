package io.mpath.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimRandomTest {
    /** The published first outputs of SplitMix64 for seed 1234567: whatever runs this, the numbers are these. */
    @Test
    void sequenceIsThatOfSplitMix64OnEveryJavaVersion() {
        var random = new SimRandom(1234567);

        assertThat(LongStream.generate(random::nextLong).limit(3).mapToObj(Long::toUnsignedString))
                .containsExactly("6457827717110365317", "3203168211198807973", "9817491932198370423");
    }

    @Test
    void oneMoreDrawInOneComponentLeavesOthersAlone() {
        var first = new SimRandom(1);
        var second = new SimRandom(1);
        second.nextLong();

        assertThat(first.split("latency").nextLong())
                .isEqualTo(second.split("latency").nextLong())
                .isNotEqualTo(first.split("ties").nextLong());
    }

    @Test
    void numbersFillTheirRangeAndStayInIt() {
        var random = new SimRandom(2);
        int[] counts = new int[5];
        IntStream.range(0, 5000).forEach(i -> counts[random.nextInt(5)]++);
        long[] drawn =
                LongStream.generate(() -> random.between(-2, 2)).limit(1000).toArray();

        assertThat(Arrays.stream(counts)).allMatch(count -> count > 800);
        assertThat(LongStream.of(drawn).distinct().sorted()).containsExactly(-2L, -1L, 0L, 1L, 2L);
    }

    @Test
    void emptyRangesAreRefused() {
        var random = new SimRandom(3);

        assertThatThrownBy(() -> random.nextInt(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> random.between(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
