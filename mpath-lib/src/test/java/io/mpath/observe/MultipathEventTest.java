package io.mpath.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import io.mpath.AccessState;
import io.mpath.DeviceId;
import io.mpath.DeviceState;
import io.mpath.Liveness;
import io.mpath.observe.MultipathEvent.AccessStateChanged;
import io.mpath.observe.MultipathEvent.AcknowledgedWriteLost;
import io.mpath.observe.MultipathEvent.AttributeChanged;
import io.mpath.observe.MultipathEvent.DeviceAdded;
import io.mpath.observe.MultipathEvent.DeviceRemoved;
import io.mpath.observe.MultipathEvent.DeviceResized;
import io.mpath.observe.MultipathEvent.DeviceStateChanged;
import io.mpath.observe.MultipathEvent.FlushIncomplete;
import io.mpath.observe.MultipathEvent.LivenessChanged;
import io.mpath.observe.MultipathEvent.NoPathLeft;
import io.mpath.observe.MultipathEvent.PathAdded;
import io.mpath.observe.MultipathEvent.PathCheckOverdue;
import io.mpath.observe.MultipathEvent.PathFailed;
import io.mpath.observe.MultipathEvent.PathFenced;
import io.mpath.observe.MultipathEvent.PathLeftOut;
import io.mpath.observe.MultipathEvent.PathMarginal;
import io.mpath.observe.MultipathEvent.PathMisbehaved;
import io.mpath.observe.MultipathEvent.PathMismatch;
import io.mpath.observe.MultipathEvent.PathRemoved;
import io.mpath.observe.MultipathEvent.PathUsable;
import io.mpath.observe.MultipathEvent.RegistrationLost;
import io.mpath.observe.MultipathEvent.RemovalDelayed;
import io.mpath.observe.MultipathEvent.Requeueing;
import io.mpath.observe.MultipathEvent.ReservationLost;
import io.mpath.observe.MultipathEvent.WritesHeld;
import io.mpath.observe.MultipathEvent.WritesReleased;
import io.mpath.reservation.ReservationKey;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MultipathEventTest {
    private static final DeviceId DEVICE = DeviceId.named("d");

    @ParameterizedTest
    @MethodSource("lines")
    void everyEventIsOneLineThatNamesWhatItIsAbout(MultipathEvent event, String line) {
        assertThat(event).hasToString(line);
    }

    @Test
    void noEventIsMissingFromTheLinesAbove() {
        assertThat(lines().map(line -> kind(line.get()[0])))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(MultipathEvent.class.getDeclaredClasses())
                        .filter(Class::isRecord)
                        .map(Class::getSimpleName)
                        .toList());
    }

    @Test
    void causeFromADeviceStaysOnTheLine() {
        assertThat(new PathFailed(1, DEVICE, "p", "sense\n\u001b[31m", 1))
                .hasToString("name.d: path p failed (1): sense\\u000a\\u001b[31m");
    }

    private static Stream<Arguments> lines() {
        return Stream.of(
                row(new DeviceAdded(1, DEVICE), "name.d: device added"),
                row(new DeviceRemoved(1, DEVICE, "closed"), "name.d: device removed: closed"),
                row(
                        new DeviceStateChanged(1, DEVICE, DeviceState.LIVE, DeviceState.WAITING),
                        "name.d: state live -> waiting"),
                row(new DeviceResized(1, DEVICE, 512, 1024), "name.d: size 512 -> 1024 bytes"),
                row(
                        new AttributeChanged(1, DEVICE, "policy", "numa", "round-robin"),
                        "name.d: policy numa -> round-robin"),
                row(new RemovalDelayed(1, DEVICE, 30_000_000_000L), "name.d: last path gone, device removed in PT30S"),
                row(new Requeueing(1, DEVICE), "name.d: no usable path, requests wait"),
                row(
                        new WritesHeld(1, DEVICE, "p", 15_000_000_000L),
                        "name.d: path p lost writes, held until it is fenced, PT15S at most"),
                row(
                        new WritesReleased(1, DEVICE, "p", 3, 1),
                        "name.d: path p has no lost write held any longer: 3 sent again, 1 ended unknown"),
                row(
                        new PathFenced(1, DEVICE, "p", "q", new ReservationKey(0xa0001)),
                        "name.d: path p fenced by reservation through q, key 0xa0001 preempted"),
                row(
                        new AcknowledgedWriteLost(1, DEVICE, "p", "deferred sense 03/0C/00 write error"),
                        "name.d: path p tells that a write it had acknowledged failed after all: deferred sense 03/0C/00 write"
                                + " error"),
                row(
                        new FlushIncomplete(1, DEVICE, "a, b"),
                        "name.d: flushed, but not through a, b, which cannot be reached: what was written there may not be"
                                + " durable"),
                row(new NoPathLeft(1, DEVICE, "all dead"), "name.d: no available path, requests fail: all dead"),
                row(
                        new RegistrationLost(1, DEVICE, new ReservationKey(0xa), "another host removed it"),
                        "name.d: registration with key 0xa lost: another host removed it"),
                row(
                        new ReservationLost(1, DEVICE, new ReservationKey(0xa), "nothing is reserved"),
                        "name.d: reservation of key 0xa lost: nothing is reserved"),
                row(new PathLeftOut(1, "/dev/vda", "no identifier"), "path /dev/vda left out: no identifier"),
                row(new PathAdded(1, DEVICE, "p"), "name.d: path p added"),
                row(new PathRemoved(1, DEVICE, "p", "unplugged"), "name.d: path p removed: unplugged"),
                row(new PathUsable(1, DEVICE, "p", true, ""), "name.d: path p usable"),
                row(
                        new AccessStateChanged(1, DEVICE, "p", AccessState.OPTIMIZED, AccessState.STANDBY),
                        "name.d: path p access state optimized -> standby"),
                row(
                        new LivenessChanged(1, DEVICE, "p", Liveness.LIVE, Liveness.RESETTING),
                        "name.d: path p liveness live -> resetting"),
                row(
                        new PathMismatch(1, DEVICE, "p", "its serial differs"),
                        "name.d: path p contradicts the device and is not used: its serial differs"),
                row(new PathFailed(1, DEVICE, "p", "connection lost", 3), "name.d: path p failed (3): connection lost"),
                row(new PathMarginal(1, DEVICE, "p", true, "slow"), "name.d: path p marginal: slow"),
                row(
                        new PathCheckOverdue(1, DEVICE, "p", 10_000_000_000L),
                        "name.d: path p check has not ended for PT10S"),
                row(
                        new PathMisbehaved(1, DEVICE, "p", "ended an attempt twice"),
                        "name.d: path p broke its contract: ended an attempt twice"));
    }

    @Test
    void holdWithoutATimeSaysNone() {
        assertThat(new WritesHeld(1, DEVICE, "p", Long.MAX_VALUE))
                .hasToString("name.d: path p lost writes, held until it is fenced");
    }

    @Test
    void pathThatIsNotUsableSaysWhy() {
        assertThat(new PathUsable(1, DEVICE, "p", false, "standby")).hasToString("name.d: path p not usable: standby");
    }

    @Test
    void pathThatIsSoundAgainSaysWhatWasWrong() {
        assertThat(new PathMarginal(1, DEVICE, "p", false, "slow"))
                .hasToString("name.d: path p sound again; it was marginal: slow");
    }

    private static String kind(Object event) {
        return ((Named<?>) event).getName();
    }

    private static Arguments row(MultipathEvent event, String line) {
        return Arguments.of(named(event.getClass().getSimpleName(), event), line);
    }
}
