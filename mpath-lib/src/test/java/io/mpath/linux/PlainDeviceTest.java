package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two plain paths as one device, with the machine's threads and clock. */
@Timeout(60)
class PlainDeviceTest {
    private static final int BLOCK = 4096;
    private static final DeviceId ID = DeviceId.parse("name.two-paths");

    @TempDir
    Path directory;

    @Test
    void readsGoOnOverTheOtherPathWhenOneFails() throws Exception {
        Path file = directory.resolve("disk");
        Files.write(file, new byte[64 * BLOCK]);
        var broken = new ScriptedCalls();
        var working = new ScriptedCalls();
        broken.pread = length -> -Errno.ENOLINK.number();
        try (Multipath multipath = Multipath.create()) {
            MultipathDevice device = multipath.join(candidate(file, "a", broken));
            assertThat(multipath.join(candidate(file, "b", working))).isSameAs(device);
            device.write(BLOCK, ByteBuffer.allocate(BLOCK).put(0, (byte) 42)).await();
            for (int i = 0; i < 8; i++) {
                ByteBuffer back = ByteBuffer.allocate(BLOCK);
                device.read(BLOCK, back).await();
                assertThat(back.get(0)).isEqualTo((byte) 42);
            }
        }
        assertThat(broken.calls).as("the first path was tried").contains("pread 4096 at 4096");
        assertThat(working.calls).contains("pread 4096 at 4096");
        assertThat(broken.calls).as("both files are let go").contains("close");
        assertThat(working.calls).contains("close");
    }

    private static PlainCandidate candidate(Path file, String name, Syscalls calls) {
        return PlainCandidate.of(file, ID)
                .named(name)
                .with(PlainOptions.defaults().withPageCacheAllowed(true))
                .on(calls, Sysfs.system());
    }
}
