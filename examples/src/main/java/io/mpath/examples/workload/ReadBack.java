package io.mpath.examples.workload;

/** Reads every block of one thread's share that was written, once. */
final class ReadBack implements Traffic {
    private final WorkloadSpec spec;
    private final Verifier verifier;
    private final int endBlock;
    private int nextBlock;
    private long judged;

    ReadBack(WorkloadSpec spec, int thread, Verifier verifier) {
        this.spec = spec;
        this.verifier = verifier;
        this.endBlock = (int) spec.firstBlockOf(thread + 1);
        this.nextBlock = (int) spec.firstBlockOf(thread);
    }

    @Override
    public boolean open() {
        while (nextBlock < endBlock && verifier.ledger().floor(nextBlock) == 0) {
            nextBlock++;
        }
        return nextBlock < endBlock;
    }

    @Override
    public void prepare(Slot slot) {
        slot.write = false;
        slot.block = nextBlock++;
        slot.offset = spec.offsetOf(slot.block);
        verifier.beginRead(slot);
    }

    @Override
    public void succeeded(Slot slot) {
        judged++;
        verifier.succeeded(slot);
    }

    @Override
    public void failed(Slot slot) {}

    /** How many blocks were read and judged. */
    long judged() {
        return judged;
    }
}
