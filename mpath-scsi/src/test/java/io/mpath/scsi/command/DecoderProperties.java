package io.mpath.scsi.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Any bytes in: a value or a {@link PageFormatException}, and nothing else. */
class DecoderProperties {
    /** A change of a page, wherever it lands. */
    record Edit(int at, byte value) {}

    @Property(tries = 2000)
    void anyBytesAreAValueOrATypedError(@ForAll PageDecoder decoder, @ForAll @Size(max = 300) byte[] bytes) {
        decodesOrSaysWhyNot(decoder, bytes);
    }

    @Property(tries = 2000)
    void realPageWithDamageIsAValueOrATypedError(
            @ForAll PageDecoder decoder, @ForAll("edits") List<Edit> edits, @ForAll @IntRange(max = 2) int page) {
        decodesOrSaysWhyNot(decoder, damaged(decoder, page, edits));
    }

    @Property(tries = 1000)
    void pageThatIsCutOffIsAValueOrATypedError(@ForAll PageDecoder decoder, @ForAll @IntRange(max = 200) int length) {
        byte[] page = decoder.pages().get(0);

        decodesOrSaysWhyNot(decoder, Arrays.copyOf(page, Math.min(length, page.length)));
    }

    @Property(tries = 500)
    void decodingLooksOnlyBetweenPositionAndLimit(@ForAll PageDecoder decoder, @ForAll @IntRange(max = 64) int before) {
        byte[] page = decoder.pages().get(0);
        ByteBuffer inside = ByteBuffer.allocate(page.length + before + 32);
        Arrays.fill(inside.array(), (byte) 0xff);
        inside.position(before).put(page).flip().position(before);

        assertThat(decoder.decode(inside)).isEqualTo(decoder.decode(ByteBuffer.wrap(page)));
        assertThat(inside.position()).isEqualTo(before);
    }

    /** What is to be done about a command is not lost with what else its sense data was to tell. */
    @Property(tries = 1000)
    void codesOfSenseDataAreReadWhateverItsDescriptorsAre(
            @ForAll boolean deferred, @ForAll @Size(min = 8, max = 252) byte[] bytes) {
        bytes[0] = (byte) (deferred ? 0x73 : 0x72);

        SenseData sense = SenseData.decode(ByteBuffer.wrap(bytes));

        assertThat(sense.deferred()).isEqualTo(deferred);
        assertThat(sense.key()).isEqualTo(SenseKey.of(bytes[1] & 0x0f));
        assertThat(sense.asc()).isEqualTo(bytes[2] & 0xff);
        assertThat(sense.ascq()).isEqualTo(bytes[3] & 0xff);
    }

    @Example
    void everyRealPageDecodes() {
        for (PageDecoder decoder : PageDecoder.values()) {
            decoder.pages()
                    .forEach(page ->
                            assertThat(decoder.decode(ByteBuffer.wrap(page))).isNotNull());
        }
    }

    @Example
    void decoderThatTrustsACountIsCaught() {
        assertThatCode(() -> requireTyped(() -> ByteBuffer.allocate(4).getInt(2)))
                .isInstanceOf(AssertionError.class);
    }

    static void decodesOrSaysWhyNot(PageDecoder decoder, byte[] bytes) {
        requireTyped(() -> decoder.decode(ByteBuffer.wrap(bytes)));
    }

    private static void requireTyped(Runnable decoding) {
        try {
            decoding.run();
        } catch (PageFormatException e) {
            assertThat(e.page()).isNotBlank();
            assertThat(e.field()).isNotBlank();
            assertThat(e.offset()).isNotNegative();
        } catch (RuntimeException e) {
            throw new AssertionError("neither a value nor a PageFormatException", e);
        }
    }

    private static byte[] damaged(PageDecoder decoder, int index, List<Edit> edits) {
        List<byte[]> pages = decoder.pages();
        byte[] page = pages.get(index % pages.size());
        edits.forEach(edit -> page[edit.at() % page.length] = edit.value());
        return page;
    }

    /** Mostly near the beginning, where counts and lengths are, and mostly values at an edge. */
    @Provide
    Arbitrary<List<Edit>> edits() {
        Arbitrary<Integer> near = Arbitraries.integers().between(0, 31);
        Arbitrary<Integer> anywhere = Arbitraries.integers().between(0, 255);
        Arbitrary<Byte> edges = Arbitraries.of((byte) 0, (byte) 1, (byte) 4, (byte) 0x7f, (byte) 0x80, (byte) 0xff);
        return Combinators.combine(Arbitraries.oneOf(near, anywhere), Arbitraries.oneOf(edges, Arbitraries.bytes()))
                .as(Edit::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }
}
