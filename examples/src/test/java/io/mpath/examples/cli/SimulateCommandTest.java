package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.examples.workload.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SimulateCommandTest {
    @Test
    void sameSeedTellsTheSameStoryAndAnotherSeedDoesNot() {
        CommandRun first = CommandRun.of("simulate", "--seed", "7");
        CommandRun again = CommandRun.of("simulate", "--seed", "7");
        CommandRun other = CommandRun.of("simulate", "--seed", "8");

        assertThat(first.status()).as(first.out()).isZero();
        assertThat(first.out())
                .startsWith("       0.000 ms  world       seed 7, devices=")
                .containsPattern("client \\d +#\\d+ write \\d+\\+\\d+ on name\\.lun\\d is handed in")
                .containsPattern("\nhash [0-9a-f]{16}\n$")
                .isEqualTo(again.out())
                .isNotEqualTo(other.out());
    }

    @Test
    void optionsReplaceWhatTheSeedChose() {
        CommandRun run = CommandRun.of("simulate", "--seed", "7", "--options", "ports=1,faults=none");

        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out()).contains(",ports=1,", ",faults=none\n").doesNotContain("  operator  ", "c1.lun0");
    }

    @Test
    void sweepSumsUpInItsLastLine() {
        CommandRun run = CommandRun.of("simulate", "--seed", "1", "--count", "5");

        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out())
                .containsPattern("\n +[1-9]\\d*  passage failover\n")
                .containsPattern("\n5 seeds from 1 on clean: \\d+ requests, .* virtual hours a second\n$");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void sweepAsJson() {
        CommandRun run = CommandRun.of("simulate", "--seed", "1", "--count", "2", "--json");

        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out())
                .startsWith("{\"first_seed\":1,\"seeds\":2,\"requests\":")
                .contains("\"coverage\":{\"fault retry-refused\":")
                .endsWith("\"violation\":null}\n");
    }

    @Test
    void brokenRuleIsNamedWithTheLineThatRepeatsIt() {
        String[] sweep = {"simulate", "--seed", "1", "--count", "20", "--options", "forget-write=5,faults=none"};
        String replay = "examples/mpath simulate --seed 1 --options forget-write=5,faults=none";

        CommandRun run = CommandRun.of(sweep);
        CommandRun json = CommandRun.of("simulate", "--seed", "1", "--options", sweep[6], "--json");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("seed 1 breaks the rule", "\nreplay: " + replay + "\n", "0 seeds from 1 on");
        assertThat(json.status()).isEqualTo(1);
        assertThat(json.out()).contains("\"replay\":\"" + replay + "\"");
    }

    @Test
    void progressIsShownOnATerminalOnly() {
        var err = new ByteArrayOutputStream();
        var nobody = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        var terminal = new Terminal(
                InputStream.nullInputStream(),
                nobody,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                true,
                new StopSignal());

        Main.run(terminal, List.of(), "simulate", "--seed", "1", "--count", "2");

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("] 1 of 2", "[##########")
                .endsWith("\r\u001b[K");
    }
}
