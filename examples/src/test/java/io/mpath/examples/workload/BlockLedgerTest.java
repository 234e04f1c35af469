package io.mpath.examples.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockLedgerTest {
    private static final int BLOCK = 1;

    private final BlockLedger ledger = new BlockLedger(4);

    private int acknowledgedWrite() {
        int generation = ledger.beginWrite(BLOCK);
        ledger.acknowledged(BLOCK);
        return generation;
    }

    @Test
    void blockThatWasNeverWrittenIsNotJudged() {
        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), BlockStamp.NONE)).isTrue();
    }

    @Test
    void acknowledgedWriteMustBeSeen() {
        acknowledgedWrite();

        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 1)).isTrue();
        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), BlockStamp.NONE)).isFalse();
    }

    @Test
    void staleGenerationIsAMiscompare() {
        acknowledgedWrite();
        acknowledgedWrite();

        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 1)).isFalse();
    }

    @Test
    void readConcurrentWithAWriteMaySeeOldOrNew() {
        acknowledgedWrite();
        int floor = ledger.floor(BLOCK);
        ledger.beginWrite(BLOCK);

        assertThat(ledger.allows(BLOCK, floor, 1)).isTrue();
        assertThat(ledger.allows(BLOCK, floor, 2)).isTrue();
        assertThat(ledger.allows(BLOCK, floor, 3)).isFalse();

        ledger.acknowledged(BLOCK);
        assertThat(ledger.allows(BLOCK, floor, 1))
                .as("the read may have been served before the write was")
                .isTrue();
        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 1))
                .as("a read that began after the acknowledgement")
                .isFalse();
    }

    @Test
    void writeOfUnknownOutcomeMayBeSeenOrNotUntilALaterOneIsAcknowledged() {
        acknowledgedWrite();
        ledger.beginWrite(BLOCK);
        ledger.outcomeUnknown(BLOCK);

        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 1)).isTrue();
        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 2)).isTrue();

        acknowledgedWrite();
        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 2)).isFalse();
        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 3)).isTrue();
    }

    @Test
    void writeThatFailedWithoutEffectMustNotBeSeen() {
        acknowledgedWrite();
        ledger.beginWrite(BLOCK);
        ledger.hadNoEffect(BLOCK);

        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 1)).isTrue();
        assertThat(ledger.allows(BLOCK, ledger.floor(BLOCK), 2)).isFalse();
    }

    @Test
    void oneWriteOfABlockIsUnderWayAtATime() {
        ledger.beginWrite(BLOCK);

        assertThat(ledger.beginWrite(BLOCK)).isZero();
        assertThat(ledger.beginWrite(BLOCK + 1)).isEqualTo(1);

        ledger.acknowledged(BLOCK);
        assertThat(ledger.beginWrite(BLOCK)).isEqualTo(2);
    }
}
