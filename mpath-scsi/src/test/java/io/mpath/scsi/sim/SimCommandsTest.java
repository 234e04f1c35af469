package io.mpath.scsi.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.IoOperation;
import io.mpath.path.PathPort;
import io.mpath.sim.SimDisk;
import io.mpath.sim.SimWorld;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each command of the emulated array, and each way in which it is refused. */
class SimCommandsTest {
    private static final int BLOCKS = 1024;

    private final SimScsiArray array = SimScsiArray.in(SimWorld.seeded(1), "array");
    private final SimTargetPort port = array.addPort("a", 1);
    private final SimLogicalUnit unit = array.addUnit(0, BLOCKS, Raw.BLOCK);
    private final Raw raw = new Raw(SimNexus.iscsi(port, new PathPort("host4")), 0);

    @Test
    void whatIsWrittenIsRead() {
        byte[] data = Raw.filled(3, 0x5a);
        assertThat(Raw.end(raw.write(7, data))).isEqualTo("good");
        assertThat(raw.read(7, 3).data()).isEqualTo(data);
        assertThat(raw.send("28 00 00000007 00 0003 00").data()).isEqualTo(data);
        assertThat(raw.read(10, 1).data()).isEqualTo(new byte[Raw.BLOCK]);
    }

    @Test
    void tenByteWriteReachesTheMedium() {
        assertThat(Raw.end(raw.send("2a 08 000003ff 00 0001 00", Raw.filled(1, 1))))
                .isEqualTo("good");
        assertThat(raw.read(1023, 1).data()).isEqualTo(Raw.filled(1, 1));
    }

    @ParameterizedTest
    @CsvSource({
        // The end of the medium.
        "28 00 000003ff 00 0002 00, 05/21/00",
        "88 00 00000000000003ff 00000002 00 00, 05/21/00",
        "88 00 ffffffffffffffff 00000001 00 00, 05/21/00",
        "35 00 00000400 00 0001 00, 05/21/00",
        "91 00 0000000000000401 00000000 00 00, 05/21/00",
        // Fields that cannot be.
        "88 20 0000000000000000 00000001 00 00, 05/24/00",
        "12 00 83 00ff 00, 05/24/00",
        "12 01 b9 00ff 00, 05/24/00",
        "a0 00 03 000000 00010000 00 00, 05/24/00",
        "a0 00 00 000000 0000000f 00 00, 05/24/00",
        "a3 4a 00000000 00001000 00 00, 05/24/00",
        "93 08 0000000000000000 00000000 00 00, 05/24/00",
        "93 10 0000000000000000 00000001 00 00, 05/24/00",
        "42 01 00000000 00 0018 00, 05/24/00",
        "42 00 00000000 00 0007 00, 05/1a/00",
        "88 00 0000000000000000 00000801 00 00, 05/24/00",
        // Operation codes that it does not have.
        "5a 00 00000000 00 0010 00, 05/20/00",
        "9e 12 0000000000000000 00000020 00 00, 05/20/00",
        "a3 0c 00000000 00001000 00 00, 05/20/00",
        "a4 0a 00000000 00000008 00 00, 05/20/00"
    })
    void whatCannotBeIsRefused(String cdb, String codes) {
        if (cdb.startsWith("88") && cdb.contains("801")) {
            array.addUnit(1, 1 << 20, Raw.BLOCK);
            Raw large = new Raw(SimNexus.iscsi(port, new PathPort("host5")), 1);
            assertThat(Raw.end(large.send(cdb))).isEqualTo("sense " + codes);
            return;
        }
        assertThat(Raw.end(raw.send(cdb))).isEqualTo("sense " + codes);
        assertThat(unit.disk().executed()).isZero();
    }

    @Test
    void dataThatIsShorterThanTheBlocksOfAWriteIsRefused() {
        assertThat(Raw.end(raw.send("8a 00 0000000000000000 00000002 00 00", Raw.filled(1, 1))))
                .isEqualTo("sense 05/24/00");
        assertThat(unit.disk().executed()).isZero();
    }

    @Test
    void capacityIsToldInBothForms() {
        assertThat(HexFormat.of()
                        .formatHex(raw.send("25 00 00000000 00 0000 00").data()))
                .isEqualTo("000003ff00000200");
        unit.physicalBlock(3);
        assertThat(HexFormat.of()
                        .formatHex(raw.send("9e 10 0000000000000000 00000010 00 00")
                                .data()))
                .isEqualTo("00000000000003ff000002000003c000");
    }

