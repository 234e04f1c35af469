package io.mpath.scsi;

import static io.mpath.scsi.ArrayAndHost.BLOCK;
import static io.mpath.scsi.ArrayAndHost.once;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Effect;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimSense;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a caller is told of data that is to last. */
class DurabilityTest {
    private static final int UNMAP = 0x42;

    private final ArrayAndHost lab = new ArrayAndHost(1);
    private final List<IoStatus> ended = new ArrayList<>();

    private static boolean isFlush(SimCommand command) {
        return command.opcode() == 0x35 || command.opcode() == 0x91;
    }

    private IoRequest durableDiscard(MultipathDevice device) {
        IoRequest discard = IoRequest.create().discard(0, 8 * BLOCK).forceUnitAccess(true);
        discard.onComplete((request, status) -> ended.add(status));
        device.submit(discard);
        return discard;
    }

    private MultipathDevice overA() {
        lab.offer(lab.toA);
        return lab.device();
    }

    @Test
    void durableDiscardWhoseFlushIsRefusedMayHaveHappened() {
        MultipathDevice device = overA();
        lab.a.script(command -> isFlush(command) ? SimFate.sense(SimSense.of(0x05, 0x20, 0)) : SimFate.normal());
        IoRequest discard = durableDiscard(device);
        lab.seconds(2);
        assertThat(ended).containsExactly(IoStatus.TARGET_ERROR);
        assertThat(discard.effect()).isEqualTo(Effect.MAY_HAVE_HAPPENED);
    }

    @Test
    void durableDiscardWhoseFlushMeetsAnAttentionIsDoneAgain() {
        MultipathDevice device = overA();
        once(lab.a, DurabilityTest::isFlush, SimFate.sense(SimSense.of(0x06, 0x29, 0)));
        lab.array.counts().reset();
        durableDiscard(device);
        lab.seconds(2);
        assertThat(ended).containsExactly(IoStatus.SUCCESS);
        assertThat(lab.array.counts().seen(UNMAP)).isEqualTo(2);
    }

    /** It was answered: nothing of it is left that could still land, so nothing is held. */
    @Test
    void durableDiscardWhoseFlushIsLostIsDoneAgainAtOnce() {
        MultipathDevice device = lab.deviceOverBoth();
        once(lab.a, DurabilityTest::isFlush, SimFate.hostByte(HostByte.DID_TRANSPORT_DISRUPTED.number()));
        once(lab.b, DurabilityTest::isFlush, SimFate.hostByte(HostByte.DID_TRANSPORT_DISRUPTED.number()));
        durableDiscard(device);
        lab.pass(Duration.ofSeconds(3));
        assertThat(ended).containsExactly(IoStatus.SUCCESS);
    }
}
