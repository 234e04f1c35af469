package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.nvme.command.NvmeCommand.Transfer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries are compared byte for byte with what the standard's figures say, written by hand. */
class CommandTest {
    private static final String NO_POINTERS = "00".repeat(32);

    @Test
    void identify() {
        assertEntry(Identify.controller(), "06000000 00000000", "01000000 00000000");
        assertEntry(Identify.namespace(7), "06000000 07000000", "00000000 00000000");
        assertEntry(Identify.activeNamespacesAbove(0xffff_fffeL), "06000000 feffffff", "02000000 00000000");
        assertEntry(Identify.namespaceDescriptors(1), "06000000 01000000", "03000000 00000000");
        assertEntry(Identify.independentNamespace(1), "06000000 01000000", "08000000 00000000");
        assertEntry(Identify.nvmControllerLimits(), "06000000 00000000", "06000000 00000000");
        assertEntry(new Identify(Identify.Cns.CONTROLLER, 0, 0xabcd, 2), "06000000 00000000", "0100cdab 00000002");
        assertThat(Identify.controller().transfer()).isEqualTo(Transfer.TO_HOST);
        assertThat(Identify.controller().dataBytes()).isEqualTo(4096);
    }

    @Test
    void getLogPage() {
        assertEntry(GetLogPage.ana(0, 4096), "02000000 ffffffff", "0c00ff03 00000000 00000000 00000000");
        assertEntry(GetLogPage.anaGroups(0, 16), "02000000 ffffffff", "0c010300 00000000 00000000 00000000");
        assertEntry(GetLogPage.anaHeader(), "02000000 ffffffff", "0c810300 00000000 00000000 00000000");
        assertEntry(
                GetLogPage.ana(0x1_2345_6788L, 0x4_0004), "02000000 ffffffff", "0c000000 01000000 88674523 01000000");
        assertEntry(GetLogPage.reservationNotification(), "02000000 00000000", "80000f00");
        assertThat(GetLogPage.ana(0, 64).transfer()).isEqualTo(Transfer.TO_HOST);
        assertThat(GetLogPage.ana(0, 64).dataBytes()).isEqualTo(64);
    }

    @Test
    void getFeatures() {
        assertEntry(GetFeatures.value(Feature.KEEP_ALIVE_TIMER), "0a000000 00000000", "0f000000");
        assertEntry(GetFeatures.value(Feature.VOLATILE_WRITE_CACHE), "0a000000 00000000", "06000000");
        assertEntry(GetFeatures.hostIdentifier(true), "0a000000 00000000", "81000000 01000000");
        assertEntry(GetFeatures.hostIdentifier(false), "0a000000 00000000", "81000000 00000000");
        assertThat(GetFeatures.value(Feature.KEEP_ALIVE_TIMER).transfer()).isEqualTo(Transfer.NONE);
        assertThat(GetFeatures.hostIdentifier(true).transfer()).isEqualTo(Transfer.TO_HOST);
        assertThat(GetFeatures.hostIdentifier(true).dataBytes()).isEqualTo(16);
        assertThat(GetFeatures.hostIdentifier(false).dataBytes()).isEqualTo(8);
    }

    @Test
    void featuresOfANamespace() {
        assertEntry(GetFeatures.value(Feature.RESERVATION_PERSISTENCE, 7), "0a000000 07000000", "83000000");
        assertEntry(SetFeatures.reservationPersistence(7, true), "09000000 07000000", "83000000 01000000");
        assertEntry(
                SetFeatures.reservationNotifications(
                        NamespaceIds.ALL, new ReservationNotificationMask(true, false, true)),
                "09000000 ffffffff",
                "82000000 0a000000");
    }

    @Test
    void setFeatures() {
        var events = new AsynchronousEvents(0x80000b00L);
        assertEntry(SetFeatures.asynchronousEvents(events), "09000000 00000000", "0b000000 000b0080");
        assertEntry(SetFeatures.keepAliveTimeout(new KeepAliveTimeout(5000)), "09000000 00000000", "0f000000 88130000");
        HostIdentifier extended = HostIdentifier.of(new byte[16]);
        assertEntry(SetFeatures.hostIdentifier(extended), "09000000 00000000", "81000000 01000000");
        assertThat(SetFeatures.hostIdentifier(extended).transfer()).isEqualTo(Transfer.TO_CONTROLLER);
        assertThat(SetFeatures.hostIdentifier(extended).dataBytes()).isEqualTo(16);
        assertThat(SetFeatures.asynchronousEvents(events).transfer()).isEqualTo(Transfer.NONE);
    }

