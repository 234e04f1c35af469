package io.mpath.scsi;

import io.mpath.Liveness;
import io.mpath.path.PathPort;
import io.mpath.scsi.command.ScsiCommand;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Another transport, of which a test overrides what it wants to be otherwise; and what it would tell, the test may tell. */
class Through implements ScsiTransport {
    private final ScsiTransport other;

    @Nullable
    Listener listener;

    Through(ScsiTransport other) {
        this.other = other;
    }

    @Override
    public PathPort port() {
        return other.port();
    }

    @Override
    public String kind() {
        return other.kind();
    }

    @Override
    public String target() {
        return other.target();
    }

    @Override
    public @Nullable Liveness liveness() {
        return other.liveness();
    }

    @Override
    public @Nullable String away() {
        return other.away();
    }

    @Override
    public boolean liveAgainMeansEnded() {
        return other.liveAgainMeansEnded();
    }

    @Override
    public void listen(Listener value) {
        listener = value;
        other.listen(value);
    }

    @Override
    public ScsiReply execute(ScsiCommand command, @Nullable ByteBuffer data, Duration timeout) {
        return other.execute(command, data, timeout);
    }

    @Override
    public LogicalUnitTransport open(int blockBytes, CommandJudge judge) {
        return other.open(blockBytes, judge);
    }

    @Override
    public void close() {
        other.close();
    }
}
