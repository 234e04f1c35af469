package io.mpath.sim;

import io.mpath.DeviceState;
import io.mpath.observe.MultipathEvent;
import io.mpath.observe.MultipathEvent.DeviceStateChanged;
import io.mpath.observe.MultipathEvent.RemovalDelayed;
import io.mpath.observe.MultipathEvent.WritesHeld;
import io.mpath.observe.MultipathEvent.WritesReleased;
import java.util.HashMap;
import java.util.Map;

/** Counts the passages that events tell of; there is nothing that it forbids. */
final class ToldPassages implements Rule {
    private final SimCoverage coverage;
    private final Map<String, WritesHeld> holds = new HashMap<>();

    ToldPassages(SimCoverage coverage) {
        this.coverage = coverage;
    }

    @Override
    public void told(MultipathEvent event) {
        if (event instanceof RemovalDelayed) {
            coverage.count(Passage.REMOVAL_DELAYED.toString());
        } else if (event instanceof DeviceStateChanged change) {
            if (change.from() == DeviceState.REMOVING && change.to() != DeviceState.CLOSED) {
                coverage.count(Passage.RETURN_BEFORE_REMOVAL.toString());
            }
        } else if (event instanceof WritesHeld held) {
            holds.put(held.device() + " " + held.path(), held);
        } else if (event instanceof WritesReleased released) {
            WritesHeld held = holds.remove(released.device() + " " + released.path());
            if (held != null) {
                released(released, held);
            }
        }
    }

    private void released(WritesReleased released, WritesHeld held) {
        coverage.count(Passage.HELD_UNTIL_ITS_DEADLINE.toString(), released.ended());
        boolean byTime = released.atNanos() - held.atNanos() >= held.holdNanos();
        Passage passage = byTime ? Passage.HELD_UNTIL_FENCED_BY_TIME : Passage.HELD_UNTIL_FENCED_BY_REPORT;
        coverage.count(passage.toString(), released.replayed());
    }
}
