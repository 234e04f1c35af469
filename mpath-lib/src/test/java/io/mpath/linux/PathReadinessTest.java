package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PathReadinessTest {
    private final SteppedControl control = new SteppedControl();
    private int checks;
    private final PathReadiness readiness = new PathReadiness(control, () -> checks++);

    @BeforeEach
    void start() {
        readiness.start();
    }

    @Test
    void startsReady() {
        assertThat(control.reports).containsExactly("ready");
        assertThat(readiness.isReady()).isTrue();
    }

    @Test
    void lossIsReportedOnceHoweverManyRequestsFail() {
        readiness.lost("EIO");
        readiness.lost("EIO again");
        control.runLoop();

        assertThat(control.reports).containsExactly("ready", "not ready: EIO");
        assertThat(control.timersPending()).isEqualTo(1);
    }

    @Test
    void checksComeEverMoreSlowlyUntilOneSucceeds() {
        readiness.lost("EIO");
        control.runLoop();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(nextCheck().toMillis());
            report(false);
        }

        assertThat(waits).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
        assertThat(checks).isEqualTo(8);

        nextCheck();
        report(true);
        assertThat(control.reports).endsWith("not ready: EIO", "ready");
        assertThat(control.timersPending()).isZero();
    }

    @Test
    void pathThatComesAndGoesIsCheckedEverMoreSlowly() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            readiness.lost("block 7 cannot be read");
            control.runLoop();
            waits.add(nextCheck().toMillis());
            report(true);
        }

        assertThat(waits).containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
    }

    @Test
    void pathThatStayedReadyIsCheckedSoonAgain() {
        readiness.lost("EIO");
        control.runLoop();
        nextCheck();
        report(false);
        nextCheck();
        report(true);
        control.advance(Duration.ofSeconds(30));
        readiness.lost("EIO");
        control.runLoop();

        assertThat(nextCheck()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void successOfACheckFromBeforeTheLossSaysNothing() {
        int before = readiness.losses();
        readiness.lost("EIO");
        control.runLoop();
        readiness.found(true, "fine", before);
        control.runLoop();

        assertThat(control.reports).endsWith("not ready: EIO");
        assertThat(control.timersPending()).isEqualTo(1);
    }

    @Test
    void failedCheckOfAReadyPathLosesIt() {
        report(false);

        assertThat(control.reports).endsWith("not ready: still broken");
        assertThat(control.timersPending()).isEqualTo(1);
    }

    @Test
    void closedPathIsNeitherCheckedNorReported() {
        readiness.lost("EIO");
        control.runLoop();
        readiness.close();
        assertThat(control.timersPending()).isZero();

        report(true);
        report(false);
        readiness.lost("EIO");
        control.runLoop();
        assertThat(control.reports).containsExactly("ready", "not ready: EIO");
        assertThat(control.timersPending()).isZero();
    }

    private Duration nextCheck() {
        Duration wait = control.runNextTimer();
        control.runBlocking();
        return wait;
    }

    private void report(boolean works) {
        readiness.found(works, works ? "fine" : "still broken", readiness.losses());
        control.runLoop();
    }
}