    @Test
    void capacityThatTenBytesCannotTellIsTheHighestNumber() {
        array.addUnit(1, 1L << 33, Raw.BLOCK);
        Raw large = new Raw(SimNexus.iscsi(port, new PathPort("host5")), 1);
        assertThat(HexFormat.of()
                        .formatHex(large.send("25 00 00000000 00 0000 00").data()))
                .isEqualTo("ffffffff00000200");
        assertThat(ByteBuffer.wrap(large.send("9e 10 0000000000000000 00000020 00 00")
                                .data())
                        .getLong(0))
                .isEqualTo((1L << 33) - 1);
    }

    @Test
    void allocationLengthCutsWhatIsReturned() {
        assertThat(raw.send("12 00 00 0024 00").data()).hasSize(36);
        assertThat(raw.send("12 01 83 0004 00").data()).hasSize(4);
        assertThat(raw.send("a3 0a 00000000 00000008 00 00").data()).hasSize(8);
    }

    @Test
    void unmappedBlocksReadAsZeroes() {
        raw.write(0, Raw.filled(8, 7));
        ByteBuffer list = ByteBuffer.allocate(40)
                .putShort(0, (short) 38)
                .putShort(2, (short) 32)
                .putLong(8, 1)
                .putInt(16, 2)
                .putLong(24, 6)
                .putInt(32, 1);
        assertThat(Raw.end(raw.send("42 00 00000000 00 0028 00", list.array()))).isEqualTo("good");
        byte[] expected = Raw.filled(8, 7);
        Arrays.fill(expected, Raw.BLOCK, 3 * Raw.BLOCK, (byte) 0);
        Arrays.fill(expected, 6 * Raw.BLOCK, 7 * Raw.BLOCK, (byte) 0);
        assertThat(raw.read(0, 8).data()).isEqualTo(expected);
    }

    @Test
    void unmapOfWhatIsNotThereChangesNothing() {
        raw.write(0, Raw.filled(1, 7));
        ByteBuffer list = ByteBuffer.allocate(40)
                .putShort(2, (short) 32)
                .putInt(16, 1)
                .putLong(24, BLOCKS)
                .putInt(32, 1);
        assertThat(Raw.end(raw.send("42 00 00000000 00 0028 00", list.array()))).isEqualTo("sense 05/21/00");
        assertThat(raw.read(0, 1).data()).isEqualTo(Raw.filled(1, 7));
    }

    @Test
    void writeSameRepeatsItsBlock() {
        assertThat(Raw.end(raw.send("93 00 0000000000000002 00000003 00 00", Raw.filled(1, 9))))
                .isEqualTo("good");
        assertThat(raw.read(2, 3).data()).isEqualTo(Raw.filled(3, 9));
        assertThat(Raw.end(raw.send("93 08 0000000000000003 00000001 00 00", new byte[Raw.BLOCK])))
                .isEqualTo("good");
        assertThat(raw.read(3, 1).data()).isEqualTo(new byte[Raw.BLOCK]);
        assertThat(unit.disk().executions().get(2).operation()).isEqualTo(IoOperation.WRITE_ZEROES);
    }

    @Test
    void compareAndWriteTellsWhereTheDataDiffers() {
        raw.write(5, Raw.filled(1, 1));
        byte[] both = Arrays.copyOf(Raw.filled(1, 1), 2 * Raw.BLOCK);
        Arrays.fill(both, Raw.BLOCK, 2 * Raw.BLOCK, (byte) 2);
        String cdb = "89 00 0000000000000005 000000 01 00 00";
        assertThat(Raw.end(raw.send(cdb, both))).isEqualTo("good");
        assertThat(raw.read(5, 1).data()).isEqualTo(Raw.filled(1, 2));

        byte[] almost = both.clone();
        Arrays.fill(almost, 0, 100, (byte) 2);
        SimReply miscompared = raw.send(cdb, almost);
        assertThat(Raw.end(miscompared)).isEqualTo("sense 0e/1d/00");
        assertThat(miscompared.sense()[0] & 0xff).isEqualTo(0xf0);
        assertThat(ByteBuffer.wrap(miscompared.sense()).getInt(3)).isEqualTo(100);
    }

    @Test
    void longerCompareAndWriteThanItHasIsRefused() {
        assertThat(Raw.end(raw.send("89 00 0000000000000005 000000 02 00 00", Raw.filled(4, 0))))
                .isEqualTo("sense 05/24/00");
    }

    @Test
    void abilitiesThatAreTakenAwayAreUnknownCommands() {
        unit.withoutUnmap().withoutWriteSame().maxCompareAndWrite(0);
        assertThat(Raw.end(raw.send("42 00 00000000 00 0000 00"))).isEqualTo("sense 05/20/00");
        assertThat(Raw.end(raw.send("93 00 0000000000000002 00000003 00 00", Raw.filled(1, 9))))
                .isEqualTo("sense 05/20/00");
        assertThat(Raw.end(raw.send("89 00 0000000000000005 000000 01 00 00", Raw.filled(2, 0))))
                .isEqualTo("sense 05/20/00");
    }

