package io.mpath.linux;

import static io.mpath.linux.ScriptedCalls.inOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.IoOperation;
import io.mpath.IoStatus;
import io.mpath.MultipathException;
import io.mpath.path.Certainty;
import io.mpath.path.DevicePath;
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Verdict;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Paths over files, which any machine can make; errors are injected between the path and the kernel. */
@Timeout(60)
class PlainPathTest {
    private static final int BLOCK = 4096;
    private static final int SIZE = 64 * BLOCK;
    private static final DeviceId ID = DeviceId.parse("name.plain-path-test");

    @TempDir
    Path directory;

    private Path file;
    private final ScriptedCalls calls = new ScriptedCalls();
    private final SteppedControl control = new SteppedControl();
    private @Nullable DevicePath path;

    @BeforeEach
    void makeFile() throws IOException {
        file = directory.resolve("disk");
        Files.write(file, new byte[SIZE]);
    }

    @AfterEach
    void close() throws InterruptedException {
        if (path != null) {
            var closed = new CountDownLatch(1);
            path.close(closed::countDown);
            assertThat(closed.await(10, TimeUnit.SECONDS))
                    .as("the path lets go of its file")
                    .isTrue();
            assertThat(calls.calls).containsOnlyOnce("close");
        }
    }

    /** Where the file system of the temporary directory has no direct I/O, the tests that need none of it go without. */
    private PathQueue open(PlainOptions options) {
        path = PlainCandidate.of(file, ID)
                .with(options)
                .on(calls, Sysfs.system())
                .open();
        path.attach(control);
        return path.openQueue(QueueKind.SHARED);
    }

    private PathQueue open() {
        return open(PlainOptions.defaults().withPageCacheAllowed(true));
    }

    private DevicePath opened() {
        return Objects.requireNonNull(path);
    }

    @Test
    void writtenDataIsReadBackAcrossOddlySplitBuffers() throws Exception {
        PathQueue queue = open();
        byte[] data = pattern(2 * BLOCK);
        ByteBuffer first = ByteBuffer.allocateDirect(5000);
        first.position(100).put(data, 0, 3000).flip().position(100);
        ByteBuffer second = ByteBuffer.wrap(data, 3000, data.length - 3000).asReadOnlyBuffer();
        assertThat(run(queue, TestIo.write(BLOCK, first, second))).isNull();

        ByteBuffer head = ByteBuffer.allocate(17);
        ByteBuffer tail = ByteBuffer.allocateDirect(data.length - 17);
        assertThat(run(queue, TestIo.read(BLOCK, head, tail))).isNull();
        assertThat(bytes(head, tail)).isEqualTo(data);
        assertThat(head.position()).as("positions are the caller's").isZero();
        assertThat(Arrays.copyOfRange(Files.readAllBytes(file), BLOCK, 3 * BLOCK))
                .isEqualTo(data);
    }

    @Test
    void fileIsOpenedForDirectInputAndOutput() {
        open();

        assertThat(calls.calls.get(0)).isEqualTo("open " + Integer.toHexString(Syscalls.O_RDWR | Platform.O_DIRECT));
    }

    @Test
    void durableWriteIsSyncedBeforeItEndsAndAnOrdinaryOneIsNot() throws Exception {
        PathQueue queue = open();
        run(queue, TestIo.write(0, ByteBuffer.allocate(BLOCK)));
        assertThat(calls.calls).doesNotContain("fdatasync");

        run(queue, TestIo.write(0, ByteBuffer.allocate(BLOCK)).durable());
        assertThat(calls.calls).endsWith("pwrite 4096 at 0", "fdatasync");
    }

    @Test
    void discardedAndZeroedRangesOfAFileReadAsZeroes() throws Exception {
        Files.write(file, pattern(SIZE));
        PathQueue queue = open();
        assertThat(run(queue, TestIo.of(IoOperation.DISCARD, BLOCK, BLOCK))).isNull();
        assertThat(run(queue, TestIo.of(IoOperation.WRITE_ZEROES, 3 * BLOCK, BLOCK)))
                .isNull();
        assertThat(run(queue, TestIo.of(IoOperation.FLUSH, 0, 0))).isNull();

        byte[] expected = pattern(SIZE);
        Arrays.fill(expected, BLOCK, 2 * BLOCK, (byte) 0);
        Arrays.fill(expected, 3 * BLOCK, 4 * BLOCK, (byte) 0);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    }

