package io.mpath.internal.reservation;

import io.mpath.reservation.ReservationKey;
import org.jspecify.annotations.Nullable;

/**
 * One path with a key of its own. Of its {@link Member} it uses the stages: it is given I/O as {@link Member.Stage#JOINED} only,
 * while the host is registered.
 *
 * <p>It is <em>fenced</em> from when a PREEMPT AND ABORT of its key was answered GOOD until it is about to be registered anew, which
 * it is not before nothing that it had can land any more. Used on the control loop only.
 */
final class Nexus {
    private final Member member;
    private @Nullable ReservationKey key;
    private boolean mayVanish;
    private @Nullable Nexus remover;
    private String told = "";
    private boolean fenced;
    private boolean departed;

    Nexus(Member member) {
        this.member = member;
    }

    Member member() {
        return member;
    }

    String name() {
        return member.name();
    }

    /** The key that the device was seen to know it by; null: none, for all that is known. */
    @Nullable
    ReservationKey key() {
        return key;
    }

    /** The device knows it by {@code value}. */
    void has(ReservationKey value) {
        key = value;
        vanishesNot();
    }

    /** Its key was removed, by this host. */
    void lacksKey() {
        key = null;
        vanishesNot();
    }

    private void vanishesNot() {
        mayVanish = false;
        remover = null;
    }

    /** A command of this host through {@code by}, which was lost, may remove its key, or has: it is not used before that is settled. */
    void mayVanish(Nexus by) {
        mayVanish = true;
        remover = by;
        member.await();
    }

    /** Whether that command may still be carried out. */
    boolean mayStillVanish(long now) {
        return remover != null && remover.member.unsettledNanos(now) > 0;
    }

    /** Whether the absence of its key shows that somebody else removed it. */
    boolean testifies() {
        return key != null && !mayVanish;
    }

    /** Whether a command through it may still register it, or may have, and nobody has seen that. */
    boolean mayBeRegisteredUnseen(long now) {
        return member.unseen() != null || member.unsettledNanos(now) > 0;
    }

    boolean fenced() {
        return fenced;
    }

    /** Why it was not fenced; whether that was not told before. */
    boolean notFenced(String why) {
        boolean first = !told.equals(why);
        told = why;
        return first;
    }

    /** What it lost is refused from here on. */
    void fence() {
        fenced = true;
        told = "";
        member.traffic().refused(true);
    }

    /** It is about to be registered, or its fence stands no more. */
    void unfence() {
        fenced = false;
        member.traffic().refused(false);
    }

    /** Whether something that it had can still land, unless it is refused. */
    boolean mayStillLand() {
        return !member.traffic().over();
    }

    boolean departed() {
        return departed;
    }

    /** Its path has left. */
    void depart() {
        departed = true;
    }
}
