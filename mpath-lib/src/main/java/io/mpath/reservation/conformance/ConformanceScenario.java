package io.mpath.reservation.conformance;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.mpath.path.ReservationCommand;
import io.mpath.path.ReservationCommand.Preempt;
import io.mpath.path.ReservationCommand.Register;
import io.mpath.path.ReservationCommand.Reserve;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.conformance.Step.Send;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Something that a standard demands of a device's reservations, and the steps that show it, on a device on which nothing is
 * registered or reserved.
 *
 * @param id what it is called by: subject and rule, joined by a dot
 * @param title the rule, in one line
 * @param scsiClause where SPC-6 demands it, or empty: it is no rule for a device that knows every nexus by itself
 * @param nvmeClause where the NVMe Base Specification demands it, or empty: it is no rule for a device that knows hosts
 * @param steps what is done and expected, in that order
 */
public record ConformanceScenario(
        String id, String title, Optional<String> scsiClause, Optional<String> nvmeClause, List<Step> steps) {
    /** What a scenario may need besides types of reservations. */
    public enum Feature {
        /** Registrations that outlive a loss of power. */
        PERSISTENCE,
        /** Two nexuses of one host. */
        SECOND_NEXUS,
        /** PREEMPT AND ABORT. */
        ABORT
    }

    /** Copies the steps. @throws IllegalArgumentException when it is a rule for no device */
    public ConformanceScenario {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(title, "title");
        if (scsiClause.isEmpty() && nvmeClause.isEmpty()) {
            throw new IllegalArgumentException("scenario " + id + " is demanded by no standard");
        }
        steps = ImmutableList.copyOf(steps);
    }

    /** Where it is demanded of a device of that kind, or empty: there it is no rule. */
    public Optional<String> clause(boolean perNexus) {
        return perNexus ? scsiClause : nvmeClause;
    }

    /** The types of reservations that it needs. */
    public Set<ReservationType> types() {
        ImmutableSet.Builder<ReservationType> types = ImmutableSet.builder();
        for (ReservationCommand command : commands()) {
            if (command instanceof Reserve reserve) {
                types.add(reserve.type());
            } else if (command instanceof Preempt preempt) {
                types.add(preempt.type());
            }
        }
        return types.build();
    }

    /** What else it needs. */
    public Set<Feature> features() {
        ImmutableSet.Builder<Feature> features = ImmutableSet.builder();
        if (steps.stream().anyMatch(step -> step.party() == Party.LOCAL_SECOND)) {
            features.add(Feature.SECOND_NEXUS);
        }
        for (ReservationCommand command : commands()) {
            if (command instanceof Register register && register.persistent()) {
                features.add(Feature.PERSISTENCE);
            } else if (command instanceof Preempt preempt && preempt.abort()) {
                features.add(Feature.ABORT);
            }
        }
        return features.build();
    }

    private List<ReservationCommand> commands() {
        return steps.stream()
                .filter(Send.class::isInstance)
                .map(step -> ((Send) step).command())
                .toList();
    }

    @Override
    public String toString() {
        return id;
    }
}
