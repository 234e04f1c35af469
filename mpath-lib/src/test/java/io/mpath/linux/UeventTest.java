package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class UeventTest {
    private static final String CONNECTED = "change@/devices/virtual/nvme-fabrics/ctl/nvme0\0ACTION=change\0"
            + "DEVPATH=/devices/virtual/nvme-fabrics/ctl/nvme0\0SUBSYSTEM=nvme\0NVME_EVENT=connected\0SEQNUM=1712\0";

    private static Optional<Uevent> decode(String message) {
        return Uevent.decode(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void announcementOfTheKernelIsTakenApart() {
        Uevent uevent = decode(CONNECTED).orElseThrow();

        assertThat(uevent.action()).isEqualTo("change");
        assertThat(uevent.subsystem()).isEqualTo("nvme");
        assertThat(uevent.name()).isEqualTo("nvme0");
        assertThat(uevent.parentName()).isEqualTo("ctl");
        assertThat(uevent.properties()).containsEntry("NVME_EVENT", "connected").containsEntry("SEQNUM", "1712");
    }

    @Test
    void valueMayContainAnEqualsSign() {
        assertThat(decode("add@/x\0ACTION=add\0DEVPATH=/x\0SUBSYSTEM=s\0A=b=c\0")
                        .orElseThrow()
                        .properties())
                .containsEntry("A", "b=c");
    }

    @Test
    void messageOfUdevIsNone() {
        assertThat(decode("libudev\0" + CONNECTED)).isEmpty();
    }

    @Test
    void messageWithoutADeviceIsNone() {
        assertThat(decode("add@/x\0ACTION=add\0SUBSYSTEM=s\0")).isEmpty();
    }

    @Property
    void anyBytesAreAnAnnouncementOrNone(@ForAll byte @Size(max = 200) [] bytes) {
        Uevent.decode(ByteBuffer.wrap(bytes)).ifPresent(uevent -> {
            assertThat(uevent.devpath()).endsWith(uevent.name());
            assertThat(uevent.devpath()).contains(uevent.parentName());
        });
    }

    @Property
    void announcementCutOffAnywhereIsAnAnnouncementOrNone(@ForAll int length, @ForAll byte replaced) {
        byte[] whole = CONNECTED.getBytes(StandardCharsets.UTF_8);
        byte[] cut = Arrays.copyOf(whole, Math.floorMod(length, whole.length));
        if (cut.length > 0) {
            cut[Math.floorMod(length * 31, cut.length)] = replaced;
        }
        Uevent.decode(ByteBuffer.wrap(cut))
                .ifPresent(uevent -> assertThat(uevent.name()).isNotNull());
    }

    @Property
    void whatIsSaidIsRead(
            @ForAll @AlphaChars @StringLength(min = 1, max = 9) String action,
            @ForAll @AlphaChars @StringLength(min = 1, max = 9) String parent,
            @ForAll @AlphaChars @StringLength(min = 1, max = 9) String name) {
        String path = "/devices/" + parent + "/" + name;
        Uevent uevent = decode(action + "@" + path + "\0ACTION=" + action + "\0DEVPATH=" + path + "\0SUBSYSTEM=block\0")
                .orElseThrow();

        assertThat(Tuple.of(uevent.action(), uevent.parentName(), uevent.name()))
                .isEqualTo(Tuple.of(action, parent, name));
    }
}
