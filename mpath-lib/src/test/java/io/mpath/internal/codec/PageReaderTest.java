package io.mpath.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PageReaderTest {
    private static final byte[] BYTES = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, (byte) 0x88};

    @Test
    void numbersAreReadInTheOrderOfTheirProtocol() {
        PageReader nvme = PageReader.littleEndian("page", ByteBuffer.wrap(BYTES));
        PageReader scsi = PageReader.bigEndian("page", ByteBuffer.wrap(BYTES));

        assertThat(nvme.u16(0, "f")).isEqualTo(0x2211);
        assertThat(scsi.u16(0, "f")).isEqualTo(0x1122);
        assertThat(nvme.u32(4, "f")).isEqualTo(0x88776655L);
        assertThat(scsi.u32(4, "f")).isEqualTo(0x55667788L);
        assertThat(nvme.bits64(0, "f")).isEqualTo(0x8877665544332211L);
        assertThat(scsi.u64(0, "f")).isEqualTo(0x1122334455667788L);
        assertThat(nvme.u8(7, "f")).isEqualTo(0x88);
    }

    @Test
    void quantityThatIsTooLargeIsRefused() {
        refused(() -> PageReader.littleEndian("page", ByteBuffer.wrap(BYTES)).u64(0, "NSZE"));
    }

    @Test
    void errorNamesPageFieldOffsetAndWhatIsWrong() {
        PageReader in = PageReader.bigEndian("VPD page 0x83", ByteBuffer.wrap(BYTES));

        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> in.u16(7, "page length"))
                .withMessage("VPD page 0x83: page length at byte 7: 2 bytes run past the 8 bytes received")
                .satisfies(e -> {
                    assertThat(e.page()).isEqualTo("VPD page 0x83");
                    assertThat(e.field()).isEqualTo("page length");
                    assertThat(e.offset()).isEqualTo(7);
                });
    }

    @Test
    void readsBetweenPositionAndLimitAndMovesNeither() {
        ByteBuffer buffer = ByteBuffer.wrap(BYTES).position(2).limit(6);
        PageReader in = PageReader.bigEndian("page", buffer);

        assertThat(in.size()).isEqualTo(4);
        assertThat(in.u32(0, "f")).isEqualTo(0x33445566L);
        refused(() -> in.u8(4, "f"));
        assertThat(buffer.position()).isEqualTo(2);
    }

    @Test
    void offsetsAndLengthsAtTheEdgeOf64BitsDoNotWrap() {
        PageReader in = PageReader.bigEndian("page", ByteBuffer.wrap(BYTES));

        in.require(8, 0, "f");
        in.require(0, 8, "f");
        refused(() -> in.require(0, 9, "f"));
        refused(() -> in.require(9, 0, "f"));
        refused(() -> in.require(Long.MAX_VALUE, Long.MAX_VALUE, "f"));
        refused(() -> in.require(1, Long.MAX_VALUE, "f"));
        refused(() -> in.require(-1, 1, "f"));
        refused(() -> in.require(1, -1, "f"));
        refused(() -> in.u8(1L << 32, "f"));
        refused(() -> in.bytes(0, Integer.MAX_VALUE, "f"));
    }

    @Property
    void everyAccessIsAValueOrATypedError(@ForAll @Size(max = 16) byte[] bytes, @ForAll long at, @ForAll int length) {
        PageReader in = PageReader.littleEndian("page", ByteBuffer.wrap(bytes));

        valueOrTypedError(() -> in.u8(at, "f"));
        valueOrTypedError(() -> in.u16(at, "f"));
        valueOrTypedError(() -> in.u32(at, "f"));
        valueOrTypedError(() -> in.u64(at, "f"));
        valueOrTypedError(() -> in.bits64(at, "f"));
        valueOrTypedError(() -> in.bytes(at, length, "f"));
        valueOrTypedError(() -> in.text(at, length, "f"));
        valueOrTypedError(() -> in.name(at, length, "f"));
        valueOrTypedError(() -> in.require(at, length, "f"));
    }

    @Test
    void textIsShownWithoutPaddingAndWithoutControlCharacters() {
        assertThat(text("  ab \0cd")).isEqualTo("ab");
        assertThat(text("a\u001b[2J")).isEqualTo("a?[2J");
        assertThat(PageReader.littleEndian("page", ByteBuffer.wrap(new byte[] {'a', (byte) 0xff}))
                        .text(0, 2, "f"))
                .isEqualTo("a?");
    }

    @Test
    void nameIsKeptAsItStands() {
        byte[] name = " é\0x".getBytes(StandardCharsets.UTF_8);

        assertThat(PageReader.littleEndian("page", ByteBuffer.wrap(name)).name(0, name.length, "f"))
                .isEqualTo(" é");
        refused(() -> PageReader.littleEndian("page", ByteBuffer.wrap(new byte[] {(byte) 0xff}))
                .name(0, 1, "f"));
    }

    private static String text(String bytes) {
        byte[] raw = bytes.getBytes(StandardCharsets.UTF_8);
        return PageReader.littleEndian("page", ByteBuffer.wrap(raw)).text(0, raw.length, "f");
    }

    private static void refused(ThrowingCallable access) {
        assertThatExceptionOfType(PageFormatException.class).isThrownBy(access);
    }

    private static void valueOrTypedError(Runnable access) {
        try {
            access.run();
        } catch (PageFormatException e) {
            assertThat(e).hasMessageStartingWith("page: f at byte ");
        }
    }
}
