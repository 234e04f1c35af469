package io.mpath.scsi.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.command.ScsiResult;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Judges by the book, and writes down what it was asked. */
final class RecordedJudge implements CommandJudge {
    static final int BLOCK = 512;

    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<ScsiResult> results = new CopyOnWriteArrayList<>();
    /** How often memory was to be kept. */
    final AtomicInteger kept = new AtomicInteger();

    volatile boolean live = true;

    @Override
    public @Nullable PathFailure beforeSending(IoOperation operation) {
        return live ? null : PathFailure.failOver(Certainty.NOT_EXECUTED, "not live");
    }

    @Override
    public @Nullable PathFailure completed(IoOperation operation, ScsiResult result, long lba, int blocks) {
        asked.add(operation + " completed " + result + ", " + blocks + " blocks from " + lba);
        results.add(result);
        long done = result.doneBytes(lba, blocks, BLOCK);
        return result.treatment()
                .map(what ->
                        new PathFailure(what.verdict(), what.certainty(), what.status(), result.toString(), 0, done, 0))
                .orElse(null);
    }

    @Override
    public PathFailure unanswered(IoOperation operation, String cause) {
        asked.add(operation + " unanswered " + cause);
        return PathFailure.failOver(Certainty.UNKNOWN, cause);
    }

    @Override
    public PathFailure refused(IoOperation operation, IoStatus status, String cause) {
        asked.add(operation + " refused " + status);
        return new PathFailure(Verdict.FAIL, Certainty.NOT_EXECUTED, status, cause, 0, 0, 0);
    }

    @Override
    public void roomAgain() {}

    @Override
    public OptionalLong keepNanos() {
        kept.incrementAndGet();
        return OptionalLong.of(1);
    }
}
