package io.mpath.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IoPoliciesTest {
    @Test
    void policiesHaveTheNamesThatLinuxGivesThemAndNumaIsFirst() {
        assertThat(IoPolicies.all())
                .extracting(IoPolicy::name)
                .containsExactly(
                        "numa", "round-robin", "queue-depth", "service-time", "historical-service-time", "latency");
        assertThat(IoPolicies.numa().name()).isEqualTo("numa");
        assertThat(IoPolicies.roundRobin().name()).isEqualTo("round-robin");
        assertThat(IoPolicies.queueDepth().name()).isEqualTo("queue-depth");
        assertThat(IoPolicies.serviceTime().name()).isEqualTo("service-time");
        assertThat(IoPolicies.historicalServiceTime().name()).isEqualTo("historical-service-time");
        assertThat(IoPolicies.latency().name()).isEqualTo("latency");
    }

    @Test
    void everyPolicyIsFoundByItsName() {
        assertThat(IoPolicies.all()).allMatch(policy -> IoPolicies.named(policy.name()) == policy);
    }

    @Test
    void numaAndRoundRobinCostNoCountingAndOnlyTwoCostTiming() {
        assertThat(IoPolicies.all())
                .filteredOn(policy -> !policy.countsInFlight())
                .containsExactly(IoPolicies.numa(), IoPolicies.roundRobin());
        assertThat(IoPolicies.all())
                .filteredOn(IoPolicy::timesRequests)
                .containsExactly(IoPolicies.historicalServiceTime(), IoPolicies.latency());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "round", "Round-Robin", "numa ", "service"})
    void nameIsMatchedExactlyAndTheRefusalListsTheChoice(String name) {
        assertThatThrownBy(() -> IoPolicies.named(name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("there is no policy '" + name + "': choose one of numa, round-robin, queue-depth,"
                        + " service-time, historical-service-time, latency");
    }
}
