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
import io.mpath.path.PathFailure;
import io.mpath.path.PathQueue;
import io.mpath.path.QueueKind;
import io.mpath.path.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file that the path takes for a block device: sysfs and ioctls are the test's. */
@Timeout(60)
class PlainBlockDeviceTest {
    private static final String DISK = "devices/nvme0/nvme0n1";
    private static final int BLOCK = 512;
    private static final long SIZE = 1 << 20;

    @TempDir
    Path root;

    private final ScriptedCalls calls = new ScriptedCalls();
    private final SteppedControl control = new SteppedControl();
    private PlainPath path;
    private PathQueue queue;

    @BeforeEach
    void open() throws IOException {
        Path medium = root.resolve("medium");
        Files.write(medium, new byte[(int) SIZE]);
        FakeSys sys = new FakeSys(root)
                .block(DISK, "259:0")
                .link(DISK + "/device", "devices/nvme0")
                .attribute(DISK + "/wwid", "uuid.1")
                .attribute(DISK + "/queue/discard_max_bytes", "65537")
                .attribute(DISK + "/queue/write_zeroes_max_bytes", "0");
        calls.answers.putAll(Map.of(Platform.BLKSSZGET, BLOCK, Platform.BLKPBSZGET, 4096, Platform.BLKROGET, 0));
        calls.ioctl = request -> 0;
        var descriptor = new Descriptor(calls, calls.open(medium.toString(), Syscalls.O_RDWR));
        SysfsDisk disk = sys.sysfs().disk(new DeviceNumber(259, 0)).orElseThrow();
        var options = PlainOptions.defaults();
        var file = new PlainFile(calls, "/dev/nvme0n1", descriptor, disk, false, options);
        path = new PlainPath("/dev/nvme0n1", DeviceId.parse("name.disk"), file, file.port(), calls, options);
        path.attach(control);
        queue = path.openQueue(QueueKind.SHARED);
    }

    @AfterEach
    void close() throws InterruptedException {
        var closed = new CountDownLatch(1);
        path.close(closed::countDown);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private void remove() {
        calls.seekEnd = nothing -> 0;
        calls.pread = length -> 0;
        calls.pwrite = length -> -Errno.ENOSPC.number();
    }

    @Test
    void limitsAreThoseOfIoctlsAndItsQueue() {
        Geometry geometry = path.describe().geometry();

        assertThat(geometry.sizeBytes()).isEqualTo(SIZE);
        assertThat(geometry.logicalBlockSize()).isEqualTo(BLOCK);
        assertThat(geometry.physicalBlockSize()).isEqualTo(4096);
        assertThat(geometry.maxDiscardBytes()).as("whole blocks").isEqualTo(65536);
        assertThat(geometry.maxWriteZeroesBytes())
                .as("the kernel would send the zeroes")
                .isZero();
        assertThat(geometry.readOnly()).isFalse();
        assertThat(path.describe().attributes()).containsEntry("wwid", "uuid.1");
        assertThat(path.port().name()).isEqualTo("nvme0");
    }

    @Test
    void deviceThatWasSetReadOnlySaysSo() {
        calls.answers.put(Platform.BLKROGET, 1);

        assertThat(path.describe().geometry().readOnly()).isTrue();
    }

    @Test
    void rangesAreGivenToTheDriverAsOffsetAndLength() throws InterruptedException {
        assertThat(run(TestIo.of(IoOperation.DISCARD, 4096, 512))).isNull();
        assertThat(run(TestIo.of(IoOperation.WRITE_ZEROES, 8192, 1024))).isNull();

        assertThat(calls.calls).endsWith("ioctl 1277 512 at 4096", "ioctl 127f 1024 at 8192");
    }

    /** The kernel empties a device that it removes: what is left answers as if it had always been too short. */
    @Test
    void removedDeviceIsAPathErrorAndNotTheEndOfTheDevice() throws InterruptedException {
        remove();
        PathFailure write = run(TestIo.write(0, ByteBuffer.allocate(BLOCK)));

        assertFailure(write, Verdict.FAIL_OVER, IoStatus.PATH_ERROR);
        assertThat(write.certainty()).isEqualTo(Certainty.TERMINATED);
        assertThat(control.reports).endsWith("not ready: the device has been removed: it has no blocks");
        assertThatThrownBy(path::describe).isInstanceOf(MultipathException.class);
    }

    @Test
    void removedDeviceFailsReadsOver() throws InterruptedException {
        remove();

        assertFailure(run(TestIo.read(0, ByteBuffer.allocate(BLOCK))), Verdict.FAIL_OVER, IoStatus.PATH_ERROR);
    }

    @Test
    void shrunkDeviceIsOutOfRangeAndDescribedAnew() throws InterruptedException {
        calls.seekEnd = nothing -> 4096;
        calls.pwrite = length -> -Errno.ENOSPC.number();
        PathFailure write = run(TestIo.write(4096, ByteBuffer.allocate(BLOCK)));

        assertFailure(write, Verdict.FAIL, IoStatus.OUT_OF_RANGE);
        assertThat(control.reports).containsExactly("ready", "changed");
    }

    @Test
    void fullThinDeviceIsOutOfSpaceAndItsPathIsNotToBlame() throws InterruptedException {
        calls.pwrite = length -> -Errno.ENOSPC.number();
        PathFailure write = run(TestIo.write(4096, ByteBuffer.allocate(BLOCK)));

        assertFailure(write, Verdict.FAIL, IoStatus.NO_SPACE);
        assertThat(control.reports).containsExactly("ready");
    }

    @Test
    void deviceThatSysfsForgotIsGoneAndNotCheckedAgain() throws Exception {
        remove();
        run(TestIo.write(0, ByteBuffer.allocate(BLOCK)));
        control.runLoop();
        Files.delete(root.resolve(DISK + "/dev"));
        control.runNextTimer();
        control.runBlocking();

        assertThat(control.reports).endsWith("gone: the device has been removed: it has no blocks");
        assertThat(control.timersPending()).isZero();
    }

    @Test
    void deviceThatOnlyFailsIsCheckedOn() throws InterruptedException {
        calls.pread = inOrder(-Errno.EIO.number(), -Errno.EIO.number());
        run(TestIo.read(0, ByteBuffer.allocate(BLOCK)));
        control.runLoop();
        control.runNextTimer();
        control.runBlocking();

        assertThat(control.reports).noneMatch(report -> report.startsWith("gone"));
        assertThat(control.timersPending()).isEqualTo(1);
    }

    @Test
    void checkThatFindsAnotherErrorThanThePathsCountsAsReached() throws InterruptedException {
        calls.pread = inOrder(-Errno.EIO.number(), -Errno.ENODATA.number());
        run(TestIo.read(0, ByteBuffer.allocate(BLOCK)));
        control.runLoop();
        control.runNextTimer();
        control.runBlocking();

        assertThat(control.reports).endsWith("ready");
    }

    private @Nullable PathFailure run(TestIo io) throws InterruptedException {
        assertThat(queue.submit(io)).isTrue();
        return io.outcome();
    }

    private static void assertFailure(@Nullable PathFailure failure, Verdict verdict, IoStatus status) {
        assertThat(failure).isNotNull();
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.verdict()).isEqualTo(verdict);
    }
}
