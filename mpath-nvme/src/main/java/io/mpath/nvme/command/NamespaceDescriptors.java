package io.mpath.nvme.command;

import io.mpath.DeviceId;
import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The Namespace Identification Descriptor list (Identify, CNS 03h; NVMe Base 2.1 5.1.13.2.3): who a namespace is. Descriptors
 * of types that are not known here are skipped; an identifier of all zeroes is none.
 *
 * @param eui64 NIDT 1
 * @param nguid NIDT 2
 * @param uuid NIDT 3
 * @param csi NIDT 4: the I/O command set of the namespace, 0 for the NVM command set
 */
public record NamespaceDescriptors(
        Optional<DeviceId> eui64, Optional<DeviceId> nguid, Optional<DeviceId> uuid, OptionalInt csi) {
    private static final String LIST = "Namespace Identification Descriptor list";
    private static final int HEADER_BYTES = 4;
    private static final int EUI64 = 1;
    private static final int NGUID = 2;
    private static final int UUID = 3;
    private static final int CSI = 4;

    /**
     * Reads descriptors up to the one of length 0 or the end of the page.
     *
     * @throws io.mpath.PageFormatException when a descriptor runs past the end, has not the length of its type, or comes a
     *     second time: a namespace with two identifiers of one type cannot be told from another
     */
    public static NamespaceDescriptors decode(ByteBuffer page) {
        PageReader in = PageReader.littleEndian(LIST, page);
        byte[][] found = new byte[CSI + 1][0];
        for (long at = 0; at < in.size(); ) {
            int type = in.u8(at, "NIDT");
            int length = in.u8(at + 1, "NIDL");
            if (length == 0) {
                break;
            }
            byte[] id = in.bytes(at + HEADER_BYTES, length, "NID");
            if (type >= EUI64 && type <= CSI) {
                if (length != lengthOf(type)) {
                    throw in.error(
                            at + 1, "NIDL", "type " + type + " has " + lengthOf(type) + " bytes and not " + length);
                }
                if (found[type].length > 0) {
                    throw in.error(at, "NIDT", "type " + type + " is there twice");
                }
                found[type] = id;
            }
            at += HEADER_BYTES + length;
        }
        return new NamespaceDescriptors(
                NvmeIdentifier.of(DeviceId.Type.EUI, found[EUI64]),
                NvmeIdentifier.of(DeviceId.Type.NGUID, found[NGUID]),
                NvmeIdentifier.of(DeviceId.Type.UUID, found[UUID]),
                found[CSI].length == 0 ? OptionalInt.empty() : OptionalInt.of(Byte.toUnsignedInt(found[CSI][0])));
    }

    private static int lengthOf(int type) {
        return switch (type) {
            case EUI64 -> 8;
            case NGUID, UUID -> 16;
            default -> 1;
        };
    }
}
