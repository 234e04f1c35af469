package io.mpath.linux;

import io.mpath.path.PathFailure;
import io.mpath.path.PathIo;
import org.jspecify.annotations.Nullable;

/**
 * A first-in-first-out ring of requests that allocates only when it is made.
 *
 * <p>Threading: guarded by its owner's monitor; an {@link Entry} outside the ring belongs to one thread.
 */
final class RequestRing {
    private final Entry[] entries;
    private int head;
    private int size;

    /** One request, with how it ended once it has. */
    static final class Entry {
        @Nullable
        PathIo io;

        long tag;

        @Nullable
        ConfinedQueue origin;

        @Nullable
        PathFailure failure;

        void set(@Nullable PathIo io, long tag, @Nullable ConfinedQueue origin, @Nullable PathFailure failure) {
            this.io = io;
            this.tag = tag;
            this.origin = origin;
            this.failure = failure;
        }

        void set(Entry other) {
            set(other.io, other.tag, other.origin, other.failure);
        }

        void clear() {
            set(null, 0, null, null);
        }
    }

    RequestRing(int capacity) {
        entries = new Entry[capacity];
        for (int i = 0; i < capacity; i++) {
            entries[i] = new Entry();
        }
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == entries.length;
    }

    void put(PathIo io, long tag, @Nullable ConfinedQueue origin, @Nullable PathFailure failure) {
        at(size).set(io, tag, origin, failure);
        size++;
    }

    /** Moves the oldest request to {@code into}; false when there is none. */
    boolean take(Entry into) {
        if (size == 0) {
            return false;
        }
        Entry oldest = entries[head];
        into.set(oldest);
        oldest.clear();
        head = (head + 1) % entries.length;
        size--;
        return true;
    }

    /** Moves the request of {@code io} that has {@code tag} to {@code into}; false when it is not here. */
    boolean remove(PathIo io, long tag, Entry into) {
        for (int i = 0; i < size; i++) {
            if (at(i).io == io && at(i).tag == tag) {
                into.set(at(i));
                closeGap(i);
                return true;
            }
        }
        return false;
    }

    private void closeGap(int gap) {
        for (int i = gap; i < size - 1; i++) {
            at(i).set(at(i + 1));
        }
        size--;
        at(size).clear();
    }

    private Entry at(int index) {
        return entries[(head + index) % entries.length];
    }
}
