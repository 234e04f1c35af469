package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnaLogAssemblyTest {
    private static final int LIMIT = 4096;
    private static final long MAX_GROUP = 128;
    private static final ByteBuffer LOG = new AnaLogBytes(7)
            .group(1, 1, 1, 2, 3)
            .group(2, 3)
            .group(9, 0xf, 4, 8)
            .page();

    /** Where each read began, and how long it was. */
    private final List<String> reads = new ArrayList<>();

    @Test
    void logThatFitsOnePieceNeedsOneRead() {
        var assembly = new AnaLogAssembly(LIMIT, 1024, MAX_GROUP);

        readFrom(assembly, LOG);

        assertThat(assembly.log()).isEqualTo(AnaLog.decode(LOG, MAX_GROUP));
        assertThat(reads).containsExactly("0+1024");
    }

    @Test
    void longerLogIsReadInPiecesAndItsHeaderOnceMore() {
        var assembly = new AnaLogAssembly(LIMIT, 64, MAX_GROUP);

        readFrom(assembly, LOG);

        assertThat(assembly.log()).isEqualTo(AnaLog.decode(LOG, MAX_GROUP));
        assertThat(reads).containsExactly("0+64", "64+64", "128+4", "0+16");
    }

    @Test
    void everySizeOfPieceGivesTheSameLog() {
        for (int piece = 16; piece <= 160; piece += 4) {
            var assembly = new AnaLogAssembly(LIMIT, piece, MAX_GROUP);

            readFrom(assembly, LOG);

            assertThat(assembly.log()).as("pieces of %d", piece).isEqualTo(AnaLog.decode(LOG, MAX_GROUP));
            assertThat(assembly.restarts()).isZero();
        }
    }

    @Test
    void controllerThatSendsTheBeginningAtEveryOffsetIsFoundOut() {
        var assembly = new AnaLogAssembly(LIMIT, 64, MAX_GROUP);
        assembly.accept(LOG);

        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> assembly.accept(LOG))
                .withMessageContaining("takes no offset");
    }

    @Test
    void logThatChangedUnderTheReaderIsReadAgain() {
        ByteBuffer newer = new AnaLogBytes(8)
                .group(1, 3, 1, 2)
                .group(2, 1, 3)
                .group(9, 1, 4, 8)
                .page();
        var assembly = new AnaLogAssembly(LIMIT, 64, MAX_GROUP);
        readOnce(assembly, LOG);

        readFrom(assembly, newer);

        assertThat(assembly.restarts()).isEqualTo(1);
        assertThat(assembly.log()).isEqualTo(AnaLog.decode(newer, MAX_GROUP));
    }

    @Test
    void logThatNeverRestsIsNeverComplete() {
        var assembly = new AnaLogAssembly(LIMIT, 64, MAX_GROUP);
        for (int i = 0; i < 40; i++) {
            readOnce(
                    assembly,
                    new AnaLogBytes(i)
                            .group(1, 1, 1, 2, 3)
                            .group(2, 3)
                            .group(9, 0xf, 4, 8)
                            .page());
        }

        assertThat(assembly.complete()).isFalse();
        assertThat(assembly.restarts()).isEqualTo(10);
        assertThatIllegalStateException().isThrownBy(assembly::log);
    }

    @Test
    void logThatShrankUnderTheReaderIsReadAgain() {
        var assembly = new AnaLogAssembly(LIMIT, 64, MAX_GROUP);
        readOnce(assembly, LOG);
        readOnce(assembly, LOG);
        ByteBuffer shorter = new AnaLogBytes(8).group(1, 1).page();

        readFrom(assembly, shorter);

        assertThat(assembly.log()).isEqualTo(AnaLog.decode(shorter, MAX_GROUP));
    }

    @Test
    void logMayFillItsLimitExactly() {
        var assembly = new AnaLogAssembly(LOG.remaining(), 64, MAX_GROUP);

        readFrom(assembly, LOG);

        assertThat(assembly.log().groups()).hasSize(3);
    }

    @Test
    void logThatIsLongerThanTheControllerSaidIsRefusedBeforeItIsRead() {
        var assembly = new AnaLogAssembly(LOG.remaining() - 4, 64, MAX_GROUP);

        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> readFrom(assembly, LOG))
                .withMessageContaining("ends at byte 132, and the controller's log has at most 128 bytes");
    }

    @Test
    void hugeCountIsRefusedAndCostsNoMemory() {
        for (int nnsids : new int[] {-1, 0x4000_0000, 0x3fff_fff8, 0x2000_0000}) {
            var assembly = new AnaLogAssembly(1 << 30, 64, MAX_GROUP);
            ByteBuffer log =
                    new AnaLogBytes(1).groupThatSays(nnsids, 1, 1, new int[64]).page();

            assertThatExceptionOfType(PageFormatException.class).isThrownBy(() -> readOnce(assembly, log));
        }
    }

    @Test
    void controllerThatAllowsMoreThanThereIsMemoryForIsReadAllTheSame() {
        var assembly = new AnaLogAssembly(36 * 0xffff_ffffL, 64, MAX_GROUP);

        readFrom(assembly, LOG);

        assertThat(assembly.log().groups()).hasSize(3);
    }

    @Test
    void manyGroupsThatAreNotThereAreRefused() {
        var assembly = new AnaLogAssembly(256, 64, MAX_GROUP);

        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> readFrom(assembly, padded(new AnaLogBytes(1).page(0xffff), 256)));
    }

    @Test
    void pieceThatIsTooShortIsRefused() {
        var assembly = new AnaLogAssembly(LIMIT, 64, MAX_GROUP);

        assertThatExceptionOfType(PageFormatException.class).isThrownBy(() -> assembly.accept(ByteBuffer.allocate(63)));
    }

    @Test
    void badStateIsFoundWhenTheLogIsWhole() {
        var assembly = new AnaLogAssembly(LIMIT, 64, MAX_GROUP);
        readFrom(assembly, new AnaLogBytes(1).group(1, 7, 1).page());

        assertThatExceptionOfType(PageFormatException.class).isThrownBy(assembly::log);
    }

    @Test
    void completeAssemblyTakesNoMore() {
        var assembly = new AnaLogAssembly(LIMIT, 1024, MAX_GROUP);
        readFrom(assembly, LOG);

        assertThatIllegalStateException().isThrownBy(() -> assembly.accept(LOG));
    }

    @Test
    void sizesAreThoseOfDwordsAndHoldAHeader() {
        assertThatExceptionOfType(CommandFieldException.class)
                .isThrownBy(() -> new AnaLogAssembly(LIMIT, 12, MAX_GROUP));
        assertThatExceptionOfType(CommandFieldException.class).isThrownBy(() -> new AnaLogAssembly(18, 16, MAX_GROUP));
    }

    @Test
    void aMillionNamespacesAreReadInPieces() {
        ByteBuffer log = new AnaLogBytes(1)
                .group(1, 1, IntStream.rangeClosed(1, 1_000_000).toArray())
                .page();
        var assembly = new AnaLogAssembly(8 << 20, 64 << 10, MAX_GROUP);

        readFrom(assembly, log);

        assertThat(assembly.log().groups().get(0).namespaces().size()).isEqualTo(1_000_000);
    }

    private void readFrom(AnaLogAssembly assembly, ByteBuffer log) {
        for (int i = 0; i < 1000 && !assembly.complete(); i++) {
            readOnce(assembly, log);
        }
        assertThat(assembly.complete()).isTrue();
    }

    /** As a controller answers: what is behind the end of the log reads as zeroes. */
    private void readOnce(AnaLogAssembly assembly, ByteBuffer log) {
        int offset = assembly.nextOffset();
        int length = assembly.nextBytes();
        reads.add(offset + "+" + length);
        assembly.accept(padded(log, offset + length).position(offset));
    }

    private static ByteBuffer padded(ByteBuffer log, int length) {
        ByteBuffer padded = ByteBuffer.allocate(Math.max(length, log.remaining()));
        padded.put(log.duplicate()).rewind();
        return padded;
    }
}
