package io.mpath.internal.device;

import io.mpath.AccessState;
import io.mpath.Liveness;
import io.mpath.internal.io.PathTarget;
import io.mpath.internal.reservation.Member;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.Checkable;
import io.mpath.path.DevicePath;
import io.mpath.path.PathDescription;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one path of one device.
 *
 * <p>Threading: used on the control loop only, but for the plain counters, which others read without order to print them; who finds
 * what holds those not made yet prints zeros.
 */
final class PathRecord {
    private static final String NOT_READY_YET = "not ready yet";

    private final PathTarget target;
    private final PortState port;
    private final DeviceControl device;
    private final Description description;
    private final @Nullable PathCheck check;
    private @Nullable PathFaults faults;
    private @Nullable PathHealth health;
    private @Nullable PathLoad load;
    private @Nullable Member member;

    private AccessState accessState = AccessState.OPTIMIZED;
    private boolean preferredByTarget;
    private boolean preferredByUser;
    private String notReady = NOT_READY_YET;
    private String capacityProblem = "";
    private boolean removed;
    private boolean full;
    private int holds;

    PathRecord(PathTarget target, PortState port, DeviceControl device, PathDescription described) {
        this.target = target;
        this.port = port;
        this.device = device;
        this.description = new Description(this, device.environment(), described);
        this.check = target.path() instanceof Checkable checkable ? new PathCheck(this, checkable) : null;
    }

    /** Why it may not be given I/O, or empty when it may. */
    String unusable() {
        if (port.liveness() != Liveness.LIVE) {
            return "port " + path().port() + " is " + port.liveness();
        }
        if (!description.problem().isEmpty()) {
            return description.problem();
        }
        if (!capacityProblem.isEmpty()) {
            return capacityProblem;
        }
        if (member != null && !member.problem().isEmpty()) {
            return member.problem();
        }
        if (!notReady.isEmpty()) {
            return notReady;
        }
        if (!accessState.usable()) {
            return "access state " + accessState;
        }
        if (check != null && !check.problem().isEmpty()) {
            return check.problem();
        }
        return restReason();
    }

    /** Why it rests, or empty. */
    private String restReason() {
        return faults == null ? "" : faults.rest().reason();
    }

    /** Whether nothing speaks against it but that it rests after a failure. */
    boolean onlyRests() {
        return !restReason().isEmpty() && unusable().equals(restReason());
    }

    /** Whether its adapter and its port say that it is there. */
    boolean present() {
        return !removed && port.liveness() == Liveness.LIVE && notReady.isEmpty();
    }

    /** Whether nothing speaks against it now, but perhaps its access state. */
    boolean undisturbed() {
        return present()
                && (check == null || check.problem().isEmpty())
                && restReason().isEmpty();
    }

    /** Whether it is about to be removed, with its port. */
    boolean leaving() {
        return !port.mayStay();
    }

    /** Whether it may become usable without being found anew. */
    boolean mayReturn() {
        return !removed
                && port.liveness().mayReturn()
                && !port.fastFailed()
                && accessState.mayReturn()
                && !description.leadsElsewhere();
    }

    void stateChanged() {
        if (!removed) {
            device.pathsChanged();
        }
    }

    void ready() {
        if (!notReady.isEmpty()) {
            boolean wasAway = !notReady.equals(NOT_READY_YET);
            notReady = "";
            if (wasAway) {
                cameBack();
                checkPromptly();
            }
            stateChanged();
        }
    }

    void notReady(String reason) {
        if (!notReady.equals(reason)) {
            boolean wasThere = present();
            notReady = reason;
            stateChanged();
            if (wasThere) {
                flapped(reason);
            }
        }
    }

    void identityInDoubt() {
        if (member != null) {
            member.cameBack();
        }
        description.doubt();
        stateChanged();
    }

    void access(AccessState state, boolean preferred) {
        preferredByTarget = preferred;
        refreshPreference();
        access(state);
    }

    void access(AccessState state) {
        AccessState before = accessState;
        accessState = state;
        if (removed) {
            return;
        }
        if (before != state) {
            device.emit(new MultipathEvent.AccessStateChanged(device.now(), device.id(), name(), before, state));
        }
        device.pathChanged(this);
    }

    void preferredByTarget(boolean value) {
        preferredByTarget = value;
        refreshPreference();
        stateChanged();
    }

    void preferredByUser(boolean value) {
        preferredByUser = value;
        refreshPreference();
        stateChanged();
    }

    /** Its port is about to be back: it is not used before it has said what it leads to, whichever of the port's paths is told first. */
    void portReturns() {
        if (!removed) {
            description.keepOut();
        }
    }

    void livenessChanged(Liveness before, Liveness after) {
        if (removed) {
            return;
        }
        device.emit(new MultipathEvent.LivenessChanged(device.now(), device.id(), name(), before, after));
        if (after == Liveness.DEAD) {
            device.remove(this, "port " + path().port() + " is dead");
            return;
        }
        if (after == Liveness.LIVE) {
            // In this order: the end of its rest must not make it usable before its identity is known again.
            cameBack();
            if (faults != null) {
                faults.rest().end();
            }
            checkPromptly();
        }
        device.pathsChanged();
        if (before == Liveness.LIVE && after != Liveness.DELETING && notReady.isEmpty()) {
            flapped("port " + path().port() + " was " + after);
        }
    }

