package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void resultsOfSystemCallsAreNamed() {
        assertThat(Errno.describe(-5)).isEqualTo("EIO (input/output error)");
        assertThat(Errno.of(-52)).isEqualTo(Errno.EBADE);
    }

    @Test
    void numbersWithoutNameStayNumbers() {
        assertThat(Errno.describe(-97)).isEqualTo("errno 97");
        assertThat(Errno.of(-97)).isEqualTo(Errno.UNNAMED);
    }

    @Test
    void successIsNoErrno() {
        assertThat(Errno.EIO.is(5)).isFalse();
        assertThat(Errno.of(5)).isEqualTo(Errno.UNNAMED);
    }

    @Test
    void noNumberIsNamedTwice() {
        assertThat(Arrays.stream(Errno.values()).map(Errno::number)).doesNotHaveDuplicates();
    }

    /** A wrong number would be sent to the wrong verdict; the kernel is asked for some that can be had without a device. */
    @Test
    void numbersAreTheKernels() {
        Syscalls kernel = Syscalls.system();
        assertThat(kernel.open("/nowhere", 0)).isEqualTo(-Errno.ENOENT.number());
        assertThat(kernel.close(-1)).isEqualTo(-Errno.EBADF.number());
        assertThat(kernel.open("/", Syscalls.O_RDWR)).isEqualTo(-Errno.EISDIR.number());
        int root = kernel.open("/", Syscalls.O_RDONLY);
        assertThat(kernel.ioctl(root, Platform.BLKSSZGET, 0)).isEqualTo(-Errno.ENOTTY.number());
        assertThat(kernel.close(root)).isZero();
    }

    @Test
    void directFlagDiffersBetweenArchitectures() {
        assertThat(Platform.directFlag("amd64")).isEqualTo(0x4000);
        assertThat(Platform.directFlag("aarch64")).isEqualTo(0x10000);
    }
}
