package io.mpath.scsi.scenario;

import static io.mpath.scsi.scenario.ScsiScenarios.expect;
import static io.mpath.scsi.scenario.ScsiScenarios.expectSense;

import io.mpath.IoOperation;
import io.mpath.scsi.command.BlockLimits;
import io.mpath.scsi.command.LogicalBlockProvisioning;
import io.mpath.scsi.command.ScsiCommand.Transfer;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.sim.LoneRequest;
import io.mpath.sim.SimRandom;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What commands for blocks do. */
final class IoChecks {
    private static final int READ_16 = 0x88;
    private static final int WRITE_16 = 0x8a;
    private static final int OUT_OF_RANGE = 0x052100;
    private static final int MISCOMPARE = 0x0e1d00;

    private IoChecks() {}

    static List<ScenarioCheck> all() {
        return List.of(
                ScenarioCheck.of(
                        "what is written through one port is read through every other",
                        "SBC-4 5.15, 5.40",
                        (bench, ports) -> everywhere(ports)),
                ScenarioCheck.ofEach(
                        "write changes its blocks and no others", "SBC-4 5.40", (bench, port) -> neighbours(port)),
                ScenarioCheck.ofEach(
                        "long and short commands reach the same blocks",
                        "SBC-4 5.15, 5.17",
                        (bench, port) -> longForm(port)),
                ScenarioCheck.ofEach(
                        "longest transfer is served",
                        "SBC-4 6.6.4 MAXIMUM TRANSFER LENGTH",
                        (bench, port) -> longest(port)),
                ScenarioCheck.ofEach(
                        "flush succeeds", "SBC-4 5.33", (bench, port) -> port.bare(IoOperation.FLUSH, 0, 0)),
                ScenarioCheck.ofEach("forced unit access succeeds", "SBC-4 5.40 FUA", (bench, port) -> durable(port)),
                new ScenarioCheck(
                        "zeroed blocks read as zeroes, and their neighbours as before",
                        "SBC-4 5.50",
                        (bench, ports) -> zeroes(ports)),
                new ScenarioCheck(
                        "unmapped blocks read as the logical unit says, and their neighbours as before",
                        "SBC-4 5.35, 4.7.4 LBPRZ",
                        (bench, ports) -> unmapped(ports)),
                new ScenarioCheck(
                        "compare and write writes after an equal compare alone",
                        "SBC-4 5.3 MISCOMPARE DURING VERIFY OPERATION",
                        (bench, ports) -> compared(ports)),
                ScenarioCheck.ofEach(
                        "blocks past the end are refused, and the last one is not",
                        "SBC-4 5.15 LOGICAL BLOCK ADDRESS OUT OF RANGE",
                        (bench, port) -> end(port)));
    }

    private static void everywhere(List<ScenarioPort> ports) {
        int seed = 1;
        for (ScenarioPort writer : ports) {
            byte[] data = pattern(writer, 4, seed++);
            writer.write(8, data);
            for (ScenarioPort reader : ports) {
                expectSame(reader.read(8, 4), data, "what " + reader + " reads");
            }
        }
    }

    private static void neighbours(ScenarioPort port) {
        byte[] around = pattern(port, 4, 21);
        port.write(0, around);
        byte[] inner = pattern(port, 2, 22);
        port.write(1, inner);
        System.arraycopy(inner, 0, around, port.blockBytes(), inner.length);
        expectSame(port.read(0, 4), around, "what surrounds two written blocks");
    }

    private static void longForm(ScenarioPort port) {
        byte[] data = pattern(port, 2, 23);
        ScsiScenarios.expectDone(raw(port, WRITE_16, 3, 2, direct(data)), "WRITE (16)");
        expectSame(port.read(3, 2), data, "what WRITE (16) wrote");
        ByteBuffer found = ByteBuffer.allocateDirect(data.length);
        ScsiScenarios.expectDone(raw(port, READ_16, 3, 2, found), "READ (16)");
        byte[] bytes = new byte[data.length];
        found.get(0, bytes);
        expectSame(bytes, data, "what READ (16) reads");
    }

    private static void longest(ScenarioPort port) {
        @Nullable BlockLimits limits = port.limits();
        long most = limits == null || limits.maxTransferBlocks() == 0
                ? Long.MAX_VALUE
                : limits.maxTransferBlocks() * port.blockBytes();
        long whole = Math.min(1L << 20, port.capacity().bytes());
        int blocks = (int) (Math.min(Math.min(most, port.transportLimit()), whole) / port.blockBytes());
        byte[] data = pattern(port, blocks, 31);
        port.write(0, data);
        expectSame(port.read(0, blocks), data, "the longest transfer");
    }

