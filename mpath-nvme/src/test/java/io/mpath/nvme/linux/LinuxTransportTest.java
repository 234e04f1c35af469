package io.mpath.nvme.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.MultipathException;
import io.mpath.linux.Errno;
import io.mpath.nvme.NamespaceTransport;
import io.mpath.nvme.NvmeStatusException;
import io.mpath.nvme.NvmeTransport;
import io.mpath.nvme.command.AsynchronousEvent;
import io.mpath.nvme.command.Identify;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxTransportTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final List<String> told = new ArrayList<>();
    private final List<NamespaceTransport> gone = new ArrayList<>();
    private final NvmeTransport.Listener listener = new NvmeTransport.Listener() {
        @Override
        public void livenessMayHaveChanged() {
            told.add("liveness");
        }

        @Override
        public void connected() {
            told.add("connected");
        }

        @Override
        public void event(AsynchronousEvent event) {
            told.add("event " + event.type() + "/" + event.information());
        }

        @Override
        public void namespaceMayHaveChanged(long nsid) {
            told.add("changed " + nsid);
        }

        @Override
        public void namespaceGone(NamespaceTransport namespace, String reason) {
            told.add("gone: " + reason);
            gone.add(namespace);
        }
    };

    @TempDir
    Path directory;

    private FakeHost host;
    private LinuxTransport transport;

    @BeforeEach
    void begin() {
        host = new FakeHost(directory).controller("nvme0").namespace("nvme0", 1, 1);
        transport = transport();
    }

    private LinuxTransport transport() {
        SysfsController controller =
                SysfsController.find(host.machine().sysfs(), "nvme0").orElseThrow();
        return new LinuxTransport(host.machine(), controller, controller.port(), () -> told.add("closed"));
    }

    @Test
    void adminCommandBringsItsDataAndResult() {
        host.ioctls.driver = (node, command, data) -> {
            data.put(1, (byte) 7);
            return new FakeIoctls.Answer(0, 99);
        };

        var answer = transport.admin(Identify.controller(), null, TIMEOUT);

        assertThat(answer.data().get(1)).isEqualTo((byte) 7);
        assertThat(answer.data().remaining()).isEqualTo(4096);
        assertThat(answer.result()).isEqualTo(99);
        FakeIoctls.Command sent = host.ioctls.commands.get(0);
        assertThat(sent.request()).isEqualTo(FakeIoctls.ADMIN64);
        assertThat(sent.opcode()).isEqualTo(6);
        assertThat(sent.dwords().get(0)).isEqualTo(1);
        assertThat(sent.timeoutMillis()).isEqualTo(3000);
    }

    @Test
    void whatTheControllerLeavesOutIsNotWhatItSaidBefore() {
        host.ioctls.driver = (node, command, data) -> {
            data.put(5, (byte) 7);
            return FakeIoctls.Answer.status(0);
        };
        transport.admin(Identify.controller(), null, TIMEOUT);
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.status(0);

        assertThat(transport.admin(Identify.controller(), null, TIMEOUT).data().get(5))
                .isZero();
    }

    @Test
    void statusOfAnAdminCommandIsTyped() {
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.status(0x4002);

        assertThatThrownBy(() -> transport.admin(Identify.controller(), null, TIMEOUT))
                .isInstanceOfSatisfying(
                        NvmeStatusException.class,
                        e -> assertThat(e.status().field()).isEqualTo(0x4002))
                .hasMessageContaining("nvme0: Identify");
    }

    @Test
    void errnoOfAnAdminCommandHasTheControllerLookedAt() {
        transport.listen(listener);
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.error(Errno.EINTR);

        assertThatThrownBy(() -> transport.admin(Identify.controller(), null, TIMEOUT))
                .isExactlyInstanceOf(MultipathException.class)
                .hasMessageContaining("EINTR");
        assertThat(told).containsExactly("liveness");
    }

    @Test
    void missingRightsAreNamed() {
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.error(Errno.EACCES);

        assertThatThrownBy(() -> transport.admin(Identify.controller(), null, TIMEOUT))
                .hasMessageContaining("CAP_SYS_ADMIN");
    }

    @Test
    void whateverAControllerMayHaveSaidIsAskedForWhenAnnouncementsWereLost() {
        transport.listen(listener);

        host.loseAnnouncements();

        assertThat(told).containsExactly("liveness", "event 2/0", "event 2/3", "event 6/0");
    }

    @Test
    void keepAliveIsReadAnewWithEachLook() {
        host.remove("class/nvme/nvme0/kato");
        transport = transport();
        assertThat(transport.keepAliveMillis()).isEmpty();
        transport.listen(listener);
        host.attribute("class/nvme/nvme0/kato", "15");
        host.look();

        assertThat(transport.keepAliveMillis()).hasValue(15_000);
    }

    @Test
    void keepAliveIsKnownAfterTheControllerWent() {
        host.remove("class/nvme/nvme0");
        transport.listen(listener);
        host.look();

        assertThat(transport.keepAliveMillis()).hasValue(5000);
    }

    @Test
    void onlyPcieIsResetInBetween() {
        assertThat(transport.liveAgainMeansReset()).isFalse();
        host.attribute("class/nvme/nvme0/transport", "pcie");
        assertThat(transport().liveAgainMeansReset()).isTrue();
    }

    @Test
    void controllerIsLookedAtOftenUntilItIsLiveAgain() {
        transport.listen(listener);
        host.state("nvme0", "connecting");
        host.look();
        assertThat(host.lastInterval()).isEqualTo(LinuxTransport.RESTLESS);

        host.state("nvme0", "live");
        host.look();

        assertThat(host.lastInterval()).isEqualTo(LinuxTransport.SETTLED);
        assertThat(told).containsExactly("liveness", "liveness");
    }

    @Test
    void announcementOfTheControllerIsPassedOn() {
        transport.listen(listener);

        host.announce("change", "nvme", "ctl", "nvme0");
        host.announce("change", "nvme", "ctl", "nvme1");
        host.announce("change", "block", "nvme1", "nvme1n1");

        assertThat(told).containsExactly("liveness");
    }

    @Test
    void announcementThatItIsConnectedIsToldAsOne() {
        transport.listen(listener);

        host.announceEvent("nvme0", "connected");
        host.announceEvent("nvme1", "connected");
        host.announceEvent("nvme0", "rediscover");

        assertThat(told).containsExactly("connected", "liveness");
    }

    /** The kernel reads neither the log of reservations nor what it says, and leaves the event to others. */
    @Test
    void eventThatTheKernelLeavesToOthersIsPassedOn() {
        transport.listen(listener);

        host.announceAsynchronousEvent("nvme0", "0x800006");
        host.announceAsynchronousEvent("nvme1", "0x800006");
        host.announceAsynchronousEvent("nvme0", "nonsense");

        assertThat(told).containsExactly("event 6/0");
    }

    @Test
    void resizedNamespaceIsPassedOn() {
        transport.listen(listener);
        transport.open(1, 512, new RecordedJudge());

        host.announce("change", "block", "nvme0", "nvme0n1");

        assertThat(told).containsExactly("changed 1");
    }

    @Test
    void nodeThatVanishedIsGone() {
        transport.listen(listener);
        transport.open(1, 512, new RecordedJudge());
        host.remove("class/nvme/nvme0/nvme0n1");

        host.announce("remove", "block", "nvme0", "nvme0n1");

        assertThat(told).containsExactly("gone: nvme0n1 was removed");
    }

    @Test
    void removalAnnouncedBeforeItIsDoneIsLookedAtAgainSoon() {
        transport.listen(listener);
        transport.open(1, 512, new RecordedJudge());

        host.announce("remove", "block", "nvme0", "nvme0n1");

        assertThat(told).isEmpty();
        transport.liveness(); // as an error of the removal has it read
        assertThat(host.lastInterval()).isEqualTo(LinuxTransport.RESTLESS);
        host.remove("class/nvme/nvme0/nvme0n1");
        host.look();
        assertThat(told).contains("gone: nvme0n1 was removed");
    }

    @Test
    void namespaceOfTheSameNameIsAnother() {
        transport.listen(listener);
        transport.open(1, 512, new RecordedJudge());
        host.remove("class/nvme/nvme0/nvme0n1").namespace("nvme0", 1, 1);

        host.look();

        assertThat(told).contains("gone: nvme0n1 was removed");
    }

    /** Somebody holds the old one open still, and its number is in use again. */
    @Test
    void namespaceMadeAgainUnderAnotherNameIsNotTheOneThatWent() {
        transport.listen(listener);
        NamespaceTransport old = transport.open(1, 512, new RecordedJudge());
        host.remove("class/nvme/nvme0/nvme0n1").namespace("nvme0", 2, 1);
        transport.open(1, 512, new RecordedJudge());

        host.look();
        host.look();

        assertThat(gone).containsOnly(old);
    }

    @Test
    void closedTransportHoldsNothing() {
        transport.listen(listener);
        transport.admin(Identify.controller(), null, TIMEOUT);
        transport.close();

        assertThat(host.ioctls.open()).isEmpty();
        assertThat(host.watching()).isZero();
        assertThatThrownBy(() -> transport.admin(Identify.controller(), null, TIMEOUT))
                .hasMessageContaining("closed");
    }

    @Test
    void controllerOfAnotherLifeIsNotOpened() {
        host.remove("class/nvme/nvme0").controller("nvme0");

        assertThatThrownBy(() -> transport.admin(Identify.controller(), null, TIMEOUT))
                .hasMessageContaining("removed");
        assertThat(host.ioctls.open()).isEmpty();
    }
}
