package io.mpath.nvme.sim;

import java.util.HexFormat;

/**
 * Who a host is to reservations (NVMe Base 2.1 5.1.25.1.28): controllers with the same identifier are one host's. All zeroes is
 * none, and then it is another host at each controller.
 *
 * @param digits the identifier in hex digits, 16 bytes
 * @param controller the controller of a host without an identifier, else 0
 */
record SimHostId(String digits, int controller) {
    static SimHostId of(byte[] identifier, SimController controller) {
        String digits = HexFormat.of().formatHex(identifier);
        return new SimHostId(digits, digits.matches("0*") ? controller.id() : 0);
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(digits);
    }
}
