package io.mpath.scsi.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.Admission;
import io.mpath.DeviceId;
import io.mpath.MultipathException;
import io.mpath.linux.Errno;
import io.mpath.path.PathCandidate;
import io.mpath.scsi.ScsiSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScsiDiscoveryTest {
    private static final int TPGS_BYTE = 5;

    @TempDir
    Path directory;

    private FakeHost host;
    private ScsiDiscovery discovery;

    @BeforeEach
    void begin() throws IOException {
        host = new FakeHost(directory.toRealPath())
                .session(3)
                .disk("3:0:0:0", "sda")
                .disk("3:0:0:1", "sdb")
                .session(4)
                .disk("4:0:0:0", "sdc");
        discovery = host.discovery();
    }

    private String node(String name) {
        return host.dev().resolve(name).toString();
    }

    private PathCandidate candidate(String name) {
        return discovery.candidate(host.dev().resolve(name));
    }

    private List<String> found() {
        return discovery.find().stream().map(PathCandidate::name).toList();
    }

    @Test
    void everyDiskIsFoundAndNothingIsOpened() {
        assertThat(found()).containsExactly(node("sda"), node("sdb"), node("sdc"));
        assertThat(discovery.find())
                .allSatisfy(candidate -> assertThat(candidate.notCapable()).isEmpty())
                .allSatisfy(candidate -> assertThat(candidate.optOut()).isEmpty())
                .allSatisfy(candidate -> assertThat(candidate.transport()).isEqualTo("iscsi"));
        assertThat(host.ioctls.opened).isEmpty();
        assertThat(host.watching()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 13})
    void whatIsNoDiskIsNotFound(int type) {
        host.unit("3:0:0:7", type).of("3:0:0:7", "block/sr0/dev", "11:0");

        assertThat(found()).hasSize(3);
    }

    @Test
    void diskWithoutItsNodeYetIsNotFound() {
        host.unit("3:0:0:7", 0);

        assertThat(found()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"pci0000:00/ata1, ahci, ata", "pci0000:00/usb2/2-1, uas, usb", "platform/1d84000.ufshc, ufshcd, ufs"})
    void diskOfOneCableIsOptedOutUnlessAskedFor(String below, String driver, String kind) {
        host.plainTarget(6, below, driver).disk("6:0:0:0", "sdd");
        PathCandidate disk = candidate("sdd");

        assertThat(disk.optOut().orElseThrow()).contains(kind);
        assertThat(Admission.capable().refusal(disk)).isPresent();
        assertThat(Admission.capable().withOptedOut(true).refusal(disk)).isEmpty();
    }

    @Test
    void ataDiskBehindAnotherTransportIsOptedOut() {
        host.of("3:0:0:1", "vendor", "ATA     ");

        assertThat(candidate("sdb").optOut().orElseThrow()).contains("ata");
    }

    @Test
    void diskWithoutAluaIsOptedOutUnlessAskedFor() {
        byte[] inquiry = new byte[36];
        inquiry[4] = 31;
        host.of("3:0:0:1", "inquiry", inquiry);

        assertThat(candidate("sdb").optOut().orElseThrow()).contains("TPGS 0");
        var settings = new ScsiSettings(Duration.ZERO, Duration.ofSeconds(5), 4, false, false);
        assertThat(discovery.with(settings).candidate(host.dev().resolve("sdb")).optOut())
                .isEmpty();
        inquiry[TPGS_BYTE] = 0x30;
        host.of("3:0:0:1", "inquiry", inquiry);
        assertThat(candidate("sdb").optOut()).isEmpty();
    }

    /** Where the kernel does not tell, the disk is asked when it is opened. */
    @Test
    void diskWhoseAluaIsNotKnownIsNotOptedOut() {
        host.of("3:0:0:1", "inquiry", new byte[3]);

        assertThat(candidate("sdb").optOut()).isEmpty();
    }

    @Test
    void diskOfDmMultipathIsRefusedWithTheRemedy() {
        host.heldBy("3:0:0:1", "sdb", "mpath-36001405", "mpatha");
        PathCandidate disk = candidate("sdb");

        assertThat(disk.notCapable().orElseThrow())
                .contains("dm-multipath has it, as mpatha")
                .contains("blacklist it in /etc/multipath.conf")
                .contains("multipath -f mpatha")
                .contains("/dev/mapper/mpatha");
        assertThatThrownBy(disk::open).isInstanceOf(MultipathException.class).hasMessageContaining("mpatha");
        assertThat(host.ioctls.opened).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alua", "rdac"})
    void diskWithADeviceHandlerIsLeftOutWithTheRemedyOnlyWhereThatIsAskedFor(String handler) {
        host.of("3:0:0:1", "dh_state", handler);

        assertThat(candidate("sdb").notCapable()).isEmpty();
        PathCandidate disk = requiringDetached("sdb");
        assertThat(disk.notCapable().orElseThrow())
                .contains("device handler '" + handler + "'")
                .contains("install scsi_dh_" + handler + " /bin/false");
        assertThatThrownBy(disk::open).isInstanceOf(MultipathException.class).hasMessageContaining(handler);
        assertThat(host.ioctls.opened).isEmpty();
    }

    @Test
    void diskWithoutADeviceHandlerIsNotLeftOut() {
        host.of("3:0:0:1", "dh_state", "detached");

        assertThat(requiringDetached("sda").notCapable())
                .as("of a kernel that has none")
                .isEmpty();
        assertThat(requiringDetached("sdb").notCapable()).isEmpty();
    }

    private PathCandidate requiringDetached(String name) {
        return discovery
                .with(ScsiOptions.defaults().withRequireDetached(true))
                .candidate(host.dev().resolve(name));
    }

    @Test
    void otherHolderIsNotDmMultipath() {
        host.heldBy("3:0:0:1", "sdb", "LVM-abcdef", "vg-root");

        assertThat(candidate("sdb").notCapable()).isEmpty();
    }

    @Test
    void zonedDiskIsNotCapable() {
        host.of("3:0:0:1", "block/sdb/queue/zoned", "host-managed");

        assertThat(candidate("sdb").notCapable().orElseThrow()).contains("zoned (host-managed)");
    }

    /** The commands of a generic node can be interrupted by a signal, and are then sent once more. */
    @Test
    void genericNodeStandsForTheDiskBesideItWhichIsDrivenThroughItsOwnNode() {
        PathCandidate disk = candidate("sg1");

        assertThat(disk.name()).isEqualTo(node("sdb"));
        host.ioctls.refusals.put("sdb", Errno.EBUSY);
        assertThatThrownBy(disk::open).hasMessageContaining(node("sdb")).hasMessageContaining("EBUSY");
    }

    @Test
    void genericNodeOfWhatIsNoDiskIsRefused() {
        host.unit("3:0:0:7", 1).of("3:0:0:7", "scsi_generic/sg7/dev", "21:7").node("sg7", "21:7");

        assertThatThrownBy(() -> candidate("sg7"))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("no disk beside it");
    }

    @Test
    void genericNodeOfAnotherNumberIsRefused() {
        host.node("sg1", "21:9");

        assertThatThrownBy(() -> candidate("sg1")).hasMessageContaining("21:9");
    }

    @Test
    void partitionIsRefusedWithTheDiskToGiveInstead() {
        host.node("sdb2", "8:18");

        assertThatThrownBy(() -> candidate("sdb2"))
                .hasMessageContaining("partition: give the whole disk, " + node("sdb"));
    }

    @ParameterizedTest
    @CsvSource({"sdz, NoSuchFile", "vda, no SCSI disk", "nvme0n1, no SCSI disk"})
    void whatIsNoDiskIsRefusedByName(String name, String reason) {
        if (!reason.equals("NoSuchFile")) {
            host.node(name, "254:0");
        }

        assertThatThrownBy(() -> candidate(name))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(reason);
    }

    @Test
    void linkToANodeIsTheNode() throws IOException {
        Path link =
                Files.createSymbolicLink(directory.resolve("by-id"), host.dev().resolve("sdb"));

        assertThat(discovery.candidate(link).name()).isEqualTo(node("sdb"));
    }

    @Test
    void fileWithTheNameOfADiskIsNotOne() {
        host.node("sdb", "0:0");

        assertThatThrownBy(() -> candidate("sdb")).hasMessageContaining("0:0");
    }

    @Test
    void identityIsWhatTheDiskToldTheKernel() {
        host.of("3:0:0:1", "vpd_pg83", HexFormat.of().parseHex("008300140103001060014050000000010000000000000001"));

        assertThat(discovery.identity(candidate("sdb")))
                .contains(DeviceId.parse("naa.60014050000000010000000000000001"));
        assertThat(discovery.identity(candidate("sda"))).isEmpty();
        assertThat(host.ioctls.opened).isEmpty();
    }

    @Test
    void candidateOfADiskThatWentCannotBeOpened() {
        PathCandidate candidate = candidate("sdb");
        host.remove("3:0:0:1");

        assertThatThrownBy(candidate::open).isInstanceOf(MultipathException.class);
        assertThat(host.ioctls.open()).isEmpty();
        assertThat(host.watching()).isZero();
    }
}
