package io.mpath.scsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceId;
import io.mpath.IoOperation;
import io.mpath.MultipathException;
import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.ScsiStatus;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.sim.SimAluaState;
import io.mpath.scsi.sim.SimCommand;
import io.mpath.scsi.sim.SimFate;
import io.mpath.scsi.sim.SimScsiTransport;
import io.mpath.scsi.sim.SimSense;
import io.mpath.scsi.sim.SimUnitIdentity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A path that may lead to another unit sends nothing, whatever its registry has given it already: a target tells once, and takes
 * the next command for the unit that it has there by then.
 */
class DoubtedPathTest {
    private static final SimUnitIdentity ANOTHER = SimUnitIdentity.numbered(0x7777);

    private final ArrayAndHost lab = new ArrayAndHost(1);
    private final RecordedReports control = new RecordedReports(lab.world);
    private final List<PathFailure> sentBack = new ArrayList<>();
    private final ScsiPath path = (ScsiPath) lab.host.open(
            new Through(new SimScsiTransport(lab.toA, ArrayAndHost.LUN)) {
                @Override
                public LogicalUnitTransport open(int blockBytes, CommandJudge judge) {
                    return new Waiting(super.open(blockBytes, judge), sentBack);
                }
            },
            "/dev/sda");

    private void attach() {
        path.describe();
        lab.world.environment().loop().execute(() -> path.attach(control));
        lab.world.runUntilIdle();
    }

    /** A write was answered so. */
    private void told(int key, int asc, int ascq) {
        byte[] descriptors = {0x72, (byte) key, (byte) asc, (byte) ascq, 0, 0, 0, 0};
        Optional<SenseData> sense = Optional.of(SenseData.decode(ByteBuffer.wrap(descriptors)));
        path.completed(IoOperation.WRITE, new ScsiResult(ScsiStatus.CHECK_CONDITION.value(), 0, sense, 0), 0, 8);
        lab.world.runUntilIdle();
    }

    private void assertSendsNothing() {
        PathFailure refusal = path.beforeSending(IoOperation.WRITE);
        assertThat(refusal).isNotNull();
        assertThat(refusal.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
    }

    private static DeviceId id(SimUnitIdentity of) {
        return DeviceId.parse("naa.6a1b2c3d00000000" + of.serial());
    }

    private static boolean isReadCapacity16(SimCommand command) {
        return command.opcode() == 0x9e && command.serviceAction() == 0x10;
    }

    @ParameterizedTest
    @CsvSource({"6, 63, 3", "6, 63, 14", "5, 37, 0"})
    void sendsAgainOnceItHasSaidThatItIsTheSame(int key, int asc, int ascq) {
        attach();
        assertThat(path.beforeSending(IoOperation.WRITE)).isNull();
        told(key, asc, ascq);

        assertSendsNothing();
        assertThat(path.access().live()).as("asked for access states").isFalse();
        assertThat(sentBack)
                .as("what waits behind commands that hang")
                .extracting(PathFailure::certainty)
                .containsExactly(Certainty.NOT_EXECUTED);

        path.describe();
        assertThat(path.beforeSending(IoOperation.WRITE)).isNull();
        assertThat(path.access().live()).isTrue();
    }

    @Test
    void sendsNothingToAUnitThatIsAnother() {
        attach();
        lab.unit.identityInSilence(ANOTHER);
        told(6, 0x3f, 3);

        assertThat(path.describe().id()).isEqualTo(id(ANOTHER));
        assertSendsNothing();
    }

    @Test
    void sendsAgainWhenTheUnitIsBack() {
        attach();
        SimUnitIdentity was = lab.unit.identity();
        lab.unit.identityInSilence(ANOTHER);
        path.describe();
        lab.unit.identityInSilence(was);
        path.describe();
        assertThat(path.beforeSending(IoOperation.WRITE)).isNull();
    }

    /** The other one cannot be described: in this state it does not tell its size, and nobody else knows it. */
    @Test
    void unitThatSaysNoMoreThanThatItIsAnotherIsAnother() {
        attach();
        PathDescription before = path.describe();
        lab.unit.identityInSilence(ANOTHER);
        lab.unit.alua(1, SimAluaState.UNAVAILABLE);

        assertThat(before.contradiction(path.describe()))
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains(id(ANOTHER).toString()));
        assertSendsNothing();
    }

    @Test
    void unitThatIsAskedWhileAnotherTakesItsPlaceIsTheOther() {
        attach();
        told(6, 0x3f, 3);
        var replaced = new boolean[1];
        lab.a.script(command -> {
            if (!isReadCapacity16(command) || replaced[0]) {
                return SimFate.normal();
            }
            replaced[0] = true;
            lab.unit.identityInSilence(ANOTHER);
            return SimFate.sense(SimSense.of(6, 0x3f, 3));
        });
        assertThat(path.describe().id()).isEqualTo(id(ANOTHER));
    }

    @Test
    void unitThatIsOpenedWhileAnotherTakesItsPlaceIsTheOther() {
        var replaced = new boolean[1];
        lab.a.script(command -> {
            if (!isReadCapacity16(command) || replaced[0]) {
                return SimFate.normal();
            }
            replaced[0] = true;
            lab.unit.identityInSilence(ANOTHER);
            return SimFate.sense(SimSense.of(6, 0x3f, 0x0e));
        });
        assertThat(path.describe().id()).isEqualTo(id(ANOTHER));
    }

    @Test
    void unitThatSaysThatItIsAnotherEachTimeIsATypedError() {
        attach();
        var toldNow = new boolean[1];
        lab.a.script(command -> {
            toldNow[0] = isReadCapacity16(command) && !toldNow[0];
            return toldNow[0] ? SimFate.sense(SimSense.of(6, 0x3f, 3)) : SimFate.normal();
        });
        assertThatThrownBy(path::describe)
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("may be another logical unit");
        assertSendsNothing();
    }

    @Test
    void pathWhoseNexusIsNotLiveIsNotAskedWhoItIs() {
        attach();
        lab.array.counts().reset();
        lab.toA.lose();
        assertThatThrownBy(path::describe).hasMessageContaining("not live");
        assertThat(sentBack).as("what waits for the nexus").isEmpty();
        lab.world.runUntilIdle();
        assertThat(sentBack).hasSize(1);
    }

    /** A unit of which much waits. */
    private record Waiting(LogicalUnitTransport other, List<PathFailure> sentBack) implements LogicalUnitTransport {
        @Override
        public int maxTransferBytes() {
            return other.maxTransferBytes();
        }

        @Override
        public @Nullable String readOnly() {
            return other.readOnly();
        }

        @Override
        public PathQueue openQueue(QueueKind kind) {
            return other.openQueue(kind);
        }

        @Override
        public void failWaiting(PathFailure failure) {
            sentBack.add(failure);
        }

        @Override
        public void close(Runnable closed) {
            other.close(closed);
        }
    }
}
