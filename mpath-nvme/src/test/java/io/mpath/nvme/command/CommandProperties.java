package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What goes into a command can be read out of its entry, whatever it is. */
class CommandProperties {
    private static final long ALL = 0xffff_ffffL;

    @Property
    void rangeComesBack(
            @ForAll @LongRange(min = 1, max = ALL - 1) long nsid,
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - 65_536) long start,
            @ForAll @IntRange(min = 1, max = 65_536) int blocks,
            @ForAll boolean forceUnitAccess,
            @ForAll boolean deallocate) {
        var range = new BlockRange(nsid, start, blocks);
        for (IoCommand command : List.of(
                new NvmRead(range, 512, forceUnitAccess),
                new NvmWrite(range, 512, forceUnitAccess),
                new NvmCompare(range, 512, forceUnitAccess),
                new NvmWriteZeroes(range, deallocate, forceUnitAccess))) {
            ByteBuffer entry = entry(command);
            int cdw12 = entry.getInt(48);

            assertThat(Integer.toUnsignedLong(entry.getInt(4))).isEqualTo(nsid);
            assertThat(entry.getLong(40)).isEqualTo(start);
            assertThat((cdw12 & 0xffff) + 1).isEqualTo(blocks);
            assertThat(cdw12 >>> 30 & 1).isEqualTo(forceUnitAccess ? 1 : 0);
            assertThat(cdw12 >>> 25 & 1).isEqualTo(command instanceof NvmWriteZeroes && deallocate ? 1 : 0);
            assertThat(cdw12 & 0xbdff_0000).isZero();
        }
    }

    @Property
    void pieceOfALogComesBack(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 4) long offset,
            @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE / 4) int dwords) {
        ByteBuffer entry = entry(GetLogPage.ana(4 * offset, 4 * dwords));
        int numberLow = entry.getInt(40) >>> 16;
        int numberHigh = entry.getInt(44) & 0xffff;

        assertThat((numberHigh << 16 | numberLow) + 1).isEqualTo(dwords);
        assertThat(entry.getInt(44) >>> 16).isZero();
        assertThat(entry.getLong(48)).isEqualTo(4 * offset);
    }

    @Property
    void featureComesBack(
            @ForAll @LongRange(max = ALL) long value, @ForAll @Size(value = HostIdentifier.EXTENDED_BYTES) byte[] id) {
        ByteBuffer data = ByteBuffer.allocate(id.length);
        HostIdentifier.of(id).encode(data);

        assertThat(HostIdentifier.decode(data.flip(), true)).isEqualTo(HostIdentifier.of(id));
        assertThat(KeepAliveTimeout.decode(new KeepAliveTimeout(value).encode()).millis())
                .isEqualTo(value);
        assertThat(AsynchronousEvents.decode(new AsynchronousEvents(value).encode())
                        .bits())
                .isEqualTo(value);
    }

    @Property
    void identifyComesBack(
            @ForAll Identify.Cns cns,
            @ForAll @LongRange(max = ALL) long nsid,
            @ForAll @IntRange(max = 0xffff) int controllerId,
            @ForAll @IntRange(max = 0xff) int csi) {
        ByteBuffer entry = entry(new Identify(cns, nsid, controllerId, csi));

        assertThat(Integer.toUnsignedLong(entry.getInt(4))).isEqualTo(nsid);
        assertThat(entry.getInt(40)).isEqualTo(cns.code() | controllerId << 16);
        assertThat(entry.getInt(44) >>> 24).isEqualTo(csi);
    }

    private static ByteBuffer entry(NvmeCommand command) {
        ByteBuffer entry = ByteBuffer.allocate(NvmeCommand.ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        command.encode(entry, 1);
        return entry;
    }
}
