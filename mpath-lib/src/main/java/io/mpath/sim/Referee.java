package io.mpath.sim;

import io.mpath.DeviceSettings;
import io.mpath.observe.MultipathEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells every rule of everything, and keeps the first violation: the library logs what callbacks and listeners throw, so a run
 * asks for it after each step.
 */
final class Referee {
    /** What the library may take beyond a bound without the simulated machine having stood still: it is checked each tick. */
    static final long TWO_TICKS = 2 * DeviceSettings.tick().toNanos();

    private final SimWorld world;
    private final SimOptions options;
    private List<Rule> rules = List.of();
    private @Nullable SimViolation first;
    private long stalledNanos;

    Referee(SimWorld world, SimOptions options) {
        this.world = world;
        this.options = options;
    }

    void rules(List<Rule> all) {
        rules = all;
    }

    /** Throws, now and from {@link #check}. */
    SimViolation broken(String rule, String what) {
        var violation = new SimViolation(rule, what, world.nanos(), options);
        if (first == null) {
            first = violation;
        }
        throw violation;
    }

    /** The same for something that the library, or the simulation itself, threw. */
    SimViolation threw(RuntimeException thrown) {
        return first != null
                ? first
                : new SimViolation("nothing throws", thrown.toString(), world.nanos(), options, thrown);
    }

    boolean failed() {
        return first != null;
    }

    void check() {
        if (first != null) {
            throw first;
        }
    }

    /** A part of the machine that the library cannot do without stands still for {@code nanos} from now on. */
    void stall(long nanos) {
        stalledNanos += nanos;
    }

    /** Such a part stood still for {@code nanos} up to this moment. */
    void stoodStill(long nanos) {
        stalledNanos += nanos;
    }

    /** How long it has stood still so far: what bounds may be passed by. */
    long stalledNanos() {
        return stalledNanos;
    }

    /** Runs what the library calls, and keeps what that throws: the library would log it and go on. */
    void guard(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException thrown) {
            first = threw(thrown);
        }
    }

    void began(ClientRequest request) {
        rules.forEach(rule -> rule.began(request));
    }

    void returned(ClientRequest request) {
        rules.forEach(rule -> rule.returned(request));
    }

    void submitted(Route route, SimAttempt attempt, @Nullable ClientRequest request) {
        rules.forEach(rule -> rule.submitted(route, attempt, request));
    }

    void landed(Unit unit, SimDisk.Execution execution, byte[] data) {
        rules.forEach(rule -> rule.landed(unit, execution, data));
    }

    void ended(ClientRequest request) {
        rules.forEach(rule -> rule.ended(request));
    }

    void released(ClientRequest request) {
        rules.forEach(rule -> rule.released(request));
    }

    void told(MultipathEvent event) {
        rules.forEach(rule -> rule.told(event));
    }

    void drained() {
        rules.forEach(Rule::drained);
    }

    void closed() {
        rules.forEach(Rule::closed);
    }
}
