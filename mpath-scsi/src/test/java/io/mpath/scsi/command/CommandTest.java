package io.mpath.scsi.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import io.mpath.scsi.command.ScsiCommand.Transfer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Command descriptor blocks are compared byte for byte with what the standards' tables say, written by hand. */
class CommandTest {
    private static final long MAX_32 = 0xffff_ffffL;
    private static final ReservationKey KEY = new ReservationKey(0x0102030405060708L);
    private static final ReservationKey OTHER = new ReservationKey(0x1112131415161718L);
    private static final String KEY_ALONE = "0102030405060708 0000000000000000 00000000 00";
    private static final String OLD_AND_NEW = "0102030405060708 1112131415161718 00000000 ";

    @Test
    void commandsThatAskForData() {
        assertCdb(new TestUnitReady(), "000000000000", Transfer.NONE, 0);
        assertCdb(Inquiry.standard(96), "120000006000", Transfer.TO_HOST, 96);
        assertCdb(Inquiry.vpd(0x83, 0x1234), "120183123400", Transfer.TO_HOST, 0x1234);
        assertCdb(Inquiry.vpd(0, 255), "12010000ff00", Transfer.TO_HOST, 255);
        assertCdb(new ReadCapacity10(), "25000000000000000000", Transfer.TO_HOST, 8);
        assertCdb(new ReadCapacity16(), "9e10 0000000000000000 00000020 0000", Transfer.TO_HOST, 32);
        assertCdb(new ReportLuns(0x01020304), "a000 00 000000 01020304 0000", Transfer.TO_HOST, 0x01020304);
        assertCdb(new ReportTargetPortGroups(false, 128), "a30a 00000000 00000080 0000", Transfer.TO_HOST, 128);
        assertCdb(new ReportTargetPortGroups(true, 128), "a32a 00000000 00000080 0000", Transfer.TO_HOST, 128);
    }

    @Test
    void readsAndWrites() {
        assertCdb(new Read10(0x01020304, 0x506, 512, false), "2800 01020304 00 0506 00", Transfer.TO_HOST, 0x506 * 512);
        assertCdb(new Read10(MAX_32, 0xffff, 512, true), "2808 ffffffff 00 ffff 00", Transfer.TO_HOST, 0xffff * 512);
        assertCdb(
                new Read16(0x0102030405060708L, 0x090a0b, 512, false),
                "8800 0102030405060708 00090a0b 0000",
                Transfer.TO_HOST,
                0x090a0b * 512);
        assertCdb(new Read16(1, 1, 4096, true), "8808 0000000000000001 00000001 0000", Transfer.TO_HOST, 4096);
        assertCdb(
                new Write10(0x01020304, 0x506, 512, false),
                "2a00 01020304 00 0506 00",
                Transfer.TO_DEVICE,
                0x506 * 512);
        assertCdb(new Write10(0, 1, 512, true), "2a08 00000000 00 0001 00", Transfer.TO_DEVICE, 512);
        assertCdb(
                new Write16(0x0102030405060708L, 0x090a0b, 512, true),
                "8a08 0102030405060708 00090a0b 0000",
                Transfer.TO_DEVICE,
                0x090a0b * 512);
        assertCdb(new Write16(0, 1, 512, false), "8a00 0000000000000000 00000001 0000", Transfer.TO_DEVICE, 512);
    }

    @Test
    void otherCommandsForBlocks() {
        assertCdb(SynchronizeCache10.all(), "35000000000000000000", Transfer.NONE, 0);
        assertCdb(new SynchronizeCache10(0x01020304, 0x506), "3500 01020304 00 0506 00", Transfer.NONE, 0);
        assertCdb(SynchronizeCache16.all(), "9100 0000000000000000 00000000 0000", Transfer.NONE, 0);
        assertCdb(
                new SynchronizeCache16(0x0102030405060708L, MAX_32),
                "9100 0102030405060708 ffffffff 0000",
                Transfer.NONE,
                0);
        assertCdb(
                new WriteSame16(0x0102030405060708L, MAX_32, 512, true),
                "9308 0102030405060708 ffffffff 0000",
                Transfer.TO_DEVICE,
                512);
        assertCdb(new WriteSame16(0, 1, 4096, false), "9300 0000000000000000 00000001 0000", Transfer.TO_DEVICE, 4096);
        assertCdb(
                new CompareAndWrite(0x0102030405060708L, 255, 512, false),
                "8900 0102030405060708 000000 ff 0000",
                Transfer.TO_DEVICE,
                2 * 255 * 512);
        assertCdb(
                new CompareAndWrite(0, 1, 512, true), "8908 0000000000000000 000000 01 0000", Transfer.TO_DEVICE, 1024);
    }

