package io.mpath.scsi.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A command as a target port received it: a logical unit number, a command descriptor block and the data that came with it.
 * Immutable.
 */
public final class SimCommand {
    static final int TEST_UNIT_READY = 0x00;
    static final int REQUEST_SENSE = 0x03;
    static final int INQUIRY = 0x12;
    static final int READ_CAPACITY_10 = 0x25;
    static final int READ_10 = 0x28;
    static final int WRITE_10 = 0x2a;
    static final int SYNCHRONIZE_CACHE_10 = 0x35;
    static final int UNMAP = 0x42;
    static final int PERSISTENT_RESERVE_IN = 0x5e;
    static final int PERSISTENT_RESERVE_OUT = 0x5f;
    static final int READ_16 = 0x88;
    static final int COMPARE_AND_WRITE = 0x89;
    static final int WRITE_16 = 0x8a;
    static final int SYNCHRONIZE_CACHE_16 = 0x91;
    static final int WRITE_SAME_16 = 0x93;
    static final int SERVICE_ACTION_IN_16 = 0x9e;
    static final int REPORT_LUNS = 0xa0;
    static final int MAINTENANCE_IN = 0xa3;
    static final int MAINTENANCE_OUT = 0xa4;

    static final int READ_CAPACITY_16_ACTION = 0x10;
    static final int TARGET_PORT_GROUPS_ACTION = 0x0a;

    private static final int LONGEST_CDB = 16;

    private final long lun;
    private final ByteBuffer cdb;
    private final byte[] data;

    private SimCommand(long lun, ByteBuffer cdb, byte[] data) {
        this.lun = lun;
        this.cdb = cdb;
        this.data = data;
    }

    /** Copies both; bytes that the block is short of are zero. */
    static SimCommand received(long lun, byte[] cdb, byte[] data) {
        return new SimCommand(lun, ByteBuffer.wrap(Arrays.copyOf(cdb, LONGEST_CDB)), data.clone());
    }

    /** The logical unit number. */
    public long lun() {
        return lun;
    }

    /** OPERATION CODE. */
    public int opcode() {
        return u8(0);
    }

    /** SERVICE ACTION, of the commands that have one; else 0. */
    public int serviceAction() {
        return switch (opcode()) {
            case SERVICE_ACTION_IN_16, MAINTENANCE_IN, MAINTENANCE_OUT, PERSISTENT_RESERVE_IN, PERSISTENT_RESERVE_OUT ->
                u8(1) & 0x1f;
            default -> 0;
        };
    }

    /** A byte of the command descriptor block. */
    public int u8(int at) {
        return cdb.get(at) & 0xff;
    }

    int u16(int at) {
        return cdb.getShort(at) & 0xffff;
    }

    long u32(int at) {
        return cdb.getInt(at) & 0xffff_ffffL;
    }

    long u64(int at) {
        return cdb.getLong(at);
    }

    /** LOGICAL BLOCK ADDRESS, of the commands that have one; else 0. */
    public long lba() {
        return switch (opcode()) {
            case READ_10, WRITE_10, SYNCHRONIZE_CACHE_10 -> u32(2);
            case READ_16, WRITE_16, SYNCHRONIZE_CACHE_16, WRITE_SAME_16, COMPARE_AND_WRITE -> u64(2);
            default -> 0;
        };
    }

    /** How many logical blocks it names, of the commands that name any; else 0. */
    public long blocks() {
        return switch (opcode()) {
            case READ_10, WRITE_10, SYNCHRONIZE_CACHE_10 -> u16(7);
            case READ_16, WRITE_16, SYNCHRONIZE_CACHE_16, WRITE_SAME_16 -> u32(10);
            case COMPARE_AND_WRITE -> u8(13);
            default -> 0;
        };
    }

    /** A write of its first {@code blocks} only. */
    SimCommand cutTo(int blocks, byte[] part) {
        byte[] copy = new byte[LONGEST_CDB];
        cdb.get(0, copy);
        ByteBuffer shorter = ByteBuffer.wrap(copy);
        if (opcode() == WRITE_10) {
            shorter.putShort(7, (short) blocks);
        } else {
            shorter.putInt(10, blocks);
        }
        return new SimCommand(lun, shorter, part);
    }

    /** A copy of the data that came with it. */
    public byte[] data() {
        return data.clone();
    }

    byte[] payload() {
        return data;
    }

    /** Whether it reads or changes blocks, or makes them last. */
    public boolean forBlocks() {
        return opcode() == READ_10
                || opcode() == READ_16
                || opcode() == SYNCHRONIZE_CACHE_10
                || opcode() == SYNCHRONIZE_CACHE_16
                || changes();
    }

    /** Whether it may change what the logical unit holds. */
    public boolean changes() {
        return switch (opcode()) {
            case WRITE_10, WRITE_16, WRITE_SAME_16, UNMAP, COMPARE_AND_WRITE -> true;
            default -> false;
        };
    }

    /** Whether it is PERSISTENT RESERVE IN. */
    public boolean readsReservations() {
        return opcode() == PERSISTENT_RESERVE_IN;
    }

    /** Whether it is PERSISTENT RESERVE OUT. */
    public boolean changesReservations() {
        return opcode() == PERSISTENT_RESERVE_OUT;
    }

    /** Whether it is REPORT TARGET PORT GROUPS. */
    public boolean reportsTargetPortGroups() {
        return opcode() == MAINTENANCE_IN && serviceAction() == TARGET_PORT_GROUPS_ACTION;
    }

    /** Whether it is SET TARGET PORT GROUPS. */
    public boolean setsTargetPortGroups() {
        return opcode() == MAINTENANCE_OUT && serviceAction() == TARGET_PORT_GROUPS_ACTION;
    }

    @Override
    public String toString() {
        return String.format("command %02xh/%02xh lun %d", opcode(), serviceAction(), lun);
    }
}