    @Test
    void writeProtectedUnitIsOnlyRead() {
        unit.writeProtect(true);
        assertThat(Raw.end(raw.write(0, Raw.filled(1, 1)))).isEqualTo("sense 07/27/00");
        assertThat(Raw.end(raw.read(0, 1))).isEqualTo("good");
    }

    @Test
    void badBlockStopsAReadThere() {
        raw.write(0, Raw.filled(4, 3));
        unit.badBlocks(2, 1);
        SimReply read = raw.read(0, 4);
        assertThat(Raw.end(read)).isEqualTo("sense 03/11/00");
        assertThat(ByteBuffer.wrap(read.sense()).getInt(3)).isEqualTo(2);
        assertThat(read.data()).isEqualTo(Raw.filled(2, 3));
        SimReply write = raw.write(1, Raw.filled(3, 4));
        assertThat(Raw.end(write)).isEqualTo("sense 03/0c/00");
        assertThat(write.taken()).isEqualTo(Raw.BLOCK);
        unit.mend();
        assertThat(raw.read(1, 1).data()).isEqualTo(Raw.filled(1, 4));
    }

    @Test
    void volatileCacheLosesWhatWasNotSynchronized() {
        unit.withVolatileCache();
        raw.write(0, Raw.filled(1, 1));
        raw.send("35 00 00000000 00 0000 00");
        raw.write(0, Raw.filled(2, 2));
        raw.send("8a 08 0000000000000002 00000001 00 00", Raw.filled(1, 3));
        unit.losePower();
        assertThat(Raw.end(raw.testUnitReady())).isEqualTo("sense 06/29/00");
        assertThat(raw.read(0, 1).data()).isEqualTo(Raw.filled(1, 1));
        assertThat(raw.read(1, 1).data()).isEqualTo(new byte[Raw.BLOCK]);
        assertThat(raw.read(2, 1).data()).isEqualTo(Raw.filled(1, 3));
    }

    @Test
    void senseDataMayBeDescriptors() {
        array.withDescriptorSense();
        unit.badBlocks(5, 1);
        SimReply read = raw.read(5, 1);
        assertThat(HexFormat.of().formatHex(read.sense())).isEqualTo("720311000000000c000a80000000000000000005");
    }

    @Test
    void logicalUnitThatIsNotThereIsTold() {
        Raw nobody = new Raw(SimNexus.iscsi(port, new PathPort("host5")), 9);
        assertThat(Raw.end(nobody.testUnitReady())).isEqualTo("sense 05/25/00");
        assertThat(Raw.end(nobody.read(0, 1))).isEqualTo("sense 05/25/00");
        assertThat(nobody.inquiry().data()[0] & 0xff).isEqualTo(0x7f);
        assertThat(Raw.codes(nobody.requestSense().data())).isEqualTo("sense 05/25/00");
    }

    @Test
    void logicalUnitsAreReportedInBothAddressings() {
        array.addUnit(255, 8, Raw.BLOCK);
        array.addUnit(256, 8, Raw.BLOCK).withdrawFrom(array.addPort("b", 1));
        assertThat(HexFormat.of().formatHex(raw.reportLuns().data()))
                .isEqualTo("0000001800000000" + "0000000000000000" + "00ff000000000000" + "4100000000000000");
        Raw other = new Raw(SimNexus.iscsi(array.port("b"), new PathPort("host5")), 0);
        assertThat(other.reportLuns().data()).hasSize(8 + 16);
    }

    @Test
    void eachCommandIsCounted() {
        raw.testUnitReady();
        raw.portGroups();
        raw.portGroups();
        assertThat(array.counts().seenReportTargetPortGroups()).isEqualTo(2);
        assertThat(unit.counts().seen()).isEqualTo(3);
        assertThat(port.counts().seen(0)).isEqualTo(1);
        array.counts().reset();
        assertThat(array.counts().seen()).isZero();
    }

    @Test
    void diskTellsWhatTookEffectAndThroughWhichPort() {
        raw.write(3, Raw.filled(2, 1));
        SimDisk.Execution execution = unit.disk().executions().get(0);
        assertThat(execution.path()).isEqualTo("a.0");
        assertThat(execution.offset()).isEqualTo(3L * Raw.BLOCK);
        assertThat(execution.length()).isEqualTo(2L * Raw.BLOCK);
    }
}
