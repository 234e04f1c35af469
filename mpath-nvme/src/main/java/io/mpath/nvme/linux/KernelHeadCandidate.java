package io.mpath.nvme.linux;

import io.mpath.MultipathException;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import java.util.Optional;

/** A namespace whose paths the kernel has already joined (Linux: {@code nvme_ns_head}). */
record KernelHeadCandidate(String name) implements PathCandidate {
    private static final String REMEDY =
            "the kernel multipaths it already: boot with nvme_core.multipath=N, or drive it as one plain device";

    @Override
    public String transport() {
        return "nvme";
    }

    @Override
    public Optional<String> notCapable() {
        return Optional.of(REMEDY);
    }

    @Override
    public DevicePath open() {
        throw new MultipathException(name + " cannot be opened as a path: " + REMEDY);
    }
}
