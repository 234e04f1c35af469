package io.mpath.internal.device;

import io.mpath.Environment;
import io.mpath.MultipathException;
import io.mpath.Timers;
import io.mpath.observe.MultipathEvent;
import io.mpath.path.PathDescription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a path said that it leads to, and the asking anew: when it comes back it is not used before it has answered, and said
 * the same; otherwise it is used as before until it answers. It is asked when its turn among the paths of its port comes. Used on the
 * control loop only; the asking itself blocks elsewhere.
 */
final class Description {
    private static final long FIRST_RETRY_NANOS = 1_000_000_000L;
    private static final long LONGEST_RETRY_NANOS = 30_000_000_000L;

    private final PathRecord record;
    private final Environment environment;
    private PathDescription known;
    private String problem = "";
    private boolean elsewhere;
    private boolean inDoubt;
    private boolean waiting;
    private boolean waitingInFront;
    private boolean asking;
    private boolean askAgain;
    private boolean silent;
    private long retryNanos = FIRST_RETRY_NANOS;
    private Timers.@Nullable Timer retry;

    Description(PathRecord record, Environment environment, PathDescription known) {
        this.record = record;
        this.environment = environment;
        this.known = known;
    }

    PathDescription known() {
        return known;
    }

    /** Why the path must not be used until it has said again what it leads to, or empty. */
    String problem() {
        return problem;
    }

    /** Whether it said that it leads to another logical unit. */
    boolean leadsElsewhere() {
        return elsewhere;
    }

    /** Whether it did not answer when it was asked last. */
    boolean silent() {
        return silent;
    }

    /** Whether it is being asked, or will be when its turn comes. */
    boolean asking() {
        return waiting || asking;
    }

    /** Whether it waits for its turn. */
    boolean waiting() {
        return waiting;
    }

    /** Whether the path is asked because it was doubted while it was there. */
    boolean inDoubt() {
        return inDoubt;
    }

    void doubt() {
        inDoubt = true;
        cameBack();
    }

    void cameBack() {
        keepOut();
        ask();
    }

    /** It is not used until it has answered. */
    void keepOut() {
        problem = "its identity is being checked";
    }

    /** Has it asked when its turn comes; once more, when it is being asked now. */
    void ask() {
        cancelRetry();
        if (asking) {
            askAgain = true;
            return;
        }
        boolean keptOut = !problem.isEmpty();
        if (!waiting || (keptOut && !waitingInFront)) {
            waiting = true;
            waitingInFront = keptOut;
            record.port().descriptions().add(this, keptOut);
        }
    }

    /** Its turn has come. */
    void begin() {
        waiting = false;
        asking = true;
        environment.blocking().execute(this::describe);
    }

    private void describe() {
        PathDescription answer = null;
        String failure = "";
        try {
            answer = record.path().describe();
        } catch (Throwable t) {
            failure = "could not be described: " + (t instanceof MultipathException ? t.getMessage() : t);
        }
        PathDescription said = answer;
        String why = failure;
        environment.loop().execute(() -> answered(said, why));
    }

    private void answered(@Nullable PathDescription answer, String failure) {
        asking = false;
        record.port().descriptions().over(answer != null);
        if (record.removed()) {
            return;
        }
        if (askAgain) {
            askAgain = false;
            isolateIfElsewhere(answer);
            ask();
            return;
        }
        silent = answer == null;
        if (answer == null) {
            if (!problem.isEmpty()) {
                problem = failure;
            }
            retry = environment.timers().schedule(retryNanos, this::ask);
            retryNanos = Math.min(2 * retryNanos, LONGEST_RETRY_NANOS);
        } else {
            retryNanos = FIRST_RETRY_NANOS;
            accept(answer);
        }
        record.device().described(record);
    }

    private void accept(PathDescription answer) {
        Optional<String> contradiction = record.device().contradiction(answer);
        inDoubt = false;
        if (contradiction.isPresent()) {
            isolate(contradiction.get());
        } else {
            elsewhere = false;
            problem = "";
            known = answer;
            record.device().learn(answer);
        }
    }

    /**
     * An answer that is not the last one, since something was reported while it was given, frees a path of no doubt. But one that
     * names another unit counts: the next answer may never come, and until then the path would be used.
     */
    private void isolateIfElsewhere(@Nullable PathDescription answer) {
        DeviceControl device = record.device();
        if (answer != null && !elsewhere) {
            device.contradiction(answer).ifPresent(contradiction -> {
                isolate(contradiction);
                device.described(record);
            });
        }
    }

    private void isolate(String contradiction) {
        elsewhere = true;
        problem = contradiction;
        DeviceControl device = record.device();
        device.emit(new MultipathEvent.PathMismatch(device.now(), device.id(), record.name(), problem));
    }

    /** It is asked no more. */
    void cancel() {
        waiting = false;
        cancelRetry();
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }
}
