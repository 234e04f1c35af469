package io.mpath.bench.report;

import static io.mpath.bench.report.Recorded.figure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Comparison CHOICE =
            new Comparison("Choice", "How long?", "S.select", List.of("S.floor", "S.walk"), "", "paths", "");

    private final List<Figure> figures = List.of(
            figure("S.floor", Map.of("paths", "2"), 1.0, 0.1),
            figure("S.floor", Map.of("paths", "16"), 1.2, 0.1),
            figure("S.walk", Map.of("paths", "2", "walked", "numa"), 0.8, 0.1),
            figure("S.walk", Map.of("paths", "2", "walked", "queue-depth"), 3.0, 0.1),
            figure("S.select", Map.of("paths", "16", "policy", "numa"), 2.4, 0.1),
            figure("S.select", Map.of("paths", "2", "policy", "numa"), 2.0, 0.1),
            figure("S.select", Map.of("paths", "2", "policy", "queue-depth"), 4.0, 0.1));

    @Test
    void theFasterOfTheBaselinesThatGoWithItCounts() {
        assertThat(CHOICE.rows(figures))
                .extracting(
                        row -> row.figure().reference(),
                        row -> row.baseline().reference(),
                        row -> row.ratio().value())
                .containsExactly(
                        tuple("S.select[paths=2,policy=numa]", "S.walk[paths=2,walked=numa]", 2.5),
                        tuple("S.select[paths=16,policy=numa]", "S.floor[paths=16]", 2.4 / 1.2),
                        tuple("S.select[paths=2,policy=queue-depth]", "S.floor[paths=2]", 4.0));
    }

    @Test
    void withoutABaselineThereIsNoRatio() {
        List<Comparison.Row> rows = CHOICE.rows(List.of(figure("S.select", Map.of("paths", "4"), 2.0, 0.1)));
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.baseline()).isNull();
            assertThat(row.ratio()).isNull();
        });
    }

    @Test
    void everyBenchmarkThatThePageComparesIsRunForIt() {
        for (Plan plan : List.of(Plan.quick(), Plan.full())) {
            List<String> run = plan.parts().stream().map(Plan.Part::benchmark).toList();
            for (Comparison comparison : Comparisons.all()) {
                assertThat(run).as(comparison.title()).contains(comparison.subject());
                assertThat(run).as(comparison.title()).containsAnyElementsOf(comparison.baselines());
            }
        }
    }

    @Test
    void thePoliciesAreAllThatThereAre() {
        assertThat(Plan.full().parts())
                .filteredOn(part -> part.benchmark().equals("SelectBenchmark.select"))
                .singleElement()
                .satisfies(part -> assertThat(part.parameters().get("policy"))
                        .containsExactlyElementsOf(
                                IoPolicies.all().stream().map(IoPolicy::name).toList()));
    }
}