    @Test
    void unmapNamesItsExtentsInItsData() {
        var unmap = new Unmap(List.of(new Unmap.Extent(0x0102030405060708L, MAX_32), new Unmap.Extent(0, 1)));
        ByteBuffer data = dirty(unmap.dataBytes());

        unmap.encodeParameters(data);

        assertCdb(unmap, "4200 00000000 00 0028 00", Transfer.TO_DEVICE, 40);
        assertThat(hex(data))
                .isEqualTo(
                        "0026002000000000" + "0102030405060708ffffffff00000000" + "00000000000000000000000100000000");
        assertThat(new Unmap(Collections.nCopies(Unmap.MAX_EXTENTS, new Unmap.Extent(0, 1))).dataBytes())
                .isEqualTo(65528);
    }

    @Test
    void setTargetPortGroupsNamesGroupsAndStatesInItsData() {
        var command = new SetTargetPortGroups(List.of(
                new SetTargetPortGroups.Change(0x10, AluaState.OPTIMIZED),
                new SetTargetPortGroups.Change(0xffff, AluaState.OFFLINE)));
        ByteBuffer data = dirty(command.dataBytes());

        command.encodeParameters(data);

        assertCdb(command, "a40a 00000000 0000000c 0000", Transfer.TO_DEVICE, 12);
        assertThat(hex(data)).isEqualTo("00000000" + "00000010" + "0e00ffff");
    }

    @Test
    void reservationsAreAskedFor() {
        assertReserveIn(PersistentReserveIn.Action.READ_KEYS, "5e00 0000000000 1234 00");
        assertReserveIn(PersistentReserveIn.Action.READ_RESERVATION, "5e01 0000000000 1234 00");
        assertReserveIn(PersistentReserveIn.Action.REPORT_CAPABILITIES, "5e02 0000000000 1234 00");
        assertReserveIn(PersistentReserveIn.Action.READ_FULL_STATUS, "5e03 0000000000 1234 00");
    }

    private static void assertReserveIn(PersistentReserveIn.Action action, String cdb) {
        assertCdb(new PersistentReserveIn(action, 0x1234), cdb, Transfer.TO_HOST, 0x1234);
    }

    @Test
    void registrationsAreChanged() {
        assertReserveOut(PersistentReserveOut.register(KEY, OTHER, false), "00 00", OLD_AND_NEW + "00");
        assertReserveOut(PersistentReserveOut.register(KEY, OTHER, true), "00 00", OLD_AND_NEW + "01");
        assertReserveOut(
                PersistentReserveOut.registerAnyway(OTHER, true),
                "06 00",
                "0000000000000000 1112131415161718 00000000 01");
        assertReserveOut(
                new PersistentReserveOut(
                        PersistentReserveOut.Action.REGISTER, Optional.empty(), KEY, OTHER, false, true),
                "00 00",
                OLD_AND_NEW + "04");
        assertReserveOut(PersistentReserveOut.clear(KEY), "03 00", KEY_ALONE);
    }

    @Test
    void reservationsAreChanged() {
        assertReserveOut(PersistentReserveOut.reserve(KEY, ReservationType.WRITE_EXCLUSIVE), "01 01", KEY_ALONE);
        assertReserveOut(PersistentReserveOut.release(KEY, ReservationType.EXCLUSIVE_ACCESS), "02 03", KEY_ALONE);
        assertReserveOut(
                PersistentReserveOut.reserve(KEY, ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY),
                "01 05",
                KEY_ALONE);
        assertReserveOut(
                PersistentReserveOut.reserve(KEY, ReservationType.EXCLUSIVE_ACCESS_REGISTRANTS_ONLY),
                "01 06",
                KEY_ALONE);
        assertReserveOut(
                PersistentReserveOut.preempt(KEY, OTHER, ReservationType.WRITE_EXCLUSIVE_ALL_REGISTRANTS, false),
                "04 07",
                OLD_AND_NEW + "00");
        assertReserveOut(
                PersistentReserveOut.preempt(KEY, OTHER, ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS, true),
                "05 08",
                OLD_AND_NEW + "00");
    }

