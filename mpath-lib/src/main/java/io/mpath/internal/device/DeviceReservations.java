package io.mpath.internal.device;

import io.mpath.DeviceId;
import io.mpath.Environment;
import io.mpath.internal.reservation.Member;
import io.mpath.internal.reservation.ReservedDevice;
import io.mpath.observe.MultipathEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A device as its reservations see it. Used on the control loop only. */
final class DeviceReservations implements ReservedDevice {
    private final DeviceControl device;

    DeviceReservations(DeviceControl device) {
        this.device = device;
    }

    @Override
    public DeviceId id() {
        return device.id();
    }

    @Override
    public Environment environment() {
        return device.environment();
    }

    @Override
    public List<Member> members() {
        List<Member> members = new ArrayList<>(device.records().size());
        for (PathRecord record : device.records()) {
            if (record.accessState().usable()) {
                members.add(record.member());
            }
        }
        for (PathRecord record : device.records()) {
            if (!record.accessState().usable()) {
                members.add(record.member());
            }
        }
        return members;
    }

    @Override
    public long earlierNanos(Member member) {
        return device.requests().holding().earlierNanos(member.path());
    }

    @Override
    public boolean inheritsDoubts() {
        return device.requests().holding().inheritsDoubts();
    }

    @Override
    public void membersChanged() {
        device.pathsChanged();
    }

    @Override
    public CompletableFuture<Void> quiesce() {
        return device.quiesce(() -> {});
    }

    @Override
    public void resume() {
        var unused = device.resume(() -> true);
    }

    @Override
    public void emit(MultipathEvent event) {
        device.emit(event);
    }
}
