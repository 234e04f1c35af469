package io.mpath.reservation.conformance;

import com.google.common.collect.ImmutableList;
import io.mpath.reservation.ReservationCapabilities;
import io.mpath.reservation.conformance.ConformanceResult.Status;
import io.mpath.reservation.conformance.ConformanceScenario.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds a device to what the standards demand of its persistent reservations (SPC-6 5.14, NVMe Base 2.1 8.1.24), one scenario
 * after the other, each on a device that was cleared before it.
 *
 * <p><b>It removes every registration and reservation that the device has</b>, of all hosts, at its beginning, before every scenario and
 * at its end.
 *
 * <p>It stops, and says why, where the device cannot be cleared, and where a command stays unanswered for twice its time-out: what
 * it came to would no longer be known, and its nexus may not be given another. What can hang a device comes last for that reason.
 *
 * <p>Threading: {@code run} takes as long as the device does, on a thread that may block; one run of a device at a time.
 */
public final class ConformanceSuite {
    private static final ImmutableList<ConformanceScenario> SCENARIOS = ImmutableList.<ConformanceScenario>builder()
            .addAll(RegisterScenarios.all())
            .addAll(ReserveScenarios.all())
            .addAll(ReleaseScenarios.all())
            .addAll(AccessScenarios.all())
            .addAll(AllRegistrantsScenarios.all())
            .addAll(PreemptScenarios.all())
            .addAll(ClearScenarios.all())
            .addAll(NexusScenarios.all())
            .addAll(HostScenarios.all())
            .addAll(DeviceScenarios.all())
            .addAll(AbortScenarios.all())
            .build();

    private final ConformanceTarget target;
    private final Conversation conversation;
    private Optional<ReservationCapabilities> abilities = Optional.empty();

    private ConformanceSuite(ConformanceTarget target) {
        this.target = target;
        this.conversation = new Conversation(target);
    }

    /** All scenarios, in the order in which they are run. */
    public static List<ConformanceScenario> scenarios() {
        return SCENARIOS;
    }

    /** Runs {@linkplain #run(ConformanceTarget, List, ConformanceListener) all scenarios}. */
    public static ConformanceReport run(ConformanceTarget target, ConformanceListener listener) {
        return run(target, SCENARIOS, listener);
    }

    /**
     * Runs {@code scenarios} in their order.
     *
     * @param listener told of each, also of those that are not run
     * @throws IllegalArgumentException when a known defect is of no scenario that there is
     */
    public static ConformanceReport run(
            ConformanceTarget target, List<ConformanceScenario> scenarios, ConformanceListener listener) {
        requireThatDefectsExist(target, scenarios);
        return new ConformanceSuite(target).report(scenarios, listener);
    }

    private static void requireThatDefectsExist(ConformanceTarget target, List<ConformanceScenario> scenarios) {
        Set<String> ids = Stream.concat(SCENARIOS.stream(), scenarios.stream())
                .map(ConformanceScenario::id)
                .collect(Collectors.toSet());
        for (KnownDefect defect : target.knownDefects()) {
            if (!ids.contains(defect.scenario())) {
                throw new IllegalArgumentException("a known defect of " + target.name() + " names the scenario '"
                        + defect.scenario() + "', which there is not");
            }
        }
    }

    private ConformanceReport report(List<ConformanceScenario> scenarios, ConformanceListener listener) {
        List<ConformanceResult> results = new ArrayList<>();
        Optional<String> stopped = Optional.empty();
        try {
            conversation.clear();
            abilities = conversation.abilities();
            for (ConformanceScenario scenario : scenarios) {
                listener.began(scenario);
                ConformanceResult result = result(scenario);
                results.add(result);
                listener.ended(result);
                conversation.settle();
            }
            conversation.clear();
        } catch (SuiteStoppedException e) {
            stopped = Optional.of(e.text());
        }
        for (ConformanceScenario scenario : scenarios.subList(results.size(), scenarios.size())) {
            var result = new ConformanceResult(scenario, Status.NOT_RUN, "the suite had stopped");
            results.add(result);
            listener.ended(result);
        }
        return new ConformanceReport(target.name(), target.perNexus(), results, stopped);
    }

    private ConformanceResult result(ConformanceScenario scenario) throws SuiteStoppedException {
        Optional<String> lack = lack(scenario);
        if (lack.isPresent()) {
            return new ConformanceResult(scenario, Status.NOT_SUPPORTED, lack.get());
        }
        long generation = conversation.clear().generation();
        ConformanceResult result = new ScenarioRun(scenario, conversation, target.perNexus(), generation).run();
        for (KnownDefect defect : target.knownDefects()) {
            if (defect.scenario().equals(scenario.id())) {
                return result.knowing(defect);
            }
        }
        return result;
    }

    /** Why the target cannot be held to it, or empty. */
    private Optional<String> lack(ConformanceScenario scenario) {
        if (scenario.clause(target.perNexus()).isEmpty()) {
            return Optional.of(
                    target.perNexus()
                            ? "a rule for devices that know hosts (NVMe)"
                            : "a rule for devices that know every nexus by itself (SCSI)");
        }
        Set<Feature> needed = scenario.features();
        if (needed.contains(Feature.SECOND_NEXUS)
                && target.nexus(Party.LOCAL_SECOND).isEmpty()) {
            return Optional.of("it needs a second nexus of one host");
        }
        if (needed.contains(Feature.ABORT) && !target.mayAbort()) {
            return Optional.of("PREEMPT AND ABORT is not to be tried on this target");
        }
        if (needed.contains(Feature.PERSISTENCE)
                && !abilities.map(ReservationCapabilities::persistent).orElse(false)) {
            return Optional.of("the device does not say that registrations can outlive a loss of power");
        }
        return lackOfTypes(scenario);
    }

    /** A device that does not say which types it has is held to all. */
    private Optional<String> lackOfTypes(ConformanceScenario scenario) {
        String missing = scenario.types().stream()
                .filter(type ->
                        abilities.isPresent() && !abilities.get().types().contains(type))
                .map(Object::toString)
                .collect(Collectors.joining(", "));
        return missing.isEmpty() ? Optional.empty() : Optional.of("the device does not have the type " + missing);
    }
}