    @Test
    void whatTheFileSystemCannotDoIsUnsupportedAndNoLongerOffered() throws Exception {
        calls.fallocate = mode -> -Errno.EOPNOTSUPP.number();
        PathQueue queue = open();
        assertThat(opened().describe().geometry().maxDiscardBytes()).isPositive();
        PathFailure failure = run(queue, TestIo.of(IoOperation.DISCARD, 0, BLOCK));

        assertFailure(failure, Verdict.FAIL, IoStatus.UNSUPPORTED);
        assertThat(control.reports).containsExactly("ready", "changed");
        Geometry geometry = opened().describe().geometry();
        assertThat(geometry.maxDiscardBytes()).isZero();
        assertThat(geometry.maxWriteZeroesBytes()).isPositive();
    }

    @Test
    void compareAndWriteIsUnsupported() throws Exception {
        PathFailure failure = run(open(), TestIo.of(IoOperation.COMPARE_AND_WRITE, 0, BLOCK));

        assertFailure(failure, Verdict.FAIL, IoStatus.UNSUPPORTED);
        assertThat(failure.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
    }

    @Test
    void readOnlyPathRefusesChangesItself() throws Exception {
        PathQueue queue =
                open(PlainOptions.defaults().withPageCacheAllowed(true).withReadOnly(true));
        assertThat(opened().describe().geometry().readOnly()).isTrue();
        PathFailure failure = run(queue, TestIo.write(0, ByteBuffer.allocate(BLOCK)));

        assertFailure(failure, Verdict.FAIL, IoStatus.READ_ONLY);
        assertThat(calls.calls).noneMatch(call -> call.startsWith("pwrite"));
        assertThat(run(queue, TestIo.read(0, ByteBuffer.allocate(BLOCK)))).isNull();
    }

    @Test
    void fileThatCannotBeWrittenBecomesAReadOnlyPath() {
        calls.open = flags -> (flags & Syscalls.O_RDWR) != 0 ? -Errno.EACCES.number() : ScriptedCalls.KERNEL;
        open();

        assertThat(opened().describe().geometry().readOnly()).isTrue();
    }

    @Test
    void readBehindTheEndOfATruncatedFileIsOutOfRange() throws Exception {
        PathQueue queue = open();
        try (var truncated = new RandomAccessFile(file.toFile(), "rw")) {
            truncated.setLength(4 * BLOCK + 100);
        }
        PathFailure failure = run(queue, TestIo.read(4 * BLOCK, ByteBuffer.allocate(BLOCK)));

        assertFailure(failure, Verdict.FAIL, IoStatus.OUT_OF_RANGE);
        assertThat(control.reports).containsExactly("ready", "changed");
        assertThat(opened().describe().geometry().sizeBytes()).isEqualTo(4 * BLOCK);
    }

    @Test
    void shortTransfersAreResumed() throws Exception {
        calls.pwrite = inOrder(BLOCK, BLOCK);
        calls.pread = inOrder(2 * BLOCK);
        PathQueue queue = open();
        byte[] data = pattern(3 * BLOCK);
        assertThat(run(queue, TestIo.write(0, ByteBuffer.wrap(data)))).isNull();
        ByteBuffer back = ByteBuffer.allocate(data.length);
        assertThat(run(queue, TestIo.read(0, back))).isNull();

        assertThat(back.array()).isEqualTo(data);
        assertThat(calls.calls)
                .containsSubsequence(
                        "pwrite 12288 at 0",
                        "pwrite 8192 at 4096",
                        "pwrite 4096 at 8192",
                        "pread 12288 at 0",
                        "pread 4096 at 8192");
    }

    @Test
    void bytesWrittenBeforeAPathErrorAreKnownToBeDoneUnlessTheyHadToBeDurable() throws Exception {
        calls.pwrite = inOrder(BLOCK, -Errno.EIO.number());
        PathFailure plain = run(open(), TestIo.write(0, ByteBuffer.allocate(2 * BLOCK)));
        assertFailure(plain, Verdict.FAIL_OVER, IoStatus.PATH_ERROR);
        assertThat(plain.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(plain.doneBytes()).isEqualTo(BLOCK);
        close();

        calls.calls.clear();
        calls.pwrite = inOrder(BLOCK, -Errno.EIO.number());
        PathFailure durable =
                run(open(), TestIo.write(0, ByteBuffer.allocate(2 * BLOCK)).durable());
        assertThat(durable.doneBytes()).isZero();
    }

    @Test
    void interruptedReadIsRepeatedAndAnInterruptedWriteIsNot() throws Exception {
        calls.pread = inOrder(-Errno.EINTR.number());
        calls.pwrite = inOrder(-Errno.EINTR.number());
        PathQueue queue = open();
        assertThat(run(queue, TestIo.read(0, ByteBuffer.allocate(BLOCK)))).isNull();
        PathFailure failure = run(queue, TestIo.write(0, ByteBuffer.allocate(BLOCK)));

        assertFailure(failure, Verdict.FAIL_OVER, IoStatus.PATH_ERROR);
        assertThat(failure.certainty()).isEqualTo(Certainty.UNKNOWN);
        assertThat(calls.calls).containsOnlyOnce("pwrite 4096 at 0");
    }

    @Test
    void pathIsReportedNotReadyBeforeItsRequestFails() throws Exception {
        calls.pread = inOrder(-Errno.EIO.number());
        List<String> seenAtEnd = new ArrayList<>();
        run(open(), TestIo.read(0, ByteBuffer.allocate(BLOCK)).onEnd(() -> seenAtEnd.addAll(control.reports)));

        assertThat(seenAtEnd).containsExactly("ready", "not ready: pread: EIO (input/output error)");
    }

    @Test
    void whatWaitedBehindALossIsNotSent() throws Exception {
        calls.pwrite = inOrder(-Errno.ENOLINK.number());
        PathQueue queue = open();
        run(queue, TestIo.write(0, ByteBuffer.allocate(BLOCK)));
        PathFailure behind = run(queue, TestIo.write(BLOCK, ByteBuffer.allocate(BLOCK)));

        assertFailure(behind, Verdict.FAIL_OVER, IoStatus.PATH_ERROR);
        assertThat(behind.certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThat(calls.calls).doesNotContain("pwrite 4096 at 4096");
    }

    @Test
    void lostPathReadsItsFirstBlockAndComesBack() throws Exception {
        calls.pwrite = inOrder(-Errno.EIO.number());
        calls.pread = inOrder(-Errno.EIO.number());
        PathQueue queue = open();
        run(queue, TestIo.write(0, ByteBuffer.allocate(BLOCK)));
        control.runLoop();
        control.runNextTimer();
        control.runBlocking();
        assertThat(control.reports).hasSize(2);

        control.runNextTimer();
        control.runBlocking();
        assertThat(control.reports).endsWith("not ready: pwrite: EIO (input/output error)", "ready");
        assertThat(calls.calls).contains("pread 4096 at 0");
        assertThat(run(queue, TestIo.write(0, ByteBuffer.allocate(BLOCK)))).isNull();
    }

    @Test
    void errorOfTheMediumDoesNotBlameThePath() throws Exception {
        calls.pread = inOrder(-Errno.ENODATA.number());
        PathFailure failure = run(open(), TestIo.read(0, ByteBuffer.allocate(BLOCK)));

        assertFailure(failure, Verdict.FAIL, IoStatus.MEDIUM_ERROR);
        assertThat(control.reports).containsExactly("ready");
    }

    @Test
    void checksNeverOverlapAndAllWhoAskAreAnswered() throws Exception {
        open();
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        calls.pread = length -> {
            entered.countDown();
            awaitOf(release);
            return ScriptedCalls.KERNEL;
        };
        PlainPath checked = (PlainPath) opened();
        var answers = new CountDownLatch(2);
        var first = new Thread(() -> checked.check((works, finding) -> answers.countDown()));
        first.start();
        awaitOf(entered);
        checked.check((works, finding) -> answers.countDown());
        assertThat(answers.getCount()).isEqualTo(2);

        release.countDown();
        assertThat(answers.await(10, TimeUnit.SECONDS)).isTrue();
        first.join();
        assertThat(calls.calls).containsOnlyOnce("pread 4096 at 0");
    }

    @Test
    void fileSystemWithoutDirectInputAndOutputIsRefusedUnlessThePageCacheIsAllowed() {
        calls.open = flags -> (flags & Platform.O_DIRECT) != 0 ? -Errno.EINVAL.number() : ScriptedCalls.KERNEL;

        assertThatThrownBy(() -> open(PlainOptions.defaults()))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("withPageCacheAllowed");
        open(PlainOptions.defaults().withPageCacheAllowed(true));
        assertThat(calls.calls).endsWith("open " + Integer.toHexString(Syscalls.O_RDWR));
    }

    @Test
    void whatIsHeldByAnotherIsNamed() {
        calls.open = flags -> -Errno.EBUSY.number();

        assertThatThrownBy(this::open)
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("mounted, or held by another");
    }

    @Test
    void onlyFilesAndBlockDevicesAreOpened() {
        for (Path other : List.of(directory, Path.of("/dev/null"))) {
            assertThatThrownBy(() -> PlainCandidate.of(other, ID)
                            .on(calls, Sysfs.system())
                            .open())
                    .isInstanceOf(MultipathException.class)
                    .hasMessageContaining("neither a file nor a block device");
        }
        assertThatThrownBy(
                        () -> PlainCandidate.of(directory.resolve("none"), ID).open())
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("NoSuchFile");
        assertThat(calls.calls).isEmpty();
    }

    @Test
    void fileWithoutABlockIsNoDevice() throws IOException {
        Files.write(file, new byte[BLOCK - 1]);
        open();

        assertThatThrownBy(() -> opened().describe())
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("no block of 4096");
    }

    @Test
    void closedPathDescribesNothingAndTakesNothing() throws Exception {
        PathQueue queue = open();
        DevicePath closed = opened();
        close();
        path = null;

        PathFailure failure = run(queue, TestIo.read(0, ByteBuffer.allocate(BLOCK)));
        assertThat(Objects.requireNonNull(failure).certainty()).isEqualTo(Certainty.NOT_EXECUTED);
        assertThatThrownBy(closed::describe)
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void transferThatDoesNotFitIsRefusedBeforeItReachesTheKernel() throws Exception {
        PathQueue queue =
                open(PlainOptions.defaults().withPageCacheAllowed(true).withMaxTransferBytes(BLOCK));
        PathFailure failure = run(queue, TestIo.read(0, ByteBuffer.allocate(2 * BLOCK)));

        assertFailure(failure, Verdict.FAIL, IoStatus.INTERNAL_ERROR);
        assertThat(calls.calls).noneMatch(call -> call.startsWith("pread"));
    }

    private static @Nullable PathFailure run(PathQueue queue, TestIo io) throws InterruptedException {
        assertThat(queue.submit(io)).isTrue();
        return io.outcome();
    }

    private static void assertFailure(@Nullable PathFailure failure, Verdict verdict, IoStatus status) {
        assertThat(failure).isNotNull();
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.verdict()).isEqualTo(verdict);
    }

    private static void awaitOf(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(ByteBuffer... buffers) {
        var all = ByteBuffer.allocate(
                Arrays.stream(buffers).mapToInt(ByteBuffer::remaining).sum());
        for (ByteBuffer buffer : buffers) {
            all.put(buffer.duplicate());
        }
        return all.array();
    }

    private static byte[] pattern(int length) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (i * 31 + i / 251 + 1);
        }
        return data;
    }
}
