package io.mpath.nvme.ana;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.nvme.ana.AnaWorld.Path;
import io.mpath.nvme.command.AnaGroup;
import io.mpath.nvme.command.AnaState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a monitor, with the rules that hold whatever it is.
 *
 * <p>At each report: a usable state is what the last log says, and that was read after the path's last error and in the
 * present life of the controller. A path is said to be known once, after its first state. Only one look is under way. When all has
 * come to rest: each path is what the log says, or nothing is usable.
 */
final class AnaHistory {
    static final int NAMESPACES = 6;

    private final AnaWorld ana;
    private final Map<Long, Path> members = new LinkedHashMap<>();
    // How many reads had begun when what they found last ceased to count, for all and for each.
    private final Map<Path, Integer> doubtedAfter = new LinkedHashMap<>();
    private int lostAfter;
    private boolean live;

    AnaHistory(AnaWorld ana) {
        this.ana = ana;
    }

    enum Kind {
        PUT,
        UNLIST,
        BREAK,
        MEND,
        ADD,
        REMOVE,
        ERROR,
        CHANGED,
        LIVE,
        NOT_LIVE,
        HOLD_LOOKS,
        RELEASE_LOOKS,
        HOLD_ANSWERS,
        RELEASE_ANSWERS,
        HOLD_CLIENT,
        RELEASE_CLIENT,
        SETTLE,
        MOMENT,
        SECONDS
    }

    /** One thing that happens; not each kind has a use for each part. */
    record Step(Kind kind, long nsid, long group, AnaState state) {}

    void step(Step step) {
        switch (step.kind()) {
            case PUT -> ana.controller.put(step.group(), step.state(), step.nsid());
            case UNLIST -> ana.controller.unlist(step.nsid());
            case BREAK -> ana.controller.broken = "no answer";
            case MEND -> ana.controller.broken = null;
            case ADD -> ana.onLoop(() -> members.computeIfAbsent(step.nsid(), this::added));
            case REMOVE -> ana.onLoop(() -> removed(members.remove(step.nsid())));
            case ERROR -> ana.world.thread("client").execute(() -> error(members.get(step.nsid())));
            case CHANGED -> ana.world.thread("events").execute(ana.monitor::changed);
            case LIVE -> ana.onLoop(this::becameLive);
            case NOT_LIVE -> ana.onLoop(this::ceasedToBeLive);
            case HOLD_LOOKS -> ana.world.blocking().hold();
            case RELEASE_LOOKS -> ana.world.blocking().release();
            case HOLD_ANSWERS -> ana.world.blocking().holdMessages();
            case RELEASE_ANSWERS -> ana.world.blocking().releaseMessages();
            case HOLD_CLIENT -> ana.world.thread("client").holdMessages();
            case RELEASE_CLIENT -> ana.world.thread("client").releaseMessages();
            case SETTLE -> ana.settle();
            case MOMENT -> ana.pass(Duration.ofMillis(70));
            case SECONDS -> ana.pass(Duration.ofSeconds(3));
        }
        assertThat(ana.world.blocking().pending()).as("looks at once").isLessThanOrEqualTo(1);
    }

    Path member(long nsid) {
        Path path = members.get(nsid);
        assertThat(path).isNotNull();
        return path;
    }

    private Path added(long nsid) {
        var path = ana.new Path(nsid);
        path.whenReported = () -> checkReport(path);
        path.whenKnown = () -> {
            assertThat(path.known).isEqualTo(1);
            assertThat(path.reports).isNotEmpty();
        };
        ana.monitor.add(path);
        return path;
    }

    private void removed(@Nullable Path path) {
        if (path != null) {
            ana.monitor.remove(path);
            path.removed = true;
        }
    }

    private void error(@Nullable Path path) {
        if (path != null) {
            doubtedAfter.put(path, ana.controller.history.size());
            path.error();
            assertThat(path.state()).isEqualTo(AccessState.UNKNOWN);
        }
    }

    private void becameLive() {
        live = true;
        ana.monitor.live();
    }

    private void ceasedToBeLive() {
        live = false;
        lostAfter = ana.controller.history.size();
        ana.monitor.notLive();
        assertThat(members.values()).noneMatch(Path::usable);
    }

    private void checkReport(Path path) {
        assertThat(path.removed).as("reported of after it was removed").isFalse();
        if (!path.state().usable()) {
            return;
        }
        int read = ana.controller.history.size() - 1;
        assertThat(live).isTrue();
        assertThat(read)
                .as("the last read, after the last error")
                .isGreaterThanOrEqualTo(doubtedAfter.getOrDefault(path, 0));
        assertThat(read).as("the last read, in this life").isGreaterThanOrEqualTo(lostAfter);
        assertThat(ana.controller.history.get(read).groups())
                .filteredOn(group -> group.namespaces().contains(path.nsid()))
                .extracting(AnaGroup::state)
                .containsExactly(path.state() == AccessState.OPTIMIZED ? AnaState.OPTIMIZED : AnaState.NON_OPTIMIZED);
    }

    /** Everything that was held goes on, and the log can be read and changes no more. */
    void finish() {
        List.of(Kind.MEND, Kind.RELEASE_LOOKS, Kind.RELEASE_ANSWERS, Kind.RELEASE_CLIENT, Kind.CHANGED, Kind.SETTLE)
                .forEach(kind -> step(new Step(kind, 1, 1, AnaState.CHANGE)));
        members.values().forEach(path -> checkAtRest(path, false));

        ana.pass(Duration.ofSeconds(3 * AnaWorld.ANATT_SECONDS));
        members.values().forEach(path -> checkAtRest(path, true));

        List.copyOf(members.values()).forEach(path -> ana.onLoop(() -> removed(path)));
        ana.settle();
        int looks = ana.controller.reads + ana.controller.headers;
        ana.pass(Duration.ofMinutes(1));
        assertThat(ana.timersPending()).isZero();
        assertThat(ana.controller.reads + ana.controller.headers).isEqualTo(looks);
    }

    private void checkAtRest(Path path, boolean late) {
        if (!live) {
            assertThat(path.usable()).isFalse();
            return;
        }
        AnaState state = ana.controller.stateOf(path.nsid());
        assertThat(path.known).as("namespace %d", path.nsid()).isEqualTo(1);
        if (state == AnaState.CHANGE && !late) {
            assertThat(path.state()).isIn(AccessState.TRANSITIONING, AccessState.UNAVAILABLE);
        } else {
            assertThat(path.state())
                    .as("namespace %d in %s", path.nsid(), state)
                    .isEqualTo(atRest(state));
        }
    }

    private static AccessState atRest(@Nullable AnaState state) {
        if (state == null) {
            return AccessState.UNKNOWN;
        }
        return switch (state) {
            case OPTIMIZED -> AccessState.OPTIMIZED;
            case NON_OPTIMIZED -> AccessState.NON_OPTIMIZED;
            case INACCESSIBLE, CHANGE -> AccessState.UNAVAILABLE;
            case PERSISTENT_LOSS -> AccessState.PERSISTENT_LOSS;
        };
    }
}
