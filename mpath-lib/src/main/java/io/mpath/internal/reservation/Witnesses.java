package io.mpath.internal.reservation;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationReply.Kind;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Whether another host has removed this one's registrations. That removes all of them at once; what is there afterwards was
 * registered behind it, by a command that was under way or lost. So one registration that is no such one shows that nobody did:
 * by there being more than may be unseen, or by the word of a path whose registration was seen before. A registration is proved
 * by changing its key to itself, which a device refuses to whom it does not know by it.
 *
 * <p>Used on the control loop only, one thing at a time.
 */
final class Witnesses {
    /** What is known. */
    enum Word {
        /** Nobody removed them. */
        INTACT,
        /** They are gone. */
        GONE,
        /** Nobody can say now. */
        SILENT
    }

    private final ReservedDevice device;
    private final Ledger ledger;
    private final Wire wire;

    Witnesses(ReservedDevice device, Ledger ledger, Wire wire) {
        this.device = device;
        this.ledger = ledger;
        this.wire = wire;
    }

    /** Whether the device knows every path by itself. */
    boolean nexuses() {
        for (Member member : device.members()) {
            var reservable = member.reservable();
            if (reservable != null) {
                return reservable.reservesPerNexus();
            }
        }
        return false;
    }

    /** Changes the key to itself. */
    Register own(ReservationKey key) {
        return new Register(key, key, false, ledger.persistent());
    }

    /** What {@code state} and the paths say. */
    CompletableFuture<Word> ask(ReservationState state) {
        return ask(state, List.of());
    }

    /** The same, where {@code inQuestion} may have been registered behind a preempt. */
    CompletableFuture<Word> ask(ReservationState state, List<Member> inQuestion) {
        int found = state.count(ledger.key());
        if (found == 0) {
            return completedFuture(Word.GONE);
        }
        int doubtful = unseen(inQuestion) + inQuestion.size() + ledger.strays();
        return !nexuses() || found > doubtful ? completedFuture(Word.INTACT) : askPaths(inQuestion);
    }

    /** How many may be registered unseen, but for {@code known}. */
    int unseen(List<Member> known) {
        int unseen = 0;
        for (Member member : device.members()) {
            unseen += member.unseen() != null && !known.contains(member) ? 1 : 0;
        }
        return unseen;
    }

    /** What paths say whose registration was seen before, and is not in question. */
    CompletableFuture<Word> askPaths(List<Member> inQuestion) {
        List<Member> asked = new ArrayList<>();
        boolean proven = false;
        for (Member member : device.members()) {
            if (member.proven() && !inQuestion.contains(member)) {
                proven = true;
                if (member.reachable()) {
                    asked.add(member);
                }
            }
        }
        return ask(asked, 0, !proven, false);
    }

    private CompletableFuture<Word> ask(List<Member> asked, int index, boolean refused, boolean silent) {
        if (index == asked.size()) {
            return completedFuture(refused && !silent ? Word.GONE : Word.SILENT);
        }
        Member member = asked.get(index);
        return wire.send(member, own(ledger.key())).thenCompose(reply -> {
            if (reply.kind() == Kind.DONE) {
                return completedFuture(Word.INTACT);
            }
            boolean refuses = reply.kind() == Kind.CONFLICT;
            if (refuses) {
                member.cameBack(); // whatever became of the others, it is not registered
                device.membersChanged();
            }
            return ask(asked, index + 1, refused || refuses, silent || !refuses);
        });
    }
}