    @Test
    void crossControllerResetNamesOneLifeOfTheImpactedController() {
        var page = Vectors.zeroes()
                .putShort(78, (short) 0x0102)
                .put(135, (byte) 0x03)
                .putLong(136, 0x1122334455667788L);

        assertEntry(
                CrossControllerReset.of(IdentifyController.decode(page)),
                "38000000 00000000",
                "02010300 00000000 88776655 44332211");
        assertThat(CrossControllerReset.doneAtOnce(1)).isTrue();
        assertThat(CrossControllerReset.doneAtOnce(2)).isFalse();
    }

    @Test
    void readWriteAndCompare() {
        var range = new BlockRange(3, 0x1122_3344_5566L, 8);
        String blocks = "66554433 22110000 ";

        assertEntry(new NvmRead(range, 512, false), "02000000 03000000", blocks + "07000000");
        assertEntry(new NvmRead(range, 512, true), "02000000 03000000", blocks + "07000040");
        assertEntry(new NvmWrite(range, 512, false), "01000000 03000000", blocks + "07000000");
        assertEntry(new NvmWrite(range, 512, true), "01000000 03000000", blocks + "07000040");
        assertEntry(new NvmCompare(range, 512, false), "05000000 03000000", blocks + "07000000");
        assertThat(new NvmRead(range, 512, false).transfer()).isEqualTo(Transfer.TO_HOST);
        assertThat(new NvmWrite(range, 512, false).transfer()).isEqualTo(Transfer.TO_CONTROLLER);
        assertThat(new NvmCompare(range, 512, false).transfer()).isEqualTo(Transfer.TO_CONTROLLER);
        assertThat(new NvmRead(range, 4096, false).dataBytes()).isEqualTo(8 * 4096);
    }

    @Test
    void longestRangeIsSixtyFourKibiBlocks() {
        assertEntry(
                new NvmRead(new BlockRange(0xffff_fffeL, 0, 65_536), 512, false),
                "02000000 feffffff",
                "00000000 00000000 ffff0000");
    }

    @Test
    void writeZeroes() {
        var range = new BlockRange(1, 2, 3);

        assertEntry(new NvmWriteZeroes(range, false, false), "08000000 01000000", "02000000 00000000 02000000");
        assertEntry(new NvmWriteZeroes(range, true, false), "08000000 01000000", "02000000 00000000 02000002");
        assertEntry(new NvmWriteZeroes(range, true, true), "08000000 01000000", "02000000 00000000 02000042");
        assertThat(new NvmWriteZeroes(range, true, true).transfer()).isEqualTo(Transfer.NONE);
        assertThat(new NvmWriteZeroes(range, true, true).dataBytes()).isZero();
    }

    @Test
    void flush() {
        assertEntry(new NvmFlush(1), "00000000 01000000", "");
        assertEntry(new NvmFlush(NamespaceIds.ALL), "00000000 ffffffff", "");
    }

    @Test
    void datasetManagement() {
        var command = new DatasetManagement(
                1,
                List.of(new DatasetManagement.Range(0x1122334455L, 8), new DatasetManagement.Range(0, 0xffff_ffffL)));
        ByteBuffer data = ByteBuffer.allocate(40).position(4);

        command.encodeRanges(data);

        assertEntry(command, "09000000 01000000", "01000000 04000000");
        assertThat(command.transfer()).isEqualTo(Transfer.TO_CONTROLLER);
        assertThat(command.dataBytes()).isEqualTo(32);
        assertThat(data.position()).isEqualTo(36);
        assertThat(HexFormat.of().formatHex(data.array()))
                .isEqualTo("00000000" + "00000000080000005544332211000000" + "00000000ffffffff0000000000000000"
                        + "00000000");
    }

    @Test
    void fusedPairIsTwoEntriesInOrder() {
        var pair = FusedCompareAndWrite.over(new BlockRange(1, 5, 1), 512, true);
        ByteBuffer entries = ByteBuffer.allocate(128);

        pair.encode(entries, 0x10, 0x11);

        assertThat(entries.remaining()).isZero();
        assertThat(HexFormat.of().formatHex(entries.array(), 0, 8)).isEqualTo("0501100001000000");
        assertThat(HexFormat.of().formatHex(entries.array(), 64, 72)).isEqualTo("0102110001000000");
        assertThat(entries.order(ByteOrder.LITTLE_ENDIAN).getInt(64 + 48)).isEqualTo(1 << 30);
    }

    @Test
    void fusedCommandsAreOverTheSameBlocks() {
        var compare = new NvmCompare(new BlockRange(1, 5, 1), 512, false);

        assertThatExceptionOfType(CommandFieldException.class)
                .isThrownBy(() -> new FusedCompareAndWrite(compare, new NvmWrite(new BlockRange(1, 6, 1), 512, false)));
        assertThatExceptionOfType(CommandFieldException.class)
                .isThrownBy(() -> new FusedCompareAndWrite(compare, new NvmWrite(compare.range(), 4096, false)));
    }

