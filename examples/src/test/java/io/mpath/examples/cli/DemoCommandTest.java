package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoCommandTest {
    @Test
    void demoPassesItsOwnVerdict() {
        CommandRun run = CommandRun.of("demo", "--seconds", "1");

        assertThat(run.out())
                .contains(
                        "controller-a.disk liveness live -> connecting",
                        "controller-a.disk liveness connecting -> live")
                .contains("controller-b.disk access state optimized -> non_optimized")
                .containsPattern(
                        "PASSED: \\d+ requests, 0 errors, \\d+ blocks read back, 0 miscompares, [1-9]\\d* failovers");
        assertThat(run.status()).as(run.out()).isZero();
    }

    @Test
    void demoAsJsonHasTheFormOfIo() {
        CommandRun run = CommandRun.of("demo", "--seconds", "1", "--json");

        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out())
                .startsWith("{\"device\":\"name.demo\",\"policy\":\"round-robin\",\"requests\":")
                .contains("\"errors\":0,\"miscompares\":0,", "\"name\":\"controller-b.disk\"")
                .hasLineCount(1);
    }
}
