package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CompletionTest {
    @Test
    void everyFieldIsReadFromItsOwnBytes() {
        var completion = Completion.decode(
                ByteBuffer.wrap(HexFormat.of().parseHex("78563412 efcdab89 1100 2200 3344 0586".replace(" ", ""))));

        assertThat(completion)
                .isEqualTo(new Completion(0x89abcdef12345678L, 0x11, 0x22, 0x4433, true, new NvmeStatus(0x4302)));
        assertThat(completion.dword0()).isEqualTo(0x12345678);
        assertThat(completion.status()).hasToString("status 0x302 Asymmetric Access Inaccessible (DNR)");
    }

    @Test
    void shortEntryIsRefused() {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> Completion.decode(ByteBuffer.allocate(15)));
    }
}
