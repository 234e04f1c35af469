package io.mpath.observe;

import io.mpath.observe.MultipathEvent.AccessStateChanged;
import io.mpath.observe.MultipathEvent.DeviceEvent;
import io.mpath.observe.MultipathEvent.DeviceStateChanged;
import io.mpath.observe.MultipathEvent.LivenessChanged;
import io.mpath.observe.MultipathEvent.PathEvent;
import io.mpath.observe.MultipathEvent.PathFailed;
import io.mpath.observe.MultipathEvent.PathUsable;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Turns events into events of the JDK Flight Recorder, in the category {@code mpath}: {@code mpath.PathFailed}, {@code
 * mpath.PathUsable}, {@code mpath.PathState} (access state and liveness), {@code mpath.DeviceState}, and {@code
 * mpath.Notice} for all others. Every one has the line that {@link MultipathEvent}'s {@code toString} gives; where
 * nothing records, only an object is made.
 *
 * <p>Use: {@code multipath.listen(new JfrEvents())}. Needs the module {@code jdk.jfr}, which the library does not
 * require otherwise.
 *
 * <p>Threading: stateless.
 */
public final class JfrEvents implements MultipathListener {
    /** A listener; several of them record each event several times. */
    public JfrEvents() {}

    @Override
    public void onEvent(MultipathEvent event) {
        Recorded recorded = typed(event);
        if (!recorded.shouldCommit()) {
            return;
        }
        recorded.atNanos = event.atNanos();
        recorded.device = event instanceof DeviceEvent of ? of.device().toString() : "";
        recorded.line = event.toString();
        recorded.commit();
    }

    private static Recorded typed(MultipathEvent event) {
        if (event instanceof PathFailed failed) {
            return new PathFailedRecorded(failed);
        }
        if (event instanceof PathUsable usable) {
            return new PathUsableRecorded(usable);
        }
        if (event instanceof AccessStateChanged changed) {
            return new PathStateRecorded(changed, "access_state", changed.from(), changed.to());
        }
        if (event instanceof LivenessChanged changed) {
            return new PathStateRecorded(changed, "liveness", changed.from(), changed.to());
        }
        if (event instanceof DeviceStateChanged changed) {
            return new DeviceStateRecorded(changed);
        }
        return new NoticeRecorded(event);
    }

    /** What all have in common. */
    @Category("mpath")
    @StackTrace(false)
    abstract static class Recorded extends Event {
        @Label("Registry Time")
        @Description("Nanoseconds of the registry's ticker when the control loop made the change")
        long atNanos;

        @Label("Device")
        String device = "";

        @Label("Line")
        String line = "";
    }

    @Name("mpath.PathFailed")
    @Label("Path Failed")
    static final class PathFailedRecorded extends Recorded {
        @Label("Path")
        final String path;

        @Label("Cause")
        final String cause;

        @Label("Failures")
        final long failures;

        PathFailedRecorded(PathFailed event) {
            path = event.path();
            cause = event.cause();
            failures = event.failures();
        }
    }

    @Name("mpath.PathUsable")
    @Label("Path Usable")
    static final class PathUsableRecorded extends Recorded {
        @Label("Path")
        final String path;

        @Label("Usable")
        final boolean usable;

        @Label("Reason")
        final String reason;

        PathUsableRecorded(PathUsable event) {
            path = event.path();
            usable = event.usable();
            reason = event.reason();
        }
    }

    @Name("mpath.PathState")
    @Label("Path State")
    static final class PathStateRecorded extends Recorded {
        @Label("Path")
        final String path;

        @Label("Kind")
        final String kind;

        @Label("From")
        final String from;

        @Label("To")
        final String to;

        PathStateRecorded(PathEvent event, String kind, Enum<?> from, Enum<?> to) {
            this.path = event.path();
            this.kind = kind;
            this.from = from.toString();
            this.to = to.toString();
        }
    }

    @Name("mpath.DeviceState")
    @Label("Device State")
    static final class DeviceStateRecorded extends Recorded {
        @Label("From")
        final String from;

        @Label("To")
        final String to;

        DeviceStateRecorded(DeviceStateChanged event) {
            from = event.from().toString();
            to = event.to().toString();
        }
    }

    @Name("mpath.Notice")
    @Label("Notice")
    static final class NoticeRecorded extends Recorded {
        @Label("Kind")
        final String kind;

        NoticeRecorded(MultipathEvent event) {
            kind = event.getClass().getSimpleName();
        }
    }
}
