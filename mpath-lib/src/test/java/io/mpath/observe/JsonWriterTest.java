package io.mpath.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {
    private final JsonWriter json = new JsonWriter();

    @Test
    void valuesAreSeparatedByCommasOnEveryLevel() {
        json.beginArray().value(1).beginArray().endArray().value("a").beginObject();
        json.name("x")
                .value(true)
                .name("y")
                .nullValue()
                .name("z")
                .beginArray()
                .value(0.5)
                .value(2);
        json.endArray().endObject().value(false).endArray();

        assertThat(json).hasToString("[1,[],\"a\",{\"x\":true,\"y\":null,\"z\":[0.5,2]},false]");
    }

    @Test
    void largestNumbersKeepTheirDigits() {
        json.beginArray()
                .value(Long.MAX_VALUE)
                .value(Long.MIN_VALUE)
                .value(Double.MAX_VALUE)
                .endArray();

        assertThat(json).hasToString("[9223372036854775807,-9223372036854775808,1.7976931348623157E308]");
    }

    @Test
    void numbersWithoutASignAreNeverNegative() {
        json.beginArray().valueUnsigned(0).valueUnsigned(-1).endArray();

        assertThat(json).hasToString("[0,18446744073709551615]");
    }

    @Test
    void quotesBackslashesAndEveryControlCharacterAreEscaped() {
        StringBuilder controls = new StringBuilder();
        for (char c = 0; c < ' '; c++) {
            controls.append(c);
        }

        String written = json.value("\"\\/" + controls).toString();

        assertThat(written).startsWith("\"\\\"\\\\/\\u0000\\u0001").endsWith("\\u001e\\u001f\"");
        assertThat(written.chars()).allMatch(c -> c >= ' ');
        assertThat(written).contains("\\t", "\\n", "\\r", "\\u000b", "\\u001b");
    }

    @Test
    void namesAreEscapedToo() {
        assertThat(json.beginObject().name("a\"\n").value(1).endObject()).hasToString("{\"a\\\"\\n\":1}");
    }

    @Test
    void textBeyondAsciiStaysAsItIs() {
        assertThat(json.value("Gerät 盘 \uD83D\uDCBE \u007f")).hasToString("\"Gerät 盘 \uD83D\uDCBE \u007f\"");
    }

    @ParameterizedTest
    @CsvSource({
        "\uD83D, \\ud83d",
        "\uDCBE, \\udcbe",
        "x\uD83Dx, x\\ud83dx",
        "\uDCBE\uD83D, \\udcbe\\ud83d",
        "\uD83D\uD83D\uDCBE, \\ud83d\uD83D\uDCBE"
    })
    void halfASurrogatePairIsEscapedSoThatUtf8LosesNothing(String lone, String escaped) {
        assertThat(json.value(lone)).hasToString('"' + escaped + '"');
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void numberWithoutAFormInJsonIsRefused(double number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> json.value(number))
                .withMessageContaining("no form");
    }

    @Test
    void whatIsNotWellFormedIsRefusedAtTheCallThatBreaksIt() {
        assertThatIllegalStateException().isThrownBy(() -> new JsonWriter().name("x"));
        assertThatIllegalStateException().isThrownBy(() -> new JsonWriter().endObject());
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().value(1).value(2));
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginArray().name("x"));
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginArray().endObject());
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginObject().value(1));
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginObject().name("x").name("y"));
        assertThatIllegalStateException()
                .isThrownBy(() -> new JsonWriter().beginObject().name("x").endObject());
    }

    @Test
    void incompleteDocumentCannotBeTaken() {
        assertThatIllegalStateException().isThrownBy(() -> json.toString());

        json.beginArray();

        assertThatIllegalStateException().isThrownBy(() -> json.toString()).withMessageContaining("[");
    }
}
