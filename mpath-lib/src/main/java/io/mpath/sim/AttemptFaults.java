package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How simulated paths answer attempts: well, but for the faults that the seed has drawn. */
final class AttemptFaults {
    private static final long LATEST_REPETITION = 5_000_000L;
    private static final long SHORT_PAUSE = 30_000_000L;
    private static final long LONGEST_BUSY = 200_000_000L;
    private static final long LONG_PAUSE = 4_000_000_000L;
    private static final long LONGEST_GHOST = 2_000_000_000L;
    private static final List<IoStatus> REFUSALS = List.of(IoStatus.RESERVATION_CONFLICT, IoStatus.TARGET_ERROR);
    private static final List<IoStatus> FAILURES =
            List.of(IoStatus.MEDIUM_ERROR, IoStatus.TARGET_ERROR, IoStatus.PROTECTION_ERROR, IoStatus.NO_SPACE);

    private final SimWorld world;
    private final SimOptions options;
    private final SimCoverage coverage;
    private final SimRandom random;
    private final List<SimFault> kinds = new ArrayList<>();
    private final List<SimAttempt> hung = new ArrayList<>();
    private final int perMille;
    private long writes;
    private boolean over;

    AttemptFaults(SimWorld world, SimOptions options, SimCoverage coverage) {
        this.world = world;
        this.options = options;
        this.coverage = coverage;
        this.random = world.random("attempt faults");
        this.perMille = options.count(SimOption.FAULTS_PER_MILLE);
        for (SimFault fault : SimFault.values()) {
            if (fault.ofAttempts() && fault != SimFault.LATE_LANDING && options.has(fault)) {
                kinds.add(fault);
            }
        }
    }

    SimAnswer answer(Route route, SimAttempt attempt) {
        if (attempt.operation() == IoOperation.WRITE && ++writes == options.get(SimOption.FORGET_WRITE)) {
            attempt.giveUp();
        }
        if (over) {
            return SimAnswer.succeed();
        }
        if (!route.path().accessState().usable()) {
            return failure(
                    Verdict.FAIL_OVER,
                    Certainty.NOT_EXECUTED,
                    "access state " + route.path().accessState());
        }
        if (world.nanos() < route.busyUntil) {
            return failure(Verdict.RETRY, Certainty.NOT_EXECUTED, "busy");
        }
        if (kinds.isEmpty() || !random.chance(perMille, 1000)) {
            return SimAnswer.succeed();
        }
        SimFault fault = kinds.get(random.nextInt(kinds.size()));
        coverage.count(SimCoverage.of(fault));
        if (fault == SimFault.STAYS_BUSY) {
            route.busyUntil = world.nanos() + random.between(1, LONGEST_BUSY);
        }
        return answer(fault, attempt);
    }

    private SimAnswer answer(SimFault fault, SimAttempt attempt) {
        return switch (fault) {
            case RETRY_REFUSED, STAYS_BUSY -> failure(Verdict.RETRY, Certainty.NOT_EXECUTED, "busy");
            case RETRY_TERMINATED -> failure(Verdict.RETRY, Certainty.TERMINATED, "task aborted");
            case RETRY_LOST -> failure(Verdict.RETRY, Certainty.UNKNOWN, "no answer");
            case FAIL_OVER_REFUSED -> failure(Verdict.FAIL_OVER, Certainty.NOT_EXECUTED, "not sent");
            case FAIL_OVER_TERMINATED -> failure(Verdict.FAIL_OVER, Certainty.TERMINATED, "path error");
            case FAIL_OVER_LOST -> failure(Verdict.FAIL_OVER, Certainty.UNKNOWN, "connection lost");
            case FAIL_REFUSED -> failure(Verdict.FAIL, Certainty.NOT_EXECUTED, "refused");
            case FAIL_TERMINATED -> failure(Verdict.FAIL, Certainty.TERMINATED, "failed");
            case FAIL_LOST -> failure(Verdict.FAIL, Certainty.UNKNOWN, "failed, and lost");
            case PARTLY_DONE -> partly(attempt);
            case HANG -> hang(attempt);
            case ENDED_TWICE -> SimAnswer.succeed().twice();
            case ENDED_AGAIN -> again(attempt);
            case ENDED_ON_THE_LOOP -> onTheLoop(attempt);
            case ENDED_IN_SUBMIT -> inSubmit();
            case NO_ROOM -> SimAnswer.refuse();
            case THROWS -> SimAnswer.breakContract();
            default -> throw new IllegalStateException(fault + " does not befall attempts");
        };
    }