    private static void assertReserveOut(PersistentReserveOut command, String actionAndType, String parameters) {
        ByteBuffer data = dirty(command.dataBytes());

        command.encodeParameters(data);

        assertCdb(command, "5f " + actionAndType + " 0000 00000018 00", Transfer.TO_DEVICE, 24);
        assertThat(hex(data)).isEqualTo(parameters.replace(" ", "") + "000000");
    }

    @Test
    void whatHasNoRoomInItsFieldIsRefused() {
        refused(
                () -> new Read10(MAX_32 + 1, 1, 512, false),
                "READ (10): LOGICAL BLOCK ADDRESS is 4294967296, and must be between 0 and 4294967295");
        refused(
                () -> new Read10(0, 0x10000, 512, false),
                "READ (10): TRANSFER LENGTH is 65536, and must be between 1 and 65535");
        refused(
                () -> new Write10(-1, 1, 512, false),
                "WRITE (10): LOGICAL BLOCK ADDRESS is -1, and must be between 0 and 4294967295");
        refused(
                () -> new Read16(0, 0, 512, false),
                "READ (16): TRANSFER LENGTH is 0, and must be between 1 and 4294967295");
        refused(
                () -> new Write16(Long.MAX_VALUE, 1, 512, false),
                "WRITE (16): LOGICAL BLOCK ADDRESS is 9223372036854775807, and must be between 0 and 9223372036854775806");
        refused(
                () -> new Write16(0, 1 << 22, 512, false),
                "WRITE (16): block size is 512, and must be between 1 and 511");
        refused(() -> new Read16(0, 1, 0, false), "READ (16): block size is 0, and must be between 1 and 2147483647");
        refused(
                () -> new SynchronizeCache10(0, -1),
                "SYNCHRONIZE CACHE (10): TRANSFER LENGTH is -1, and must be between 0 and 65535");
        refused(
                () -> new SynchronizeCache16(0, MAX_32 + 1),
                "SYNCHRONIZE CACHE (16): TRANSFER LENGTH is 4294967296, and must be between 0 and 4294967295");
        refused(
                () -> new WriteSame16(0, 0, 512, false),
                "WRITE SAME (16): TRANSFER LENGTH is 0, and must be between 1 and 4294967295");
        refused(
                () -> new CompareAndWrite(0, 256, 512, false),
                "COMPARE AND WRITE: TRANSFER LENGTH is 256, and must be between 1 and 255");
        refused(
                () -> Inquiry.standard(0x10000),
                "INQUIRY: ALLOCATION LENGTH is 65536, and must be between 0 and 65535");
        refused(() -> Inquiry.vpd(0x100, 4), "INQUIRY: PAGE CODE is 256, and must be between 0 and 255");
        refused(
                () -> new ReportLuns(15),
                "REPORT LUNS: ALLOCATION LENGTH is 15, and must be between 16 and 2147483647");
        refused(
                () -> new ReportTargetPortGroups(true, -1),
                "REPORT TARGET PORT GROUPS: ALLOCATION LENGTH is -1, and must be between 0 and 2147483647");
        refused(() -> new Unmap(List.of()), "UNMAP: extents is 0, and must be between 1 and 4095");
        refused(
                () -> new Unmap(Collections.nCopies(4096, new Unmap.Extent(0, 1))),
                "UNMAP: extents is 4096, and must be between 1 and 4095");
        refused(() -> new Unmap.Extent(0, 0), "UNMAP: TRANSFER LENGTH is 0, and must be between 1 and 4294967295");
        refused(
                () -> new SetTargetPortGroups(List.of()),
                "SET TARGET PORT GROUPS: groups is 0, and must be between 1 and 65536");
        refused(
                () -> new SetTargetPortGroups.Change(0x10000, AluaState.STANDBY),
                "SET TARGET PORT GROUPS: TARGET PORT GROUP is 65536, and must be between 0 and 65535");
        refused(
                () -> new SetTargetPortGroups.Change(1, AluaState.TRANSITIONING),
                "SET TARGET PORT GROUPS: ASYMMETRIC ACCESS STATE transitioning cannot be set");
        refused(
                () -> new SetTargetPortGroups.Change(1, AluaState.LBA_DEPENDENT),
                "SET TARGET PORT GROUPS: ASYMMETRIC ACCESS STATE lba_dependent cannot be set");
        refused(
                () -> new PersistentReserveIn(PersistentReserveIn.Action.READ_KEYS, 0x10000),
                "PERSISTENT RESERVE IN: ALLOCATION LENGTH is 65536, and must be between 0 and 65535");
        refused(
                () -> reserveOut(PersistentReserveOut.Action.PREEMPT_AND_ABORT, Optional.empty(), false, false),
                "PERSISTENT RESERVE OUT, PREEMPT AND ABORT: TYPE is missing");
        refused(
                () -> reserveOut(
                        PersistentReserveOut.Action.CLEAR, Optional.of(ReservationType.WRITE_EXCLUSIVE), false, false),
                "PERSISTENT RESERVE OUT, CLEAR: TYPE means nothing");
        refused(
                () -> reserveOut(PersistentReserveOut.Action.CLEAR, Optional.empty(), true, false),
                "PERSISTENT RESERVE OUT, CLEAR: APTPL means nothing");
        refused(
                () -> reserveOut(PersistentReserveOut.Action.CLEAR, Optional.empty(), false, true),
                "PERSISTENT RESERVE OUT, CLEAR: ALL_TG_PT means nothing");
    }

