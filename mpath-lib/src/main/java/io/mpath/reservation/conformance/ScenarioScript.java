package io.mpath.reservation.conformance;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Clear;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Release;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.path.ReservationReply;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.conformance.Step.ExpectAccess;
import io.mpath.reservation.conformance.Step.ExpectState;
import io.mpath.reservation.conformance.Step.Send;
import java.util.Optional;
import java.util.Set;

/** Writes one scenario down, step by step. */
final class ScenarioScript {
    /** What {@link Party#LOCAL} and {@link Party#LOCAL_SECOND} are registered with, unless a scenario says otherwise. */
    static final ReservationKey LOCAL_KEY = new ReservationKey(0x6d70_6174_6800_0001L);
    /** What {@link Party#REMOTE} is. */
    static final ReservationKey REMOTE_KEY = new ReservationKey(0x6d70_6174_6800_0002L);
    /** Another one to be registered with. */
    static final ReservationKey NEW_KEY = new ReservationKey(0x6d70_6174_6800_0003L);
    /** Nobody's. */
    static final ReservationKey NOBODYS_KEY = new ReservationKey(0x6d70_6174_6800_0004L);

    private final String id;
    private final String title;
    private final Optional<String> scsiClause;
    private final Optional<String> nvmeClause;
    private final ImmutableList.Builder<Step> steps = ImmutableList.builder();

    private ScenarioScript(String id, String title, Optional<String> scsiClause, Optional<String> nvmeClause) {
        this.id = id;
        this.title = title;
        this.scsiClause = scsiClause;
        this.nvmeClause = nvmeClause;
    }

    /** A rule for all devices. */
    static ScenarioScript scenario(String id, String title, String scsiTopic, String nvmeTopic) {
        return new ScenarioScript(id, title, Optional.of(scsi(scsiTopic)), Optional.of(nvme(nvmeTopic)));
    }

    /** A rule for devices that know every nexus by itself. */
    static ScenarioScript ofScsi(String id, String title, String scsiTopic) {
        return new ScenarioScript(id, title, Optional.of(scsi(scsiTopic)), Optional.empty());
    }

    /** A rule for devices that know hosts. */
    static ScenarioScript ofNvme(String id, String title, String nvmeTopic) {
        return new ScenarioScript(id, title, Optional.empty(), Optional.of(nvme(nvmeTopic)));
    }

    /** The scenario. */
    ConformanceScenario end() {
        return new ConformanceScenario(id, title, scsiClause, nvmeClause, steps.build());
    }

    ScenarioScript done(Party party, ReservationCommand command) {
        return send(party, command, ImmutableSet.of(ReservationReply.Kind.DONE));
    }

    ScenarioScript conflicts(Party party, ReservationCommand command) {
        return send(party, command, ImmutableSet.of(ReservationReply.Kind.CONFLICT));
    }

    /**
     * An error that is no conflict. NVMe answers with Invalid Field in Command, by which it also says that it does not have
     * something.
     */
    ScenarioScript invalid(Party party, ReservationCommand command) {
        return send(party, command, ImmutableSet.of(ReservationReply.Kind.REFUSED, ReservationReply.Kind.UNSUPPORTED));
    }

    ScenarioScript state(Party party, StateFact... facts) {
        steps.add(new ExpectState(party, ImmutableList.copyOf(facts)));
        return this;
    }

    ScenarioScript reads(Party party, boolean allowed) {
        steps.add(new ExpectAccess(party, false, allowed));
        return this;
    }

    ScenarioScript writes(Party party, boolean allowed) {
        steps.add(new ExpectAccess(party, true, allowed));
        return this;
    }

    /** {@link Party#LOCAL} registers. */
    ScenarioScript localRegisters() {
        return done(Party.LOCAL, register(LOCAL_KEY));
    }

    /** {@link Party#LOCAL} registers, and reserves. */
    ScenarioScript localHolds(ReservationType type) {
        return localRegisters().done(Party.LOCAL, new Reserve(LOCAL_KEY, type));
    }

    /** {@link Party#LOCAL_SECOND} registers with the key of {@link Party#LOCAL}. */
    ScenarioScript localSecondRegisters() {
        return done(Party.LOCAL_SECOND, register(LOCAL_KEY));
    }

    /** {@link Party#REMOTE} registers. */
    ScenarioScript remoteRegisters() {
        return done(Party.REMOTE, register(REMOTE_KEY));
    }

    /** {@link Party#REMOTE} registers, and reserves. */
    ScenarioScript remoteHolds(ReservationType type) {
        return remoteRegisters().done(Party.REMOTE, new Reserve(REMOTE_KEY, type));
    }

    /** From nothing. */
    static Register register(ReservationKey wanted) {
        return replace(ReservationKey.NONE, wanted);
    }

    static Register replace(ReservationKey existing, ReservationKey wanted) {
        return new Register(existing, wanted, false, false);
    }

    static Register registerIgnoring(ReservationKey wanted) {
        return new Register(ReservationKey.NONE, wanted, true, false);
    }

    static Register unregister(ReservationKey existing) {
        return replace(existing, ReservationKey.NONE);
    }

    static Reserve reserve(ReservationKey key, ReservationType type) {
        return new Reserve(key, type);
    }

    static Release release(ReservationKey key, ReservationType type) {
        return new Release(key, type);
    }

    static Preempt preempt(ReservationKey key, ReservationKey victim, ReservationType type) {
        return new Preempt(key, victim, type, false);
    }

    static Preempt preemptAndAbort(ReservationKey key, ReservationKey victim, ReservationType type) {
        return new Preempt(key, victim, type, true);
    }

    static Clear clear(ReservationKey key) {
        return new Clear(key);
    }

    static StateFact registered(ReservationKey key, int nexuses) {
        return new StateFact.Registered(key, nexuses);
    }

    static StateFact nobodyRegistered() {
        return new StateFact.NobodyRegistered();
    }

    static StateFact reserved(ReservationType type, ReservationKey holder) {
        return new StateFact.Reserved(type, holder);
    }

    static StateFact notReserved() {
        return new StateFact.NotReserved();
    }

    static StateFact grew(long by) {
        return new StateFact.GenerationGrew(by);
    }

    private ScenarioScript send(Party party, ReservationCommand command, Set<ReservationReply.Kind> expected) {
        steps.add(new Send(party, command, expected));
        return this;
    }

    private static String scsi(String topic) {
        return "SPC-6 5.14 " + topic;
    }

    private static String nvme(String topic) {
        return "NVMe Base 2.1 8.1.24 " + topic;
    }
}
