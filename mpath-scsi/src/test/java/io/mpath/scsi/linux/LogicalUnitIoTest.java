package io.mpath.scsi.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.linux.Errno;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.QueueKind;
import io.mpath.scsi.LogicalUnitTransport;
import io.mpath.scsi.ScsiPassthrough;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.ScsiCommand.Transfer;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseData;
import io.mpath.scsi.command.SenseKey;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LogicalUnitIoTest {
    private static final int BLOCK = RecordedJudge.BLOCK;
    private static final int WRITE_10 = 0x2a;
    private static final int READ_10 = 0x28;
    private static final int SYNCHRONIZE_CACHE_10 = 0x35;
    private static final int UNMAP = 0x42;
    private static final int COMPARE_AND_WRITE = 0x89;
    private static final int WRITE_SAME_16 = 0x93;

    private final RecordedJudge judge = new RecordedJudge();

    @TempDir
    Path directory;

    private FakeHost host;

    @BeforeEach
    void begin() {
        host = new FakeHost(directory).session(3).disk("3:0:0:0", "sda");
    }

    private LinuxTransport transport(ScsiOptions options) {
        SysfsUnit unit = SysfsUnit.all(host.sysfs()).get(0);
        var nexus = new NexusLife(host.machine(), unit.nexus().orElseThrow());
        return new LinuxTransport(host.machine(), nexus, unit, "sda", new KernelClaims(unit, "sda"), options);
    }

    private LogicalUnitTransport open(ScsiOptions options) {
        return transport(options).open(BLOCK, judge);
    }

    private LogicalUnitTransport open() {
        return open(ScsiOptions.defaults());
    }

    private static PathFailure carryOut(LogicalUnitTransport unit, TestIo io) {
        assertThat(unit.openQueue(QueueKind.SHARED).submit(io)).isTrue();
        return io.outcome();
    }

    /** On one thread, so that the memory is the same one after the other. */
    private PathFailure carryOut(TestIo io) {
        return carryOut(open(ScsiOptions.defaults().withDepth(1, 4)), io);
    }

    private void answers(FakeIoctls.Answer... inOrder) {
        var next = new AtomicInteger();
        host.ioctls.driver = (node, command, data) -> {
            int index = next.getAndIncrement();
            return index < inOrder.length ? inOrder[index] : FakeIoctls.Answer.good();
        };
    }

    private ScsiResult resultOf(FakeIoctls.Answer answer) {
        answers(answer);
        carryOut(TestIo.write(0, BLOCK));
        return judge.results.get(0);
    }

    @Test
    void writeAndReadNameTheirBlocks() {
        carryOut(TestIo.write(3L * BLOCK, 2 * BLOCK));
        carryOut(TestIo.read(7L * BLOCK, ByteBuffer.allocate(BLOCK)));

        assertThat(host.ioctls.commands.get(0))
                .satisfies(sent -> assertThat(sent.opcode()).isEqualTo(WRITE_10))
                .satisfies(sent -> assertThat(sent.direction()).isEqualTo(-2))
                .satisfies(sent -> assertThat(sent.dataBytes()).isEqualTo(2 * BLOCK))
                .satisfies(sent -> assertThat(sent.cdb().getInt(2)).isEqualTo(3))
                .satisfies(sent -> assertThat(sent.cdb().getShort(7)).isEqualTo((short) 2));
        assertThat(host.ioctls.commands.get(1))
                .satisfies(sent -> assertThat(sent.opcode()).isEqualTo(READ_10))
                .satisfies(sent -> assertThat(sent.direction()).isEqualTo(-3));
        assertThat(judge.asked)
                .containsExactly(
                        "write completed status 0x00 GOOD, 2 blocks from 3",
                        "read completed status 0x00 GOOD, 1 blocks from 7");
    }

    @Test
    void dataGoesBothWays() {
        var written = new ArrayList<Byte>();
        host.ioctls.driver = (node, command, data) -> {
            if (command.opcode() == WRITE_10) {
                written.add(data.get(9));
            } else {
                data.put(9, (byte) 77);
            }
            return FakeIoctls.Answer.good();
        };
        ByteBuffer from = ByteBuffer.allocate(BLOCK).put(9, (byte) 42);
        ByteBuffer into = ByteBuffer.allocate(BLOCK);

        carryOut(TestIo.write(0, from));
        carryOut(TestIo.read(0, into));

        assertThat(written).containsExactly((byte) 42);
        assertThat(into.get(9)).isEqualTo((byte) 77);
    }

    @Test
    void requestInWhosePlaceTheUnitTellsSomethingIsSentAgainByTheSameThread() {
        answers(FakeIoctls.Answer.sense(6, 0x29, 0), FakeIoctls.Answer.sense(6, 0x2a, 6));

        assertThat(carryOut(TestIo.write(0, BLOCK))).isNull();
        assertThat(host.ioctls.opcodes()).containsExactly(WRITE_10, WRITE_10, WRITE_10);
        assertThat(judge.results).as("and all of it is judged").hasSize(3);
    }

    @Test
    void unitThatOnlyEverHasSomethingToTellIsNotAskedForEver() {
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.sense(6, 0x29, 0);

        assertThat(carryOut(TestIo.write(0, BLOCK)).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(host.ioctls.commands).hasSize(4);
    }

    @Test
    void requestIsNotSentAgainToAUnitThatTellsThatItMayBeAnother() {
        host.ioctls.driver = (node, command, data) -> {
            judge.live = false;
            return FakeIoctls.Answer.sense(6, 0x3f, 3);
        };

        assertThat(carryOut(TestIo.write(0, BLOCK)).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(host.ioctls.commands).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"2, 4, 1", "2, 4, 0x0b", "11, 0, 0"})
    void requestThatIsRefusedOrAbortedIsNotSentAgainByItsThread(int key, String asc, String ascq) {
        answers(FakeIoctls.Answer.sense(key, Integer.decode(asc), Integer.decode(ascq)));

        assertThat(carryOut(TestIo.write(0, BLOCK))).isNotNull();
        assertThat(host.ioctls.commands).hasSize(1);
    }

    @Test
    void interruptedCallIsUnknownAndNotRepeated() {
        answers(FakeIoctls.Answer.error(Errno.EINTR));

        PathFailure failure = carryOut(TestIo.write(0, BLOCK));

        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(failure.cause()).contains("EINTR");
        assertThat(host.ioctls.commands).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "EINVAL, MISALIGNED",
        "EBADF, INTERNAL_ERROR",
        "ENOTTY, UNSUPPORTED",
        "ENOMEM, PATH_ERROR",
        "ENODEV, PATH_ERROR",
        "ENXIO, PATH_ERROR",
        "EACCES, READ_ONLY",
        "EPERM, READ_ONLY"
    })
    void whatTheHostRefusedWasNotExecuted(Errno errno, IoStatus status) {
        answers(FakeIoctls.Answer.error(errno));

        PathFailure failure = carryOut(TestIo.write(0, BLOCK));

        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(failure.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"EINVAL", "EBADF", "ENOTTY", "ENOMEM", "ENODEV", "ENXIO", "EACCES", "EPERM", "UNNAMED"},
            mode = EnumSource.Mode.EXCLUDE)
    void whateverElseTheHostSaysLeavesAWriteUnknown(Errno errno) {
        answers(FakeIoctls.Answer.error(errno));

        assertThat(carryOut(TestIo.write(0, BLOCK)).certainty()).isEqualTo(Certainty.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"EINVAL", "ENOMEM", "EIO", "EFAULT"})
    void errnoAfterTheEndOfACommandProvesNothing(Errno errno) {
        answers(FakeIoctls.Answer.errorAfterTheEnd(errno));

        PathFailure failure = carryOut(TestIo.write(0, BLOCK));

        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(failure.cause()).contains("after the command had ended");
    }

    @Test
    void callThatSaysNothingOfAnEndIsUnknown() {
        answers(new FakeIoctls.Answer(0, false, 0, 0, 0, ByteBuffer.allocate(0), 0));

        assertThat(carryOut(TestIo.write(0, BLOCK)).certainty()).isEqualTo(Certainty.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(
            value = HostByte.class,
            names = {"DID_OK", "DID_TARGET_FAILURE", "DID_NEXUS_FAILURE", "DID_ALLOC_FAILURE", "DID_MEDIUM_ERROR"},
            mode = EnumSource.Mode.EXCLUDE)
    void noHostByteProvesThatAWriteWasNotExecuted(HostByte host) {
        answers(FakeIoctls.Answer.host(host.number()));

        PathFailure failure = carryOut(TestIo.write(0, BLOCK));

        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(judge.results.get(0).hostByte()).isEqualTo(host.number());
        assertThat(judge.kept).hasValue(1);
    }

    @Test
    void statusByteIsTheDevices() {
        assertThat(resultOf(FakeIoctls.Answer.status(0x28)).statusByte()).isEqualTo(0x28);
    }

    @Test
    void senseDataIsDecoded() {
        ScsiResult result = resultOf(FakeIoctls.Answer.sense(2, 4, 0x0b));

        assertThat(result.statusByte()).isEqualTo(2);
        assertThat(result.sense().orElseThrow().toString()).contains("02/04/0B");
    }

    @Test
    void descriptorThatCannotBeLeavesTheCodesOfItsSenseData() {
        byte[] sense = {0x72, 0x06, 0x3f, 0x03, 0, 0, 0, 4, (byte) 0x80, (byte) 0xff, 1, 2};

        ScsiResult result = resultOf(FakeIoctls.Answer.sense(sense));

        assertThat(result.sense()).contains(SenseData.of(SenseKey.UNIT_ATTENTION, 0x3f, 0x03));
    }

    @Test
    void senseDataThatDoesNotDecodeIsNone() {
        byte[] nonsense = new byte[18];
        nonsense[0] = 0x11;

        ScsiResult result = resultOf(FakeIoctls.Answer.sense(nonsense));

        assertThat(result.sense()).isEmpty();
        assertThat(result.statusByte()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "0x16"})
    void driverByteOfAnOldKernelIsUnknown(String driver) {
        ScsiResult result = resultOf(FakeIoctls.Answer.driver(Integer.decode(driver)));

        assertThat(result.hostByte()).isEqualTo(HostByte.DID_ERROR.number());
        assertThat(result.treatment().orElseThrow().certainty()).isEqualTo(Certainty.UNKNOWN);
    }

    @Test
    void residualIsPassedOn() {
        assertThat(resultOf(FakeIoctls.Answer.residual(100)).residualBytes()).isEqualTo(100);
    }

    @Test
    void readThatFailsHalfwayBringsWhatLiesAheadAndNothingOfOthers() {
        var lba = ByteBuffer.allocate(18)
                .put(0, (byte) 0xf0)
                .put(2, (byte) 3)
                .putInt(3, 2)
                .put(7, (byte) 10)
                .put(12, (byte) 0x11);
        host.ioctls.driver = (node, command, data) -> {
            for (int i = 0; i < data.capacity(); i++) {
                data.put(i, (byte) 9);
            }
            return command.opcode() == READ_10 ? FakeIoctls.Answer.sense(lba.array()) : FakeIoctls.Answer.good();
        };
        ByteBuffer into = ByteBuffer.allocate(4 * BLOCK);

        PathFailure failure = Objects.requireNonNull(carryOut(TestIo.read(0, into)));

        assertThat(failure.doneBytes()).isEqualTo(2 * BLOCK);
        assertThat(into.get(2 * BLOCK - 1)).isEqualTo((byte) 9);
        assertThat(into.get(2 * BLOCK)).isZero();
    }

    @Test
    void commandIsNotSentThroughANexusThatIsNotLive() {
        judge.live = false;

        assertThat(carryOut(TestIo.write(0, BLOCK)).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(host.ioctls.commands).isEmpty();
    }

    @Test
    void memoryOfALostWriteIsKeptUntilItsHoldIsOver() {
        answers(FakeIoctls.Answer.good(), FakeIoctls.Answer.host(HostByte.DID_TRANSPORT_DISRUPTED.number()));
        LogicalUnitTransport unit = open(ScsiOptions.defaults().withDepth(1, 4));

        for (int i = 0; i < 3; i++) {
            carryOut(unit, TestIo.write(0, BLOCK));
        }

        List<Long> addresses =
                host.ioctls.commands.stream().map(FakeIoctls.Command::address).toList();
        assertThat(addresses.get(1)).as("of the lost write").isEqualTo(addresses.get(0));
        assertThat(addresses.get(2)).as("of the next").isNotEqualTo(addresses.get(1));
        assertThat(judge.kept).hasValue(1);
    }

    @Test
    void memoryOfALostReadIsUsedAgain() {
        answers(FakeIoctls.Answer.error(Errno.ETIMEDOUT));
        LogicalUnitTransport unit = open(ScsiOptions.defaults().withDepth(1, 4));

        carryOut(unit, TestIo.read(0, ByteBuffer.allocate(BLOCK)));
        carryOut(unit, TestIo.read(0, ByteBuffer.allocate(BLOCK)));

        assertThat(host.ioctls.commands.stream()
                        .map(FakeIoctls.Command::address)
                        .distinct())
                .hasSize(1);
    }

    /** One without a write cache has nothing to force (LIO). */
    @Test
    void diskThatRefusesForcedAccessIsFlushedInstead() {
        host.ioctls.driver = (node, command, data) -> (command.cdb().get(1) & 0x08) != 0 && command.opcode() == WRITE_10
                ? FakeIoctls.Answer.sense(5, 0x24, 0)
                : FakeIoctls.Answer.good();
        LogicalUnitTransport unit = open(ScsiOptions.defaults().withDepth(1, 4));

        assertThat(carryOut(unit, TestIo.write(0, BLOCK).durable())).isNull();
        assertThat(carryOut(unit, TestIo.write(0, BLOCK).durable())).isNull();
        assertThat(carryOut(unit, TestIo.write(0, BLOCK))).isNull();

        assertThat(host.ioctls.opcodes())
                .containsExactly(WRITE_10, WRITE_10, SYNCHRONIZE_CACHE_10, WRITE_10, SYNCHRONIZE_CACHE_10, WRITE_10);
    }

    static List<FakeIoctls.Answer> failedFlushes() {
        return List.of(
                FakeIoctls.Answer.sense(5, 0x20, 0),
                FakeIoctls.Answer.sense(6, 0x29, 0),
                FakeIoctls.Answer.status(0x08),
                FakeIoctls.Answer.host(HostByte.DID_TRANSPORT_DISRUPTED.number()),
                FakeIoctls.Answer.error(Errno.ETIMEDOUT));
    }

    /** The disk forces nothing, so a flush follows: what becomes of that says nothing of what was done before it. */
    @ParameterizedTest
    @MethodSource("failedFlushes")
    void compareAndWriteThatWasDoneIsNotSaidToHaveNotHappened(FakeIoctls.Answer ofFlush) {
        host.ioctls.driver = (node, command, data) -> switch (command.opcode()) {
            case COMPARE_AND_WRITE ->
                (command.cdb().get(1) & 0x08) != 0 ? FakeIoctls.Answer.sense(5, 0x24, 0) : FakeIoctls.Answer.good();
            case SYNCHRONIZE_CACHE_10 -> ofFlush;
            default -> throw new AssertionError(command);
        };

        PathFailure failure = carryOut(
                TestIo.compareAndWrite(0, ByteBuffer.allocate(2 * BLOCK)).durable());

        assertThat(failure.certainty()).isEqualTo(Certainty.TERMINATED);
        assertThat(failure.status()).isNotIn(IoStatus.UNSUPPORTED, IoStatus.MISCOMPARE);
        assertThat(failure.cause()).startsWith("done, and not flushed");
    }

    @Test
    void durableWriteThatIsRefusedForAnotherFieldFails() {
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.sense(5, 0x24, 0);

        assertThat(carryOut(TestIo.write(0, BLOCK).durable())).isNotNull();

        assertThat(host.ioctls.opcodes()).containsExactly(WRITE_10, WRITE_10);
    }

    @Test
    void durableDiscardIsFollowedByAFlush() {
        assertThat(carryOut(TestIo.of(IoOperation.DISCARD, 0, 8 * BLOCK).durable()))
                .isNull();

        assertThat(host.ioctls.opcodes()).containsExactly(UNMAP, SYNCHRONIZE_CACHE_10);
    }

    @Test
    void discardNamesItsBlocks() {
        byte[] parameters = new byte[24];
        host.ioctls.driver = (node, command, data) -> {
            data.get(0, parameters);
            return FakeIoctls.Answer.good();
        };

        carryOut(TestIo.of(IoOperation.DISCARD, 3L * BLOCK, 5L * BLOCK));

        ByteBuffer list = ByteBuffer.wrap(parameters);
        assertThat(list.getLong(8)).isEqualTo(3);
        assertThat(list.getInt(16)).isEqualTo(5);
    }

    @Test
    void writeZeroesSendsOneBlockOfZeroes() {
        var sent = new ArrayList<Byte>();
        host.ioctls.driver = (node, command, data) -> {
            for (int i = 0; i < data.capacity() && command.opcode() == WRITE_SAME_16; i++) {
                sent.add(data.get(i));
            }
            return FakeIoctls.Answer.good();
        };
        LogicalUnitTransport unit = open(ScsiOptions.defaults().withDepth(1, 4));
        carryOut(unit, TestIo.write(0, ByteBuffer.allocate(BLOCK).put(3, (byte) 1)));

        carryOut(unit, TestIo.of(IoOperation.WRITE_ZEROES, 0, 8 * BLOCK));

        assertThat(sent).hasSize(BLOCK).containsOnly((byte) 0);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1500000, 2", "9223372036854775807, 2147483647"})
    void timeoutIsInMillisecondsAndNeverTheKernelsDefault(long nanos, long millis) {
        carryOut(TestIo.write(0, BLOCK).timeout(nanos));

        assertThat(host.ioctls.commands.get(0).timeoutMillis()).isEqualTo(millis);
    }

    @Test
    void passthroughBringsDataAndResultBack() {
        host.ioctls.driver = (node, command, data) -> {
            data.put(0, (byte) 42);
            return FakeIoctls.Answer.residual(3);
        };
        ByteBuffer data = ByteBuffer.allocate(20).position(4);
        byte[] cdb = {0x5e, 0, 0, 0, 0, 0, 0, 0, 16, 0};
        var command = new ScsiPassthrough("PERSISTENT RESERVE IN", cdb, Transfer.TO_HOST, data);

        assertThat(carryOut(TestIo.passthrough(command))).isNull();

        assertThat(data.get(4)).isEqualTo((byte) 42);
        assertThat(Objects.requireNonNull(command.result()).residualBytes()).isEqualTo(3);
        FakeIoctls.Command sent = host.ioctls.commands.get(0);
        assertThat(sent.cdb().array()).isEqualTo(cdb);
        assertThat(sent.dataBytes()).isEqualTo(16);
        assertThat(sent.direction()).isEqualTo(-3);
    }

    @Test
    void passthroughIsNeverSentAgain() {
        answers(FakeIoctls.Answer.sense(6, 0x29, 0));
        var command = new ScsiPassthrough("TEST UNIT READY", new byte[6], Transfer.NONE, null);

        assertThat(carryOut(TestIo.passthrough(command))).isNotNull();
        assertThat(host.ioctls.commands).hasSize(1);
    }

    @Test
    void passthroughSeesNothingOfAnotherRequest() {
        LogicalUnitTransport unit = open(ScsiOptions.defaults().withDepth(1, 4));
        carryOut(unit, TestIo.write(0, ByteBuffer.allocate(BLOCK).put(3, (byte) 1)));
        ByteBuffer data = ByteBuffer.allocate(8);

        carryOut(unit, TestIo.passthrough(new ScsiPassthrough("INQUIRY", new byte[6], Transfer.TO_HOST, data)));

        assertThat(data.get(3)).isZero();
    }

    @Test
    void whatIsLongerThanOneCommandIsRefused() {
        var command =
                new ScsiPassthrough("WRITE BUFFER", new byte[10], Transfer.TO_DEVICE, ByteBuffer.allocate(2 << 20));

        assertThat(carryOut(TestIo.passthrough(command)).status()).isEqualTo(IoStatus.MISALIGNED);
        assertThat(carryOut(TestIo.write(0, 2 << 20)).status()).isEqualTo(IoStatus.MISALIGNED);
        assertThat(host.ioctls.commands).isEmpty();
    }

    @Test
    void readOnlyPathWritesNothing() {
        LogicalUnitTransport unit = open(ScsiOptions.defaults().withReadOnly(true));

        assertThat(unit.readOnly()).isEqualTo("opened read-only");
        assertThat(carryOut(unit, TestIo.write(0, BLOCK)).status()).isEqualTo(IoStatus.READ_ONLY);
        assertThat(carryOut(unit, TestIo.read(0, ByteBuffer.allocate(BLOCK)))).isNull();
        assertThat(host.ioctls.opened).containsExactly("sda ro");
    }

    @Test
    void diskThatMayNotBeWrittenIsOpenedReadOnly() {
        host.ioctls.refusals.put("sda", Errno.EROFS);

        assertThat(open().readOnly()).contains("EROFS");
    }

    @Test
    void missingRightsAreNamed() {
        host.ioctls.refusals.put("sda", Errno.EACCES);
        host.ioctls.refusals.put("sda read-only", Errno.EACCES);

        assertThatThrownBy(this::open).isInstanceOf(MultipathException.class).hasMessageContaining("CAP_SYS_RAWIO");
    }

    @Test
    void diskIsOpenedExclusivelyWhereThatIsAskedFor() {
        open(ScsiOptions.defaults().withExclusive(true));

        assertThat(host.ioctls.opened).containsExactly("sda rw exclusive");
    }

    @Test
    void nodeThatIsAnotherDeviceIsRefused() {
        host.node("sda", "8:32");

        assertThatThrownBy(this::open).hasMessageContaining("8:32").hasMessageContaining("8:0");
        assertThat(host.ioctls.open()).isEmpty();
    }

    @Test
    void transferIsBoundedByWhatTheKernelMaps() {
        assertThat(open().maxTransferBytes()).isEqualTo(64 * 4096);
        host.of("3:0:0:0", "block/sda/queue/max_segments", "65535");
        host.of("3:0:0:0", "block/sda/queue/max_hw_sectors_kb", "2147483644");
        assertThat(open().maxTransferBytes()).isEqualTo(1 << 20);
        host.of("3:0:0:0", "block/sda/queue/max_hw_sectors_kb", "5");
        assertThat(open().maxTransferBytes()).isEqualTo(5 * 1024);
    }

    @Test
    void descriptorIsClosedByTheLastCommandThatUsesIt() throws InterruptedException {
        var entered = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        host.ioctls.driver = (node, command, data) -> {
            entered.countDown();
            released.await();
            return FakeIoctls.Answer.good();
        };
        LinuxTransport transport = transport(ScsiOptions.defaults());
        LogicalUnitTransport unit = transport.open(BLOCK, judge);
        TestIo io = TestIo.write(0, BLOCK);
        unit.openQueue(QueueKind.SHARED).submit(io);
        entered.await();
        var closed = new CountDownLatch(1);

        unit.close(() -> {
            transport.close();
            closed.countDown();
        });

        assertThat(host.ioctls.open()).containsExactly("sda");
        released.countDown();
        assertThat(io.outcome()).isNull();
        closed.await();
        assertThat(host.ioctls.open()).isEmpty();
    }
}
