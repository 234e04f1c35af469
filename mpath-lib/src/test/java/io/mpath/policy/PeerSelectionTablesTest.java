package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.AccessState;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The tables, run with the bare selectors; the tier is {@link ReferenceSelection}'s. */
class PeerSelectionTablesTest implements PeerSelectionTables {
    @Override
    public SelectionSubject subject(IoPolicy policy) {
        return SelectionSubject.selectorsOf(policy, NumaTopology.flat());
    }

    /** The tables refuse what selects by other rules. */
    @Nested
    class NegativeControl {
        private final PeerSelectionTables firstAlways =
                policy -> paths -> ReferenceSelection.tier(paths).stream().findFirst();
        private final PeerSelectionTables blindToStates =
                policy -> paths -> paths.stream().findFirst();

        @Test
        void alwaysTheFirstOfTheTierFailsWhereTurnsAreExpected() {
            firstAlways.activePassiveStatusOfTwoPorts("optimized optimized", "p1");

            assertThatThrownBy(() -> firstAlways.activeActiveStatusOfTwoPorts("optimized optimized", "p1 p2"))
                    .isInstanceOf(AssertionError.class);
            assertThatThrownBy(firstAlways::equallyShallowPathsTakeTurns).isInstanceOf(AssertionError.class);
            assertThatThrownBy(firstAlways::rotationSurvivesTheRemovalOfItsCurrentPath)
                    .isInstanceOf(AssertionError.class);
        }

        @Test
        void alwaysTheFirstOfAllFailsWhereStatesMatter() {
            assertThatThrownBy(() -> blindToStates.activePassiveStatusOfTwoPorts("non_optimized optimized", "p2"))
                    .isInstanceOf(AssertionError.class);
            assertThatThrownBy(() ->
                            blindToStates.onlyOptimizedAndNonOptimizedPathsAreEverTaken(AccessState.PERSISTENT_LOSS))
                    .isInstanceOf(AssertionError.class);
        }
    }
}
