package io.mpath.examples.workload;

import io.mpath.BlockDevice;
import io.mpath.DeviceIoException;
import io.mpath.IoFuture;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Tells a script to a device. A step that fails is reported with its line, and the story goes on. One thread. */
public final class ScriptRun {
    private final BlockDevice device;
    private final Script script;
    private final StopSignal stop;
    private final Consumer<String> narrator;
    private final Findings findings = new Findings();
    private final Latencies latencies = new Latencies();
    private long requests;
    private long bytes;

    /**
     * A story about to be told.
     *
     * @param stop ends it before the next step
     * @param narrator told of every step's end
     */
    public ScriptRun(BlockDevice device, Script script, StopSignal stop, Consumer<String> narrator) {
        this.device = device;
        this.script = script;
        this.stop = stop;
        this.narrator = narrator;
    }

    /** Tells it. */
    public WorkloadResult run() {
        long startNanos = System.nanoTime();
        for (Script.Step step : script.steps()) {
            if (stop.stopped()) {
                break;
            }
            if (step instanceof Script.Wait wait) {
                stop.await(wait.millis());
            } else if (step instanceof Script.Transfer transfer) {
                transfer(transfer);
            }
        }
        long nanos = System.nanoTime() - startNanos;
        return new WorkloadResult(requests, bytes, nanos, 0, findings, latencies);
    }

    private void transfer(Script.Transfer step) {
        byte[] data = new byte[step.length()];
        if (step instanceof Script.Write write) {
            Arrays.fill(data, write.value());
        } else if (step instanceof Script.Expect expect) {
            Arrays.fill(data, (byte) ~expect.value());
        }
        long startNanos = System.nanoTime();
        try {
            ByteBuffer buffer = ByteBuffer.wrap(data);
            IoFuture end = step instanceof Script.Write
                    ? device.write(step.offset(), buffer)
                    : device.read(step.offset(), buffer);
            end.await();
            bytes += step.length();
        } catch (DeviceIoException e) {
            findings.error("line " + step.line() + ": " + e.getMessage());
            narrator.accept("line " + step.line() + ": " + e.status() + ", effect " + e.effect());
            return;
        } finally {
            requests++;
            latencies.record(startNanos, System.nanoTime());
        }
        boolean asTold = !(step instanceof Script.Expect expect) || matches(expect, data);
        narrator.accept("line " + step.line() + (asTold ? ": done" : ": miscompare"));
    }

    /** Reports the first byte that differs: one is enough to tell what the range holds. */
    private boolean matches(Script.Expect step, byte[] data) {
        for (int i = 0; i < data.length; i++) {
            if (data[i] != step.value()) {
                findings.miscompare(new Miscompare(
                        step.offset() + i, hex(step.value()), hex(data[i]) + " (line " + step.line() + ")"));
                return false;
            }
        }
        return true;
    }

    private static String hex(byte value) {
        return String.format("0x%02x", value & 0xff);
    }
}
