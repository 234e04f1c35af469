package io.mpath.examples.workload;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The requests of the workload proper: until time, count or the stop signal end it. */
final class MixedTraffic implements Traffic {
    private final WorkloadSpec spec;
    private final SplittableRandom random;
    private final @Nullable Verifier verifier;
    private final StopSignal stop;
    private final long firstBlock;
    private final long endBlock;
    private final long startNanos = System.nanoTime();
    private final long timeNanos;
    private long remaining;
    private long nextBlock;

    MixedTraffic(WorkloadSpec spec, int thread, @Nullable Verifier verifier, StopSignal stop) {
        this.spec = spec;
        this.random = new SplittableRandom(spec.seed() * 1_000_003 + thread);
        this.verifier = verifier;
        this.stop = stop;
        this.firstBlock = spec.firstBlockOf(thread);
        this.endBlock = spec.firstBlockOf(thread + 1);
        this.timeNanos = spec.time().toNanos();
        this.remaining = spec.countOf(thread);
        this.nextBlock = firstBlock;
    }

    @Override
    public boolean open() {
        return remaining > 0 && !stop.stopped() && System.nanoTime() - startNanos < timeNanos;
    }

    @Override
    public void prepare(Slot slot) {
        remaining--;
        RwMode mode = spec.mode();
        slot.write = mode.writes() && (!mode.reads() || random.nextBoolean());
        choose(slot, mode.random() ? random.nextLong(spec.blocks()) : nextInTurn());
        if (verifier == null) {
            return;
        }
        if (!slot.write) {
            verifier.beginRead(slot);
            return;
        }
        while (!verifier.beginWrite(slot)) {
            choose(slot, mode.random() ? (slot.block + 1) % spec.blocks() : nextInTurn());
        }
    }

    private void choose(Slot slot, long block) {
        slot.block = block;
        slot.offset = spec.offsetOf(block);
    }

    private long nextInTurn() {
        long block = nextBlock;
        nextBlock = block + 1 == endBlock ? firstBlock : block + 1;
        return block;
    }

    @Override
    public void succeeded(Slot slot) {
        if (verifier != null) {
            verifier.succeeded(slot);
        }
    }

    @Override
    public void failed(Slot slot) {
        if (verifier != null) {
            verifier.failed(slot);
        }
    }
}
