package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.MultipathException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceInUseTest {
    private static final DeviceNumber DISK = new DeviceNumber(259, 0);
    private static final DeviceNumber FIRST = new DeviceNumber(259, 1);
    private static final DeviceNumber SECOND = new DeviceNumber(259, 2);

    @TempDir
    Path root;

    private FakeSys sys;

    @BeforeEach
    void tree() throws IOException {
        sys = new FakeSys(root)
                .block("devices/x/fakeq", "259:0")
                .block("devices/x/fakeq/fakeq1", "259:1")
                .attribute("devices/x/fakeq/fakeq1/partition", "1")
                .block("devices/x/fakeq/fakeq2", "259:2")
                .attribute("devices/x/fakeq/fakeq2/partition", "2");
        mounts("22 1 254:0 / / rw - ext4 /dev/root rw");
        swaps();
    }

    private void mounts(String... lines) throws IOException {
        Files.write(root.resolve("mountinfo"), java.util.List.of(lines));
    }

    private void swaps(String... files) throws IOException {
        var text = new StringBuilder("Filename\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        for (String file : files) {
            text.append(file).append("   partition\t1024\t0\t-2\n");
        }
        Files.writeString(root.resolve("swaps"), text);
    }

    private Optional<String> reason(DeviceNumber number) {
        return new DeviceInUse(sys.sysfs(), root.resolve("mountinfo"), root.resolve("swaps")).reason(number);
    }

    @Test
    void unusedDiskMayBeWritten() {
        assertThat(reason(DISK)).isEmpty();
        assertThat(reason(FIRST)).isEmpty();
    }

    @Test
    void mountedPartitionForbidsItselfAndItsDiskButNotItsSibling() throws IOException {
        mounts("30 22 259:1 / /mnt/my\\040data rw,noatime shared:1 - ext4 /dev/fakeq1 rw");

        assertThat(reason(FIRST)).contains("/dev/fakeq1 is mounted on /mnt/my data");
        assertThat(reason(DISK)).contains("/dev/fakeq1 is mounted on /mnt/my data");
        assertThat(reason(SECOND)).isEmpty();
    }

    @Test
    void mountedDiskForbidsItsPartitions() throws IOException {
        mounts("30 22 259:0 / /mnt rw - xfs /dev/fakeq rw");

        assertThat(reason(SECOND)).contains("/dev/fakeq is mounted on /mnt");
    }

    @Test
    void mountWithANumberOfItsOwnIsRecognisedByItsSource() throws IOException {
        mounts("30 22 0:45 /sub /mnt rw - btrfs /dev/fakeq2 rw");

        assertThat(reason(SECOND)).contains("/dev/fakeq2 is mounted on /mnt");
    }

    @Test
    void swapForbids() throws IOException {
        swaps("/dev/fakeq2");

        assertThat(reason(DISK)).contains("/dev/fakeq2 is used as swap");
        assertThat(reason(FIRST)).isEmpty();
    }

    @Test
    void devicesStackedOnItForbid() {
        sys.attribute("devices/x/fakeq/holders/dm-3/name", "lv");

        assertThat(reason(FIRST)).contains("/dev/fakeq is held by dm-3");
    }

    @Test
    void linesThatAreNoMountsAreLeftOut() throws IOException {
        mounts("", "nonsense", "30 22 259:0 / /mnt rw");

        assertThat(reason(DISK)).isEmpty();
    }

    @Test
    void unknownDeviceIsNotTakenForUnused() {
        assertThatThrownBy(() -> reason(new DeviceNumber(1, 1))).isInstanceOf(MultipathException.class);
    }

    @Test
    void ordinaryFileIsInUseOnlyAsSwap() throws IOException {
        Path file = Files.createFile(root.resolve("image")).toRealPath();
        var inUse = new DeviceInUse(sys.sysfs(), root.resolve("mountinfo"), root.resolve("swaps"));
        assertThat(inUse.reason(file)).isEmpty();

        swaps(file.toString());
        assertThat(inUse.reason(file)).contains(file + " is used as swap");
    }
}
