package io.mpath.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.ConfigurationException;
import io.mpath.DeviceId;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JmxRegistrationTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private final AtomicReference<Topology> topology = new AtomicReference<>(Snapshots.topology());
    private final JmxRegistration registration = JmxRegistration.register("test", topology::get);

    @AfterEach
    void unregister() {
        registration.close();
    }

    @Test
    void devicesAreListedByIdentityAsTheyAreNow() throws JMException {
        assertThat(view().getDevices()).containsExactly("naa.600140512345678900000000000000ab");

        topology.set(Snapshots.empty());

        assertThat(view().getDevices()).isEmpty();
        assertThat(view().getDeviceCounters()).isEmpty();
    }

    @Test
    void countersOfADeviceAreItsOwnAndTheSumsOverItsPaths() throws JMException {
        assertThat(view().getDeviceCounters())
                .containsExactly(Map.entry(
                        "naa.600140512345678900000000000000ab",
                        Map.ofEntries(
                                Map.entry("requests", 3000L),
                                Map.entry("bytes", 12288000L),
                                Map.entry("errors", 25L),
                                Map.entry("retries", 29L),
                                Map.entry("failovers", 21L),
                                Map.entry("requeues", 22L),
                                Map.entry("no_path_failures", 23L),
                                Map.entry("timeouts", 24L),
                                Map.entry("unknown_outcomes", 25L),
                                Map.entry("held_writes", 28L),
                                Map.entry("overlaps", 29L),
                                Map.entry("overdue_attempts", 30L),
                                Map.entry("late_completions", 26L),
                                Map.entry("stray_completions", 27L),
                                Map.entry("unreached_flushes", 43L))));
    }

    @Test
    void deviceWithoutPathsHasSumsOfZero() throws JMException {
        topology.set(new Topology(List.of(Snapshots.device(DeviceId.named("d"), List.of())), List.of()));

        assertThat(view().getDeviceCounters().get("name.d"))
                .containsEntry("requests", 0L)
                .containsEntry("errors", 0L);
    }

    @Test
    void topologyIsTheJsonDocument() throws JMException {
        assertThat(SERVER.getAttribute(name(), "TopologyJson"))
                .isEqualTo(Snapshots.topology().toJson());
    }

    @Test
    void nothingCanBeChangedThroughIt() throws JMException {
        var info = SERVER.getMBeanInfo(name());

        assertThat(info.getAttributes()).hasSize(3).noneMatch(attribute -> attribute.isWritable());
        assertThat(info.getOperations()).isEmpty();
        assertThatThrownBy(() -> SERVER.getAttribute(name(), "Policy")).isInstanceOf(AttributeNotFoundException.class);
    }

    @Test
    void secondRegistrationOfANameIsRefusedAndLeavesTheFirst() throws JMException {
        assertThatThrownBy(() -> JmxRegistration.register("test", Snapshots::empty))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'test'");

        assertThat(view().getDevices()).hasSize(1);
    }

    @Test
    void closeEndsTheRegistrationAndFreesTheName() throws JMException {
        ObjectName name = name();

        registration.close();
        registration.close();

        assertThat(SERVER.isRegistered(name)).isFalse();
        JmxRegistration.register("test", Snapshots::empty).close();
    }

    @Test
    void nameMayHaveCharactersThatMeanSomethingToJmx() {
        try (JmxRegistration odd = JmxRegistration.register("a,b=*?\"", Snapshots::empty)) {
            assertThat(odd.objectName()).isEqualTo("io.mpath:name=\"a,b=\\*\\?\\\"\",type=Multipath");
        }
    }

    private MultipathMXBean view() throws JMException {
        return JMX.newMXBeanProxy(SERVER, name(), MultipathMXBean.class);
    }

    private ObjectName name() throws JMException {
        return new ObjectName(registration.objectName());
    }
}
