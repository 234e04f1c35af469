package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.path.PathPort;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysfsDiskTest {
    private static final String NVME = "devices/pci0000:00/0000:00:04.0/nvme/nvme0";
    private static final String SCSI = "devices/pci0000:00/0000:00:05.0/host4/session1/target4:0:2/4:0:2:7";

    @TempDir
    Path root;

    private FakeSys sys;

    @BeforeEach
    void tree() {
        sys = new FakeSys(root)
                .attribute("devices/pci0000:00/0000:00:04.0/numa_node", "1")
                .block(NVME + "/nvme0n1", "259:0")
                .link(NVME + "/nvme0n1/device", NVME)
                .attribute(NVME + "/nvme0n1/wwid", "uuid.8d1f")
                .attribute(NVME + "/nvme0n1/queue/discard_max_bytes", "1048576")
                .attribute(NVME + "/nvme0n1/queue/write_cache", "write back")
                .block(NVME + "/nvme0n1/nvme0n1p1", "259:1")
                .attribute(NVME + "/nvme0n1/nvme0n1p1/partition", "1")
                .attribute("devices/pci0000:00/0000:00:05.0/numa_node", "-1")
                .block(SCSI + "/block/sda", "8:0")
                .link(SCSI + "/block/sda/device", SCSI)
                .attribute(SCSI + "/wwid", "naa.6001")
                .attribute(SCSI + "/block/sda/queue/write_cache", "write through");
    }

    private SysfsDisk disk(int major, int minor) {
        return sys.sysfs().disk(new DeviceNumber(major, minor)).orElseThrow();
    }

    @Test
    void nvmePortIsItsControllerOnTheNodeOfItsBus() {
        PathPort port = disk(259, 0).port();

        assertThat(port.name()).isEqualTo("nvme0");
        assertThat(port.numaNode()).isEqualTo(1);
    }

    @Test
    void scsiPortIsItsHostAndMayHaveNoNode() {
        PathPort port = disk(8, 0).port();

        assertThat(port.name()).isEqualTo("host4");
        assertThat(port.numaNode()).isEqualTo(PathPort.NO_NODE);
    }

    @Test
    void partitionHasTheLimitsAndTheIdentityOfItsDisk() {
        SysfsDisk partition = disk(259, 1);

        assertThat(partition.name()).isEqualTo("nvme0n1p1");
        assertThat(partition.wholeDisk().name()).isEqualTo("nvme0n1");
        assertThat(partition.limit("discard_max_bytes")).hasValue(1048576);
        assertThat(partition.wwid()).contains("uuid.8d1f");
        assertThat(partition.volatileCache()).isTrue();
        assertThat(partition.port().name()).isEqualTo("nvme0");
    }

    @Test
    void identityOfAScsiDiskIsItsDevices() {
        assertThat(disk(8, 0).wwid()).contains("naa.6001");
        assertThat(disk(8, 0).volatileCache()).isFalse();
    }

    @Test
    void attributeThatIsMissingOrNonsenseIsAbsent() {
        sys.attribute(NVME + "/nvme0n1/queue/write_zeroes_max_bytes", "many");

        assertThat(disk(259, 0).limit("write_zeroes_max_bytes")).isEmpty();
        assertThat(disk(8, 0).limit("discard_max_bytes")).isEmpty();
    }

    @Test
    void deviceThatSysfsDoesNotKnowIsAbsent() {
        assertThat(sys.sysfs().disk(new DeviceNumber(1, 2))).isEmpty();
    }

    @Test
    void numbersOfDevicesAreTakenApartAsTheCLibraryMakesThem() {
        assertThat(DeviceNumber.decode(0x10301L)).hasToString("259:1");
        assertThat(DeviceNumber.decode(0x800L)).hasToString("8:0");
        // makedev(0x12345, 0x6789a): the high halves lie above the low ones
        assertThat(DeviceNumber.decode(0x0001_2000_6783_459aL)).isEqualTo(new DeviceNumber(0x12345, 0x6789a));
    }
}
