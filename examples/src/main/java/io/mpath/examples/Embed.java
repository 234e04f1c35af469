package io.mpath.examples;

import io.mpath.DeviceId;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.linux.PlainCandidate;
import io.mpath.policy.IoPolicies;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The library in ten lines, the same as in README.md: reads the first block of the device that all given nodes lead to. */
public final class Embed {
    private Embed() {}

    /** Takes files or block devices. */
    public static void main(String... nodes) {
        try (Multipath multipath = Multipath.create()) {
            DeviceId id = DeviceId.named("disk1");
            for (String node : nodes) {
                multipath.join(PlainCandidate.of(Path.of(node), id));
            }
            MultipathDevice device = multipath.device(id).orElseThrow();
            device.policy(IoPolicies.queueDepth()).join();
            ByteBuffer block = ByteBuffer.allocateDirect(device.geometry().logicalBlockSize());
            device.read(0, block).await();
            System.out.print(multipath.topology().toText());
        }
    }
}
