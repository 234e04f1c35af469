package io.mpath.examples.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptTest {
    @Test
    void everyLineIsOneStepInOrder() {
        Script script = Script.parse(List.of(
                "# A, then B, then look",
                "write 0 4k 0xaa",
                "",
                "wait 250   # ms",
                "READ 4096 512",
                "expect 1m 8k 17"));

        assertThat(script.steps())
                .containsExactly(
                        new Script.Write(2, 0, 4096, (byte) 0xaa),
                        new Script.Wait(4, 250),
                        new Script.Read(5, 4096, 512),
                        new Script.Expect(6, 1 << 20, 8192, (byte) 17));
        assertThat(script.writes()).isTrue();
        assertThat(script.alignment()).isEqualTo(512);
    }

    @Test
    void scriptWithoutWritesDoesNotWrite() {
        assertThat(Script.parse(List.of("read 0 4k", "expect 0 4k 0")).writes()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "write 0 4k, line 2: expected 'write OFFSET LENGTH BYTE'",
        "write 0 4k 256, line 2: '256' is not a byte from 0 to 255",
        "write 0 4k 0xzz, line 2: '0xzz' is not a byte",
        "read x 4k, line 2: 'x' is not an offset",
        "read 0 0, line 2: the length is zero",
        "wait soon, line 2: 'soon' is not a number of milliseconds",
        "'erase 0 4k', 'line 2: ''erase'' is no step: expected write, read, wait or expect'",
    })
    void wrongLineIsNamedByItsNumber(String line, String message) {
        assertThatThrownBy(() -> Script.parse(List.of("read 0 4k", line)))
                .isInstanceOf(Script.SyntaxException.class)
                .hasMessage(message);
    }

    @Test
    void scriptWithoutStepsIsNone() {
        assertThatThrownBy(() -> Script.parse(List.of("# nothing"))).hasMessage("line 1: the script has no step");
    }

    @Test
    void rangeMustFitTheDevice() {
        Script script = Script.parse(List.of("read 0 4k", "write 4k 4k 1"));

        script.requireWithin(8192, 4096);
        assertThatThrownBy(() -> script.requireWithin(4096, 4096)).hasMessage("line 2: the device ends at 4096 bytes");
        assertThatThrownBy(() -> script.requireWithin(1 << 20, 8192))
                .hasMessage("line 1: offset and length must be multiples of the block size, 8192");
    }
}
