package io.mpath.scsi;

import static io.mpath.scsi.ArrayAndHost.BLOCK;
import static io.mpath.scsi.ArrayAndHost.once;
import static io.mpath.scsi.ArrayAndHost.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Effect;
import io.mpath.IoRequest;
import io.mpath.IoStatus;
import io.mpath.MultipathDevice;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.MultipathEvent.AcknowledgedWriteLost;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimSense;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller is told of data that is to last. */
class DurabilityTest {
    private final ArrayAndHost lab = new ArrayAndHost(1);
    private final List<IoStatus> ended = new ArrayList<>();
    private final List<MultipathEvent> events = new ArrayList<>();

    private static boolean isFlush(SimCommand command) {
        return command.opcode() == 0x35 || command.opcode() == 0x91;
    }

    private IoRequest durableDiscard(MultipathDevice device) {
        IoRequest discard = IoRequest.create().discard(0, 8 * BLOCK).forceUnitAccess(true);
        discard.onComplete((request, status) -> ended.add(status));
        device.submit(discard);
        return discard;
    }

    private static SimFate earlier(int key, int asc, int ascq) {
        return SimFate.sense(SimSense.of(key, asc, ascq).forEarlierCommand());
    }

    private List<MultipathEvent> losses() {
        return events.stream().filter(AcknowledgedWriteLost.class::isInstance).toList();
    }

    /** Asked again, it would succeed: the target has told of the loss, and has nothing more to write. */
    @ParameterizedTest
    @CsvSource({"3, 12, 0, MEDIUM_ERROR", "4, 68, 0, TARGET_ERROR", "7, 39, 7, NO_SPACE"})
    void flushThatIsToldOfAWriteThatFailedAfterItsEndFails(int key, int asc, int ascq, IoStatus told) {
        MultipathDevice device = overA();
        lab.write(device, 0, 'w');
        once(lab.a, DurabilityTest::isFlush, earlier(key, asc, ascq));
        assertThat(lab.failure(device.flush())).isEqualTo(told);
        assertThat(losses()).hasSize(1).first().asString().contains("path a", "deferred sense 0" + key);
        assertThat(path(device, "a").usable()).isTrue();
        lab.world.await(device.flush());
    }

    /** What INFORMATION means for such an abort, no standard says: not that the blocks ahead of it were written. */
    @ParameterizedTest
    @CsvSource({"68, 0", "71, 3", "0, 0"})
    void abortedWriteIsSentAgainWholeWhateverBlockItNames(int asc, int ascq) {
        MultipathDevice device = lab.deviceOverBoth();
        List<Integer> blocks = new ArrayList<>();
        SimFate aborted = SimFate.doneWithSense(SimSense.of(0x0b, asc, ascq).at(5));
        lab.a.script(command -> fateOfTheFirst(command, blocks, aborted));
        lab.b.script(command -> fateOfTheFirst(command, blocks, aborted));
        lab.world.await(device.write(0, ByteBuffer.allocate(8 * BLOCK)));
        assertThat(blocks).containsExactly(8, 8);
    }

    /** Has the first write alone end so; {@code blocks} are those of each. */
    private static SimFate fateOfTheFirst(SimCommand command, List<Integer> blocks, SimFate fate) {
        if (!command.changes()) {
            return SimFate.normal();
        }
        blocks.add(command.u8(8));
        return blocks.size() == 1 ? fate : SimFate.normal();
    }

    @Test
    void durableChangeWhoseFlushIsToldOfAnEarlierFailureFails() {
        MultipathDevice device = overA();
        once(lab.a, DurabilityTest::isFlush, earlier(3, 12, 0));
        durableDiscard(device);
        lab.seconds(2);
        assertThat(ended).containsExactly(IoStatus.MEDIUM_ERROR);
    }

    /** It was not carried out, and is none of those that failed. */
    @Test
    void readThatIsToldOfAnEarlierFailureIsSentAgainAndTheFailureTold() {
        MultipathDevice device = overA();
        once(lab.a, command -> command.opcode() == 0x28, earlier(3, 12, 0));
        lab.world.await(device.read(0, ArrayAndHost.block()));
        assertThat(losses()).hasSize(1);
    }

    /** It is told once, to whichever command comes next: of nothing that was acknowledged before can a flush say that it lasts. */
    @Test
    void flushAfterAnEarlierFailureWasToldToAnotherFailsOnceWhicheverPathItTakes() {
        MultipathDevice device = lab.deviceOverBoth();
        lab.write(device, 0, 'w');
        once(lab.a, command -> command.opcode() == 0x28, earlier(3, 12, 0));
        once(lab.b, command -> command.opcode() == 0x28, earlier(3, 12, 0));
        lab.world.await(device.read(0, ArrayAndHost.block()));
        lab.world.await(device.read(0, ArrayAndHost.block()));
        assertThat(lab.failure(device.flush())).isEqualTo(IoStatus.MEDIUM_ERROR);
        lab.world.await(device.flush());
        lab.world.await(device.flush());
    }

    @Test
    void housekeepingThatIsToldOfAnEarlierFailureTellsIt() {
        MultipathDevice device = overA();
        lab.seconds(15);
        once(lab.a, command -> command.opcode() == 0xa3, earlier(3, 12, 0));
        lab.unit.attention(SimSense.of(0x06, 0x2a, 0x06));
        lab.world.await(device.read(0, ArrayAndHost.block()));
        lab.seconds(2);
        assertThat(losses()).hasSize(1);
    }

    @Test
    void earlierErrorThatWasRecoveredFromIsNoLoss() {
        MultipathDevice device = overA();
        once(lab.a, DurabilityTest::isFlush, earlier(1, 12, 1));
        lab.world.await(device.flush());
        assertThat(losses()).isEmpty();
    }

    private MultipathDevice overA() {
        lab.offer(lab.toA);
        lab.registry.listen(events::add);
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
