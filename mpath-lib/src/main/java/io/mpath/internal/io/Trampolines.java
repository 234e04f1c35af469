package io.mpath.internal.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the callbacks of flights that ended on the submitting thread. A callback that submits, and whose request ends at once,
 * must not be called inside itself: the inner flight is put on a list that the outer frame works off.
 *
 * <p>Threading: a thread takes one of a few trampolines near its mixed id, for as long as its outermost callback runs. The
 * owner alone touches the list. When others have all of those, whose callbacks may take long or wait for this very one, the
 * thread gets one made for it: {@code extra} counts those, and is read plainly, because a thread looks only for its own.
 */
public final class Trampolines {
    private static final int COUNT = 32;
    private static final int PROBES = 4;
    private static final int MIX = 0x9E3779B9;
    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(Trampoline.class, "owner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Trampoline[] trampolines = new Trampoline[COUNT];
    private final ConcurrentMap<Thread, Trampoline> extras = new ConcurrentHashMap<>();
    private final AtomicInteger extra = new AtomicInteger();

    /** With none of them taken. */
    public Trampolines() {
        for (int i = 0; i < COUNT; i++) {
            trampolines[i] = new Trampoline();
        }
    }

    /** Tells the end of {@code flight}: now, or when the callback that this thread is in has returned. */
    public void tellEnd(Flight flight) {
        Thread self = Thread.currentThread();
        int start = ((int) self.getId() * MIX) >>> 27;
        for (int i = 0; i < PROBES; i++) {
            Trampoline candidate = trampolines[(start + i) % COUNT];
            if (OWNER.getOpaque(candidate) == self) {
                candidate.add(flight);
                return;
            }
        }
        Trampoline own = extra.getPlain() == 0 ? null : extras.get(self);
        if (own != null) {
            own.add(flight);
            return;
        }
        for (int i = 0; i < PROBES; i++) {
            Trampoline candidate = trampolines[(start + i) % COUNT];
            if (OWNER.getOpaque(candidate) == null && OWNER.compareAndSet(candidate, null, self)) {
                candidate.run(flight);
                return;
            }
        }
        runOnExtra(self, flight);
    }

    private void runOnExtra(Thread self, Flight flight) {
        Trampoline made = new Trampoline();
        extras.put(self, made);
        extra.incrementAndGet();
        try {
            made.run(flight);
        } finally {
            extra.decrementAndGet();
            extras.remove(self);
        }
    }

    /** One thread's list of flights whose end is to be told. */
    private static final class Trampoline {
        @SuppressWarnings("unused") // through OWNER
        private @Nullable Thread owner;

        private @Nullable Flight first;
        private @Nullable Flight last;

        void run(Flight outermost) {
            try {
                outermost.tellEnd();
                for (Flight inner = poll(); inner != null; inner = poll()) {
                    inner.tellEnd();
                }
            } finally {
                OWNER.setRelease(this, null);
            }
        }

        void add(Flight flight) {
            flight.next = null;
            if (last == null) {
                first = flight;
            } else {
                last.next = flight;
            }
            last = flight;
        }

        private @Nullable Flight poll() {
            Flight head = first;
            if (head != null) {
                first = head.next;
                head.next = null;
                if (first == null) {
                    last = null;
                }
            }
            return head;
        }
    }
}
