package io.mpath.nvme.linux;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.nvme.CommandJudge;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.Verdict;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Judges by the book, and writes down what it was asked. */
final class RecordedJudge implements CommandJudge {
    final List<String> asked = new CopyOnWriteArrayList<>();
    /** How often memory was to be kept. */
    final AtomicInteger kept = new AtomicInteger();

    volatile boolean live = true;

    @Override
    public @Nullable PathFailure beforeSending(IoOperation operation) {
        return live ? null : PathFailure.failOver(Certainty.NOT_EXECUTED, "not live");
    }

    @Override
    public @Nullable PathFailure completed(IoOperation operation, NvmeStatus status) {
        asked.add(operation + " completed " + Integer.toHexString(status.field()));
        return status.success() ? null : PathFailure.failOver(status.certainty(), status.toString());
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
