package io.mpath.scsi;

import io.mpath.path.Certainty;
import io.mpath.path.Verdict;
import io.mpath.scsi.command.Read10;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.Treatment;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reads the first block, since there are ports that say that they are ready and then fail every request. A unit that refuses it for
 * its access state works, and so does the way to it.
 *
 * <p>Threading: any thread that may block.
 */
final class FirstBlockCheck {
    private static final int MOST_TRIES = 4;

    private final ScsiTransport transport;
    private final Duration timeout;
    private final Consumer<ScsiResult> noticed;

    /** What came of it, and why. */
    record Outcome(boolean works, String cause) {}

    /** @param noticed told of each end: a unit attention that this consumes is told like one that a request consumes */
    FirstBlockCheck(ScsiTransport transport, Duration timeout, Consumer<ScsiResult> noticed) {
        this.transport = transport;
        this.timeout = timeout;
        this.noticed = noticed;
    }

    /** @throws io.mpath.MultipathException as {@link ScsiTransport#execute} */
    Outcome run(int blockBytes) {
        var read = new Read10(0, 1, blockBytes, false);
        ScsiResult result = tried(read);
        for (int tries = 1; tries < MOST_TRIES && onlyTells(result); tries++) {
            result = tried(read);
        }
        return new Outcome(
                works(result), result.treatment().isEmpty() ? "the first block can be read" : result.toString());
    }

    private ScsiResult tried(Read10 read) {
        ScsiResult result = transport.execute(read, null, timeout).result();
        noticed.accept(result);
        return result;
    }

    private static boolean onlyTells(ScsiResult result) {
        return result.treatment().filter(Treatment::onlyTells).isPresent();
    }

    /** Any answer of the unit's will do that no other path would better, but for its access state. */
    private static boolean works(ScsiResult result) {
        return result.treatment()
                .filter(what -> what.certainty() == Certainty.UNKNOWN
                        || (what.verdict() == Verdict.FAIL_OVER && what.recheck() != Treatment.Recheck.ACCESS_STATE))
                .isEmpty();
    }
}
