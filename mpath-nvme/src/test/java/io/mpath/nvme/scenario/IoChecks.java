package io.mpath.nvme.scenario;

import static io.mpath.nvme.scenario.NvmeScenarios.expect;
import static io.mpath.nvme.scenario.NvmeScenarios.expectStatus;

import io.mpath.IoOperation;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.sim.LoneRequest;
import io.mpath.sim.SimRandom;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What I/O commands do. */
final class IoChecks {
    private static final int WRITE = 0x01;
    private static final int READ = 0x02;
    private static final int COMPARE = 0x05;
    private static final int NOT_AN_OPCODE = 0x7c;
    private static final int LBA_OUT_OF_RANGE = 0x080;

    private IoChecks() {}

    static List<ScenarioCheck> all() {
        return List.of(
                ScenarioCheck.of(
                        "what is written through one port is read through every other",
                        "NVM 1.1 3.3.4, 3.3.6",
                        (bench, ports) -> everywhere(ports)),
                ScenarioCheck.ofEach(
                        "number of blocks counts from zero", "NVM 1.1 3.3.6 NLB", (bench, port) -> neighbours(port)),
                ScenarioCheck.ofEach(
                        "longest transfer is served", "Base 2.1 5.1.13.2.1 MDTS", (bench, port) -> longest(port)),
                ScenarioCheck.ofEach(
                        "flush and forced unit access succeed",
                        "Base 2.1 7.2, NVM 1.1 3.3.6 FUA",
                        (bench, port) -> durable(port)),
                ofEachWith(
                        IdentifyController::writeZeroes,
                        "ONCS has no Write Zeroes",
                        "zeroed blocks read as zeroes, and their neighbours as before",
                        "NVM 1.1 3.3.8",
                        IoChecks::zeroes),
                ofEachWith(
                        IdentifyController::datasetManagement,
                        "ONCS has no Dataset Management",
                        "deallocated blocks read as the namespace says, and their neighbours as before",
                        "NVM 1.1 3.3.3, 3.2.3.2 DLFEAT",
                        IoChecks::deallocated),
                ofEachWith(
                        IdentifyController::compare,
                        "ONCS has no Compare",
                        "compare tells equal from other",
                        "NVM 1.1 3.3.1",
                        IoChecks::compared),
                new ScenarioCheck(
                        "fused write follows an equal compare alone", "NVM 1.1 3.1.1", (bench, ports) -> fused(ports)),
                ScenarioCheck.ofEach(
                        "blocks past the end are refused, and the last one is not",
                        "NVM 1.1 3.1.2 LBA Out of Range",
                        (bench, port) -> end(port)),
                ScenarioCheck.ofEach(
                        "unknown opcode is refused as such",
                        "Base 2.1 4.2.3.1 Invalid Command Opcode",
                        (bench, port) -> expectStatus(
                                port.rawStatus(NOT_AN_OPCODE, 0, 1, ByteBuffer.allocate(0)), 0x001, "opcode 7Ch")));
    }

    private static ScenarioCheck ofEachWith(
            Predicate<IdentifyController> has,
            String otherwise,
            String name,
            String clause,
            Consumer<ScenarioPort> body) {
        return new ScenarioCheck(name, clause, (bench, ports) -> {
            if (!has.test(ports.get(0).controllerPage())) {
                return Optional.of(otherwise);
            }
            ports.forEach(body);
            return Optional.empty();
        });
    }

    private static void everywhere(List<ScenarioPort> ports) {
        int seed = 1;
        for (ScenarioPort writer : ports) {
            byte[] data = pattern(writer, 4, seed++);
            writer.write(8, data);
            for (ScenarioPort reader : ports) {
                expectSame(reader.read(8, 4), data, "what " + reader.transport().port() + " reads");
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
        expectSame(port.read(1, 1), Arrays.copyOf(inner, port.blockBytes()), "one block of them");
    }

    private static void longest(ScenarioPort port) {
        int bytes = (int) Math.min(port.transportLimit(), Math.min(1L << 20, port.blocks() * port.blockBytes()));
        byte[] data = pattern(port, bytes / port.blockBytes(), 31);
        port.write(0, data);
        expectSame(port.read(0, bytes / port.blockBytes()), data, "the longest transfer");
    }

    private static void durable(ScenarioPort port) {
        byte[] data = pattern(port, 1, 41);
        port.succeeds(LoneRequest.write(0, data).durable());
        port.bare(IoOperation.FLUSH, 0, 0);
        expectSame(port.read(0, 1), data, "a durable block");
    }

    private static void zeroes(ScenarioPort port) {
        byte[] data = pattern(port, 4, 51);
        port.write(0, data);
        port.bare(IoOperation.WRITE_ZEROES, 1, 2);
        Arrays.fill(data, port.blockBytes(), 3 * port.blockBytes(), (byte) 0);
        expectSame(port.read(0, 4), data, "what surrounds two zeroed blocks");
    }

    private static void deallocated(ScenarioPort port) {
        int many = (64 << 10) / port.blockBytes();
        byte[] data = pattern(port, 3 * many, 61);
        port.write(0, data);
        port.bare(IoOperation.DISCARD, many, many);
        byte[] found = port.read(0, 3 * many);
        int third = many * port.blockBytes();
        expectSame(Arrays.copyOf(found, third), Arrays.copyOf(data, third), "what precedes deallocated blocks");
        expectSame(
                Arrays.copyOfRange(found, 2 * third, 3 * third),
                Arrays.copyOfRange(data, 2 * third, 3 * third),
                "what follows deallocated blocks");
        if (port.namespacePage().readsZeroesAfterDeallocation()) {
            expectSame(Arrays.copyOfRange(found, third, 2 * third), new byte[third], "what was deallocated");
        }
    }

    private static void compared(ScenarioPort port) {
        byte[] data = pattern(port, 2, 71);
        port.write(0, data);
        expectStatus(port.rawStatus(COMPARE, 0, 2, direct(data)), 0, "Compare with what is there");
        data[data.length - 1]++;
        expectStatus(port.rawStatus(COMPARE, 0, 2, direct(data)), 0x285, "Compare with something else");
    }

    private static Optional<String> fused(List<ScenarioPort> ports) {
        for (ScenarioPort port : ports) {
            if (!port.fuses()) {
                return Optional.of("the transport or the controller fuses nothing");
            }
            byte[] before = pattern(port, 1, 81);
            byte[] after = pattern(port, 1, 82);
            port.write(0, before);
            port.succeeds(LoneRequest.compareAndWrite(0, before, after));
            expectSame(port.read(0, 1), after, "after an equal compare");
            expectStatus(port.status(LoneRequest.compareAndWrite(0, before, before)), 0x285, "the pair");
            expectSame(port.read(0, 1), after, "after another compare");
        }
        return Optional.empty();
    }

    private static void end(ScenarioPort port) {
        long last = port.blocks() - 1;
        port.read(last, 1);
        ByteBuffer two = ByteBuffer.allocateDirect(2 * port.blockBytes());
        ByteBuffer one = ByteBuffer.allocateDirect(port.blockBytes());
        expectStatus(port.rawStatus(READ, last, 2, two), LBA_OUT_OF_RANGE, "a read of two blocks at the last");
        expectStatus(port.rawStatus(READ, last + 1, 1, one), LBA_OUT_OF_RANGE, "a read behind the last block");
        expectStatus(port.rawStatus(WRITE, last + 1, 1, one), LBA_OUT_OF_RANGE, "a write behind the last block");
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
