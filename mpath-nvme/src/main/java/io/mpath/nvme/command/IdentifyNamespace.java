package io.mpath.nvme.command;

import io.mpath.DeviceId;
import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The Identify Namespace data structure of the NVM command set (Identify, CNS 00h; NVM Command Set 1.1 4.1.5.1), as far as
 * multipathing and I/O need it. A namespace that is not attached to the controller reads as zeroes: see {@link #attached}.
 *
 * @param sizeBlocks NSZE, in logical blocks
 * @param capacityBlocks NCAP: how many of them may be allocated at once
 * @param utilizationBlocks NUSE: how many of them are allocated
 * @param nsfeat NSFEAT, see the methods
 * @param formats LBAF0 and following, those that are supported
 * @param flbas FLBAS: which of the formats is in use, and where metadata goes
 * @param mc MC: metadata capabilities
 * @param dps DPS: the protection information that is in use
 * @param nmic NMIC, see {@link #shared}
 * @param rescap RESCAP, see {@link #reservations}
 * @param dlfeat DLFEAT, see {@link #readsZeroesAfterDeallocation}
 * @param nawunBlocks the atomic write unit in normal operation, in logical blocks (NAWUN is this less one)
 * @param nawupfBlocks the atomic write unit through power failure, in logical blocks (NAWUPF is this less one)
 * @param nacwuBlocks the longest fused compare and write, in logical blocks (NACWU is this less one)
 * @param boundaryBlocks NOIOB: the boundary that I/O should not cross, in logical blocks; 0 for none
 * @param writeGranularityBlocks the preferred write granularity, in logical blocks (NPWG is this less one)
 * @param writeAlignmentBlocks the preferred write alignment, in logical blocks (NPWA is this less one)
 * @param deallocateGranularityBlocks the preferred deallocation granularity, in logical blocks (NPDG is this less one)
 * @param deallocateAlignmentBlocks the preferred deallocation alignment, in logical blocks (NPDA is this less one)
 * @param optimalWriteBlocks the optimal write size, in logical blocks (NOWS is this less one)
 * @param anaGroupId ANAGRPID; 0 when the controller does not report ANA
 * @param nsattr NSATTR, see {@link #writeProtected}
 * @param nvmSetId NVMSETID
 * @param enduranceGroupId ENDGID
 * @param nguid NGUID
 * @param eui64 EUI64
 */
public record IdentifyNamespace(
        long sizeBlocks,
        long capacityBlocks,
        long utilizationBlocks,
        int nsfeat,
        List<LbaFormat> formats,
        int flbas,
        int mc,
        int dps,
        int nmic,
        int rescap,
        int dlfeat,
        int nawunBlocks,
        int nawupfBlocks,
        int nacwuBlocks,
        int boundaryBlocks,
        int writeGranularityBlocks,
        int writeAlignmentBlocks,
        int deallocateGranularityBlocks,
        int deallocateAlignmentBlocks,
        int optimalWriteBlocks,
        long anaGroupId,
        int nsattr,
        int nvmSetId,
        int enduranceGroupId,
        Optional<DeviceId> nguid,
        Optional<DeviceId> eui64) {
    private static final String PAGE = "Identify Namespace";
    private static final int NLBAF_OFFSET = 25;
    private static final int FLBAS_OFFSET = 26;
    private static final int FORMATS_OFFSET = 128;
    private static final int MAX_FORMATS = 64;
    // With at most so many formats, the upper bits of the index in FLBAS are to be ignored.
    private static final int FORMATS_IN_LOW_BITS = 16;

    /** Keeps its own list. */
    public IdentifyNamespace {
        formats = List.copyOf(formats);
    }

    /**
     * Reads 4096 bytes.
     *
     * @throws io.mpath.PageFormatException when there are fewer, or those of an attached namespace name a format that is not
     *     there, or more bytes than there can be
     */
    public static IdentifyNamespace decode(ByteBuffer page) {
        PageReader in = PageReader.littleEndian(PAGE, page);
        in.require(0, Identify.DATA_BYTES, PAGE);
        var namespace = new IdentifyNamespace(
                in.u64(0, "NSZE"),
                in.u64(8, "NCAP"),
                in.u64(16, "NUSE"),
                in.u8(24, "NSFEAT"),
                formats(in),
                in.u8(FLBAS_OFFSET, "FLBAS"),
                in.u8(27, "MC"),
                in.u8(29, "DPS"),
                in.u8(30, "NMIC"),
                in.u8(31, "RESCAP"),
                in.u8(33, "DLFEAT"),
                in.u16(34, "NAWUN") + 1,
                in.u16(36, "NAWUPF") + 1,
                in.u16(38, "NACWU") + 1,
                in.u16(46, "NOIOB"),
                in.u16(64, "NPWG") + 1,
                in.u16(66, "NPWA") + 1,
                in.u16(68, "NPDG") + 1,
                in.u16(70, "NPDA") + 1,
                in.u16(72, "NOWS") + 1,
                in.u32(92, "ANAGRPID"),
                in.u8(99, "NSATTR"),
                in.u16(100, "NVMSETID"),
                in.u16(102, "ENDGID"),
                NvmeIdentifier.of(DeviceId.Type.NGUID, in.bytes(104, 16, "NGUID")),
                NvmeIdentifier.of(DeviceId.Type.EUI, in.bytes(120, 8, "EUI64")));
        if (namespace.attached()) {
            namespace.requireGeometry(in);
        }
        return namespace;
    }

    /** The formats that all namespaces may have, and behind them those with attributes of their own. */
    private static List<LbaFormat> formats(PageReader in) {
        int count = in.u8(NLBAF_OFFSET, "NLBAF") + 1 + in.u8(82, "NULBAF");
        if (count > MAX_FORMATS) {
            throw in.error(NLBAF_OFFSET, "NLBAF", "with NULBAF makes " + count + " formats, and there is room for 64");
        }
        List<LbaFormat> formats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = FORMATS_OFFSET + i * Integer.BYTES;
            formats.add(new LbaFormat(in.u16(at, "MS"), in.u8(at + 2, "LBADS"), in.u8(at + 3, "RP") & 3));
        }
        return formats;
    }

    private void requireGeometry(PageReader in) {
        int index = formatIndex();
        if (index >= formats.size()) {
            throw in.error(FLBAS_OFFSET, "FLBAS", "format " + index + " of " + formats.size());
        }
        LbaFormat format = formats.get(index);
        int at = FORMATS_OFFSET + index * Integer.BYTES + 2;
        if (!format.available()) {
            throw in.error(at, "LBADS", "logical blocks of 2^" + format.dataShift() + " bytes are in use");
        }
        if (sizeBlocks > Long.MAX_VALUE >> format.dataShift()) {
            throw in.error(
                    0, "NSZE", sizeBlocks + " blocks of " + format.blockBytes() + " bytes are more than there can be");
        }
    }

    /** FLBAS: which of {@link #formats} is in use; means nothing when the namespace is not {@link #attached}. */
    public int formatIndex() {
        int low = flbas & 0xf;
        return formats.size() > FORMATS_IN_LOW_BITS ? (flbas >> 5 & 3) << 4 | low : low;
    }

    /** Whether the namespace is attached to the controller that was asked; all else means nothing when it is not. */
    public boolean attached() {
        return capacityBlocks != 0;
    }

    /**
     * The format in use.
     *
     * @throws IllegalStateException when the namespace is not {@link #attached}
     */
    public LbaFormat format() {
        if (!attached()) {
            throw new IllegalStateException("a namespace that is not attached has no format");
        }
        return formats.get(formatIndex());
    }

    /**
     * The size in bytes.
     *
     * @throws IllegalStateException when the namespace is not {@link #attached}
     */
    public long sizeBytes() {
        return sizeBlocks << format().dataShift();
    }

    /** FLBAS: whether metadata is moved behind the data of each block, and not apart. */
    public boolean metadataInline() {
        return (flbas & 1 << 4) != 0;
    }

    /** DPS: the type of protection information, 1 to 3; 0 for none. */
    public int protectionType() {
        return dps & 7;
    }

    /** NMIC: whether the namespace may be attached to several controllers at once. */
    public boolean shared() {
        return (nmic & 1) != 0;
    }

    /** RESCAP: what the namespace can do of reservations. */
    public Rescap reservations() {
        return new Rescap(rescap);
    }

    /** NSATTR: whether the namespace is write protected now, by any means. */
    public boolean writeProtected() {
        return (nsattr & 1) != 0;
    }

    /** NSFEAT: whether more blocks may be promised than can be stored. */
    public boolean thinlyProvisioned() {
        return (nsfeat & 1) != 0;
    }

    /** NSFEAT: whether the namespace's own atomic units are reported; those of the controller count otherwise. */
    public boolean ownAtomicUnits() {
        return (nsfeat & 1 << 1) != 0;
    }

    /** NSFEAT (OPTPERF): whether the preferred granularities and alignments are reported. */
    public boolean preferencesReported() {
        return (nsfeat >> 4 & 3) != 0;
    }

    /** DLFEAT: whether a deallocated block is known to read as zeroes. */
    public boolean readsZeroesAfterDeallocation() {
        return (dlfeat & 7) == 1;
    }

    /** DLFEAT: whether Write Zeroes may deallocate. */
    public boolean writeZeroesMayDeallocate() {
        return (dlfeat & 1 << 3) != 0;
    }
}
