package io.mpath.nvme.sim;

import java.util.HexFormat;

/**
 * Who a namespace says that it is; all zeroes is none. Immutable.
 *
 * @param uuid in hex digits, 16 bytes in the order of the descriptor
 * @param nguid in hex digits, 16 bytes
 * @param eui64 in hex digits, 8 bytes
 */
public record SimNamespaceIdentity(String uuid, String nguid, String eui64) {
    private static final int LONG = 16;
    private static final int SHORT = 8;
    private static final String NO_LONG = "0".repeat(2 * LONG);
    private static final String NO_SHORT = "0".repeat(2 * SHORT);

    /** Checks the lengths. @throws IllegalArgumentException when one is wrong, or has other characters than hex digits */
    public SimNamespaceIdentity {
        require("UUID", uuid, LONG);
        require("NGUID", nguid, LONG);
        require("EUI-64", eui64, SHORT);
    }

    private static void require(String what, String digits, int bytes) {
        if (HexFormat.of().parseHex(digits).length != bytes) {
            throw new IllegalArgumentException(what + " '" + digits + "' is not " + bytes + " bytes");
        }
    }

    /** Only that UUID. */
    public static SimNamespaceIdentity ofUuid(String uuid) {
        return new SimNamespaceIdentity(uuid, NO_LONG, NO_SHORT);
    }

    /** Only that NGUID. */
    public static SimNamespaceIdentity ofNguid(String nguid) {
        return new SimNamespaceIdentity(NO_LONG, nguid, NO_SHORT);
    }

    /** Only that EUI-64. */
    public static SimNamespaceIdentity ofEui64(String eui64) {
        return new SimNamespaceIdentity(NO_LONG, NO_LONG, eui64);
    }

    /** A UUID and an NGUID that no other number has. */
    static SimNamespaceIdentity numbered(long number) {
        String digits = String.format("%016x", number);
        return new SimNamespaceIdentity(
                "6d70617468004000a000" + digits.substring(4), "2fcf5d2c00000000" + digits, NO_SHORT);
    }

    byte[] uuidBytes() {
        return HexFormat.of().parseHex(uuid);
    }

    byte[] nguidBytes() {
        return HexFormat.of().parseHex(nguid);
    }

    byte[] eui64Bytes() {
        return HexFormat.of().parseHex(eui64);
    }
}
