package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.MultipathException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScsiDisksTest {
    private final ScsiDisks disks = new ScsiDisks();

    @TempDir
    Path directory;

    /** Whatever is not a disk by its name may be a plain path. */
    @ParameterizedTest
    @ValueSource(strings = {"disk.img", "sda1", "nvme0n1", "st0", "vda", "sda.img"})
    void nodeOfAnotherNameIsNotOurs(String name) throws IOException {
        assertThat(disks.at(Files.createFile(directory.resolve(name)), Use.LOOKING))
                .isEmpty();
    }

    @Test
    void fileThatIsCalledLikeADiskIsNotOne() throws IOException {
        Path file = Files.createFile(directory.resolve("sdzz"));

        assertThatThrownBy(() -> disks.at(file, Use.LOOKING))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining("sdzz is no SCSI disk");
    }

    @Test
    void kernelHasNoNameForWhatIsNoDisk() throws IOException {
        assertThat(disks.kernelsName(Files.createFile(directory.resolve("sdzz"))))
                .isEmpty();
        assertThat(disks.kernelsName(Files.createFile(directory.resolve("disk.img"))))
                .isEmpty();
    }

    @Test
    void genericNodeWithoutADiskBesideItIsRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("sg99"));

        assertThatThrownBy(() -> disks.at(file, Use.LOOKING)).hasMessageContaining("no disk beside it");
    }

    @Test
    void lookingAroundNeedsNoRightAndFindsWhatThereIs() {
        assertThat(disks.find(Use.LOOKING))
                .allMatch(path -> path.candidate().name().startsWith("/dev/sd"));
    }
}