    /** It failed a request that it had been given by a table of {@code tableVersion}. */
    void failed(String cause, long tableVersion) {
        faults().failed(cause);
        if (seemedUsable() && faults().rest().begin(cause, tableVersion, device.tableVersion())) {
            stateChanged();
            checkPromptly();
            health().fault(cause, device.health().successes(this));
        }
    }

    /** A request that it kept refusing is given to another. Where that goes on while others serve, it has failed. */
    void gaveUp(String cause, long tableVersion) {
        if (unusable().isEmpty() && faults().refusesAlone(device.health().served(this))) {
            failed(cause, tableVersion);
        }
    }

    /** Whether nothing spoke against it but, perhaps, a doubt that the failure itself raised. */
    private boolean seemedUsable() {
        if (port.liveness() != Liveness.LIVE) {
            return false; // a port that is away fails many requests: no reason is made up for each
        }
        String reason = unusable();
        return reason.isEmpty()
                || (description.inDoubt()
                        && reason.equals(description.problem())
                        && restReason().isEmpty());
    }

    /** It ceased to be there, and not by its access state. */
    void flapped(String reason) {
        if (!removed) {
            health().flapped(reason);
        }
    }

    /** A check of it has not ended in time. */
    void checkHangs() {
        if (!device.health().policy().hang().isZero()) {
            health().demote("its check hangs");
        }
    }

    private void checkPromptly() {
        if (check != null) {
            check.trouble();
        }
    }

    /** A check says that it works. */
    void vouchedFor() {
        if (faults != null) {
            faults.rest().vouchedFor();
        }
        if (health != null) {
            health.probed();
        }
    }

    /** What went wrong with it; made when first asked for. */
    private PathFaults faults() {
        if (faults == null) {
            faults = new PathFaults(this);
        }
        return faults;
    }

    /** Its signs of not being sound; made when first asked for. */
    PathHealth health() {
        if (health == null) {
            health = new PathHealth(this, device.health().policy());
        }
        return health;
    }

    /** What it carries; made when first asked for. */
    PathLoad load() {
        if (load == null) {
            load = new PathLoad(target);
        }
        return load;
    }

    /** What it is to the device's reservations; made when first asked for, which is when these are used. */
    Member member() {
        if (member == null) {
            member = new Member(
                    path(),
                    this::takesReservations,
                    () -> accessState.usable(),
                    () -> device.requests().holding().holdNanosOf(path()),
                    epoch -> target.fence().covers(epoch),
                    device.trafficOf(target));
        }
        return member;
    }

    private boolean takesReservations() {
        return present()
                && description.problem().isEmpty()
                && (accessState.usable() || accessState == AccessState.STANDBY)
                && (check == null || check.problem().isEmpty());
    }

    /** It came back, and what it leads to is asked for: nothing is taken for granted that was known of it. */
    private void cameBack() {
        if (member != null) {
            member.cameBack();
        }
        description.cameBack();
        target.forgetHistory();
    }

    /** Why it is used only where no sound path is, or empty. */
    String marginal() {
        return health == null ? "" : health.marginal();
    }

    boolean isMarginal() {
        return !marginal().isEmpty();
    }

    /** How often it became marginal by itself. */
    long demotions() {
        PathHealth known = health;
        return known == null ? 0 : known.demotions();
    }

    void lookAtHealth(long now) {
        if (health != null) {
            health.look(now);
        }
    }

    void capacityProblem(String problem) {
        if (!capacityProblem.equals(problem)) {
            capacityProblem = problem;
            if (!problem.isEmpty()) {
                device.emit(new MultipathEvent.PathMismatch(device.now(), device.id(), name(), problem));
            }
        }
    }

    /** It has its device held still; a path that is removed before it lets go does so by that. */
    void heldStill() {
        if (removed) {
            device.abandonQuiesce();
        } else {
            holds++;
        }
    }

    /** Whether it has its device held still, and now has it so once less. */
    boolean letGo() {
        boolean held = holds > 0;
        holds -= held ? 1 : 0;
        return held;
    }

    /** Out of its device: whatever is still reported of it counts no more. */
    void retire() {
        removed = true;
        for (; holds > 0; holds--) {
            device.abandonQuiesce();
        }
        if (faults != null) {
            faults.rest().cancel();
        }
        description.cancel();
    }

    PathView view() {
        return new PathView(this, accessState, port.liveness(), preferred(), unusable(), marginal());
    }

    private boolean preferred() {
        return preferredByTarget || preferredByUser;
    }

    private void refreshPreference() {
        target.prefer(preferred());
    }

    AccessState accessState() {
        return accessState;
    }

    PathTarget target() {
        return target;
    }

    DevicePath path() {
        return target.path();
    }

    PortState port() {
        return port;
    }

    DeviceControl device() {
        return device;
    }

    Description description() {
        return description;
    }

    /** Null when it cannot be checked. */
    @Nullable
    PathCheck check() {
        return check;
    }

    String name() {
        return target.name();
    }

    boolean removed() {
        return removed;
    }

    boolean full() {
        return full;
    }

    void full(boolean value) {
        full = value;
    }

    void countError() {
        faults().countError();
    }

    void countFailover() {
        faults().countFailover();
    }

    void countRetry() {
        faults().countRetry();
    }

    long errors() {
        PathFaults known = faults;
        return known == null ? 0 : known.errors();
    }

    long failovers() {
        PathFaults known = faults;
        return known == null ? 0 : known.failovers();
    }

    long retries() {
        PathFaults known = faults;
        return known == null ? 0 : known.retries();
    }
}
