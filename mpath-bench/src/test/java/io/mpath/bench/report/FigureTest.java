package io.mpath.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void whatJmhWroteIsRead() {
        Figure select = Recorded.figures().stream()
                .filter(figure -> figure.reference().equals("SelectBenchmark.select[paths=2,policy=numa]"))
                .findFirst()
                .orElseThrow();
        assertThat(select.parameters()).isEqualTo(Map.of("paths", "2", "policy", "numa"));
        assertThat(select.threads()).isEqualTo(1);
        assertThat(select.time().unit()).isEqualTo("ns/op");
        assertThat(select.time().value()).isBetween(0.1, 100.0);
        assertThat(select.beside()).containsKey(Figure.ALLOCATED);
        assertThat(select.vm()).contains("VM");
    }

    @Test
    void countersOfTheBenchmarkAreBesideItsTime() {
        assertThat(Recorded.figures())
                .filteredOn(figure -> figure.benchmark().equals("SubmitBenchmark.multipath"))
                .isNotEmpty()
                .allSatisfy(figure -> {
                    assertThat(figure.beside().get("succeeded").value()).isPositive();
                    assertThat(figure.beside().get("failed").value()).isZero();
                });
    }

    @Test
    void anErrorThatJmhDoesNotKnowIsNoNumber() {
        String json = """
                [{"benchmark": "a.b.C.d", "threads": 1, "vmName": "VM", "vmVersion": "17", "primaryMetric":
                  {"score": 5, "scoreError": "NaN", "scoreUnit": "ms/op"}, "secondaryMetrics": {}}]""";
        Figure figure = Figure.read(json).get(0);
        assertThat(figure.reference()).isEqualTo("C.d");
        assertThat(figure.time().error()).isNaN();
        assertThat(figure.time().text()).isEqualTo("5.00 ms");
    }

    @Test
    void whatJmhDidNotWriteIsRefused() {
        assertThatThrownBy(() -> Figure.read("{}")).hasMessageContaining("not what JMH writes");
        assertThatThrownBy(() -> Figure.read("[{}]")).hasMessageContaining("not what JMH writes");
        assertThatThrownBy(() -> Figure.read("[1]")).hasMessageContaining("not what JMH writes");
    }

    @Test
    void theErrorOfARatioHasBothInIt() {
        Measure ratio = new Measure(30, 3, "ns/op").over(new Measure(10, 1, "ns/op"));
        assertThat(ratio.value()).isEqualTo(3);
        assertThat(ratio.error()).isCloseTo(3 * Math.sqrt(0.02), within(1e-9));
        assertThat(ratio.text()).isEqualTo("3.00 ± 0.424 ×");
    }

    @Test
    void anUnknownErrorMakesThatOfTheRatioUnknown() {
        assertThat(new Measure(30, Double.NaN, "ms/op")
                        .over(new Measure(10, 1, "ms/op"))
                        .text())
                .isEqualTo("3.00 ×");
    }
}
