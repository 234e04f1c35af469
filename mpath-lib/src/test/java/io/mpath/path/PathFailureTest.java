package io.mpath.path;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.IoStatus;
import org.junit.jupiter.api.Test;

/** What is no failure, and is refused as one. */
class PathFailureTest {
    @Test
    void successIsNoFailure() {
        assertThatThrownBy(() -> PathFailure.fail(IoStatus.SUCCESS, "all is well"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SUCCESS")
                .hasMessageContaining("all is well");
    }

    @Test
    void delaysAndResidualsAreNotNegative() {
        assertThatThrownBy(() -> PathFailure.retry(-1, "busy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 ns");
        assertThatThrownBy(() -> new PathFailure(
                        Verdict.FAIL, Certainty.TERMINATED, IoStatus.MEDIUM_ERROR, "bad block", 0, -512, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-512 bytes");
    }
}
