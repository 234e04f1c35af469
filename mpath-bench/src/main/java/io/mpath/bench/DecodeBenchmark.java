package io.mpath.bench;

import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.IdentifyNamespace;
import io.mpath.scsi.command.DeviceIdentification;
import io.mpath.scsi.command.TargetPortGroups;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Question: what does a page of a device cost to decode, checked as bytes from a stranger are, by its entries?
 *
 * <p>Baseline: {@code touched}, every byte of the same page added up, which is the least that whoever looks at all of it does; of the
 * 4096 bytes of an Identify page a decoder reads a few dozen, and so takes less. The entries of a VPD page are designators,
 * those of RTPG data target port groups, those of an ANA log groups; Identify pages have none.
 *
 * <pre>java -jar mpath-bench/target/benchmarks.jar DecodeBenchmark -prof gc</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Threads(1)
public class DecodeBenchmark {
    /** One page, and its decoder. */
    @State(Scope.Benchmark)
    public static class Page {
        private static final long MAX_ANA_GROUP = 1024;

        /** Which. */
        @Param({"vpd-83", "rtpg", "ana-log", "id-ctrl", "id-ns"})
        public String page;

        /** How many. */
        @Param("8")
        public int entries;

        private ByteBuffer bytes;
        private Function<ByteBuffer, Object> decoder;

        /** Writes it, and sees that it decodes. */
        @Setup
        public void write() {
            switch (page) {
                case "vpd-83" -> {
                    bytes = Pages.designators(entries);
                    decoder = DeviceIdentification::decode;
                }
                case "rtpg" -> {
                    bytes = Pages.targetPortGroups(entries);
                    decoder = TargetPortGroups::decode;
                }
                case "ana-log" -> {
                    bytes = Pages.anaLog(entries);
                    decoder = log -> AnaLog.decode(log, MAX_ANA_GROUP);
                }
                case "id-ctrl" -> {
                    bytes = Pages.identifyController();
                    decoder = IdentifyController::decode;
                }
                case "id-ns" -> {
                    bytes = Pages.identifyNamespace();
                    decoder = IdentifyNamespace::decode;
                }
                default -> throw new IllegalArgumentException("there is no page " + page);
            }
            Objects.requireNonNull(decoder.apply(bytes));
        }
    }

    /** What is told beside time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Decoded {
        /** Pages decoded. */
        public long pages;
    }

    /** The baseline. */
    @Benchmark
    public int touched(Page page) {
        ByteBuffer bytes = page.bytes;
        int sum = 0;
        for (int at = 0; at < bytes.limit(); at++) {
            sum += bytes.get(at);
        }
        return sum;
    }

    /** The page, decoded. */
    @Benchmark
    public Object decoded(Page page, Decoded decoded) {
        decoded.pages++;
        return page.decoder.apply(page.bytes);
    }
}
