package io.mpath.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole library, seed by seed. */
class SimulationTest {
    private static final long FIRST_OF_SWEEP = 1_000_000;

    /** These once showed something wrong, in the library or in what judges it. */
    @ParameterizedTest
    @ValueSource(longs = {18, 31, 176, 187, 190, 209, 299, 306, 371, 466, 519, 616, 815, 953, 1851})
    void seedThatOnceFailedIsClean(long seed) {
        assertThatCode(() -> Simulation.run(SimOptions.of(seed))).doesNotThrowAnyException();
    }

    /** {@code -Dmpath.sim.seconds=3600} makes a long night of it, {@code -Dmpath.sim.seed=N} another one. */
    @Test
    void sweepIsCleanAndMeetsEverything() {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("mpath.sim.seconds", 30));
        long first = Long.getLong("mpath.sim.seed", FIRST_OF_SWEEP);
        var coverage = new SimCoverage();
        long seeds = 0;
        while (System.nanoTime() < until || seeds < SimCoverage.ENOUGH_SEEDS) {
            coverage.add(Simulation.run(SimOptions.of(first + seeds)).coverage());
            seeds++;
        }

        assertThat(coverage.missing())
                .as("in %d seeds from %d on", seeds, first)
                .isEmpty();
    }

    /** A quarter of the sweep's seeds has reservations; here all have, with more faults of their commands. */
    @Test
    void reservedUnitsAreKeptUntilAnotherHostPreemptsAndLostForGoodThen() {
        for (long seed = 1; seed <= 200; seed++) {
            SimOptions options = SimOptions.of(seed).with("reserved=1,reservation-faults=150");
            assertThatCode(() -> Simulation.run(options)).doesNotThrowAnyException();
        }
    }

    /** What every Java version must tell, byte for byte; a library that is meant to act in another way tells another story. */
    @ParameterizedTest
    @CsvSource({"1, a90fc77a6c6a335f", "2, 77d51912eb81711e", "3, 7acd8d3382ffa322"})
    void storyIsTheSameOnEveryJava(long seed, String hash) {
        assertThat(story(SimOptions.of(seed))).endsWith("hash " + hash);
    }

    @Test
    void listeningChangesNothing() {
        SimOptions options = SimOptions.of(4);

        SimReport told = Simulation.tell(options, line -> {});

        assertThat(told.hash()).isEqualTo(Simulation.run(options).hash());
    }

    @Test
    void runIsRepeatedByItsOptionsAlone() {
        SimOptions drawn = SimOptions.of(5);
        SimOptions given = SimOptions.of(5).with(drawn.toString());

        assertThat(given).hasToString(drawn.toString());
        assertThat(given.given()).isEqualTo(drawn.toString());
        assertThat(Simulation.run(given).hash()).isEqualTo(Simulation.run(drawn).hash());
    }

    @Test
    void diskThatForgetsAnAcknowledgedWriteIsFoundByTheFirstSeed() {
        SimOptions options = SimOptions.of(6).with("forget-write=5,faults=none");

        SimViolation found = catchThrowableOfType(SimViolation.class, () -> Simulation.run(options));

        assertThat(found.rule()).isEqualTo("what is done, as is said, is on the disk");
        assertThat(found.replay()).isEqualTo("examples/mpath simulate --seed 6 --options forget-write=5,faults=none");
        assertThat(found).hasMessageContainingAll("seed 6", found.rule(), found.what(), found.replay());
    }

    /** With the hold disabled, as Linux has it: the ghost write. */
    @Test
    void lostWriteThatIsSentAgainAtOnceIsFoundWithinAHundredSeeds() {
        List<String> rules = new ArrayList<>();
        for (long seed = 1; seed <= 100; seed++) {
            try {
                Simulation.run(SimOptions.of(seed).with("unsafe-replay=1"));
            } catch (SimViolation violation) {
                rules.add(violation.rule());
            }
        }

        assertThat(rules)
                .contains(Violation.Rule.GHOST.toString(), Violation.Rule.LATE.toString())
                .hasSizeGreaterThan(3);
    }

    @Test
    void violationEndsTheStory() {
        List<String> story = new ArrayList<>();

        assertThatThrownBy(() -> Simulation.tell(SimOptions.of(6).with("forget-write=5,faults=none"), story::add))
                .isInstanceOf(SimViolation.class);

        assertThat(story.get(story.size() - 1)).contains("referee     rule broken: what is done, as is said");
    }

    private static List<String> story(SimOptions options) {
        List<String> lines = new ArrayList<>();
        Simulation.tell(options, lines::add);
        return lines;
    }
}
