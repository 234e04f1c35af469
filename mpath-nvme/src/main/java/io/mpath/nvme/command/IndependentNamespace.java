package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;

/**
 * The I/O Command Set Independent Identify Namespace data structure (Identify, CNS 08h; NVMe Base 2.1 5.1.13.2.8).
 *
 * @param nsfeat NSFEAT, see the methods
 * @param nmic NMIC, see {@link #shared}
 * @param rescap RESCAP: the reservation types that are supported, and whether they may persist through power loss
 * @param anaGroupId ANAGRPID; 0 when the controller does not report ANA
 * @param nsattr NSATTR, see {@link #writeProtected}
 * @param nvmSetId NVMSETID
 * @param enduranceGroupId ENDGID
 * @param nstat NSTAT, see {@link #ready}
 */
public record IndependentNamespace(
        int nsfeat, int nmic, int rescap, long anaGroupId, int nsattr, int nvmSetId, int enduranceGroupId, int nstat) {
    private static final String PAGE = "I/O Command Set Independent Identify Namespace";

    /** Reads 4096 bytes. @throws io.mpath.PageFormatException when there are fewer */
    public static IndependentNamespace decode(ByteBuffer page) {
        PageReader in = PageReader.littleEndian(PAGE, page);
        in.require(0, Identify.DATA_BYTES, PAGE);
        return new IndependentNamespace(
                in.u8(0, "NSFEAT"),
                in.u8(1, "NMIC"),
                in.u8(2, "RESCAP"),
                in.u32(4, "ANAGRPID"),
                in.u8(8, "NSATTR"),
                in.u16(10, "NVMSETID"),
                in.u16(12, "ENDGID"),
                in.u8(14, "NSTAT"));
    }

    /** Whether the namespace may be attached to several controllers at once. */
    public boolean shared() {
        return (nmic & 1) != 0;
    }

    /** Whether the namespace has no volatile write cache, whatever the controller says. */
    public boolean volatileWriteCacheNotPresent() {
        return (nsfeat & 1 << 5) != 0;
    }

    /** Whether it is stored on rotating media. */
    public boolean rotational() {
        return (nsfeat & 1 << 4) != 0;
    }

    /** Whether it is write protected now, by any means. */
    public boolean writeProtected() {
        return (nsattr & 1) != 0;
    }

    /** Whether it is ready for I/O. */
    public boolean ready() {
        return (nstat & 1) != 0;
    }
}
