package io.mpath.scsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.IoOperation;
import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.scsi.sim.SimScsiTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the paths of one nexus share, and what is left of it when they are gone; the transport tells what a test has it tell. */
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

    @Test
    void unitOfWhichItsHostWasToldThatItIsAnotherIsInDoubt() {
        var control = new RecordedReports(lab.world);
        Through through = unit(0);
        attached(through, control);
        tell(through).mayBeAnother();
        assertThat(control.reports).endsWith("identity in doubt");
    }

    @Test
    void unitsBesideTheOneThatIsToldOfOtherNumbersAreDescribedAtOnceAndOnceMoreForAllThatFollows() {
        List<Through> told = new ArrayList<>();
        List<List<String>> reports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            lab.array.addUnit(ArrayAndHost.LUN + 1 + i, ArrayAndHost.BLOCKS, ArrayAndHost.BLOCK);
            var control = new RecordedReports(lab.world);
            told.add(unit(1 + i));
            attached(told.get(i), control);
            control.reports.clear();
            reports.add(control.reports);
        }

        tell(told.get(0)).inventoryMayHaveChanged();
        lab.pass(Duration.ofMillis(1));
        assertThat(reports.get(0)).containsExactly("identity in doubt");
        assertThat(reports.get(1)).containsExactly("changed");

        tell(told.get(1)).inventoryMayHaveChanged();
        tell(told.get(2)).inventoryMayHaveChanged();
        lab.seconds(5);
        assertThat(reports.get(0)).containsExactly("identity in doubt", "changed");
        assertThat(reports.get(1)).containsExactly("changed", "identity in doubt", "changed");

        tell(told.get(0)).inventoryMayHaveChanged();
        lab.pass(Duration.ofMillis(1));
        assertThat(reports.get(1)).hasSize(4).endsWith("changed");
    }

    /** The session is gone from sysfs by then, and with it the name of what it led to. */
    @Test
    void pathToAnArrayThatHasNoNameAnyMoreLeavesNothingBehind() {
        var name = new AtomicReference<>("iqn.2026-01.io.mpath:device");
        var through = new Through(unit(0)) {
            @Override
            public String target() {
                return name.get();
            }
        };
        ScsiPath path = attached(through, new RecordedReports(lab.world));

        name.set("?");
        lab.world.environment().loop().execute(() -> path.close(() -> {}));
        lab.world.runUntilIdle();

        assertThat(lab.host.idle()).isTrue();
    }

    @Test
    void pathThatCannotListenLeavesNothingBehind() {
        var deaf = new Deaf(unit(0));
        assertThatThrownBy(() -> lab.host.open(deaf, "/dev/sda")).hasMessageContaining("cannot be watched");
        assertThat(lab.host.idle()).isTrue();
        assertThat(deaf.closed).isTrue();
    }

    private static final class Deaf extends Through {
        final AtomicBoolean closed = new AtomicBoolean();

        Deaf(ScsiTransport other) {
            super(other);
        }

        @Override
        public void listen(Listener value) {
            throw new MultipathException("devices cannot be watched");
        }

        @Override
        public LogicalUnitTransport open(int blockBytes, CommandJudge judge) {
            LogicalUnitTransport io = super.open(blockBytes, judge);
            return new LogicalUnitTransport() {
                @Override
                public int maxTransferBytes() {
                    return io.maxTransferBytes();
                }

                @Override
                public @Nullable String readOnly() {
                    return io.readOnly();
                }

                @Override
                public PathQueue openQueue(QueueKind kind) {
                    return io.openQueue(kind);
                }

                @Override
                public void close(Runnable whenClosed) {
                    closed.set(true);
                    io.close(whenClosed);
                }
            };
        }
    }
}
