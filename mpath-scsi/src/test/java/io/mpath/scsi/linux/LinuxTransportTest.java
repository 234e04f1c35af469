package io.mpath.scsi.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mpath.Liveness;
import io.mpath.MultipathException;
import io.mpath.linux.Errno;
import io.mpath.path.Certainty;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import io.mpath.scsi.CommandNotSentException;
import io.mpath.scsi.ScsiReply;
import io.mpath.scsi.ScsiTransport;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.Inquiry;
import io.mpath.scsi.command.PersistentReserveOut;
import io.mpath.scsi.command.TestUnitReady;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LinuxTransportTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final List<String> told = new ArrayList<>();

    @TempDir
    Path directory;

    private FakeHost host;
    private NexusLife nexus;
    private KernelClaims claims;
    private LinuxTransport transport;

    @BeforeEach
    void begin() {
        host = new FakeHost(directory).session(3).disk("3:0:0:0", "sda").disk("3:0:0:1", "sdb");
        nexus = new NexusLife(host.machine(), unit("3:0:0:0").nexus().orElseThrow());
        claims = new KernelClaims(unit("3:0:0:0"), "sda");
        transport = new LinuxTransport(host.machine(), nexus, unit("3:0:0:0"), "sda", claims, ScsiOptions.defaults());
    }

    private SysfsUnit unit(String address) {
        return SysfsUnit.all(host.sysfs()).stream()
                .filter(unit -> unit.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private LinuxTransport transport(String address, String disk) {
        SysfsUnit unit = unit(address);
        return new LinuxTransport(
                host.machine(), nexus, unit, disk, new KernelClaims(unit, disk), ScsiOptions.defaults());
    }

    private void listen(LinuxTransport to, String name) {
        to.listen(new ScsiTransport.Listener() {
            @Override
            public void livenessMayHaveChanged() {
                told.add(name + " liveness " + to.liveness() + ", away " + to.away());
            }

            @Override
            public void accessStateMayHaveChanged() {
                told.add(name + " access state");
            }

            @Override
            public void mayHaveChanged() {
                told.add(name + " changed");
            }

            @Override
            public void mayBeAnother() {
                told.add(name + " may be another");
            }

            @Override
            public void inventoryMayHaveChanged() {
                told.add(name + " is one of others");
            }

            @Override
            public void gone(String reason) {
                told.add(name + " gone: " + reason);
            }
        });
    }

    private void listen() {
        listen(transport, "sda");
    }

    @Test
    void housekeepingBringsItsDataWithoutWhatWasNotTransferred() {
        host.ioctls.driver = (node, command, data) -> {
            data.put(1, (byte) 7);
            return FakeIoctls.Answer.residual(60);
        };

        ScsiReply reply = transport.execute(Inquiry.standard(96), null, TIMEOUT);

        assertThat(reply.done()).isTrue();
        assertThat(reply.data().remaining()).isEqualTo(36);
        assertThat(reply.data().get(1)).isEqualTo((byte) 7);
        FakeIoctls.Command sent = host.ioctls.commands.get(0);
        assertThat(sent.opcode()).isEqualTo(0x12);
        assertThat(sent.timeoutMillis()).isEqualTo(3000);
    }

    @Test
    void whatTheDeviceLeavesOutIsNotWhatItSaidBefore() {
        host.ioctls.driver = (node, command, data) -> {
            data.put(5, (byte) 7);
            return FakeIoctls.Answer.good();
        };
        transport.execute(Inquiry.standard(96), null, TIMEOUT);
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.good();

        assertThat(transport.execute(Inquiry.standard(96), null, TIMEOUT).data().get(5))
                .isZero();
    }

    @Test
    void unitAttentionIsAnEnd() {
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.sense(6, 0x29, 0);

        ScsiReply reply = transport.execute(new TestUnitReady(), null, TIMEOUT);

        assertThat(reply.done()).isFalse();
        assertThat(reply.result().toString()).contains("06/29/00");
    }

    @Test
    void hostByteIsAnEndThatProvesNothing() {
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.host(HostByte.DID_NO_CONNECT.number());

        ScsiReply reply = transport.execute(new TestUnitReady(), null, TIMEOUT);

        assertThat(reply.result().treatment().orElseThrow().certainty()).isEqualTo(Certainty.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(
            value = Errno.class,
            names = {"ENODEV", "EINTR", "EPERM", "EIO"})
    void errnoHasTheDiskLookedAt(Errno errno) {
        listen();
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.error(errno);

        assertThatThrownBy(() -> transport.execute(new TestUnitReady(), null, TIMEOUT))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("sda: TEST UNIT READY: " + errno.name());
        assertThat(told).containsExactly("sda liveness live, away null");
    }

    @ParameterizedTest
    @CsvSource({
        "ENODEV, true",
        "ENXIO, true",
        "EPERM, true",
        "EINVAL, true",
        "ENOMEM, true",
        "EINTR, false",
        "EIO, false"
    })
    void errnoSaysWhetherTheDeviceMayHaveSeenTheCommand(Errno errno, boolean proves) {
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.error(errno);
        assertThat(thrown() instanceof CommandNotSentException).isEqualTo(proves);

        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.errorAfterTheEnd(errno);
        assertThat(thrown()).isExactlyInstanceOf(MultipathException.class);

        transport.close();
        assertThat(thrown()).isInstanceOf(CommandNotSentException.class);
    }

    private Throwable thrown() {
        return catchThrowable(() -> transport.execute(new TestUnitReady(), null, TIMEOUT));
    }

    @Test
    void reservationsAreChangedWithDataForTheDevice() {
        byte[] seen = new byte[24];
        host.ioctls.driver = (node, command, data) -> {
            data.get(0, seen);
            return FakeIoctls.Answer.good();
        };
        var reserve = PersistentReserveOut.reserve(new ReservationKey(0xa1), ReservationType.WRITE_EXCLUSIVE);
        ByteBuffer list = ByteBuffer.allocate(24);
        reserve.encodeParameters(list.duplicate());

        assertThat(transport.execute(reserve, list, TIMEOUT).done()).isTrue();
        FakeIoctls.Command sent = host.ioctls.commands.get(0);
        assertThat(sent.direction()).isEqualTo(-2);
        assertThat(HexFormat.of().formatHex(sent.cdb().array())).isEqualTo("5f010100000000001800");
        assertThat(HexFormat.of().formatHex(seen)).isEqualTo("00000000000000a1" + "00".repeat(16));
    }

    @ParameterizedTest
    @CsvSource({"ENODEV, true", "EPERM, true", "EINTR, false", "EIO, false"})
    void memoryOfAChangeIsUsedAgainOnlyIfItWasNotSent(Errno errno, boolean usedAgain) {
        var reserve = PersistentReserveOut.reserve(new ReservationKey(0xa1), ReservationType.WRITE_EXCLUSIVE);
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.error(errno);
        assertThatThrownBy(() -> transport.execute(reserve, ByteBuffer.allocate(24), TIMEOUT))
                .isInstanceOf(MultipathException.class);

        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.good();
        transport.execute(reserve, ByteBuffer.allocate(24), TIMEOUT);

        long first = host.ioctls.commands.get(0).address();
        assertThat(host.ioctls.commands.get(1).address() == first).isEqualTo(usedAgain);
    }

    @Test
    void missingRightsAreNamed() {
        host.ioctls.driver = (node, command, data) -> FakeIoctls.Answer.error(Errno.EPERM);

        assertThatThrownBy(() -> transport.execute(new TestUnitReady(), null, TIMEOUT))
                .hasMessageContaining("CAP_SYS_RAWIO");
    }

    @Test
    void onlyARunningDiskIsGivenCommands() {
        assertThat(transport.away()).isNull();
        for (String state : List.of("offline", "blocked", "transport-offline", "quiesce", "created-block", "deleted")) {
            host.of("3:0:0:0", "state", state);
            assertThat(transport.away()).isEqualTo("3:0:0:0 is " + state);
        }
        assertThat(transport.liveness()).isEqualTo(Liveness.LIVE);
    }

    @Test
    void diskThatIsAwayIsLookedAtUntilItIsBackAndItsNeighboursAreNot() {
        LinuxTransport neighbour = transport("3:0:0:1", "sdb");
        listen();
        listen(neighbour, "sdb");
        host.of("3:0:0:0", "state", "offline");
        host.look();
        assertThat(host.lastInterval()).isEqualTo(NexusLife.RESTLESS);
        told.clear();

        host.look();
        assertThat(told).containsExactly("sda liveness live, away 3:0:0:0 is offline");

        host.of("3:0:0:0", "state", "running");
        host.look();
        assertThat(told).contains("sda liveness live, away null");
        assertThat(host.lastInterval()).isEqualTo(NexusLife.SETTLED);
    }

    @Test
    void lostSessionIsToldToAllOnceAndWatchedUntilItIsBack() {
        LinuxTransport neighbour = transport("3:0:0:1", "sdb");
        listen();
        listen(neighbour, "sdb");
        host.session(3, "FAILED");
        host.of("3:0:0:0", "state", "blocked");
        host.look();
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "sda liveness connecting, away 3:0:0:0 is blocked", "sdb liveness connecting, away null");
        assertThat(host.lastInterval()).isEqualTo(NexusLife.RESTLESS);
        told.clear();

        host.look();
        host.look();
        assertThat(told).as("while nothing changes").isEmpty();

        host.session(3, "LOGGED_IN");
        host.of("3:0:0:0", "state", "running");
        host.look();
        assertThat(told).containsExactlyInAnyOrder("sda liveness live, away null", "sdb liveness live, away null");
        assertThat(host.lastInterval()).isEqualTo(NexusLife.SETTLED);
    }

    /** Who asked in between was told of it, and goes by that until it is told otherwise. */
    @Test
    void sessionThatFailedAndReturnedBetweenTwoLooksIsToldAgain() {
        listen();
        host.look();
        host.look();
        told.clear();
        host.session(3, "FAILED");
        assertThat(transport.liveness()).isEqualTo(Liveness.CONNECTING);
        assertThat(host.lastInterval()).isEqualTo(NexusLife.RESTLESS);
        host.session(3, "LOGGED_IN");

        host.look();

        assertThat(told).containsExactly("sda liveness live, away null");
        assertThat(host.lastInterval()).isEqualTo(NexusLife.SETTLED);
    }

    @Test
    void sessionThatReturnedAndFailedBetweenTwoLooksIsToldAgain() {
        listen();
        host.session(3, "FAILED");
        host.look();
        told.clear();
        host.session(3, "LOGGED_IN");
        assertThat(transport.liveness()).isEqualTo(Liveness.LIVE);
        host.session(3, "FAILED");

        host.look();

        assertThat(told).containsExactly("sda liveness connecting, away null");
    }

    @Test
    void stateThatCannotBeReadIsReadAgainSoon() {
        listen();
        host.session(3, "");

        assertThat(transport.liveness()).isNull();
        assertThat(host.lastInterval()).isEqualTo(NexusLife.RESTLESS);
    }

    @Test
    void nexusIsLookedAtOftenerThanItsDisks() {
        listen();
        for (int i = 0; i < 10; i++) {
            host.look();
        }
        assertThat(told).hasSize(2);
        told.clear();

        host.session(3, "FAILED");
        host.look();

        assertThat(told).containsExactly("sda liveness connecting, away null");
    }

    @Test
    void unitAttentionThatAnyOpenerWasGivenIsPassedOn() {
        listen();

        host.announce("change", "scsi", "3:0:0:0", Map.of("SDEV_UA", "ASYMMETRIC_ACCESS_STATE_CHANGED"));
        host.announce("change", "scsi", "3:0:0:1", Map.of("SDEV_UA", "CAPACITY_DATA_HAS_CHANGED"));

        assertThat(told).containsExactly("sda access state");
    }

    @ParameterizedTest
    @CsvSource({
        "INQUIRY_DATA_HAS_CHANGED, may be another",
        "REPORTED_LUNS_DATA_HAS_CHANGED, is one of others",
        "CAPACITY_DATA_HAS_CHANGED, changed",
        "what comes, changed"
    })
    void attentionThatPutsTheIdentityInDoubtIsPassedOnAsThat(String attention, String passedOn) {
        listen();

        host.announce("change", "scsi", "3:0:0:0", Map.of("SDEV_UA", attention));

        assertThat(told).containsExactly("sda " + passedOn);
    }

    /** That another opener was told that this is another unit may have been among them. */
    @Test
    void everyDiskMayHaveChangedWhenAnnouncementsWereLost() {
        LinuxTransport neighbour = transport("3:0:0:1", "sdb");
        listen();
        listen(neighbour, "sdb");
        host.of("3:0:0:1", "state", "offline");

        host.loseAnnouncements();

        assertThat(told)
                .contains("sda changed", "sdb changed")
                .contains("sdb liveness live, away 3:0:0:1 is offline")
                .doesNotContain("sda may be another", "sda is one of others");
    }

    @Test
    void diskThatLeftIsToldNothingMore() {
        LinuxTransport neighbour = transport("3:0:0:1", "sdb");
        listen();
        listen(neighbour, "sdb");
        transport.close();

        host.announce("change", "scsi", "3:0:0:0", Map.of("SDEV_UA", "CAPACITY_DATA_HAS_CHANGED"));
        host.announce("change", "block", "sdb", Map.of("RESIZE", "1"));

        assertThat(told).containsExactly("sdb changed");
    }

    @Test
    void resizedDiskIsPassedOn() {
        listen();

        host.announce("change", "block", "sda", Map.of("RESIZE", "1"));

        assertThat(told).containsExactly("sda changed");
    }

    /** Programs have it announced whenever they close a node that they could have written to, this one too. */
    @Test
    void changeThatSaysNothingIsNone() {
        listen();

        host.announce("change", "block", "sda", Map.of("SYNTH_UUID", "0"));

        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"scsi, 3:0:0:0", "block, sda"})
    void diskThatVanishedIsGone(String subsystem, String name) {
        listen();
        host.remove("3:0:0:0");

        host.announce("remove", subsystem, name, Map.of());

        assertThat(told).contains("sda gone: sda (3:0:0:0) was removed");
    }

    @Test
    void removalAnnouncedBeforeItIsDoneIsLookedAtAgainSoon() {
        listen();

        host.announce("remove", "block", "sda", Map.of());

        assertThat(told).isEmpty();
        assertThat(host.lastInterval()).isEqualTo(NexusLife.RESTLESS);
        host.remove("3:0:0:0");
        host.look();
        assertThat(told).contains("sda gone: sda (3:0:0:0) was removed");
    }

    @Test
    void diskOfTheSameAddressIsAnother() {
        listen();
        host.remove("3:0:0:0").disk("3:0:0:0", "sda");

        host.look();

        assertThat(told).contains("sda gone: sda (3:0:0:0) was removed");
        assertThatThrownBy(() -> transport.execute(new TestUnitReady(), null, TIMEOUT))
                .hasMessageContaining("removed");
        assertThat(host.ioctls.open()).isEmpty();
    }

    @Test
    void sessionThatIsLoggedOutTakesItsDisksAlong() {
        listen();
        host.removeSession(3);

        host.look();

        assertThat(transport.liveness()).isEqualTo(Liveness.DEAD);
        assertThat(told).contains("sda gone: sda (3:0:0:0) was removed");
    }

    @Test
    void disksOfOneNexusShareItsPortAndOneWatch() {
        LinuxTransport neighbour = transport("3:0:0:1", "sdb");
        listen();
        listen(neighbour, "sdb");

        assertThat(neighbour.port()).isSameAs(transport.port());
        assertThat(host.watching()).isEqualTo(1);
        transport.close();
        assertThat(host.watching()).isEqualTo(1);
        neighbour.close();
        assertThat(host.watching()).isZero();
    }

    @Test
    void diskThatDmMultipathTakesWhileItIsOpenedIsLetGo() {
        host.ioctls.whenOpened = () -> host.heldBy("3:0:0:0", "sda", "mpath-36001405", "mpatha");

        assertThatThrownBy(() -> transport.execute(new TestUnitReady(), null, TIMEOUT))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("mpatha");
        assertThat(host.ioctls.open()).isEmpty();
        assertThat(host.ioctls.commands).isEmpty();
    }

    /** It has been told; to stop using it is the administrator's to decide. */
    @Test
    void diskThatDmMultipathTakesLaterIsDrivenOn() {
        listen();
        transport.execute(new TestUnitReady(), null, TIMEOUT);
        host.heldBy("3:0:0:0", "sda", "mpath-36001405", "mpatha");

        for (int i = 0; i < 200; i++) {
            host.look();
        }

        assertThat(transport.execute(new TestUnitReady(), null, TIMEOUT).done()).isTrue();
        assertThat(claims.news()).as("what is still to be told").isEmpty();
    }

    @Test
    void closedTransportHoldsNothing() {
        listen();
        transport.execute(new TestUnitReady(), null, TIMEOUT);
        transport.close();

        assertThat(host.ioctls.open()).isEmpty();
        assertThat(host.watching()).isZero();
        assertThatThrownBy(() -> transport.execute(new TestUnitReady(), null, TIMEOUT))
                .hasMessageContaining("closed");
    }

    @Test
    void transportSaysWhatItIs() {
        assertThat(transport.kind()).isEqualTo("iscsi");
        assertThat(transport.target()).isEqualTo("iqn.2026-01.io.mpath:array");
        assertThat(transport.port().name()).isEqualTo("3:0:0");
        assertThat(transport.liveAgainMeansEnded()).isTrue();
    }
}
