package io.mpath.nvme.linux;

import io.mpath.MultipathException;
import io.mpath.path.DevicePath;
import io.mpath.path.PathCandidate;
import java.util.Optional;

/** A namespace of a controller that the kernel leaves to us. */
final class NvmeCandidate implements PathCandidate {
    private final ControllerLife controller;
    private final LinuxTransport.Way way;
    private final String name;

    NvmeCandidate(ControllerLife controller, LinuxTransport.Way way, String name) {
        this.controller = controller;
        this.way = way;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String transport() {
        return "nvme-" + controller.sysfs().transport();
    }

    @Override
    public Optional<String> notCapable() {
        return controller.sysfs().namespaces().stream()
                .filter(each -> each.name().equals(way.node().name()) || each.isSiblingOf(way.node()))
                .flatMap(each -> each.foreignCommandSet().stream())
                .findFirst();
    }

    /** @throws MultipathException when it cannot be opened, or answers nonsense */
    @Override
    public DevicePath open() {
        return controller.open(name, way);
    }

    @Override
    public String toString() {
        return name;
    }
}
