package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoCommandTest {
    @Test
    void demoPassesItsOwnVerdict() {
        CommandRun run = CommandRun.of("demo", "--seconds", "2");

        assertThat(run.out())
                .contains("controller-a.n1 liveness live -> connecting", "controller-a.n1 liveness connecting -> live")
                .contains("controller-b.n1 access state", "-> non_optimized")
                .containsPattern(
                        "PASSED: \\d+ requests, 0 errors, \\d+ blocks read back, 0 miscompares, [1-9]\\d* failovers, [1-9]\\d* writes held");
        assertThat(run.status()).as(run.out()).isZero();
    }

    @Test
    void demoAsJsonHasTheFormOfIo() {
        CommandRun run = CommandRun.of("demo", "--seconds", "1", "--json");

        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out())
                .startsWith("{\"device\":\"" + DemoStory.ID + "\",\"policy\":\"round-robin\",\"requests\":")
                .contains("\"errors\":0,\"miscompares\":0,", "\"name\":\"controller-b.n1\"")
                .hasLineCount(1);
    }
}