    /** Fails at once, and says so again when it may be under way elsewhere. */
    private SimAnswer again(SimAttempt attempt) {
        world.thread("late").schedule(Duration.ofNanos(random.between(1, LATEST_REPETITION)), () -> repeat(attempt));
        return SimAnswer.fail(PathFailure.failOver(Certainty.NOT_EXECUTED, "not sent"));
    }

    private SimAnswer onTheLoop(SimAttempt attempt) {
        world.environment().loop().execute(attempt::complete);
        return SimAnswer.hang();
    }

    private static void repeat(SimAttempt attempt) {
        if (attempt.ended() && !attempt.withPath()) {
            attempt.reportAgain();
        }
    }

    private SimAnswer.Execute inSubmit() {
        return random.chance(1, 2)
                ? SimAnswer.succeed().inSubmit()
                : failure(Verdict.FAIL_OVER, Certainty.NOT_EXECUTED, "not sent").inSubmit();
    }

    private SimAnswer.Execute failure(Verdict verdict, Certainty certainty, String cause) {
        coverage.count(SimCoverage.of(verdict, certainty));
        IoStatus status = status(verdict, certainty);
        long longest = random.chance(1, 10) ? LONG_PAUSE : SHORT_PAUSE;
        long delay = verdict == Verdict.RETRY ? random.between(0, longest) : 0;
        var failure = new PathFailure(verdict, certainty, status, cause, delay, 0, 0);
        return landing(SimAnswer.fail(failure));
    }

    private IoStatus status(Verdict verdict, Certainty certainty) {
        if (verdict == Verdict.FAIL_OVER) {
            return IoStatus.PATH_ERROR;
        }
        List<IoStatus> possible = certainty == Certainty.NOT_EXECUTED ? REFUSALS : FAILURES;
        return possible.get(random.nextInt(possible.size()));
    }

    /** When an attempt that fails so takes effect: a refused one never does. */
    SimAnswer.Execute landing(SimAnswer.Execute answer) {
        PathFailure failure = answer.failure();
        if (failure == null || failure.certainty() == Certainty.NOT_EXECUTED) {
            return answer;
        }
        boolean mayBeLate = failure.certainty() == Certainty.UNKNOWN && options.has(SimFault.LATE_LANDING);
        return switch (random.nextInt(mayBeLate ? 5 : 3)) {
            case 0 -> answer;
            case 1 -> answer.landingAtSubmit();
            case 2 -> answer.landingAtEnd();
            default -> {
                coverage.count(SimCoverage.of(SimFault.LATE_LANDING));
                yield answer.landingLate(Duration.ofNanos(random.between(1, longestGhost())));
            }
        };
    }

    /** What is lost lands within the hold time, as the path promises. */
    private long longestGhost() {
        long hold = options.get(SimOption.HOLD_MS) * 1_000_000L;
        return hold == 0 ? LONGEST_GHOST : hold - 1;
    }

    private SimAnswer partly(SimAttempt attempt) {
        coverage.count(SimCoverage.of(Verdict.FAIL_OVER, Certainty.TERMINATED));
        long done = attempt.length() == 0 || attempt.operation() == IoOperation.COMPARE_AND_WRITE
                ? 0
                : random.between(0, attempt.length());
        return SimAnswer.failBehind(new PathFailure(
                Verdict.FAIL_OVER, Certainty.TERMINATED, IoStatus.PATH_ERROR, "broken off", 0, done, 0));
    }

    private SimAnswer hang(SimAttempt attempt) {
        hung.add(attempt);
        SimThread nobody = world.thread("late");
        nobody.schedule(Duration.ofNanos(random.between(1, 3_000_000_000L)), () -> release(attempt));
        return SimAnswer.hang();
    }

    private void release(SimAttempt attempt) {
        if (hung.remove(attempt)) {
            if (random.chance(1, 2)) {
                attempt.complete();
            } else {
                attempt.end(
                        landing(SimAnswer.fail(PathFailure.failOver(Certainty.UNKNOWN, "given up after a long time"))));
            }
        }
    }

    /** All is well from here on, and what hangs ends. */
    void end() {
        over = true;
        List<SimAttempt> all = List.copyOf(hung);
        hung.clear();
        all.forEach(SimAttempt::complete);
    }
}
