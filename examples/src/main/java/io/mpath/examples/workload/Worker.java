package io.mpath.examples.workload;

import io.mpath.BlockDevice;
import io.mpath.IoStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps a number of requests under way until its traffic ends. Confined to one thread at a time. */
final class Worker {
    private static final long LOOK_AGAIN_MILLIS = 20;
    /** A device that fails at once would otherwise be asked a million times a second. */
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final BlockDevice device;
    private final Findings findings;
    private final long recordedFromNanos;
    private final BlockingQueue<Slot> ended;
    private final Deque<Slot> idle = new ArrayDeque<>();
    private final Latencies latencies = new Latencies();
    private int underWay;
    private long requests;
    private long bytes;
    private boolean deviceGone;
    private long pauseFromNanos = System.nanoTime() - PAUSE_AFTER_FAILURE_NANOS;

    /** @param recordedFromNanos the latencies of requests that were submitted before are not recorded */
    Worker(BlockDevice device, int depth, int blockBytes, long recordedFromNanos, Findings findings) {
        this.device = device;
        this.recordedFromNanos = recordedFromNanos;
        this.findings = findings;
        this.ended = new ArrayBlockingQueue<>(2 * depth);
        for (int i = 0; i < depth; i++) {
            idle.add(new Slot(blockBytes, ended));
        }
    }

    /** Makes the requests of {@code traffic} until it is done and all have ended, or the device is gone for good. */
    void run(Traffic traffic) throws InterruptedException {
        while (true) {
            boolean open = !deviceGone && traffic.open();
            while (open && !idle.isEmpty() && System.nanoTime() - pauseFromNanos >= PAUSE_AFTER_FAILURE_NANOS) {
                submit(idle.pop(), traffic);
                open = traffic.open();
            }
            if (!open && underWay == 0) {
                return;
            }
            Slot slot = ended.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            if (slot != null) {
                end(slot, traffic);
            }
        }
    }

    private void submit(Slot slot, Traffic traffic) {
        traffic.prepare(slot);
        slot.buffer.clear();
        if (slot.write) {
            slot.request.write(slot.offset, slot.buffer);
        } else {
            slot.request.read(slot.offset, slot.buffer);
        }
        slot.underWay = true;
        slot.submittedNanos = System.nanoTime();
        underWay++;
        device.submit(slot.request);
    }

    private void end(Slot slot, Traffic traffic) {
        if (!slot.underWay) {
            idle.push(slot);
            return;
        }
        underWay--;
        requests++;
        if (slot.submittedNanos - recordedFromNanos >= 0) {
            latencies.record(slot.submittedNanos, slot.endedNanos);
        }
        slot.underWay = false;
        IoStatus status = slot.request.status();
        if (status == IoStatus.SUCCESS) {
            bytes += slot.request.length();
            traffic.succeeded(slot);
        } else {
            fail(slot, status);
            traffic.failed(slot);
        }
        if (!slot.lingering) {
            idle.push(slot);
        }
    }

    private void fail(Slot slot, IoStatus status) {
        pauseFromNanos = System.nanoTime();
        deviceGone |= status == IoStatus.DEVICE_GONE || status == IoStatus.CLOSED;
        findings.error(
                String.valueOf(Objects.requireNonNull(slot.request.failure()).getMessage()));
    }

    Latencies latencies() {
        return latencies;
    }

    long requests() {
        return requests;
    }

    long bytes() {
        return bytes;
    }
}
