package io.mpath.internal.reservation;

import io.mpath.reservation.ReservationKey;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One path with a key of its own. Of its {@link Member} it uses the stages: it is given I/O as {@link Member.Stage#JOINED} only,
 * while the host is registered.
 *
 * <p>It is <em>preempted</em> from when a PREEMPT AND ABORT of its key was answered GOOD, and <em>fenced</em> when a look behind that
 * has shown that the reservation keeps it out, until it is about to be registered anew. It is not before nothing that it had can
 * land any more, and neither is one that an earlier process of this host may have fenced. Used on the control loop only.
 */
final class Nexus {
    private final Member member;
    private @Nullable ReservationKey key;
    private boolean mayVanish;
    private @Nullable Nexus remover;
    private String told = "";
    private boolean preempted;
    private boolean fenced;
    private boolean inherited;
    private long inheritedUntil;
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
        inherited = false;
        vanishesNot();
        unfence();
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

    /** Its key was removed with abort; whether what is reserved keeps it out is not known yet. */
    void preempted() {
        lacksKey();
        preempted = true;
    }

    /** What it lost is refused from here on. */
    void fence() {
        preempted = false;
        fenced = true;
        told = "";
        member.traffic().refused(true);
    }

    /** It is about to be registered, or its fence stands no more. */
    void unfence() {
        preempted = false;
        fenced = false;
        member.traffic().refused(false);
    }

    /** An earlier process of this host may have fenced it: what that one lost on it can land until {@code until}. */
    void inherit(long until) {
        inherited = true;
        inheritedUntil = until;
    }

    /** Whether {@link #inherit} was about something that can still land, by time, or as {@code doubted} says. */
    boolean inherits(long now, BooleanSupplier doubted) {
        return inherited && key == null && (inheritedUntil - now > 0 || doubted.getAsBoolean());
    }

    /** How long by time, in nanoseconds. */
    long inheritedNanosLeft(long now) {
        return inherited && key == null ? Math.max(inheritedUntil - now, 0) : 0;
    }

    /** Whether something that it had can land if it is registered, or if what keeps it out ends. */
    boolean keptOut() {
        return (preempted || fenced) && mayStillLand();
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
