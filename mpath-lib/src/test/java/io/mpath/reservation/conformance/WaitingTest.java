package io.mpath.reservation.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private final Waiting waiting = Waiting.inRealTime();

    @Test
    void answerEndsIt() {
        assertThat(waiting.await(CompletableFuture.completedFuture("done"), Duration.ofDays(1)))
                .isTrue();
        assertThat(waiting.await(CompletableFuture.failedFuture(new IllegalStateException()), Duration.ofDays(1)))
                .isTrue();
    }

    @Test
    void limitEndsIt() {
        assertThat(waiting.await(new CompletableFuture<String>(), Duration.ofNanos(1)))
                .isFalse();
    }

    @Test
    void interruptionEndsItAndIsKept() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> waiting.await(new CompletableFuture<String>(), Duration.ofDays(1)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
