package io.mpath.nvme;

import io.mpath.MultipathException;
import io.mpath.nvme.command.Identify;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.IdentifyNamespace;
import io.mpath.nvme.command.IndependentNamespace;
import io.mpath.nvme.command.NamespaceDescriptors;
import io.mpath.nvme.command.NvmControllerLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks a controller who it and its namespaces are.
 *
 * <p>Threading: immutable; every method blocks.
 */
final class NamespaceReader {
    private static final long VERSION_1_3 = 0x1_03_00;
    private static final long VERSION_2_0 = 0x2_00_00;
    private static final NamespaceDescriptors NO_DESCRIPTORS =
            new NamespaceDescriptors(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty());

    private final NvmeTransport transport;
    private final Duration timeout;

    NamespaceReader(NvmeTransport transport, Duration timeout) {
        this.transport = transport;
        this.timeout = timeout;
    }

    /** @throws MultipathException when the controller does not answer, or with what is no Identify Controller page */
    IdentifyController controller() {
        return IdentifyController.decode(page(Identify.controller()));
    }

    /** Limits of NVM commands; a controller that does not know the page has none to tell. */
    Optional<NvmControllerLimits> limits(IdentifyController controller) {
        if (controller.version() < VERSION_2_0) {
            return Optional.empty();
        }
        return ifKnown(Identify.nvmControllerLimits()).map(NvmControllerLimits::decode);
    }

    /** @throws MultipathException when the controller does not answer, or the namespace cannot be driven here */
    Namespace namespace(long nsid, IdentifyController controller, Optional<NvmControllerLimits> limits) {
        NamespaceDescriptors descriptors = controller.version() < VERSION_1_3
                ? NO_DESCRIPTORS
                : ifKnown(Identify.namespaceDescriptors(nsid))
                        .map(NamespaceDescriptors::decode)
                        .orElse(NO_DESCRIPTORS);
        Optional<IndependentNamespace> independent = controller.version() < VERSION_2_0
                ? Optional.empty()
                : ifKnown(Identify.independentNamespace(nsid)).map(IndependentNamespace::decode);
        IdentifyNamespace identify = IdentifyNamespace.decode(page(Identify.namespace(nsid)));
        return new Namespace(nsid, controller, identify, independent, descriptors, limits);
    }

    private ByteBuffer page(Identify command) {
        return transport.admin(command, null, timeout).data();
    }

    /** Empty where the controller says that it has no such page; another trouble is one. */
    private Optional<ByteBuffer> ifKnown(Identify command) {
        try {
            return Optional.of(page(command));
        } catch (NvmeStatusException e) {
            if (e.status().pathRelated() || !e.status().doNotRetry()) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