    private static PersistentReserveOut reserveOut(
            PersistentReserveOut.Action action, Optional<ReservationType> type, boolean persistent, boolean all) {
        return new PersistentReserveOut(action, type, KEY, OTHER, persistent, all);
    }

    @Property(tries = 500)
    void everyRangeIsReadBackFromTheBlock(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - (1 << 21)) long lba,
            @ForAll @IntRange(min = 1, max = 1 << 21) int blocks,
            @ForAll boolean forceUnitAccess) {
        for (ScsiCommand command : List.of(
                new Read16(lba, blocks, 512, forceUnitAccess), new Write16(lba, blocks, 512, forceUnitAccess))) {
            ByteBuffer cdb = encoded(command);

            assertThat(cdb.getLong(2)).isEqualTo(lba);
            assertThat(cdb.getInt(10)).isEqualTo(blocks);
            assertThat(cdb.get(1) == 0x08).isEqualTo(forceUnitAccess);
            assertThat(command.dataBytes()).isEqualTo(blocks * 512);
        }
    }

    private static void assertCdb(ScsiCommand command, String expected, Transfer transfer, int dataBytes) {
        assertThat(hex(encoded(command))).as(command.name()).isEqualTo(expected.replace(" ", ""));
        assertThat(command.cdbBytes()).isEqualTo(expected.replace(" ", "").length() / 2);
        assertThat(command.transfer()).isEqualTo(transfer);
        assertThat(command.dataBytes()).isEqualTo(dataBytes);
    }

    /** Encoded in the middle of a buffer in the other order, of which nothing else changes. */
    private static ByteBuffer encoded(ScsiCommand command) {
        ByteBuffer around =
                dirty(command.cdbBytes() + 4).order(ByteOrder.LITTLE_ENDIAN).position(2);

        command.encode(around);

        assertThat(around.position()).isEqualTo(command.cdbBytes() + 2);
        assertThat(around.getShort(0)).isEqualTo((short) 0xeeee);
        assertThat(around.getShort(command.cdbBytes() + 2)).isEqualTo((short) 0xeeee);
        return around.slice(2, command.cdbBytes());
    }

    private static ByteBuffer dirty(int length) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0xee);
        }
        return buffer.rewind();
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.capacity()];
        bytes.duplicate().rewind().get(copy);
        return HexFormat.of().formatHex(copy);
    }

    private static void refused(ThrowingCallable making, String message) {
        assertThatExceptionOfType(CommandFieldException.class)
                .isThrownBy(making)
                .withMessage(message);
    }
}
