package io.mpath.nvme.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.linux.Errno;
import io.mpath.nvme.NamespaceTransport;
import io.mpath.nvme.NvmePassthrough;
import io.mpath.path.Certainty;
import io.mpath.path.PathFailure;
import io.mpath.path.QueueKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LinuxNamespaceTest {
    private static final int BLOCK = 512;
    private static final int WRITE = 1;
    private static final int FLUSH = 0;
    private static final int DEALLOCATE = 9;

    private final RecordedJudge judge = new RecordedJudge();

    @TempDir
    Path directory;

    private FakeHost host;

    @BeforeEach
    void begin() {
        host = new FakeHost(directory).controller("nvme0").namespace("nvme0", 1, 1);
    }

    private NamespaceTransport open(String node, NvmeOptions options) {
        SysfsController controller =
                SysfsController.find(host.machine().sysfs(), "nvme0").orElseThrow();
        var transport = new LinuxTransport(host.machine(), controller, controller.port(), () -> {});
        LinuxTransport.Way way = controller.namespaces().stream()
                .filter(each -> each.name().equals(node))
                .map(each -> new LinuxTransport.Way(each, options))
                .findFirst()
                .orElseThrow();
        return transport.open(way, 1, BLOCK, judge);
    }

    private PathFailure carryOut(NamespaceTransport namespace, TestIo io) {
        assertThat(namespace.openQueue(QueueKind.SHARED).submit(io)).isTrue();
        return io.outcome();
    }

    /** On one thread, so that the memory is the same one after the other. */
    private PathFailure carryOut(TestIo io) {
        return carryOut(open("nvme0n1", NvmeOptions.defaults().withDepth(1, 4)), io);
    }

    private void answers(FakeIoctls.Answer... inOrder) {
        var next = new java.util.concurrent.atomic.AtomicInteger();
        host.ioctls.driver = (node, command, data) -> {
            int index = next.getAndIncrement();
            return index < inOrder.length ? inOrder[index] : FakeIoctls.Answer.status(0);
        };
    }

    @Test
    void cancelledCommandIsUnknownAndNotRepeated() {
        answers(FakeIoctls.Answer.error(Errno.EINTR));

        PathFailure failure = carryOut(TestIo.write(0, BLOCK));

        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(failure.cause()).contains("EINTR");
        assertThat(host.ioctls.commands).hasSize(1);
    }

    /** Linux says so when it is asked for a request; so nothing was sent, and there is nothing to wait for. */
    @ParameterizedTest
    @EnumSource(names = {"ENODEV", "ENXIO"})
    void writeToADeviceThatIsGoneWasNotSent(Errno gone) {
        answers(FakeIoctls.Answer.error(gone), FakeIoctls.Answer.error(gone));

        assertThat(carryOut(TestIo.write(0, BLOCK)).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        carryOut(TestIo.read(0, ByteBuffer.allocateDirect(BLOCK)));

        assertThat(judge.asked.get(0)).startsWith("write refused PATH_ERROR");
        assertThat(judge.asked.get(1)).startsWith("read unanswered");
    }

    @Test
    void statusIsKeptApartFromErrno() {
        answers(FakeIoctls.Answer.status(2), FakeIoctls.Answer.error(Errno.ENOENT));
        NamespaceTransport namespace = open("nvme0n1", NvmeOptions.defaults());

        carryOut(namespace, TestIo.write(0, BLOCK));
        carryOut(namespace, TestIo.write(0, BLOCK));

        assertThat(judge.asked)
                .containsExactly("write completed 2", "write unanswered Write: ENOENT (no such file or directory)");
    }

    @Test
    void wholeStatusFieldIsJudged() {
        answers(FakeIoctls.Answer.status(0x4302));

        carryOut(TestIo.write(0, BLOCK));

        assertThat(judge.asked).containsExactly("write completed 4302");
    }

    @ParameterizedTest
    @CsvSource({
        "EINVAL, MISALIGNED",
        "EFAULT, INTERNAL_ERROR",
        "EBADF, INTERNAL_ERROR",
        "ENOTTY, UNSUPPORTED",
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
            names = {"EINVAL", "EFAULT", "EBADF", "ENOTTY", "EACCES", "EPERM", "ENODEV", "ENXIO", "UNNAMED"},
            mode = EnumSource.Mode.EXCLUDE)
    void whateverElseTheHostSaysLeavesAWriteUnknown(Errno errno) {
        answers(FakeIoctls.Answer.error(errno));

        assertThat(carryOut(TestIo.write(0, BLOCK)).certainty()).isEqualTo(Certainty.UNKNOWN);
    }

    @Test
    void commandIsNotSentToAControllerThatIsNotLive() {
        judge.live = false;

        assertThat(carryOut(TestIo.write(0, BLOCK)).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(host.ioctls.commands).isEmpty();
    }

    @Test
    void memoryOfAnUnansweredWriteIsKeptUntilItsHoldIsOver() {
        answers(FakeIoctls.Answer.status(0), FakeIoctls.Answer.error(Errno.ETIMEDOUT));
        NamespaceTransport namespace = open("nvme0n1", NvmeOptions.defaults().withDepth(1, 4));

        for (int i = 0; i < 3; i++) {
            carryOut(namespace, TestIo.write(0, BLOCK));
        }

        List<Long> addresses =
                host.ioctls.commands.stream().map(FakeIoctls.Command::address).toList();
        assertThat(addresses.get(1)).as("of the lost write").isEqualTo(addresses.get(0));
        assertThat(addresses.get(2)).as("of the next").isNotEqualTo(addresses.get(1));
        assertThat(judge.kept).hasValue(1);
    }

    @Test
    void memoryOfAnUnansweredReadIsUsedAgain() {
        answers(FakeIoctls.Answer.error(Errno.ETIMEDOUT));
        NamespaceTransport namespace = open("nvme0n1", NvmeOptions.defaults().withDepth(1, 4));

        carryOut(namespace, TestIo.read(0, ByteBuffer.allocate(BLOCK)));
        carryOut(namespace, TestIo.read(0, ByteBuffer.allocate(BLOCK)));

        assertThat(host.ioctls.commands.stream()
                        .map(FakeIoctls.Command::address)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void durableDiscardIsFollowedByAFlush() {
        assertThat(carryOut(TestIo.of(IoOperation.DISCARD, 0, 8 * BLOCK).durable()))
                .isNull();

        assertThat(host.ioctls.commands.stream().map(FakeIoctls.Command::opcode))
                .containsExactly(DEALLOCATE, FLUSH);
    }

    private static FakeIoctls.Answer[] failedFlushes() {
        return new FakeIoctls.Answer[] {
            FakeIoctls.Answer.status(0x4002),
            FakeIoctls.Answer.status(0x4001),
            FakeIoctls.Answer.status(0x4006),
            FakeIoctls.Answer.status(0x302),
            FakeIoctls.Answer.error(Errno.EINVAL),
            FakeIoctls.Answer.error(Errno.EACCES)
        };
    }

    /** The blocks are gone, whatever the flush was refused for. */
    @ParameterizedTest
    @MethodSource("failedFlushes")
    void durableDiscardThatCouldNotBeFlushedMayHaveHappened(FakeIoctls.Answer flush) {
        answers(FakeIoctls.Answer.status(0), flush);

        PathFailure failure =
                carryOut(TestIo.of(IoOperation.DISCARD, 0, 8 * BLOCK).durable());

        assertThat(failure.certainty()).isEqualTo(Certainty.TERMINATED);
        assertThat(failure.status()).isIn(IoStatus.TARGET_ERROR, IoStatus.PATH_ERROR);
    }

    /** The discard was answered and takes no further effect: nothing has to be waited for before it is sent again. */
    @Test
    void durableDiscardWhoseFlushIsUnansweredIsNotHeld() {
        answers(FakeIoctls.Answer.status(0), FakeIoctls.Answer.error(Errno.EINTR));

        PathFailure failure =
                carryOut(TestIo.of(IoOperation.DISCARD, 0, 8 * BLOCK).durable());

        assertThat(failure.certainty()).isEqualTo(Certainty.TERMINATED);
        assertThat(judge.asked).anyMatch(asked -> asked.startsWith("flush unanswered"));
        assertThat(judge.kept).hasValue(0);
    }

    @Test
    void unansweredDurableDiscardIsUnknownAndNotFlushed() {
        answers(FakeIoctls.Answer.error(Errno.EINTR));

        PathFailure failure =
                carryOut(TestIo.of(IoOperation.DISCARD, 0, 8 * BLOCK).durable());

        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(host.ioctls.commands).hasSize(1);
    }

    @Test
    void discardOrWriteZeroesNamesItsBlocks() {
        byte[] ranges = new byte[16];
        host.ioctls.driver = (node, command, data) -> {
            if (command.opcode() == DEALLOCATE) {
                data.get(0, ranges);
            }
            return FakeIoctls.Answer.status(0);
        };

        carryOut(TestIo.of(IoOperation.DISCARD, 3L * BLOCK, 5L * BLOCK));

        ByteBuffer range = ByteBuffer.wrap(ranges).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(range.getInt(4)).isEqualTo(5);
        assertThat(range.getLong(8)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 30000",
        "1500000, 30000",
        "30000000000, 30000",
        "30000000001, 30001",
        "9223372036854775807, 2147483647"
    })
    void timeoutIsNeverForEverNorSoShortThatItResetsTheControllerForAll(long nanos, long millis) {
        carryOut(TestIo.write(0, BLOCK).timeout(nanos));

        assertThat(host.ioctls.commands.get(0).timeoutMillis()).isEqualTo(millis);
    }

    @Test
    void hurryOfAPassthroughOrACheckResetsNothingEither() {
        var command = new NvmePassthrough("Flush", FLUSH, new int[6], null);
        carryOut(TestIo.passthrough(command).timeout(1));
        open("nvme0n1", NvmeOptions.defaults()).readFirstBlock();

        assertThat(host.ioctls.commands)
                .extracting(FakeIoctls.Command::timeoutMillis)
                .containsOnly(30_000L);
    }

    @Test
    void compareAndWriteIsUnsupported() {
        PathFailure failure = carryOut(TestIo.of(IoOperation.COMPARE_AND_WRITE, 0, BLOCK));

        assertThat(failure.status()).isEqualTo(IoStatus.UNSUPPORTED);
        assertThat(host.ioctls.commands).isEmpty();
        assertThat(open("nvme0n1", NvmeOptions.defaults()).fuses()).isFalse();
    }

    @Test
    void passthroughBringsDataAndResultBack() {
        host.ioctls.driver = (node, command, data) -> {
            data.put(0, (byte) 42);
            return new FakeIoctls.Answer(0, 0x1_0000_0002L);
        };
        ByteBuffer data = ByteBuffer.allocate(20).position(4);
        var command = new NvmePassthrough("Reservation Report", 0x0e, new int[] {3, 1, 0, 0, 0, 9}, data);

        assertThat(carryOut(TestIo.passthrough(command))).isNull();

        assertThat(data.get(4)).isEqualTo((byte) 42);
        assertThat(command.result()).isEqualTo(0x1_0000_0002L);
        FakeIoctls.Command sent = host.ioctls.commands.get(0);
        assertThat(sent.dwords()).containsExactly(3, 1, 0, 0, 0, 9);
        assertThat(sent.nsid()).isEqualTo(1);
        assertThat(sent.dataBytes()).isEqualTo(16);
    }

    @Test
    void passthroughLongerThanOneCommandIsRefused() {
        var command = new NvmePassthrough("Write", WRITE, new int[6], ByteBuffer.allocate(2 << 20));

        assertThat(carryOut(TestIo.passthrough(command)).status()).isEqualTo(IoStatus.MISALIGNED);
        assertThat(host.ioctls.commands).isEmpty();
    }

    @Test
    void readOnlyPathWritesNothing() {
        NamespaceTransport namespace = open("nvme0n1", NvmeOptions.defaults().withReadOnly(true));

        assertThat(namespace.readOnly()).isEqualTo("opened read-only");
        assertThat(Objects.requireNonNull(carryOut(namespace, TestIo.write(0, BLOCK)))
                        .status())
                .isEqualTo(IoStatus.READ_ONLY);
        assertThat(carryOut(namespace, TestIo.read(0, ByteBuffer.allocate(BLOCK))))
                .isNull();
        assertThat(host.ioctls.opened).contains("nvme0n1 ro");
    }

    @Test
    void nodeThatMayNotBeWrittenIsOpenedReadOnly() {
        host.ioctls.refusals.put("nvme0n1", Errno.EACCES);

        assertThat(open("nvme0n1", NvmeOptions.defaults()).readOnly()).contains("EACCES");
    }

    @Test
    void missingRightsAreNamed() {
        host.ioctls.refusals.put("nvme0n1", Errno.EACCES);
        host.ioctls.refusals.put("nvme0n1 read-only", Errno.EACCES);

        assertThatThrownBy(() -> open("nvme0n1", NvmeOptions.defaults()))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("CAP_SYS_ADMIN");
    }

    @Test
    void onlyABlockDeviceIsOpenedExclusively() {
        open("nvme0n1", NvmeOptions.defaults().withExclusive(true));
        open("ng0n1", NvmeOptions.defaults().withExclusive(true));

        assertThat(host.ioctls.opened).containsExactly("nvme0n1 rw exclusive", "ng0n1 rw");
    }

    @Test
    void nodeOfAnotherNamespaceIsRefused() {
        host.ioctls.namespaces.put("nvme0n1", 7L);

        assertThatThrownBy(() -> open("nvme0n1", NvmeOptions.defaults()))
                .hasMessageContaining("namespace 7")
                .hasMessageContaining("not 1");
        assertThat(host.ioctls.open()).isEmpty();
    }

    @Test
    void nodeThatIsAnotherDeviceIsRefused() {
        host.node("nvme0n1", "8:0");

        assertThatThrownBy(() -> open("nvme0n1", NvmeOptions.defaults())).hasMessageContaining("8:0");
        assertThat(host.ioctls.open()).isEmpty();
    }

    @Test
    void transferIsBoundedByWhatTheKernelMaps() {
        assertThat(open("nvme0n1", NvmeOptions.defaults()).maxTransferBytes()).isEqualTo(64 * 4096);
        assertThat(open("ng0n1", NvmeOptions.defaults()).maxTransferBytes()).isEqualTo(64 * 4096);
        host.attribute("class/nvme/nvme0/nvme0n1/queue/max_segments", "65535");
        host.attribute("class/nvme/nvme0/nvme0n1/queue/max_hw_sectors_kb", "2147483644");
        assertThat(open("nvme0n1", NvmeOptions.defaults()).maxTransferBytes()).isEqualTo(1 << 20);
        host.attribute("class/nvme/nvme0/nvme0n1/queue/max_hw_sectors_kb", "5");
        assertThat(open("nvme0n1", NvmeOptions.defaults()).maxTransferBytes()).isEqualTo(5 * 1024);
    }

    @Test
    void descriptorIsClosedByTheLastCommandThatUsesIt() throws InterruptedException {
        var entered = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        host.ioctls.driver = (node, command, data) -> {
            entered.countDown();
            released.await();
            return FakeIoctls.Answer.status(0);
        };
        NamespaceTransport namespace = open("nvme0n1", NvmeOptions.defaults());
        TestIo io = TestIo.write(0, BLOCK);
        namespace.openQueue(QueueKind.SHARED).submit(io);
        entered.await();
        var closed = new CountDownLatch(1);

        namespace.close(closed::countDown);

        assertThat(host.ioctls.open()).containsExactly("nvme0n1");
        released.countDown();
        assertThat(io.outcome()).isNull();
        closed.await();
        assertThat(host.ioctls.open()).isEmpty();
    }

    @Test
    void firstBlockIsReadPastTheQueues() {
        assertThat(open("nvme0n1", NvmeOptions.defaults()).readFirstBlock()).isNull();

        FakeIoctls.Command sent = host.ioctls.commands.get(0);
        assertThat(sent.opcode()).isEqualTo(2);
        assertThat(sent.dataBytes()).isEqualTo(BLOCK);
        assertThat(sent.request()).isEqualTo(FakeIoctls.IO64);
    }
}
