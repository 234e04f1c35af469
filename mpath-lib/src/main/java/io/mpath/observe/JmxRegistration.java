package io.mpath.observe;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.mpath.ConfigurationException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * A registry's place in the platform's MBean server, as a {@link MultipathMXBean}; closing it takes it away again.
 *
 * <p>Needs the module {@code java.management}, which the library does not require otherwise.
 *
 * <p>Threading: any thread.
 */
public final class JmxRegistration implements AutoCloseable {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final ObjectName name;

    private JmxRegistration(ObjectName name) {
        this.name = name;
    }

    /**
     * Registers {@code io.mpath:type=Multipath,name="NAME"}.
     *
     * @param topology asked anew for each attribute that is read, by the thread that reads it: {@code
     *     multipath::topology}
     * @throws ConfigurationException when there is one of that name
     */
    public static JmxRegistration register(String name, Supplier<Topology> topology) {
        try {
            var registration =
                    new JmxRegistration(new ObjectName("io.mpath:type=Multipath,name=" + ObjectName.quote(name)));
            registration.server.registerMBean(new View(topology), registration.name);
            return registration;
        } catch (InstanceAlreadyExistsException e) {
            throw new ConfigurationException(
                    "there is a JMX registration named '" + name + "' already: choose another");
        } catch (JMException e) {
            throw new IllegalStateException("JMX refuses to register '" + name + "'", e);
        }
    }

    /** Where it is registered, in the canonical form of an {@link ObjectName}. */
    public String objectName() {
        return name.getCanonicalName();
    }

    /** Ends the registration. Again: does nothing. */
    @Override
    public void close() {
        try {
            server.unregisterMBean(name);
        } catch (InstanceNotFoundException alreadyGone) {
            return;
        } catch (JMException e) {
            throw new IllegalStateException("JMX refuses to unregister " + name, e);
        }
    }

    private record View(Supplier<Topology> topology) implements MultipathMXBean {
        @Override
        public List<String> getDevices() {
            return topology.get().devices().stream()
                    .map(device -> device.id().toString())
                    .collect(ImmutableList.toImmutableList());
        }

        @Override
        public Map<String, Map<String, Long>> getDeviceCounters() {
            return topology.get().devices().stream()
                    .collect(ImmutableMap.toImmutableMap(device -> device.id().toString(), Counters::byName));
        }

        @Override
        public String getTopologyJson() {
            return topology.get().toJson();
        }
    }
}
