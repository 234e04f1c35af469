package io.mpath.internal.reservation;

import io.mpath.observe.MultipathEvent;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Standing;
import io.mpath.reservation.Standing.Phase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the host stands, and through which path it reserved.
 *
 * <p>Threading: written on the control loop; {@link #standing} is read by any thread.
 */
final class Ledger {
    private static final Standing NOTHING = new Standing(Phase.UNREGISTERED, Optional.empty(), Optional.empty(), "");

    private final ReservedDevice device;
    private volatile Standing standing = NOTHING;
    private @Nullable Registration mine;
    private @Nullable Member holder;
    private boolean persistent;
    private @Nullable ReservationKey stray;
    private int strays;

    Ledger(ReservedDevice device) {
        this.device = device;
    }

    Standing standing() {
        return standing;
    }

    boolean registered() {
        return standing.phase() == Phase.REGISTERED;
    }

    /** Its key; {@link ReservationKey#NONE} while it has none. */
    ReservationKey key() {
        return mine == null ? ReservationKey.NONE : mine.key();
    }

    /** Whether registrations are to outlive a loss of power: what anybody asked for, who registers last decides for all. */
    boolean persistent() {
        return persistent || (mine != null && mine.persistent());
    }

    Optional<ReservationType> reserved() {
        return standing.reserved();
    }

    /** The path through which it reserved; null when that is not known. */
    @Nullable
    Member holder() {
        return holder;
    }

    /** It was not registered, though a lost command may still do that. */
    void giveUp() {
        freeAll();
    }

    /** It has another key, on every path that has joined. */
    void rekey(Registration as) {
        mine = as;
        set(Phase.REGISTERED, reserved(), "");
    }

    /** It is registered: from here on paths are used only as they join. */
    void register(Registration as) {
        mine = as;
        set(Phase.REGISTERED, Optional.empty(), "");
        for (Member member : device.members()) {
            if (!member.joined()) {
                member.awaitAnew();
            }
        }
        device.membersChanged();
    }

    /** It is not registered, by its own doing. */
    void leave() {
        mine = null;
        holder = null;
        set(Phase.UNREGISTERED, Optional.empty(), "");
        freeAll();
    }

    void reserved(ReservationType type, @Nullable Member through) {
        holder = through;
        set(Phase.REGISTERED, Optional.of(type), "");
        device.membersChanged();
    }

    void released() {
        holder = null;
        set(standing.phase(), Optional.empty(), standing.reason());
        device.membersChanged();
    }

    /** Its registration was removed, by another host or by the device. */
    void lose(String reason) {
        if (!registered()) {
            return;
        }
        holder = null;
        set(Phase.LOST, Optional.empty(), reason);
        device.emit(new MultipathEvent.RegistrationLost(now(), device.id(), key(), reason));
        freeAll();
    }

    private void freeAll() {
        for (Member member : device.members()) {
            // It is not used before a registration that nobody has seen is ended.
            if (member.unseen() != null) {
                member.endLater();
            } else if (member.stage() != Member.Stage.TO_BE_ENDED) {
                member.free();
            }
        }
        device.membersChanged();
    }

    /** A path has come. While registered, it is; one that may have left a registration behind is to end that. */
    void joined(Member member) {
        if (registered()) {
            member.await();
        } else if (stray != null) {
            member.mayBeRegistered(stray);
            member.endLater();
        }
    }

    /** A path has left. What it may be registered with unseen makes the number of registrations say nothing from here on. */
    void left(Member member) {
        if (member.unseen() != null) {
            stray = member.unseen();
            strays++;
        }
        if (member == holder) {
            holder = null;
        }
    }

    /** How many paths have left that may be registered by now, at most. */
    int strays() {
        return strays;
    }

    /** Compares what it reserved with what the device says. */
    void compare(ReservationState state) {
        persistent = state.persistent();
        if (!registered()) {
            return;
        }
        if (reserved().isEmpty()) {
            // What is held by its key is its own, by a command whose answer was lost.
            if (state.heldBy(key())) {
                state.reservation().ifPresent(held -> reserved(held.type(), null));
            }
        } else if (!state.heldBy(key())) {
            device.emit(new MultipathEvent.ReservationLost(
                    now(),
                    device.id(),
                    key(),
                    state.reservation()
                            .map(held -> held.type() + " is held by " + held.holder())
                            .orElse("nothing is reserved")));
            released();
        } else {
            state.reservation().ifPresent(held -> {
                if (held.type() != reserved().orElse(null)) {
                    reserved(held.type(), null);
                }
            });
        }
    }

    private void set(Phase phase, Optional<ReservationType> reserved, String reason) {
        standing = new Standing(phase, Optional.ofNullable(mine), reserved, reason);
    }

    private long now() {
        return device.environment().ticker().nanos();
    }
}
