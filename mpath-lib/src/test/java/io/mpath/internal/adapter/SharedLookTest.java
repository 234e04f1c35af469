package io.mpath.internal.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedLookTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final SharedLook shared = new SharedLook(new Object());

    @Test
    void eachWhoAsksAloneTakesALook() {
        shared.take(looks::incrementAndGet);
        shared.take(looks::incrementAndGet);
        assertThat(looks).hasValue(2);
    }

    @Test
    void thoseWhoAskDuringALookShareTheNext() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        var first = new Thread(() -> shared.take(() -> {
            looks.incrementAndGet();
            begun.countDown();
            await(goesOn);
        }));
        first.start();
        begun.await();
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            var other = new Thread(() -> shared.take(looks::incrementAndGet));
            other.start();
            others.add(other);
        }
        for (Thread other : others) {
            while (other.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        }
        goesOn.countDown();
        first.join();
        for (Thread other : others) {
            other.join();
        }
        assertThat(looks)
                .as("one that had begun, and one for all who asked meanwhile")
                .hasValue(2);
    }

    @Test
    void whoAsksFromWithinALookTakesItsOwn() {
        shared.take(() -> {
            looks.incrementAndGet();
            shared.take(looks::incrementAndGet);
        });
        assertThat(looks).hasValue(2);
        shared.take(looks::incrementAndGet);
        assertThat(looks).hasValue(3);
    }

    @Test
    void lookThatThrowsAnswersNobody() {
        assertThatIllegalStateException()
                .isThrownBy(() -> shared.take(() -> {
                    throw new IllegalStateException();
                }));
        shared.take(looks::incrementAndGet);
        assertThat(looks).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
