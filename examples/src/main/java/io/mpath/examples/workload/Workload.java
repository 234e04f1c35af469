package io.mpath.examples.workload;

import io.mpath.BlockDevice;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs a workload on a device: the traffic, and behind it, when it is verified, the reading back. */
public final class Workload {
    private static final long LOOK_AGAIN_MILLIS = 100;
    private static final long PATIENCE_WHEN_STOPPED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final BlockDevice device;
    private final WorkloadSpec spec;
    private final StopSignal stop;
    private final Findings findings = new Findings();
    private final @Nullable BlockLedger ledger;
    private final long run = new SecureRandom().nextLong();

    /** A workload, to be stopped early by {@code stop}. */
    public Workload(BlockDevice device, WorkloadSpec spec, StopSignal stop) {
        this.device = device;
        this.spec = spec;
        this.stop = stop;
        this.ledger = spec.verify() ? new BlockLedger((int) spec.blocks()) : null;
    }

    /** What went wrong so far; may be read while it runs. */
    public Findings findings() {
        return findings;
    }

    /**
     * Runs it to its end. When it was stopped and requests still do not end, for instance because they wait for a path without
     * a bound, the device is closed, which answers them.
     */
    public WorkloadResult run() {
        long startNanos = System.nanoTime();
        long recordedFromNanos = startNanos + spec.rampTime().toNanos();
        List<Worker> workers = new ArrayList<>();
        List<Verifier> verifiers = new ArrayList<>();
        for (int i = 0; i < spec.threads(); i++) {
            workers.add(new Worker(device, spec.depth(), spec.blockBytes(), recordedFromNanos, findings));
            if (ledger != null) {
                var stamp = new BlockStamp(device.id(), run, device.geometry().logicalBlockSize());
                verifiers.add(new Verifier(ledger, stamp, findings));
            }
        }
        inParallel(
                workers,
                thread -> new MixedTraffic(spec, thread, verifiers.isEmpty() ? null : verifiers.get(thread), stop));
        long nanos = System.nanoTime() - startNanos;
        var latencies = new Latencies();
        workers.forEach(worker -> latencies.add(worker.latencies()));
        long requests = workers.stream().mapToLong(Worker::requests).sum();
        long bytes = workers.stream().mapToLong(Worker::bytes).sum();

        List<ReadBack> readBacks = new ArrayList<>();
        for (int i = 0; i < verifiers.size(); i++) {
            readBacks.add(new ReadBack(spec, i, verifiers.get(i)));
        }
        if (!readBacks.isEmpty()) {
            inParallel(workers, readBacks::get);
        }
        long readBack = readBacks.stream().mapToLong(ReadBack::judged).sum();
        return new WorkloadResult(requests, bytes, nanos, readBack, findings, latencies);
    }

    private interface TrafficOfThread {
        Traffic of(int thread);
    }

    private void inParallel(List<Worker> workers, TrafficOfThread traffic) {
        ExecutorService threads = Executors.newFixedThreadPool(workers.size());
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            Traffic mine = traffic.of(i);
            ends.add(threads.submit(() -> {
                worker.run(mine);
                return null;
            }));
        }
        threads.shutdown();
        ends.forEach(end -> await(end, workers));
    }

    /** The workers' counts are read while they change: only whether they still change matters here. */
    private void await(Future<?> end, List<Worker> workers) {
        long ended = -1;
        long sinceNanos = 0;
        while (true) {
            try {
                end.get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                long now = workers.stream().mapToLong(Worker::requests).sum();
                if (!stop.stopped() || now != ended) {
                    ended = now;
                    sinceNanos = System.nanoTime();
                } else if (System.nanoTime() - sinceNanos > PATIENCE_WHEN_STOPPED_NANOS) {
                    device.close();
                }
            } catch (InterruptedException e) {
                stop.stop();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a worker broke down", e.getCause());
            }
        }
    }
}
