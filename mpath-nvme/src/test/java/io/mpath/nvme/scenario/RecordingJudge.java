package io.mpath.nvme.scenario;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.nvme.CommandJudge;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Remembers the status of the last command that was completed. */
final class RecordingJudge implements CommandJudge {
    private volatile NvmeStatus last = NvmeStatus.SUCCESS;

    NvmeStatus last() {
        return last;
    }

    @Override
    public @Nullable PathFailure beforeSending(IoOperation operation) {
        last = NvmeStatus.SUCCESS;
        return null;
    }

    @Override
    public @Nullable PathFailure completed(IoOperation operation, NvmeStatus status) {
        if (status.success()) {
            return null;
        }
        last = status;
        return PathFailure.fail(status.ioStatus(), status.toString());
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
