package io.mpath.scsi.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.Liveness;
import io.mpath.path.PathPort;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysfsNexusTest {
    @TempDir
    Path directory;

    private FakeHost host;

    @BeforeEach
    void begin() {
        host = new FakeHost(directory);
    }

    private SysfsNexus nexus() {
        return SysfsUnit.all(host.sysfs()).get(0).nexus().orElseThrow();
    }

    private NexusLife life() {
        return new NexusLife(host.machine(), nexus());
    }

    private SysfsNexus session() {
        host.session(3).disk("3:0:0:0", "sda");
        return nexus();
    }

    private SysfsNexus remotePort() {
        host.remotePort(4).disk("4:0:0:0", "sda");
        return nexus();
    }

    @ParameterizedTest
    @CsvSource({"LOGGED_IN, LIVE", "FAILED, CONNECTING", "FREE, CONNECTING"})
    void stateOfASessionIsALiveness(String state, Liveness liveness) {
        SysfsNexus nexus = session();
        host.session(3, state);

        assertThat(nexus.liveness()).isEqualTo(liveness);
    }

    /** Nobody saw the session failed then, and its being logged in afterwards is no new login. */
    @ParameterizedTest
    @ValueSource(strings = {"", "what comes"})
    void stateOfASessionThatTellsNothingIsNoLiveness(String state) {
        SysfsNexus nexus = session();
        host.session(3, state);

        assertThat(nexus.liveness()).isNull();
    }

    @Test
    void stateOfARemotePortOrOfAHostThatCannotBeReadIsNoLiveness() {
        SysfsNexus port = remotePort();
        host.remotePort(4, "");
        assertThat(port.liveness()).isNull();

        host.remove("4:0:0:0");
        host.plainTarget(5, "pci0000:00", "mpt3sas").disk("5:0:0:0", "sda");
        SysfsNexus target = nexus();
        host.attribute("devices/pci0000:00/host5/scsi_host/host5/state", "");
        assertThat(target.liveness()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Online, LIVE",
        "Marginal, LIVE",
        "Blocked, CONNECTING",
        "Not Present, CONNECTING",
        "Linkdown, CONNECTING",
        "Deleted, DELETING"
    })
    void stateOfARemotePortIsALiveness(String state, Liveness liveness) {
        SysfsNexus nexus = remotePort();
        host.remotePort(4, state);

        assertThat(nexus.liveness()).isEqualTo(liveness);
    }

    @ParameterizedTest
    @CsvSource({
        "running, LIVE",
        "recovery, RESETTING",
        "created, CONNECTING",
        "cancel, DELETING",
        "deleted/recovery, DELETING"
    })
    void stateOfAHostIsTheLivenessOfItsTargets(String state, Liveness liveness) {
        host.plainTarget(5, "pci0000:00", "mpt3sas").disk("5:0:0:0", "sda");
        SysfsNexus nexus = nexus();
        host.attribute("devices/pci0000:00/host5/scsi_host/host5/state", state);

        assertThat(nexus.liveness()).isEqualTo(liveness);
    }

    /** Recovery of errors resets what the host can reach: it is no login, and proves nothing of what is under way. */
    @Test
    void hostThatRecoversDoesNotMakeItsSessionsLookFailed() {
        SysfsNexus nexus = session();
        host.attribute("devices/platform/host3/scsi_host/host3/state", "recovery");

        assertThat(nexus.liveness()).isEqualTo(Liveness.LIVE);
    }

    @Test
    void nexusThatVanishedIsDeadAndTheNextOneIsAnother() {
        SysfsNexus before = session();
        host.removeSession(3);
        assertThat(before.liveness()).isEqualTo(Liveness.DEAD);

        SysfsNexus after = session();

        assertThat(before.liveness()).isEqualTo(Liveness.DEAD);
        assertThat(after.liveness()).isEqualTo(Liveness.LIVE);
        assertThat(after.life()).isNotEqualTo(before.life()).isEqualTo(nexus().life());
    }

    @Test
    void loginOfTheSameSessionEndedTheOldOne() {
        session();

        assertThat(life().liveAgainMeansEnded()).isTrue();
    }

    @Test
    void loginThatIsNotOfTheSameSessionEndedNothing() {
        session();
        NexusLife nexus = life();

        host.sessionAttribute(3, "tpgt", "9");
        assertThat(nexus.liveAgainMeansEnded()).as("another portal group").isFalse();
        host.sessionAttribute(3, "tpgt", "3").sessionAttribute(3, "initiatorname", "iqn.2026-01.io.mpath:other");
        assertThat(nexus.liveAgainMeansEnded()).as("another initiator").isFalse();
        host.sessionAttribute(3, "initiatorname", "iqn.2026-01.io.mpath:host").sessionAttribute(3, "isid", "0x40");
        assertThat(nexus.liveAgainMeansEnded()).as("another ISID").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"initiatorname", "targetname", "tpgt"})
    void loginBetweenPortsOfWhichOneCannotBeReadEndedNothing(String attribute) {
        host.session(3).sessionAttribute(3, attribute, "").disk("3:0:0:0", "sda");

        assertThat(life().liveAgainMeansEnded()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", ""})
    void sessionWhoseTasksMayBeTakenOverEndedNothing(String errorRecoveryLevel) {
        host.session(3).sessionAttribute(3, "erl", errorRecoveryLevel).disk("3:0:0:0", "sda");

        assertThat(life().liveAgainMeansEnded()).isFalse();
    }

    @Test
    void onlyISCSIEndsTheOldNexus() {
        remotePort();

        assertThat(life().liveAgainMeansEnded()).isFalse();
    }

    @Test
    void identityNamesBothPorts() {
        assertThat(session().identity())
                .isEqualTo("from iqn.2026-01.io.mpath:host to iqn.2026-01.io.mpath:array, portal group 3");
        host.remove("3:0:0:0");
        assertThat(remotePort().identity()).isEqualTo("from 0x10000000c9000001 to 0x5000000000000004");
    }

    @Test
    void arrayHasOneNameThroughAllOfItsPorts() {
        assertThat(remotePort().array()).isEqualTo("0x5000000000000000");
    }

    @ParameterizedTest
    @CsvSource({
        "pci0000:00/ata1, ahci, ata",
        "pci0000:00/usb2/2-1, usb-storage, usb",
        "platform/1d84000.ufshc, ufshcd, ufs",
        "pci0000:00/host9/port-9:0/end_device-9:0, mpt3sas, sas",
        "pci0000:00/virtio1, virtio_scsi, virtio",
        "tcm_loop_0/tcm_loop_adapter_0, tcm_loopback, loop",
        "pseudo_0/adapter0, scsi_debug, scsi_debug",
        "pseudo_0/adapter0, (null), scsi"
    })
    void kindIsWhatItIsReachedBy(String below, String driver, String kind) {
        host.plainTarget(6, below, driver).disk("6:0:0:0", "sda");

        assertThat(nexus().kind()).isEqualTo(kind);
    }

    @Test
    void portIsNamedAsToolsNameItAndLeavesTimingToTheKernel() {
        host.attribute("devices/pci0000:00/numa_node", "1");

        PathPort port = remotePort().port();

        assertThat(port.name()).isEqualTo("4:0:0");
        assertThat(port.numaNode()).isEqualTo(1);
        assertThat(port.timeouts()).isEqualTo(PathPort.Timeouts.NONE);
    }
}
