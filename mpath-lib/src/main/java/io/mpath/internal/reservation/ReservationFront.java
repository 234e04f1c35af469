package io.mpath.internal.reservation;

import io.mpath.MultipathException;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationState;
import io.mpath.reservation.ReservationType;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * What is asked of the reservations of one device: checked, carried out on the control loop, one thing after the other, and answered
 * on the completion threads.
 */
abstract class ReservationFront implements ReservationControl {
    private final ReservedDevice device;
    private final Asking asking;

    /** For {@code device}, whose changes have their turns there. */
    ReservationFront(ReservedDevice device, Turns turns) {
        this.device = device;
        this.asking = new Asking(device, turns, this::watch);
    }

    /** Something was done: what follows from it. On the control loop. */
    abstract void watch();

    /** The way to the device. */
    abstract Wire wire();

    /** Who registers this host. */
    abstract RegistersHost registering();

    /** Who reserves the device. */
    abstract ReservesDevice reserving();

    @Override
    public CompletableFuture<ReservationState> report() {
        return asking.reading(() -> wire().read(
                        CompletableFuture::completedFuture,
                        reply -> CompletableFuture.failedFuture(unreadable(reply))));
    }

    @Override
    public CompletableFuture<ReservationCapabilities> capabilities() {
        return asking.reading(() -> wire().sendThroughAny(wire().reachable(), new ReservationCommand.ReadAbilities())
                .thenCompose(sent -> sent.reply() instanceof ReservationReply.Abilities abilities
                        ? CompletableFuture.completedFuture(abilities.capabilities())
                        : CompletableFuture.failedFuture(unreadable(sent.reply()))));
    }

    private MultipathException unreadable(ReservationReply reply) {
        return new MultipathException(device.id() + ": reservations cannot be read: " + reply.cause());
    }

    @Override
    public CompletableFuture<ReservationOutcome> register(Registration wanted) {
        Objects.requireNonNull(wanted, "registration");
        return asking.changing(() -> registering().register(wanted, false));
    }

    @Override
    public CompletableFuture<ReservationOutcome> registerIgnoring(Registration wanted) {
        Objects.requireNonNull(wanted, "registration");
        return asking.changing(() -> registering().register(wanted, true));
    }

    @Override
    public CompletableFuture<ReservationOutcome> adopt(Registration existing) {
        Objects.requireNonNull(existing, "registration");
        return asking.changing(() -> registering().adopt(existing));
    }

    @Override
    public CompletableFuture<ReservationOutcome> unregister() {
        return asking.changing(() -> registering().unregister());
    }

    @Override
    public CompletableFuture<ReservationOutcome> reserve(ReservationType type) {
        Objects.requireNonNull(type, "type");
        return asking.changing(() -> reserving().reserve(type));
    }

    @Override
    public CompletableFuture<ReservationOutcome> release() {
        return asking.changing(() -> reserving().release());
    }

    @Override
    public CompletableFuture<ReservationOutcome> preempt(ReservationKey victim, ReservationType type) {
        return asking.changing(() -> reserving().preempt(victim, type, false));
    }

    @Override
    public CompletableFuture<ReservationOutcome> preemptAndAbort(ReservationKey victim, ReservationType type) {
        return asking.changing(() -> reserving().preempt(victim, type, true));
    }

    @Override
    public CompletableFuture<ReservationOutcome> clear() {
        return asking.changing(() -> reserving().clear());
    }
}
