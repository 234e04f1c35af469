package io.mpath.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Liveness;
import io.mpath.observe.MultipathEvent.AccessStateChanged;
import io.mpath.observe.MultipathEvent.DeviceStateChanged;
import io.mpath.observe.MultipathEvent.LivenessChanged;
import io.mpath.observe.MultipathEvent.PathFailed;
import io.mpath.observe.MultipathEvent.PathLeftOut;
import io.mpath.observe.MultipathEvent.PathUsable;
import io.mpath.observe.MultipathEvent.Requeueing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JfrEventsTest {
    private static final DeviceId DEVICE = DeviceId.named("d");

    @TempDir
    Path directory;

    @Test
    void failedPathIsRecordedWithItsCause() throws IOException {
        RecordedEvent event = recorded(new PathFailed(17, DEVICE, "p", "connection lost", 3));

        assertThat(event.getEventType().getName()).isEqualTo("mpath.PathFailed");
        assertThat(event.getEventType().getCategoryNames()).containsExactly("mpath");
        assertThat(event.getLong("atNanos")).isEqualTo(17);
        assertThat(event.getString("device")).isEqualTo("name.d");
        assertThat(event.getString("line")).isEqualTo("name.d: path p failed (3): connection lost");
        assertThat(event.getString("path")).isEqualTo("p");
        assertThat(event.getString("cause")).isEqualTo("connection lost");
        assertThat(event.getLong("failures")).isEqualTo(3);
        assertThat(event.getStackTrace()).isNull();
    }

    @Test
    void pathThatBecameUnusableIsRecordedWithTheReason() throws IOException {
        RecordedEvent event = recorded(new PathUsable(1, DEVICE, "p", false, "standby"));

        assertThat(event.getEventType().getName()).isEqualTo("mpath.PathUsable");
        assertThat(event.getBoolean("usable")).isFalse();
        assertThat(event.getString("reason")).isEqualTo("standby");
    }

    @Test
    void accessStateAndLivenessAreRecordedAsChangesOfOnePath() throws IOException {
        List<RecordedEvent> events = record(
                new AccessStateChanged(1, DEVICE, "p", AccessState.OPTIMIZED, AccessState.STANDBY),
                new LivenessChanged(2, DEVICE, "p", Liveness.LIVE, Liveness.DEAD));

        assertThat(events).extracting(event -> event.getEventType().getName()).containsOnly("mpath.PathState");
        assertThat(events)
                .extracting(
                        event -> event.getString("kind") + " " + event.getString("from") + " " + event.getString("to"))
                .containsExactly("access_state optimized standby", "liveness live dead");
    }

    @Test
    void deviceStateIsRecordedAsAChange() throws IOException {
        RecordedEvent event = recorded(new DeviceStateChanged(1, DEVICE, DeviceState.LIVE, DeviceState.WAITING));

        assertThat(event.getEventType().getName()).isEqualTo("mpath.DeviceState");
        assertThat(event.getString("from")).isEqualTo("live");
        assertThat(event.getString("to")).isEqualTo("waiting");
    }

    @Test
    void anythingElseIsANoticeOfItsKind() throws IOException {
        List<RecordedEvent> events = record(new Requeueing(1, DEVICE), new PathLeftOut(2, "/dev/vda", "no identifier"));

        assertThat(events).extracting(event -> event.getEventType().getName()).containsOnly("mpath.Notice");
        assertThat(events).extracting(event -> event.getString("kind")).containsExactly("Requeueing", "PathLeftOut");
        assertThat(events).extracting(event -> event.getString("device")).containsExactly("name.d", "");
    }

    @Test
    void eventOfAKindThatIsSwitchedOffIsNotRecorded() throws IOException {
        try (Recording recording = new Recording()) {
            recording.disable("mpath.PathFailed");
            recording.start();
            new JfrEvents().onEvent(new PathFailed(1, DEVICE, "p", "cause", 1));
            new JfrEvents().onEvent(new Requeueing(2, DEVICE));

            assertThat(eventsOf(recording))
                    .extracting(event -> event.getString("kind"))
                    .containsExactly("Requeueing");
        }
    }

    private RecordedEvent recorded(MultipathEvent event) throws IOException {
        List<RecordedEvent> events = record(event);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private List<RecordedEvent> record(MultipathEvent... events) throws IOException {
        try (Recording recording = new Recording()) {
            recording.start();
            JfrEvents listener = new JfrEvents();
            for (MultipathEvent event : events) {
                listener.onEvent(event);
            }
            return eventsOf(recording);
        }
    }

    private List<RecordedEvent> eventsOf(Recording recording) throws IOException {
        recording.stop();
        Path file = directory.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("mpath."))
                .toList();
    }
}
