package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import org.junit.jupiter.api.Test;

class NvmControllerLimitsTest {
    @Test
    void everyFieldIsReadFromItsOwnBytes() {
        var page = Vectors.zeroes()
                .put(0, (byte) 1)
                .put(1, (byte) 2)
                .put(3, (byte) 255)
                .putInt(4, -1);

        assertThat(NvmControllerLimits.decode(page.putLong(8, 5)))
                .isEqualTo(new NvmControllerLimits(1, 2, 255, 0xffff_ffffL, 5));
    }

    @Test
    void shortPageIsRefused() {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> NvmControllerLimits.decode(Vectors.zeroes(16)));
    }
}
