package io.mpath.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoOperation;
import io.mpath.Liveness;
import io.mpath.scsi.sim.SimScsiTransport;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the paths of one nexus share; the transport tells what a test has it tell. */
class ScsiHostTest {
    private final ArrayAndHost lab = new ArrayAndHost(1);

    private Through unit(int number) {
        return new Through(new SimScsiTransport(lab.toA, ArrayAndHost.LUN + number));
    }

    private ScsiPath attached(Through through, RecordedReports to) {
        var path = (ScsiPath) lab.host.open(through, "/dev/sda");
        lab.world.environment().loop().execute(() -> path.attach(to));
        lab.world.runUntilIdle();
        return path;
    }

    private static ScsiTransport.Listener tell(Through through) {
        return Objects.requireNonNull(through.listener);
    }

    private static long fences(RecordedReports control) {
        return control.reports.stream()
                .filter(report -> report.startsWith("fenced "))
                .count();
    }

    /** A process without descriptors reads no state: of the session, which the write may still be under way in, that says nothing. */
    @Test
    void stateThatCannotBeReadFencesNothing() {
        var control = new RecordedReports(lab.world);
        var through = new Switched(unit(0));
        ScsiPath path = attached(through, control);

        through.state.set(null);
        path.unanswered(IoOperation.WRITE, "timed out");
        assertThat(control.reports).as("not used").endsWith("connecting");
        assertThat(path.beforeSending(IoOperation.WRITE)).isNotNull();
        through.state.set(Liveness.LIVE);
        tell(through).livenessMayHaveChanged();

        assertThat(control.reports).contains("live");
        assertThat(fences(control)).isZero();
    }

    @Test
    void stateThatCannotBeReadTakesNothingBackOfWhatWasSeen() {
        var control = new RecordedReports(lab.world);
        var through = new Switched(unit(0));
        ScsiPath path = attached(through, control);
        path.unanswered(IoOperation.WRITE, "handed back");

        through.state.set(Liveness.CONNECTING);
        tell(through).livenessMayHaveChanged();
        through.state.set(null);
        tell(through).livenessMayHaveChanged();
        through.state.set(Liveness.LIVE);
        tell(through).livenessMayHaveChanged();

        assertThat(fences(control)).isOne();
    }

    private static final class Switched extends Through {
        final AtomicReference<@Nullable Liveness> state = new AtomicReference<>(Liveness.LIVE);

        Switched(ScsiTransport other) {
            super(other);
        }

        @Override
        public @Nullable Liveness liveness() {
            return state.get();
        }
    }
}
