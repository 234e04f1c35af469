package io.mpath.scsi.command;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A VPD page made by hand from the standard's tables. */
final class VpdBytes {
    private final int code;
    private final StringBuilder hex = new StringBuilder();

    VpdBytes(int code) {
        this.code = code;
    }

    VpdBytes add(String more) {
        hex.append(more.replace(" ", ""));
        return this;
    }

    /** A designator of the logical unit in binary. */
    VpdBytes ofUnit(int type, String bytes) {
        return designator(0, type, bytes);
    }

    VpdBytes designator(int association, int type, String bytes) {
        String body = bytes.replace(" ", "");
        return add("01%02x00%02x".formatted(association << 4 | type, body.length() / 2) + body);
    }

    ByteBuffer page() {
        return ByteBuffer.wrap(HexFormat.of().parseHex("00%02x%04x".formatted(code, hex.length() / 2) + hex));
    }
}
