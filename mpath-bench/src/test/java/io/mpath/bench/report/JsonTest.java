package io.mpath.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsAllKindsOfValues() {
        assertThat(Json.read(" {\"a\" : [1, -2.5e3, true, false], \"b\":{}, \"c\":\"d\", \"e\":[]} "))
                .isEqualTo(Map.of("a", List.of(1.0, -2500.0, true, false), "b", Map.of(), "c", "d", "e", List.of()));
    }

    @Test
    void nullIsAValue() {
        List<Object> one = new ArrayList<>();
        one.add(null);
        assertThat(Json.read("[null]")).isEqualTo(one);
    }

    @Test
    void whatIsEscapedInATextIsWhatItStandsFor() {
        assertThat(Json.read("\"\\\" \\\\ \\/ \\n \\t \\u00b7 ·\"")).isEqualTo("\" \\ / \n \t · ·");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1",
                "[1,]",
                "{\"a\"}",
                "{\"a\":}",
                "\"a",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "1 2",
                "tru",
                "-",
                "{1:2}"
            })
    void whatIsNoJsonIsRefusedWithThePlace(String text) {
        assertThatThrownBy(() -> Json.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no JSON: expected ")
                .hasMessageContaining(" at character ");
    }
}
