package io.mpath.nvme.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.MultipathException;
import io.mpath.path.PathCandidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvmeDiscoveryTest {
    @TempDir
    Path directory;

    private FakeHost host;
    private NvmeDiscovery discovery;

    @BeforeEach
    void begin() throws IOException {
        host = new FakeHost(directory.toRealPath())
                .controller("nvme0")
                .namespace("nvme0", 1, 1)
                .namespace("nvme0", 2, 5)
                .controller("nvme1")
                .namespace("nvme1", 1, 1);
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
    void everyNamespaceIsFoundOnceAndNothingIsOpened() {
        assertThat(found()).containsExactly(node("nvme0n1"), node("nvme0n2"), node("nvme1n1"));
        assertThat(discovery.find())
                .allSatisfy(candidate -> assertThat(candidate.notCapable()).isEmpty())
                .allSatisfy(candidate -> assertThat(candidate.transport()).isEqualTo("nvme-tcp"));
        assertThat(host.ioctls.opened).isEmpty();
        assertThat(host.watching()).isZero();
    }

    @Test
    void eitherNodeOfANamespaceCanBeGiven() {
        assertThat(candidate("nvme0n2").name()).isEqualTo(node("nvme0n2"));
        assertThat(candidate("ng0n2").name()).isEqualTo(node("ng0n2"));
    }

    @Test
    void linkToANodeIsTheNode() throws IOException {
        Path link =
                Files.createSymbolicLink(directory.resolve("by-id"), host.dev().resolve("nvme0n2"));

        assertThat(discovery.candidate(link).name()).isEqualTo(node("nvme0n2"));
    }

    @ParameterizedTest
    @CsvSource({
        "nvme9n9, NoSuchFile, 0:0",
        "nvme0n1p3, partition, 259:99",
        "nvme0, controller, 240:0",
        "sda, no NVMe namespace, 8:0",
        "nvme7n1, no NVMe namespace, 259:112"
    })
    void whatIsNoNamespaceIsRefusedByName(String name, String reason, String number) {
        if (!reason.equals("NoSuchFile")) {
            host.node(name, number);
        }

        assertThatThrownBy(() -> candidate(name))
                .isInstanceOf(MultipathException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(reason);
    }

    @Test
    void partitionIsRefusedWithTheNamespaceToGiveInstead() {
        host.node("nvme0n1p3", "259:99");

        assertThatThrownBy(() -> candidate("nvme0n1p3")).hasMessageContaining(node("nvme0n1"));
    }

    @Test
    void fileWithTheNameOfANodeIsNotOne() {
        host.node("nvme0n1", "0:0");

        assertThatThrownBy(() -> candidate("nvme0n1")).hasMessageContaining("0:0");
    }

    @Test
    void namespaceThatTheKernelMultipathsIsRefusedWithTheRemedy() {
        String head = "class/nvme-subsystem/nvme-subsys2/nvme2n1";
        host.controller("nvme2")
                .attribute("class/nvme/nvme2/nvme2c2n1/nsid", "1")
                .attribute("class/nvme/nvme2/nvme2c2n1/hidden", "1")
                .attribute(head + "/dev", "259:200")
                .node("nvme2n1", "259:200");

        assertThat(found()).contains(node("nvme2n1")).doesNotContain(node("nvme2c2n1"));
        PathCandidate candidate = candidate("nvme2n1");
        assertThat(candidate.notCapable().orElseThrow()).contains("nvme_core.multipath=N");
        assertThatThrownBy(candidate::open).hasMessageContaining("nvme_core.multipath=N");
    }

    @Test
    void zonedNamespaceIsNotCapable() {
        host.attribute("class/nvme/nvme0/nvme0n2/queue/zoned", "host-managed");

        assertThat(candidate("nvme0n2").notCapable().orElseThrow()).contains("zoned");
        assertThat(candidate("ng0n2").notCapable()).isPresent();
    }

    @Test
    void namespaceOfAnotherCommandSetIsFoundByItsCharacterDeviceAndNotCapable() {
        host.attribute("class/nvme/nvme0/nvme0n2/csi", "1").attribute("class/nvme/nvme0/nvme0n2/hidden", "1");

        assertThat(found()).contains(node("ng0n2")).doesNotContain(node("nvme0n2"));
        assertThat(candidate("ng0n2").notCapable().orElseThrow()).contains("command set is 1");
    }

    @Test
    void candidateOfANamespaceThatWentCannotBeOpened() {
        PathCandidate candidate = candidate("nvme0n2");
        host.remove("class/nvme/nvme0/nvme0n2").remove("class/nvme/nvme0/ng0n2");

        assertThatThrownBy(candidate::open).isInstanceOf(MultipathException.class);
        assertThat(host.ioctls.open()).isEmpty();
        assertThat(host.watching()).isZero();
    }
}
