package io.mpath.sim;

import io.mpath.Environment;
import io.mpath.Liveness;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Remembers what a simulated path reports. */
final class RecordingControl extends ProbeControl {
    private final List<Liveness> livenesses = new ArrayList<>();
    private final List<Collection<AccessChange>> bulkChanges = new ArrayList<>();
    private boolean gone;
    private long fencedEpoch;
    private int reservationReports;
    private Runnable onReservationReport = () -> {};

    RecordingControl(Environment environment) {
        super(environment);
    }

    List<Liveness> livenesses() {
        return livenesses;
    }

    List<Collection<AccessChange>> bulkChanges() {
        return bulkChanges;
    }

    boolean isGone() {
        return gone;
    }

    long fencedEpoch() {
        return fencedEpoch;
    }

    int reservationReports() {
        return reservationReports;
    }

    /** Runs {@code value} within every report of reservations. */
    void onReservationReport(Runnable value) {
        onReservationReport = value;
    }

    @Override
    public void reservationsMayHaveChanged() {
        reservationReports++;
        onReservationReport.run();
    }

    @Override
    public void liveness(Liveness liveness) {
        livenesses.add(liveness);
    }

    @Override
    public void accessStates(Collection<AccessChange> changes) {
        bulkChanges.add(changes);
    }

    @Override
    public void gone(String reason) {
        gone = true;
    }

    @Override
    public void fenced(long epoch) {
        fencedEpoch = epoch;
    }
}
