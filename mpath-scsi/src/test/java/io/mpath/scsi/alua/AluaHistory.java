package io.mpath.scsi.alua;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.scsi.alua.AluaWorld.Group;
import io.mpath.scsi.alua.AluaWorld.Path;
import io.mpath.scsi.alua.AluaWorld.Unit;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.HostByte;
import io.mpath.scsi.command.SenseData;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a monitor, with the rules that hold whatever it is.
 *
 * <p>At each report: a usable state is what the last answer says, and that was asked for after what last put the path in
 * doubt. A path is said to be known once, after its first state. Only one look is under way. When all has come to rest: each path
 * is what the logical unit says.
 */
final class AluaHistory {
    static final int PATHS = 4;
    static final int GROUPS = 3;

    private final AluaWorld alua;
    private final Unit unit;
    private final Map<Integer, Path> members = new LinkedHashMap<>();
    // How many answers there had been when the older ones ceased to count.
    private final Map<Path, Integer> doubtedAfter = new LinkedHashMap<>();

    AluaHistory(AluaWorld alua, Unit unit) {
        this.alua = alua;
        this.unit = unit;
    }

    enum Kind {
        PUT,
        UNLIST,
        BREAK,
        MEND,
        NONSENSE,
        SENSIBLE,
        SILENT_WHILE_TRANSITIONING,
        ADD,
        REMOVE,
        STANDBY,
        TRANSITION,
        RESET,
        CHANGED,
        NEXUS_LIVE,
        NEXUS_NOT_LIVE,
        MOVE,
        HOLD_LOOKS,
        RELEASE_LOOKS,
        HOLD_ANSWERS,
        RELEASE_ANSWERS,
        HOLD_CLIENT,
        RELEASE_CLIENT,
        SETTLE,
        MOMENT,
        SECONDS,
        MINUTE
    }

    /** One thing that happens; not each kind has a use for each part. */
    record Step(Kind kind, int path, int group, AluaState state) {}

    void step(Step step) {
        switch (step.kind()) {
            case PUT -> unit.put(step.group(), step.state());
            case UNLIST -> unit.groups.remove(step.group());
            case BREAK -> with(step, path -> path.broken = HostByte.DID_NO_CONNECT);
            case MEND -> with(step, path -> path.broken = null);
            case NONSENSE -> unit.nonsense = ByteBuffer.allocate(3);
            case SENSIBLE -> unit.nonsense = null;
            case SILENT_WHILE_TRANSITIONING ->
                with(step, path -> path.script.add(AluaWorld.ended(AluaWorld.TRANSITION)));
            case ADD -> alua.onLoop(() -> members.computeIfAbsent(step.path(), at -> added(at, step.group())));
            case REMOVE -> alua.onLoop(() -> removed(members.remove(step.path())));
            case STANDBY -> onClient(step, path -> standby(path));
            case TRANSITION -> onClient(step, path -> transition(path));
            case RESET -> onClient(step, path -> path.sense(AluaWorld.RESET));
            case CHANGED -> alua.world.thread("events").execute(unit.monitor::changed);
            case NEXUS_LIVE -> alua.onLoop(() -> with(step, this::nexusLive));
            case NEXUS_NOT_LIVE -> alua.onLoop(() -> with(step, this::nexusNotLive));
            case MOVE -> alua.onLoop(() -> with(step, path -> move(path, step.group())));
            case HOLD_LOOKS -> alua.world.blocking().hold();
            case RELEASE_LOOKS -> alua.world.blocking().release();
            case HOLD_ANSWERS -> alua.world.blocking().holdMessages();
            case RELEASE_ANSWERS -> alua.world.blocking().releaseMessages();
            case HOLD_CLIENT -> alua.world.thread("client").holdMessages();
            case RELEASE_CLIENT -> alua.world.thread("client").releaseMessages();
            case SETTLE -> alua.settle();
            case MOMENT -> alua.pass(Duration.ofMillis(70));
            case SECONDS -> alua.pass(Duration.ofSeconds(3));
            case MINUTE -> alua.pass(Duration.ofMinutes(1));
        }
        assertThat(alua.mostLooking).as("looks at once").isLessThanOrEqualTo(1);
    }

    private interface Event {
        void happen(Path path);
    }

    private void with(Step step, Event event) {
        Path path = members.get(step.path());
        if (path != null) {
            event.happen(path);
        }
    }

    private void onClient(Step step, Event event) {
        alua.world.thread("client").execute(() -> with(step, event));
    }

    Path member(int at) {
        Path path = members.get(at);
        assertThat(path).isNotNull();
        return path;
    }

    private Path added(int at, int group) {
        Path path = alua.new Path(unit, "p" + at, group);
        path.whenReported = () -> checkReport(path);
        path.whenKnown = () -> {
            assertThat(path.known).isEqualTo(1);
            assertThat(path.reports).isNotEmpty();
        };
        unit.monitor.add(path);
        return path;
    }

