package io.mpath.nvme.command;

import io.mpath.DeviceId;
import java.util.Optional;

/** The identifiers that a namespace may have. One that is all zeroes is none. */
final class NvmeIdentifier {
    private NvmeIdentifier() {}

    static Optional<DeviceId> of(DeviceId.Type type, byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return Optional.of(DeviceId.of(type, bytes));
            }
        }
        return Optional.empty();
    }
}
