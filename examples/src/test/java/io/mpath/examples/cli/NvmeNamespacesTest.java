package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NvmeNamespacesTest {
    private final NvmeNamespaces namespaces = new NvmeNamespaces();

    @ParameterizedTest
    @CsvSource({
        "uuid.d36dd55c-b169-4546-b819-37fb098bc74e, uuid.d36dd55c-b169-4546-b819-37fb098bc74e",
        "eui.2fcf5d2c5a1d4d6e9d4c000000000001, nguid.2fcf5d2c5a1d4d6e9d4c000000000001",
        "eui.0011223344556677, eui.0011223344556677"
    })
    void kernelsNameForANamespaceIsItsIdentity(String wwid, String id) {
        assertThat(NvmeNamespaces.identity(wwid)).contains(DeviceId.parse(id));
    }

    @Test
    void nameMadeOfASerialNumberIsNoIdentity() {
        assertThat(NvmeNamespaces.identity("nvme.1b36-6d70617468-51454d55-00000001"))
                .isEmpty();
    }

    /** Whatever is not a namespace by its name may be a plain path. */
    @ParameterizedTest
    @ValueSource(strings = {"disk.img", "nvme0n1p1", "nvme0", "sda", "nvme0c0n1"})
    void nodeOfAnotherNameIsNotOurs(String name, @TempDir Path directory) throws IOException {
        assertThat(namespaces.at(Files.createFile(directory.resolve(name)), Use.LOOKING))
                .isEmpty();
    }

    @Test
    void lookingAroundNeedsNoRightAndFindsWhatThereIs() {
        assertThat(namespaces.find(Use.LOOKING))
                .allMatch(path -> path.candidate().name().startsWith("/dev/"));
    }
}
