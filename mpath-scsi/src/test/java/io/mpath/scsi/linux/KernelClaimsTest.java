package io.mpath.scsi.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelClaimsTest {
    private static final String ADDRESS = "3:0:0:0";

    @TempDir
    Path directory;

    private FakeHost host;
    private KernelClaims claims;

    @BeforeEach
    void begin() {
        host = new FakeHost(directory).session(3).disk(ADDRESS, "sda");
        claims = new KernelClaims(SysfsUnit.all(host.sysfs()).get(0), "/dev/sda");
    }

    @Test
    void deviceHandlerIsNewsOnceInTheLifeOfADisk() {
        assertThat(claims.news()).as("of a disk that has none").isEmpty();
        host.of(ADDRESS, "dh_state", "detached");
        assertThat(claims.news()).isEmpty();

        host.of(ADDRESS, "dh_state", "alua");

        assertThat(claims.news()).singleElement().asString().contains("'alua'").contains("scsi_dh_alua");
        assertThat(claims.news()).isEmpty();
    }

    @Test
    void mapThatIsMadeOverADiskIsNewsWhileItIsThere() {
        host.heldBy(ADDRESS, "sda", "mpath-36001405", "mpatha");
        assertThat(claims.news()).singleElement().asString().contains("dm-multipath has it, as mpatha");
        assertThat(claims.news()).isEmpty();

        host.heldBy(ADDRESS, "sda", "LVM-abcdef", "vg-root");
        assertThat(claims.news()).isEmpty();
        host.heldBy(ADDRESS, "sda", "mpath-36001405", "mpatha");

        assertThat(claims.news()).hasSize(1);
    }

    @Test
    void handlerThatIsAttachedInAnothersPlaceIsNews() {
        host.of(ADDRESS, "dh_state", "alua");
        assertThat(claims.news()).hasSize(1);

        host.of(ADDRESS, "dh_state", "rdac");

        assertThat(claims.news()).singleElement().asString().contains("scsi_dh_rdac");
    }
}
