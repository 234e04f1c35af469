package io.mpath.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.nvme.command.Identify.Cns;
import io.mpath.nvme.command.Vectors;
import io.mpath.path.DevicePath;
import io.mpath.path.PathDescription;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which namespaces may have more than one path, and what contradicts. */
class NamespaceIdentityTest extends OneNvmePath {
    @Test
    void privateNamespaceHasOnePathOnly() {
        a.with(Cns.NAMESPACE, ScriptedController.NMIC, 0);
        assertThat(attached().describe().notCapable())
                .hasValueSatisfying(reason -> assertThat(reason).contains("private"));
    }

    @Test
    void privateNamespacesOfOneNumberAreTwoDevices() {
        ScriptedController b = new ScriptedController("nvme1").withoutAna();
        for (ScriptedController each : List.of(a, b)) {
            each.pages.put(Cns.NAMESPACE_DESCRIPTORS, Vectors.zeroes());
            for (int i = 0; i < 24; i++) {
                each.with(Cns.NAMESPACE, ScriptedController.NGUID + i, 0);
            }
        }
        a.with(Cns.CONTROLLER, ScriptedController.CNTLID, 1);
        b.with(Cns.CONTROLLER, ScriptedController.CNTLID, 2);
        assertThat(idThrough(a)).as("shared").isEqualTo(idThrough(b));
        a.with(Cns.NAMESPACE, ScriptedController.NMIC, 0);
        b.with(Cns.NAMESPACE, ScriptedController.NMIC, 0);
        assertThat(idThrough(a)).as("private").isNotEqualTo(idThrough(b));
    }

    private static DeviceId idThrough(ScriptedController transport) {
        DevicePath path = new NvmeController(transport, NvmeSettings.defaults()).open(NSID, transport.port.name());
        return path.describe().id();
    }

    @Test
    void subsystemOfOneControllerHasOnePathOnly() {
        a.with(Cns.CONTROLLER, ScriptedController.CMIC, 0);
        assertThat(attached().describe().notCapable())
                .hasValueSatisfying(reason -> assertThat(reason).contains("single controller"));
    }

    @Test
    void sharedNamespaceOfTwoControllersMayHaveMorePaths() {
        assertThat(attached().describe().notCapable()).isEmpty();
    }

    @Test
    void identifierUnderAnotherSubsystemContradicts() {
        PathDescription here = attached().describe();
        a.with(Cns.CONTROLLER, 768 + 4, 'x');
        controller = new NvmeController(a, NvmeSettings.defaults());
        assertThat(here.contradiction(attached().describe()))
                .hasValueSatisfying(why -> assertThat(why).contains("subsystem"));
    }

    @Test
    void identifierThatOnlyOnePathHasContradicts() {
        PathDescription with = attached().describe();
        for (int i = 0; i < 16; i++) {
            a.with(Cns.NAMESPACE, ScriptedController.NGUID + i, 0);
        }
        a.pages.put(Cns.NAMESPACE_DESCRIPTORS, withoutNguid());
        PathDescription without = attached().describe();
        assertThat(without.id()).isEqualTo(with.id());
        assertThat(with.contradiction(without)).isPresent();
    }

    /** The UUID's descriptor alone. */
    private ByteBuffer withoutNguid() {
        ByteBuffer page = a.pages.get(Cns.NAMESPACE_DESCRIPTORS);
        ByteBuffer uuidOnly = Vectors.zeroes();
        for (int at = 0, end = 0; page.get(at + 1) != 0; at += 4 + page.get(at + 1)) {
            int length = 4 + page.get(at + 1);
            if (page.get(at) != 2) {
                uuidOnly.put(end, page, at, length);
                end += length;
            }
        }
        return uuidOnly;
    }
}
