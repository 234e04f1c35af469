package io.mpath.linux;

import static io.mpath.path.Certainty.TERMINATED;
import static io.mpath.path.Certainty.UNKNOWN;
import static io.mpath.path.Verdict.FAIL;
import static io.mpath.path.Verdict.FAIL_OVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel's {@code blk_path_error}: which errors another path would not share. */
class BlockErrorsTest {
    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {
                "EIO",
                "ENXIO",
                "ENODEV",
                "ENOLINK",
                "ETIMEDOUT",
                "ETIME",
                "EAGAIN",
                "ENOMEM",
                "EINTR",
                "ESHUTDOWN",
                "ECONNRESET",
                "EHOSTUNREACH",
                "ESTALE",
                "ENOMEDIUM",
                "EBUSY",
                "EOVERFLOW",
                "UNNAMED"
            })
    void pathErrorsFailOverAndLeaveWritesUnknown(Errno errno) {
        int result = errno == Errno.UNNAMED ? -97 : -errno.number();
        assertFailure(IoOperation.WRITE, result, FAIL_OVER, UNKNOWN, IoStatus.PATH_ERROR);
        assertFailure(IoOperation.READ, result, FAIL_OVER, TERMINATED, IoStatus.PATH_ERROR);
        assertFailure(IoOperation.FLUSH, result, FAIL_OVER, TERMINATED, IoStatus.PATH_ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "ENODATA, TERMINATED, MEDIUM_ERROR",
        "EILSEQ, TERMINATED, PROTECTION_ERROR",
        "EREMOTEIO, TERMINATED, TARGET_ERROR",
        "EBADE, TERMINATED, RESERVATION_CONFLICT",
        "ENOSPC, TERMINATED, NO_SPACE",
        "EDQUOT, TERMINATED, NO_SPACE",
        "EFBIG, TERMINATED, OUT_OF_RANGE",
        "EOPNOTSUPP, TERMINATED, UNSUPPORTED",
        "ENOTTY, NOT_EXECUTED, UNSUPPORTED",
        "ENOSYS, NOT_EXECUTED, UNSUPPORTED",
        "EROFS, NOT_EXECUTED, READ_ONLY",
        "EPERM, NOT_EXECUTED, READ_ONLY",
        "EINVAL, NOT_EXECUTED, MISALIGNED",
        "EFAULT, NOT_EXECUTED, INTERNAL_ERROR",
        "EBADF, NOT_EXECUTED, INTERNAL_ERROR",
    })
    void errorsThatAnyPathWouldGiveGoToTheCaller(Errno errno, Certainty certainty, IoStatus status) {
        assertFailure(IoOperation.WRITE, -errno.number(), FAIL, certainty, status);
    }

    @Test
    void rangeHeldByAnotherIsNotThePathsFault() {
        assertFailure(IoOperation.DISCARD, -Errno.EBUSY.number(), FAIL, TERMINATED, IoStatus.TARGET_ERROR);
        assertFailure(IoOperation.WRITE_ZEROES, -Errno.EBUSY.number(), FAIL, TERMINATED, IoStatus.TARGET_ERROR);
    }

    @Test
    void refusalAfterSomeBytesWereWrittenIsNotUnexecuted() {
        PathFailure failure = BlockErrors.failure(IoOperation.WRITE, "pwrite", -Errno.EINVAL.number(), 4096);
        assertThat(failure.certainty()).isEqualTo(TERMINATED);
        assertThat(failure.doneBytes()).isEqualTo(4096);
    }

    @Test
    void causeNamesTheCallAndTheErrno() {
        assertThat(BlockErrors.failure(IoOperation.READ, "pread", -5, 0).cause())
                .isEqualTo("pread: EIO (input/output error)");
    }

    private static void assertFailure(
            IoOperation operation, int result, Verdict verdict, Certainty certainty, IoStatus status) {
        PathFailure failure = BlockErrors.failure(operation, "call", result, 0);
        assertThat(failure.verdict()).isEqualTo(verdict);
        assertThat(failure.certainty()).isEqualTo(certainty);
        assertThat(failure.status()).isEqualTo(status);
    }
}
