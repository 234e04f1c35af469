package io.mpath.examples.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What went wrong: all of it counted, the first few kept. Any thread. */
public final class Findings {
    private static final int KEPT = 5;

    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong miscompares = new AtomicLong();
    private final List<String> firstErrors = new ArrayList<>();
    private final List<Miscompare> firstMiscompares = new ArrayList<>();

    /** A request failed. */
    public void error(String message) {
        errors.incrementAndGet();
        keep(firstErrors, message);
    }

    /** A block held what it must not. */
    public void miscompare(Miscompare miscompare) {
        miscompares.incrementAndGet();
        keep(firstMiscompares, miscompare);
    }

    private <T> void keep(List<T> kept, T item) {
        synchronized (this) {
            if (kept.size() < KEPT) {
                kept.add(item);
            }
        }
    }

    /** How many requests failed. */
    public long errors() {
        return errors.get();
    }

    /** How many blocks held what they must not. */
    public long miscompares() {
        return miscompares.get();
    }

    /** The first few errors. */
    public synchronized List<String> firstErrors() {
        return List.copyOf(firstErrors);
    }

    /** The first few miscompares. */
    public synchronized List<Miscompare> firstMiscompares() {
        return List.copyOf(firstMiscompares);
    }
}