    @Test
    void commandIdentifierIsPartOfTheEntry() {
        ByteBuffer entry = ByteBuffer.allocate(64);

        new NvmFlush(1).encode(entry, 0xabcd);

        assertThat(HexFormat.of().formatHex(entry.array(), 0, 4)).isEqualTo("0000cdab");
        assertThatExceptionOfType(CommandFieldException.class)
                .isThrownBy(() -> new NvmFlush(1).encode(entry.clear(), 0x10000));
    }

    @Test
    void entryOverwritesWhatWasThere() {
        ByteBuffer entry = ByteBuffer.wrap(HexFormat.of().parseHex("ff".repeat(64)));

        new NvmFlush(1).encode(entry, 0);

        assertThat(HexFormat.of().formatHex(entry.array())).isEqualTo("0000000001000000" + "00".repeat(56));
    }

    @Test
    void fieldsThatDoNotFitAreRefused() {
        refused(() -> Identify.namespace(1L << 32), "Identify: NSID");
        refused(() -> Identify.namespace(-1), "Identify: NSID");
        refused(() -> new Identify(Identify.Cns.CONTROLLER, 0, 0x10000, 0), "Identify: CNTID");
        refused(() -> new Identify(Identify.Cns.CONTROLLER, 0, 0, 256), "Identify: CSI");
        refused(() -> GetLogPage.ana(2, 16), "Get Log Page: LPO");
        refused(() -> GetLogPage.ana(-4, 16), "Get Log Page: LPO");
        refused(() -> GetLogPage.ana(0, 0), "Get Log Page: length");
        refused(() -> GetLogPage.ana(0, 18), "Get Log Page: length");
        refused(() -> new GetLogPage(256, 0, false, 0, 0, 4), "Get Log Page: LID");
        refused(() -> new GetLogPage(1, 128, false, 0, 0, 4), "Get Log Page: LSP");
        refused(() -> new GetLogPage(1, 0, false, 1L << 32, 0, 4), "Get Log Page: NSID");
        refused(() -> new GetFeatures(Feature.HOST_IDENTIFIER, 0, 0, -1), "Get Features: length");
        refused(() -> new SetFeatures(Feature.HOST_IDENTIFIER, 0, 0, -1), "Set Features: length");
        refused(() -> GetFeatures.value(Feature.RESERVATION_PERSISTENCE, -1), "Get Features: NSID");
        refused(() -> SetFeatures.reservationPersistence(1L << 32, true), "Set Features: NSID");
        refused(() -> new CrossControllerReset(0x10000, 0, 0), "Cross-Controller Reset: ICID");
        refused(() -> new CrossControllerReset(0, 256, 0), "Cross-Controller Reset: CIU");
        refused(() -> new BlockRange(0, 0, 1), "NVM command: NSID");
        refused(() -> new BlockRange(NamespaceIds.ALL, 0, 1), "NVM command: NSID");
        refused(() -> new BlockRange(1, 0, 0), "NVM command: blocks");
        refused(() -> new BlockRange(1, 0, 65_537), "NVM command: blocks");
        refused(() -> new BlockRange(1, -1, 1), "NVM command: SLBA");
        refused(() -> new BlockRange(1, Long.MAX_VALUE, 1), "NVM command: SLBA");
        refused(() -> new NvmRead(new BlockRange(1, 0, 65_536), 1 << 15, false), "NVM command: block size");
        refused(() -> new NvmWrite(new BlockRange(1, 0, 1), 256, false), "NVM command: block size");
        refused(() -> new NvmFlush(0), "Flush: NSID");
        refused(() -> new DatasetManagement(1, List.of()), "Dataset Management: ranges");
        refused(
                () -> new DatasetManagement(1, Collections.nCopies(257, new DatasetManagement.Range(0, 1))),
                "Dataset Management: ranges");
        refused(() -> new DatasetManagement.Range(0, 1L << 32), "Dataset Management: length");
        refused(() -> new DatasetManagement.Range(Long.MAX_VALUE, 1), "Dataset Management: SLBA");
    }

    private static void refused(Runnable making, String what) {
        assertThatExceptionOfType(CommandFieldException.class)
                .isThrownBy(making::run)
                .withMessageStartingWith(what);
    }

    /** Bytes 0 to 7 and those from 40 on, trailing zeroes left out; the rest is zero. */
    private static void assertEntry(NvmeCommand command, String head, String dwords) {
        ByteBuffer entry = ByteBuffer.allocate(NvmeCommand.ENTRY_BYTES);
        command.encode(entry, 0);
        String expected = head + NO_POINTERS + dwords;
        String digits = expected.replace(" ", "");
        assertThat(HexFormat.of().formatHex(entry.array()))
                .as(command.name())
                .isEqualTo(digits + "0".repeat(128 - digits.length()));
        assertThat(entry.remaining()).isZero();
    }
}
