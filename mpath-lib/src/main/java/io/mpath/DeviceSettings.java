package io.mpath;

import io.mpath.internal.Durations;
import io.mpath.policy.IoPolicies;
import io.mpath.policy.IoPolicy;
import java.time.Duration;
import java.util.Objects;

/**
 * What a multipath device starts with. Immutable; made by {@link #defaults} and the methods named after its parts.
 *
 * @param policy how paths are chosen; numa by default, as in Linux
 * @param noPath what happens while no path is usable; waits for 60 s by default
 * @param delayedRemoval how long a device outlives its last path; zero by default
 * @param requestTimeout how long a request may take that does not say so itself; 180 s by default
 * @param ioTimeout how long a path is to let one attempt take before it gives it up, where it can; 30 s by default
 * @param closeTimeout how long {@link BlockDevice#close} waits for requests that are with a path; 30 s by default
 * @param checkInterval how often a path that can be checked is, while no I/O proves that it works; 30 s by default. Zero: only when
 *     it failed or came back
 * @param marginal when a path is marginal, and used only where no sound path is usable
 * @param maxInFlight how many requests a device takes at once, waiting ones included: 1 to 1,048,576; 1,024 by default
 * @param hold how long a write whose attempt was lost is held before it is sent again, where its path does not say how long its
 *     target may take to give it up, or that it has (see {@link io.mpath.path.Fenceable}): an assumption about the target; 60 s by
 *     default. Zero holds nothing, and loses data as much as the switch below
 * @param holdAtOpen whether changes wait for one hold after the device came into being, for a process before this one may have
 *     lost writes that are still on their way; off by default
 * @param unsafeReplayOfUnknownWrites whether a write whose attempt was lost is sent again at once, although the first may still
 *     take effect, later than a newer write. Linux does; it loses data. Off by default: such a write is held
 * @param keyPerPath whether {@link MultipathDevice#reservations} registers each path with a key of its own, so that a path which
 *     fails and loses a write can be fenced by the reservation, and the write sent again at once: see {@link
 *     io.mpath.reservation.Reservations}, also for who must not use it. Within one hold of a process that had it on, none starts with
 *     it off, or with another key. Off by default: all paths are registered with the host's key
 */
public record DeviceSettings(
        IoPolicy policy,
        NoPathPolicy noPath,
        Duration delayedRemoval,
        Duration requestTimeout,
        Duration ioTimeout,
        Duration closeTimeout,
        Duration checkInterval,
        MarginalPolicy marginal,
        int maxInFlight,
        Duration hold,
        boolean holdAtOpen,
        boolean unsafeReplayOfUnknownWrites,
        boolean keyPerPath) {
    private static final int MAX_IN_FLIGHT = 1 << 20;
    private static final Duration TICK = Duration.ofMillis(50);

    /** Checks the ranges. @throws ConfigurationException naming the setting that is out of its range */
    public DeviceSettings {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(noPath, "no-path policy");
        Durations.nanos("removal delay", delayedRemoval);
        Durations.positiveNanos("request time-out", requestTimeout);
        Durations.positiveNanos("I/O time-out", ioTimeout);
        Durations.nanos("close time-out", closeTimeout);
        Durations.nanos("check interval", checkInterval);
        Objects.requireNonNull(marginal, "marginal policy");
        Durations.nanos("hold", hold);
        if (maxInFlight < 1 || maxInFlight > MAX_IN_FLIGHT) {
            throw new ConfigurationException(
                    "requests in flight of " + maxInFlight + " are not 1 to " + MAX_IN_FLIGHT + " per device");
        }
    }

    /** The defaults named above. */
    public static DeviceSettings defaults() {
        return new DeviceSettings(
                IoPolicies.numa(),
                NoPathPolicy.queueFor(Duration.ofSeconds(60)),
                Duration.ZERO,
                Duration.ofSeconds(180),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                MarginalPolicy.defaults(),
                1024,
                Duration.ofSeconds(60),
                false,
                false,
                false);
    }

    /** The resolution of deadlines: the period of the clock that requests are stamped with. */
    public static Duration tick() {
        return TICK;
    }

    /** This with another policy. */
    public DeviceSettings withPolicy(IoPolicy value) {
        return new DeviceSettings(
                value,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with another behaviour while no path is usable. */
    public DeviceSettings withNoPath(NoPathPolicy value) {
        return new DeviceSettings(
                policy,
                value,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with another removal delay. */
    public DeviceSettings withDelayedRemoval(Duration value) {
        return new DeviceSettings(
                policy,
                noPath,
                value,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with another default request time-out. */
    public DeviceSettings withRequestTimeout(Duration value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                value,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with another time-out of one attempt. */
    public DeviceSettings withIoTimeout(Duration value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                value,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with another close time-out. */
    public DeviceSettings withCloseTimeout(Duration value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                value,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with paths checked every so often; zero: only when they failed or came back. */
    public DeviceSettings withCheckInterval(Duration value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                value,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with another notion of what is a marginal path. */
    public DeviceSettings withMarginal(MarginalPolicy value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                value,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with another bound of requests. */
    public DeviceSettings withMaxInFlight(int value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                value,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with another hold of lost writes. */
    public DeviceSettings withHold(Duration value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                value,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with changes waiting for one hold at first, or not. */
    public DeviceSettings withHoldAtOpen(boolean value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                value,
                unsafeReplayOfUnknownWrites,
                keyPerPath);
    }

    /** This with lost writes sent again at once, which is unsafe, or not. */
    public DeviceSettings withUnsafeReplayOfUnknownWrites(boolean value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                value,
                keyPerPath);
    }

    /** This with a reservation key for each path, or one for the host. */
    public DeviceSettings withKeyPerPath(boolean value) {
        return new DeviceSettings(
                policy,
                noPath,
                delayedRemoval,
                requestTimeout,
                ioTimeout,
                closeTimeout,
                checkInterval,
                marginal,
                maxInFlight,
                hold,
                holdAtOpen,
                unsafeReplayOfUnknownWrites,
                value);
    }
}
