package io.mpath.examples.workload;

import io.mpath.Effect;

/** One thread's view of the ledger that all threads of a verified workload share: stamps what is written, judges what is read. */
final class Verifier {
    private final BlockLedger ledger;
    private final BlockStamp stamp;
    private final Findings findings;

    Verifier(BlockLedger ledger, BlockStamp stamp, Findings findings) {
        this.ledger = ledger;
        this.stamp = stamp;
        this.findings = findings;
    }

    /** Begins a write of the slot's block, unless one is under way. */
    boolean beginWrite(Slot slot) {
        slot.generation = ledger.beginWrite((int) slot.block);
        if (slot.generation == 0) {
            return false;
        }
        stamp.fill(slot.buffer, slot.offset, slot.generation);
        return true;
    }

    void beginRead(Slot slot) {
        slot.generation = ledger.floor((int) slot.block);
        stamp.erase(slot.buffer);
    }

    void succeeded(Slot slot) {
        if (slot.write) {
            ledger.acknowledged((int) slot.block);
        } else {
            judge(slot);
        }
    }

    void failed(Slot slot) {
        if (!slot.write) {
            return;
        }
        if (slot.request.effect() == Effect.NONE) {
            ledger.hadNoEffect((int) slot.block);
        } else {
            ledger.outcomeUnknown((int) slot.block);
        }
    }

    private void judge(Slot slot) {
        for (int at = 0; at < slot.buffer.capacity(); at += stamp.length()) {
            int found = stamp.generation(slot.buffer, at, slot.offset + at);
            if (!ledger.allows((int) slot.block, slot.generation, found)) {
                findings.miscompare(new Miscompare(
                        slot.offset + at,
                        expected(slot.generation, ledger.lastIssued((int) slot.block)),
                        stamp.describe(slot.buffer, at, slot.offset + at)));
                return;
            }
        }
    }

    private static String expected(int floor, int lastIssued) {
        return floor == lastIssued ? "generation " + floor : "one of generations " + floor + " to " + lastIssued;
    }

    BlockLedger ledger() {
        return ledger;
    }
}
