package io.mpath.internal.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class UnflushedChangeTest {
    @ParameterizedTest
    @CsvSource({"RETRY, NOT_EXECUTED", "FAIL_OVER, UNKNOWN", "FAIL, TERMINATED"})
    void changeWasDoneAndDoesNoMoreWhateverBecameOfItsFlush(Verdict verdict, Certainty certainty) {
        var flush = new PathFailure(verdict, certainty, IoStatus.PATH_ERROR, "why", 7, 512, 3);
        assertThat(UnflushedChange.of(flush))
                .isEqualTo(new PathFailure(
                        verdict, Certainty.TERMINATED, IoStatus.PATH_ERROR, "done, and not flushed: why", 7, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"MISCOMPARE", "RESERVATION_CONFLICT", "READ_ONLY", "UNSUPPORTED", "OUT_OF_RANGE", "MISALIGNED"})
    void statusThatSaysThatNothingWasDoneIsNotThatOfTheChange(IoStatus ofFlush) {
        assertThat(UnflushedChange.of(PathFailure.fail(ofFlush, "refused")).status())
                .isEqualTo(IoStatus.TARGET_ERROR);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"MEDIUM_ERROR", "NO_SPACE", "TIMED_OUT"})
    void otherStatusIsPassedOn(IoStatus ofFlush) {
        assertThat(UnflushedChange.of(PathFailure.fail(ofFlush, "failed")).status())
                .isEqualTo(ofFlush);
    }
}
