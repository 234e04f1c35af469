package io.mpath.scsi.scenario;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.scsi.CommandJudge;
import io.mpath.scsi.command.ScsiResult;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Remembers how the last command ended. */
final class RecordingJudge implements CommandJudge {
    static final ScsiResult DONE = new ScsiResult(0, 0, Optional.empty(), 0);

    private volatile ScsiResult last = DONE;

    ScsiResult last() {
        return last;
    }

    @Override
    public @Nullable PathFailure beforeSending(IoOperation operation) {
        last = DONE;
        return null;
    }

    @Override
    public @Nullable PathFailure completed(IoOperation operation, ScsiResult result, long lba, int blocks) {
        last = result;
        return result.treatment().isEmpty() ? null : PathFailure.fail(IoStatus.TARGET_ERROR, result.toString());
    }

    @Override
    public PathFailure unanswered(IoOperation operation, String cause) {
        return PathFailure.failOver(Certainty.UNKNOWN, cause);
    }

    @Override
    public PathFailure refused(IoOperation operation, IoStatus status, String cause) {
        return PathFailure.fail(status, cause);
    }

    @Override
    public void roomAgain() {}

    @Override
    public OptionalLong keepNanos() {
        return OptionalLong.empty();
    }
}
