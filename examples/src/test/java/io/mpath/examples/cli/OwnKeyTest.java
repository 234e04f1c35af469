package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.ReservationOutcome.Refused;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Reservations;
import io.mpath.reservation.Standing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a run does when it is told to come back later: the next one would know nothing of this one, and be told the same. */
class OwnKeyTest {
    private static final ReservationKey KEY = ReservationKey.parse("0xa0000");
    private static final Duration HOLD = Duration.ofSeconds(60);
    private static final Refused LATER = new Refused("release: a path may be fenced", HOLD);

    private final List<Duration> waited = new ArrayList<>();
    private final Told device = new Told();
    private final OwnKey own =
            new OwnKey(DeviceId.named("disk"), device, KEY, null, false, refused -> waited.add(refused.retryAfter()));

    @Test
    void waitsAsLongAsItIsToldAndAsksOnceMore() {
        device.answers.add(LATER);
        device.answers.add(new Done("released"));

        assertThat(own.then(device::release)).isInstanceOf(Done.class);
        assertThat(waited).containsExactly(HOLD);
        assertThat(device.asked).containsExactly("adopt", "release", "release");
    }

    @Test
    void doesNotWaitForWhatTimeDoesNotMend() {
        device.answers.add(new Refused("release: not so"));

        assertThat(own.then(device::release)).isInstanceOf(Refused.class);
        assertThat(waited).isEmpty();
        assertThat(device.asked).containsExactly("adopt", "release");
    }

    @Test
    void isNotPutOffForEver() {
        device.answers.add(LATER);
        device.answers.add(LATER);

        assertThat(own.replace(ReservationKey.parse("0xb0000"))).isEqualTo(LATER);
        assertThat(waited).containsExactly(HOLD);
        assertThat(device.asked).containsExactly("adopt", "register", "register");
    }

    /** Reservations that answer what they are told to, but for the taking up, which goes well. */
    private static final class Told implements Reservations {
        private final Queue<ReservationOutcome> answers = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();

        private CompletableFuture<ReservationOutcome> next(String what) {
            asked.add(what);
            return CompletableFuture.completedFuture(answers.remove());
        }

        @Override
        public CompletableFuture<ReservationOutcome> adopt(Registration existing) {
            asked.add("adopt");
            return CompletableFuture.completedFuture(new Done("taken up"));
        }

        @Override
        public CompletableFuture<ReservationOutcome> register(Registration wanted) {
            return next("register");
        }

        @Override
        public CompletableFuture<ReservationOutcome> release() {
            return next("release");
        }

        @Override
        public Standing standing() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReservationState> report() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReservationCapabilities> capabilities() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReservationOutcome> registerIgnoring(Registration wanted) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReservationOutcome> unregister() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReservationOutcome> reserve(ReservationType type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReservationOutcome> preempt(ReservationKey victim, ReservationType type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReservationOutcome> preemptAndAbort(ReservationKey victim, ReservationType type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReservationOutcome> clear() {
            throw new UnsupportedOperationException();
        }
    }
}
