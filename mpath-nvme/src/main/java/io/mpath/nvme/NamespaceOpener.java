package io.mpath.nvme;

import io.mpath.MultipathException;

/** Opens the way to one namespace for one path: which of a host's nodes for it, for instance, and how. */
@FunctionalInterface
public interface NamespaceOpener {
    /**
     * Opens it. Blocks.
     *
     * @param blockBytes its logical block size
     * @param judge told how commands end
     * @throws MultipathException when it cannot be opened, saying why
     */
    NamespaceTransport open(int blockBytes, CommandJudge judge);
}