    private static void durable(ScenarioPort port) {
        byte[] data = pattern(port, 1, 41);
        port.succeeds(LoneRequest.write(0, data).durable());
        expectSame(port.read(0, 1), data, "a durable block");
    }

    private static Optional<String> zeroes(List<ScenarioPort> ports) {
        @Nullable BlockLimits limits = ports.get(0).limits();
        if (limits == null || limits.maxWriteSameBlocks() == 0) {
            return Optional.of("it does not say how long a WRITE SAME may be");
        }
        for (ScenarioPort port : ports) {
            byte[] data = pattern(port, 4, 51);
            port.write(0, data);
            port.bare(IoOperation.WRITE_ZEROES, 1, 2);
            Arrays.fill(data, port.blockBytes(), 3 * port.blockBytes(), (byte) 0);
            expectSame(port.read(0, 4), data, "what surrounds two zeroed blocks");
        }
        return Optional.empty();
    }

    private static Optional<String> unmapped(List<ScenarioPort> ports) {
        @Nullable LogicalBlockProvisioning provisioning = ports.get(0).provisioning();
        if (provisioning == null || !provisioning.unmap()) {
            return Optional.of("it has no UNMAP");
        }
        for (ScenarioPort port : ports) {
            int many = (64 << 10) / port.blockBytes();
            int third = many * port.blockBytes();
            byte[] data = pattern(port, 3 * many, 61);
            port.write(0, data);
            port.bare(IoOperation.DISCARD, many, many);
            byte[] found = port.read(0, 3 * many);
            if (port.capacity().zeroesAfterUnmap()) {
                Arrays.fill(data, third, 2 * third, (byte) 0);
            } else {
                System.arraycopy(found, third, data, third, third);
            }
            expectSame(found, data, "unmapped blocks and what surrounds them");
        }
        return Optional.empty();
    }

    private static Optional<String> compared(List<ScenarioPort> ports) {
        @Nullable BlockLimits limits = ports.get(0).limits();
        if (limits == null || limits.maxCompareAndWriteBlocks() == 0) {
            return Optional.of("it has no COMPARE AND WRITE");
        }
        for (ScenarioPort port : ports) {
            byte[] before = pattern(port, 1, 81);
            byte[] after = pattern(port, 1, 82);
            port.write(0, before);
            port.succeeds(LoneRequest.compareAndWrite(0, before, after));
            expectSame(port.read(0, 1), after, "after an equal compare");
            expectSense(port.end(LoneRequest.compareAndWrite(0, before, before)), MISCOMPARE, "another compare");
            expectSame(port.read(0, 1), after, "after another compare");
        }
        return Optional.empty();
    }

    private static void end(ScenarioPort port) {
        long last = port.capacity().blocks() - 1;
        port.read(last, 1);
        ByteBuffer two = ByteBuffer.allocateDirect(2 * port.blockBytes());
        ByteBuffer one = ByteBuffer.allocateDirect(port.blockBytes());
        expectSense(raw(port, READ_16, last, 2, two), OUT_OF_RANGE, "a read of two blocks at the last");
        expectSense(raw(port, READ_16, last + 1, 1, one), OUT_OF_RANGE, "a read behind the last block");
        expectSense(raw(port, WRITE_16, last + 1, 1, one), OUT_OF_RANGE, "a write behind the last block");
    }

    private static ScsiResult raw(ScenarioPort port, int opcode, long lba, int blocks, ByteBuffer data) {
        ByteBuffer cdb =
                ByteBuffer.allocate(16).put(0, (byte) opcode).putLong(2, lba).putInt(10, blocks);
        return port.raw(cdb.array(), opcode == READ_16 ? Transfer.TO_HOST : Transfer.TO_DEVICE, data);
    }

    private static ByteBuffer direct(byte[] data) {
        return ByteBuffer.allocateDirect(data.length).put(0, data);
    }

    private static byte[] pattern(ScenarioPort port, int blocks, int seed) {
        var random = new SimRandom(seed);
        ByteBuffer data = ByteBuffer.allocate(blocks * port.blockBytes());
        while (data.hasRemaining()) {
            data.putLong(random.nextLong());
        }
        return data.array();
    }

    private static void expectSame(byte[] found, byte[] expected, String of) {
        int at = Arrays.mismatch(found, expected);
        expect(at < 0, "%s: byte %d is another one", of, at);
    }
}
