package io.mpath.nvme.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoStatus;
import io.mpath.linux.Errno;
import io.mpath.nvme.CommandEnd;
import io.mpath.nvme.NamespaceTransport;
import io.mpath.nvme.command.IoCommand;
import io.mpath.nvme.command.NvmeStatus;
import io.mpath.nvme.command.ReservationChange;
import io.mpath.nvme.command.ReservationRelease;
import io.mpath.nvme.command.ReservationReport;
import io.mpath.reservation.ReservationKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands of reservations through the kernel's ioctls. */
class LinuxReservationsTest {
    private static final int BLOCK = 512;
    private static final ReservationChange CLEAR = ReservationRelease.clear(1, new ReservationKey(0x0102));
    private static final ReservationReport REPORT = new ReservationReport(1, true, 64);

    private final RecordedJudge judge = new RecordedJudge();

    @TempDir
    Path directory;

    private FakeHost host;

    @BeforeEach
    void begin() {
        host = new FakeHost(directory).controller("nvme0").namespace("nvme0", 1, 1);
    }

    private NamespaceTransport open(NvmeOptions options) {
        SysfsController controller =
                SysfsController.find(host.machine().sysfs(), "nvme0").orElseThrow();
        var transport = new LinuxTransport(host.machine(), controller, controller.port(), () -> {});
        SysfsNamespace node = controller.namespaces().stream()
                .filter(each -> each.name().equals("nvme0n1"))
                .findFirst()
                .orElseThrow();
        return transport.open(new LinuxTransport.Way(node, options), 1, BLOCK, judge);
    }

    private CommandEnd carryOut(IoCommand command, ByteBuffer data) {
        return open(NvmeOptions.defaults()).carryOut(command, data);
    }

    private CommandEnd clear() {
        ByteBuffer keys = ByteBuffer.allocate(8);
        CLEAR.encodeKeys(keys);
        return carryOut(CLEAR, keys.flip());
    }

    private void answers(FakeIoctls.Answer answer) {
        host.ioctls.driver = (node, command, data) -> answer;
    }

    @Test
    void keysGoToTheController() {
        List<Long> keys = new ArrayList<>();
        host.ioctls.driver = (node, command, data) -> {
            keys.add(data.order(ByteOrder.LITTLE_ENDIAN).getLong(0));
            return FakeIoctls.Answer.status(0);
        };

        assertThat(clear()).isEqualTo(new CommandEnd.Completed(NvmeStatus.SUCCESS));

        assertThat(keys).containsExactly(0x0102L);
        FakeIoctls.Command sent = host.ioctls.commands.get(0);
        assertThat(sent.request()).isEqualTo(FakeIoctls.IO64);
        assertThat(sent.opcode()).isEqualTo(0x15);
        assertThat(sent.nsid()).isEqualTo(1);
        assertThat(sent.dwords().get(0)).isEqualTo(1);
        assertThat(sent.dataBytes()).isEqualTo(8);
        assertThat(sent.timeoutMillis()).isEqualTo(30_000);
    }

    @Test
    void reportComesBack() {
        host.ioctls.driver = (node, command, data) -> {
            data.put(4, (byte) 7);
            return FakeIoctls.Answer.status(0);
        };
        ByteBuffer data = ByteBuffer.allocate(66).position(2);

        assertThat(carryOut(REPORT, data)).isEqualTo(new CommandEnd.Completed(NvmeStatus.SUCCESS));

        assertThat(data.get(6)).isEqualTo((byte) 7);
        assertThat(data.position()).isEqualTo(2);
        assertThat(host.ioctls.commands.get(0).dwords().subList(0, 2)).containsExactly(15, 1);
    }

    @Test
    void statusIsTheControllersAnswer() {
        answers(FakeIoctls.Answer.status(0x4083));
        assertThat(clear()).isEqualTo(new CommandEnd.Completed(new NvmeStatus(0x4083)));
        assertThat(judge.asked).as("judged by who sent it").isEmpty();
    }

    /** The network stack may still send the keys. */
    @Test
    void cancelledChangeIsUnansweredAndItsMemoryKept() {
        answers(FakeIoctls.Answer.error(Errno.EINTR));
        assertThat(clear()).isInstanceOf(CommandEnd.Unanswered.class);
        assertThat(host.ioctls.commands).hasSize(1);
        assertThat(judge.kept).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"ENODEV", "ENXIO", "EINVAL", "EFAULT", "EACCES", "ENOTTY"})
    void whatTheHostRefusedWasNotSent(Errno errno) {
        answers(FakeIoctls.Answer.error(errno));
        assertThat(clear()).isInstanceOf(CommandEnd.NotSent.class);
    }

    @Test
    void readOnlyNodeReadsReservationsAndChangesNone() {
        NamespaceTransport readOnly = open(NvmeOptions.defaults().withReadOnly(true));
        assertThat(readOnly.carryOut(CLEAR, ByteBuffer.allocate(8)))
                .isInstanceOfSatisfying(
                        CommandEnd.NotSent.class,
                        notSent -> assertThat(notSent.status()).isEqualTo(IoStatus.READ_ONLY));
        assertThat(host.ioctls.commands).isEmpty();
        assertThat(readOnly.carryOut(REPORT, ByteBuffer.allocate(64))).isInstanceOf(CommandEnd.Completed.class);
    }

    @Test
    void closedNodeSendsNothing() throws InterruptedException {
        NamespaceTransport namespace = open(NvmeOptions.defaults());
        var closed = new CountDownLatch(1);
        namespace.close(closed::countDown);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(namespace.carryOut(REPORT, ByteBuffer.allocate(64))).isInstanceOf(CommandEnd.NotSent.class);
        assertThat(host.ioctls.commands).isEmpty();
    }
}