    private void removed(@Nullable Path path) {
        if (path != null) {
            unit.monitor.remove(path);
            path.removed = true;
        }
    }

    private void standby(Path path) {
        doubtedAfter.put(path, unit.history.size());
        AccessState before = path.state();
        path.sense(AluaWorld.STANDBY);
        assertThat(path.state())
                .isIn(AccessState.UNKNOWN, before == AccessState.STANDBY ? before : AccessState.UNKNOWN);
    }

    private void transition(Path path) {
        List<Path> group = members.values().stream()
                .filter(each -> each.group == path.group)
                .toList();
        group.forEach(each -> doubtedAfter.put(each, unit.history.size()));
        SenseData sense = unit.history.size() % 2 == 0 ? AluaWorld.TRANSITION : AluaWorld.TRANSITION_ATTENTION;
        path.sense(sense);
        assertThat(group)
                .allMatch(each -> each.state() == AccessState.TRANSITIONING || each.state() == AccessState.STANDBY);
    }

    private void nexusLive(Path path) {
        doubtedAfter.put(path, unit.history.size());
        path.live = true;
        unit.monitor.nexusLive(path);
        assertThat(path.usable()).isFalse();
    }

    private void nexusNotLive(Path path) {
        path.live = false;
        unit.monitor.nexusNotLive(path);
    }

    private void move(Path path, int group) {
        if (path.group != group) {
            doubtedAfter.put(path, unit.history.size());
        }
        path.group = group;
        unit.monitor.described(path);
    }

    private void checkReport(Path path) {
        assertThat(path.removed).as("reported of after it was removed").isFalse();
        if (!path.state().usable()) {
            return;
        }
        int answer = unit.history.size() - 1;
        assertThat(answer).as("the last answer").isGreaterThanOrEqualTo(doubtedAfter.getOrDefault(path, 0));
        AluaState told = unit.history.get(answer).get(path.group);
        assertThat(told)
                .as("what it tells")
                .isIn(AluaState.OPTIMIZED, AluaState.NON_OPTIMIZED, AluaState.LBA_DEPENDENT);
        assertThat(path.state() == AccessState.OPTIMIZED).isEqualTo(told == AluaState.OPTIMIZED);
    }

    /** Everything that was held goes on, and the logical unit can be asked and changes no more. */
    void finish() {
        for (int at = 1; at <= PATHS; at++) {
            step(new Step(Kind.MEND, at, 1, AluaState.STANDBY));
            step(new Step(Kind.NEXUS_LIVE, at, 1, AluaState.STANDBY));
            Path path = members.get(at);
            if (path != null) {
                path.script.clear();
            }
        }
        List.of(
                        Kind.SENSIBLE,
                        Kind.RELEASE_LOOKS,
                        Kind.RELEASE_ANSWERS,
                        Kind.RELEASE_CLIENT,
                        Kind.CHANGED,
                        Kind.SETTLE,
                        Kind.SECONDS)
                .forEach(kind -> step(new Step(kind, 1, 1, AluaState.STANDBY)));
        checkAllAtRest();
        step(new Step(Kind.MINUTE, 1, 1, AluaState.STANDBY));
        members.values().forEach(path -> checkAtRest(path, true));

        List.copyOf(members.values()).forEach(path -> alua.onLoop(() -> removed(path)));
        alua.settle();
        int commands = unit.commands.size();
        alua.pass(Duration.ofMinutes(2));
        assertThat(alua.timersPending()).isZero();
        assertThat(unit.commands).hasSize(commands);
    }

    void checkAllAtRest() {
        members.values().forEach(path -> checkAtRest(path, false));
    }

    private void checkAtRest(Path path, boolean late) {
        Group group = unit.groups.get(path.group);
        assertThat(path.known).as("%s", path).isEqualTo(1);
        if (group != null && group.state == AluaState.TRANSITIONING && !late) {
            assertThat(path.state()).isIn(AccessState.TRANSITIONING, AccessState.STANDBY);
        } else {
            assertThat(path.state()).as("%s in group %d", path, path.group).isEqualTo(atRest(group));
        }
    }

    private static AccessState atRest(@Nullable Group group) {
        if (group == null) {
            return AccessState.UNKNOWN;
        }
        return switch (group.state) {
            case OPTIMIZED -> AccessState.OPTIMIZED;
            case NON_OPTIMIZED, LBA_DEPENDENT -> AccessState.NON_OPTIMIZED;
            case STANDBY, TRANSITIONING -> AccessState.STANDBY;
            case UNAVAILABLE -> AccessState.UNAVAILABLE;
            case OFFLINE -> AccessState.OFFLINE;
        };
    }
}
