package io.mpath.scsi.sim;

/**
 * What a logical unit can do, and up to which limits, as its pages tell.
 *
 * <p>Threading: guarded by the array's lock.
 */
final class UnitAbilities {
    private static final long MIB = 1 << 20;

    long maxTransferBlocks;
    long maxUnmapBlocks;
    int maxUnmapDescriptors = 64;
    long unmapGranularity = 1;
    long maxWriteSameBlocks;
    int maxCompareBlocks = 1;
    int physicalBlockExponent;
    int rotation = 1;
    boolean unmaps = true;
    boolean writesSame = true;

    UnitAbilities(int blockBytes) {
        maxTransferBlocks = MIB / blockBytes;
        maxUnmapBlocks = 64 * MIB / blockBytes;
        maxWriteSameBlocks = 16 * MIB / blockBytes;
    }
}
