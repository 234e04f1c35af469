package io.mpath;

import static io.mpath.ReservationBench.FOREIGN;
import static io.mpath.ReservationBench.FOREIGN_KEY;
import static io.mpath.ReservationBench.HOLD;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.observe.MultipathEvent.PathFenced;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.reservation.Registrant;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome.Done;
import io.mpath.reservation.Reservations;
import io.mpath.reservation.Standing.Phase;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimAttempt;
import io.mpath.sim.SimPath;
import io.mpath.sim.SimRandom;
import io.mpath.sim.SimReservationAnswer;
import io.mpath.sim.SimReservationFaults;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Paths that lose writes which land late, come and go, and whose commands of reservations are lost, late or refused: with a key for each
 * path, no write that was acknowledged is undone by an older one, whichever of them are fenced.
 */
class FencedPathsTest {
    private static final ReservationKey HOST_KEY = new ReservationKey(0xa0000);
    private static final int STEPS = 100;
    private static final int BLOCKS = 3;
    private static final int SEEDS = 300;
    private static final PathFailure LOST = PathFailure.failOver(Certainty.UNKNOWN, "connection lost");

    private static int fences;

    private final long[] acknowledged = new long[BLOCKS];
    private final List<String> undone = new ArrayList<>();
    private final Set<SimPath> gone = new LinkedHashSet<>();
    private long generation;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, SEEDS);
    }

    @BeforeAll
    static void none() {
        fences = 0;
    }

    @AfterAll
    static void someWereFenced() {
        assertThat(fences).as("paths fenced over all seeds").isGreaterThan(SEEDS / 2);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noAcknowledgedWriteIsUndone(long seed) {
        ReservationBench bench = run(seed, ReservationBench.settings().withKeyPerPath(true));
        settle(bench);

        assertThat(undone).isEmpty();
        assertThat(bench.phase()).as(bench.reservations.standing().toString()).isEqualTo(Phase.REGISTERED);
        for (int i = 0; i < paths(seed); i++) {
            assertThat(bench.usable(i)).as("path %d", i).isTrue();
            assertThat(bench.keyOf(i)).isNotEqualTo(ReservationKey.NONE);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noAcknowledgedWriteIsUndoneByWhatTheHostReservesAndReleases(long seed) {
        var random = new SimRandom(seed);
        ReservationBench bench =
                begin(random, paths(seed), ReservationBench.settings().withKeyPerPath(true));
        for (int step = 0; step < STEPS; step++) {
            disturb(bench, random);
            reserveOrRelease(bench.reservations, random);
            write(bench, random.nextInt(BLOCKS));
            bench.bench.runFor(Duration.ofNanos(random.between(1, 500_000_000L)));
        }
        settle(bench);

        assertThat(undone).isEmpty();
    }

    private static void reserveOrRelease(Reservations reservations, SimRandom random) {
        var unused = switch (random.nextInt(20)) {
            case 0 -> reservations.release();
            case 1, 2, 3 -> reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
            case 4 -> reservations.unregister();
            case 5, 6, 7 -> reservations.register(new Registration(HOST_KEY));
            case 8 -> reservations.clear();
            case 9 -> reservations.adopt(new Registration(HOST_KEY));
            case 10 -> reservations.registerIgnoring(new Registration(HOST_KEY));
            default -> null;
        };
    }

    /** Were it not for the hold and the fence, the runs above would lose data. */
    @Test
    void writesAreUndoneWithoutHoldAndFence() {
        for (long seed = 1; seed <= 20; seed++) {
            run(seed, ReservationBench.settings().withUnsafeReplayOfUnknownWrites(true));
        }

        assertThat(undone).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void hostAllOfWhoseKeysArePreemptedIsKeptOut(long seed) {
        var random = new SimRandom(seed);
        ReservationBench bench =
                begin(random, paths(seed), ReservationBench.settings().withKeyPerPath(true));
        for (int step = 0; step < STEPS / 2; step++) {
            disturb(bench, random);
            bench.bench.runFor(Duration.ofNanos(random.between(1, 1_000_000_000L)));
        }
        preemptAll(bench);

        for (int step = 0; step < STEPS / 2; step++) {
            disturb(bench, random);
            DataPathBench.Ending write = bench.write();
            bench.bench.runFor(Duration.ofNanos(random.between(1, 1_000_000_000L)));
            assertThat(write.told).as("a write behind the preempt").doesNotContain(IoStatus.SUCCESS);
        }
        settle(bench);

        assertThat(undone).isEmpty();
        assertThat(bench.phase()).isNotEqualTo(Phase.REGISTERED);
        assertThat(bench.disk().state().registrants())
                .as("registrations of the preempted host")
                .extracting(Registrant::key)
                .containsOnly(FOREIGN_KEY);
    }

    private static int paths(long seed) {
        return 2 + (int) (seed % 3);
    }

    private ReservationBench run(long seed, DeviceSettings settings) {
        var random = new SimRandom(seed);
        ReservationBench bench = begin(random, paths(seed), settings);
        for (int step = 0; step < STEPS; step++) {
            disturb(bench, random);
            write(bench, random.nextInt(BLOCKS));
            bench.bench.runFor(Duration.ofNanos(random.between(1, 500_000_000L)));
        }
        return bench;
    }

    private ReservationBench begin(SimRandom random, int paths, DeviceSettings settings) {
        var bench = new ReservationBench(paths, settings);
        assertThat(bench.await(bench.reservations.register(new Registration(HOST_KEY))))
                .isInstanceOf(Done.class);
        assertThat(bench.await(bench.reservations.reserve(WRITE_EXCLUSIVE_REGISTRANTS_ONLY)))
                .isInstanceOf(Done.class);
        bench.bench.disk().observe((execution, data) -> {
            if (execution.operation() == IoOperation.WRITE) {
                landed(
                        (int) (execution.offset() / DataPathBench.BLOCK),
                        ByteBuffer.wrap(data).getLong());
            }
        });
        for (int i = 0; i < paths; i++) {
            SimRandom attempts = random.split("attempts " + i);
            var faults = new SimReservationFaults(random.split("faults " + i), 60, HOLD);
            bench.path(i).script(attempt -> answer(attempt, attempts));
            bench.path(i)
                    .reserving()
                    .latency(Duration.ZERO, Duration.ofMillis(100))
                    .notices(random.chance(1, 2))
                    .script(faults::answer);
        }
        return bench;
    }

    private static SimAnswer answer(SimAttempt attempt, SimRandom random) {
        if (!random.chance(1, 8)) {
            return SimAnswer.succeed();
        }
        if (random.chance(1, 2)) {
            attempt.accept();
        }
        return SimAnswer.fail(LOST).landingLate(Duration.ofNanos(random.between(1, HOLD.toNanos() - 1)));
    }

    private void write(ReservationBench bench, int block) {
        long number = ++generation;
        ByteBuffer data = ByteBuffer.allocate(DataPathBench.BLOCK).putLong(0, number);
        IoRequest request = IoRequest.create().write((long) block * DataPathBench.BLOCK, data);
        request.onComplete((ended, status) -> {
            if (status == IoStatus.SUCCESS) {
                acknowledged[block] = Math.max(acknowledged[block], number);
            }
        });
        bench.bench.device.submit(request);
    }

    private void landed(int block, long number) {
        if (block < BLOCKS && number < acknowledged[block]) {
            undone.add("block " + block + ": " + acknowledged[block] + " by " + number);
        }
    }

    private void disturb(ReservationBench bench, SimRandom random) {
        SimPath path = bench.path(random.nextInt(bench.bench.array.paths().size()));
        switch (random.nextInt(10)) {
            case 0 -> path.port().pull();
            case 1, 2 -> path.port().putBack();
            case 3 -> {
                path.port().pull();
                path.port().putBack();
                path.fence(); // a session that was seen to end
            }
            case 4 -> path.changed();
            case 5 -> leave(bench, path);
            case 6 -> comeAnew(bench);
            default -> {}
        }
    }

    /** Leaves, if it is not the last one. */
    private void leave(ReservationBench bench, SimPath path) {
        if (!gone.contains(path) && gone.size() + 1 < bench.bench.array.paths().size()) {
            gone.add(path);
            path.vanish();
        }
    }

    private void comeAnew(ReservationBench bench) {
        for (SimPath path : gone) {
            bench.bench.world.await(bench.bench.registry.offer(path));
        }
        gone.clear();
    }

    /** The other host preempts one key after the other, and reserves. */
    private static void preemptAll(ReservationBench bench) {
        bench.disk().carryOut(FOREIGN, new Register(ReservationKey.NONE, FOREIGN_KEY, true, false));
        for (Registrant registrant : bench.disk().state().registrants()) {
            if (!registrant.key().equals(FOREIGN_KEY)) {
                bench.disk()
                        .carryOut(
                                FOREIGN,
                                new Preempt(FOREIGN_KEY, registrant.key(), WRITE_EXCLUSIVE_REGISTRANTS_ONLY, true));
            }
        }
        bench.disk().carryOut(FOREIGN, new Reserve(FOREIGN_KEY, WRITE_EXCLUSIVE_REGISTRANTS_ONLY));
        assertThat(bench.disk().state().heldBy(FOREIGN_KEY)).isTrue();
    }

    private void settle(ReservationBench bench) {
        comeAnew(bench);
        for (SimPath path : bench.bench.array.paths()) {
            path.script(attempt -> SimAnswer.succeed());
            path.reserving().script(command -> SimReservationAnswer.carryOut());
            path.port().putBack();
        }
        bench.bench.runFor(Duration.ofMinutes(5));
        fences += (int)
                bench.bench.events.stream().filter(PathFenced.class::isInstance).count();
    }
}
