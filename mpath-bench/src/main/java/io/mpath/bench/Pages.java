package io.mpath.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Pages as devices send them, written from the standards' tables, with as many entries as wanted. */
final class Pages {
    private static final int IDENTIFY_BYTES = 4096;
    private static final int PORTS_PER_GROUP = 4;
    private static final int NAMESPACES_PER_GROUP = 4;

    private Pages() {}

    /** VPD page 83h (SPC-6 7.7.6): an NAA 6 designator of the unit, and then target port groups. */
    static ByteBuffer designators(int entries) {
        int length = 4 + 16 + (entries - 1) * 8;
        ByteBuffer page = ByteBuffer.allocate(4 + length);
        page.put((byte) 0).put((byte) 0x83).putShort((short) length);
        page.put((byte) 1).put((byte) 3).put((byte) 0).put((byte) 16);
        page.putLong(0x60014051_11122223L).putLong(0x33344445_55566667L);
        for (int i = 1; i < entries; i++) {
            page.put((byte) 0x51).put((byte) 0x95).put((byte) 0).put((byte) 4).putInt(i);
        }
        return page.flip();
    }

    /** REPORT TARGET PORT GROUPS data (SPC-6 6.35) with the extended header, four ports to a group. */
    static ByteBuffer targetPortGroups(int entries) {
        int length = 4 + entries * (8 + PORTS_PER_GROUP * 4);
        ByteBuffer page = ByteBuffer.allocate(4 + length);
        page.putInt(length).put((byte) 0x10).put((byte) 60).putShort((short) 0);
        for (int group = 1; group <= entries; group++) {
            page.put((byte) (group % 2)).put((byte) 0x8f).putShort((short) group);
            page.put((byte) 0).put((byte) 1).put((byte) 0).put((byte) PORTS_PER_GROUP);
            for (int port = 0; port < PORTS_PER_GROUP; port++) {
                page.putInt(group * PORTS_PER_GROUP + port);
            }
        }
        return page.flip();
    }

    /** The ANA log (NVMe Base 2.1, 5.1.12.1.13), four namespaces to a group. */
    static ByteBuffer anaLog(int entries) {
        ByteBuffer page = ByteBuffer.allocate(16 + entries * (32 + NAMESPACES_PER_GROUP * 4))
                .order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(7).putShort((short) entries).position(16);
        for (int group = 1; group <= entries; group++) {
            page.putInt(group).putInt(NAMESPACES_PER_GROUP).putLong(7);
            page.put((byte) (1 + group % 2)).position(page.position() + 15);
            for (int i = 0; i < NAMESPACES_PER_GROUP; i++) {
                page.putInt(group * NAMESPACES_PER_GROUP + i);
            }
        }
        return page.flip();
    }

    /** Identify Controller (NVMe Base 2.1, 5.1.13.2.1) of a controller with ANA. */
    static ByteBuffer identifyController() {
        ByteBuffer page = ByteBuffer.allocate(IDENTIFY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        text(page, 4, 20, "9b521432db120034687f");
        text(page, 24, 40, "Linux");
        text(page, 64, 8, "6.12");
        page.put(76, (byte) 0x0b).putShort(78, (short) 1).putInt(80, 0x00020100);
        page.put(342, (byte) 10).put(343, (byte) 0x0f).putInt(344, 128).putInt(348, 128);
        page.putInt(516, 1024).putInt(540, 1024);
        byte[] name = "nqn.2026-01.io.mpath:bench".getBytes(StandardCharsets.UTF_8);
        page.put(768, name);
        return page;
    }

    /** Identify Namespace (NVM Command Set 1.1, 4.1.5.1) of a shared one with blocks of 4 KiB. */
    static ByteBuffer identifyNamespace() {
        ByteBuffer page = ByteBuffer.allocate(IDENTIFY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(0, 1L << 18).putLong(8, 1L << 18).putLong(16, 1L << 18);
        page.put(30, (byte) 1).putInt(92, 1);
        page.putLong(104, 0x6e4d5d1a_2c5dcf2fL).putLong(112, 0x01000000_00004c9dL);
        page.put(130, (byte) 12);
        return page;
    }

    private static void text(ByteBuffer page, int at, int length, String text) {
        page.put(at, (text + " ".repeat(length - text.length())).getBytes(StandardCharsets.US_ASCII));
    }
}
