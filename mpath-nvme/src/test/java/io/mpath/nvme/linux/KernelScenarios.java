package io.mpath.nvme.linux;

import io.mpath.Environment;
import io.mpath.Liveness;
import io.mpath.linux.Machine;
import io.mpath.nvme.NvmeTransport;
import io.mpath.nvme.command.AnaState;
import io.mpath.nvme.scenario.NvmeScenarios;
import io.mpath.nvme.scenario.ScenarioBench;
import io.mpath.nvme.scenario.ScenarioResult;
import io.mpath.sim.ContractDriver;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The behaviour suite on the kernel's own target, in the lab's guest. <strong>Overwrites the namespace.</strong>
 *
 * <pre>
 * java -cp mpath.jar:test-classes io.mpath.nvme.linux.KernelScenarios nvmet-RELEASE NSID \
 *     nvme0=/sys/kernel/config/nvmet/ports/1/ana_groups/1/ana_state nvme1=…
 * </pre>
 *
 * With {@code -Dscenario.backing=FILE -Dscenario.revalidate=ATTRIBUTE} the namespace, which is that file, is made to grow. Ends with 1
 * when a check fails, or an expected difference does not occur.
 */
final class KernelScenarios implements ScenarioBench {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long GROWTH_BYTES = 1 << 20;

    private final String target;
    private final long nsid;
    private final ContractDriver driver;
    private final List<Port> ports = new ArrayList<>();

    private record Port(LinuxTransport transport, Path reset, Path anaState) {}

    private KernelScenarios(String target, long nsid, List<String> controllers, ContractDriver driver) {
        this.target = target;
        this.nsid = nsid;
        this.driver = driver;
        Machine machine = Machine.system("CAP_SYS_ADMIN");
        for (String each : controllers) {
            String[] parts = each.split("=", 2);
            SysfsController controller = SysfsController.find(machine.sysfs(), parts[0])
                    .orElseThrow(() -> new IllegalArgumentException("there is no controller " + parts[0]));
            var transport = new LinuxTransport(machine, controller, controller.port(), () -> {});
            ports.add(new Port(transport, Path.of("/sys/class/nvme", parts[0], "reset_controller"), Path.of(parts[1])));
        }
    }

    /** See above. */
    public static void main(String[] arguments) {
        List<String> given = List.of(arguments);
        Environment environment = Environment.system();
        var bench = new KernelScenarios(
                given.get(0),
                Long.parseLong(given.get(1)),
                given.subList(2, given.size()),
                ContractDriver.inRealTime(environment));
        List<ScenarioResult> results = NvmeScenarios.run(bench);
        results.forEach(System.out::println);
        long bad = results.stream().filter(ScenarioResult::bad).count();
        System.out.println(results.size() + " checks, " + bad + " bad");
        System.exit(bad == 0 ? 0 : 1);
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public int ports() {
        return ports.size();
    }

    @Override
    public NvmeTransport transport(int port) {
        return ports.get(port).transport();
    }

    @Override
    public long nsid() {
        return nsid;
    }

    @Override
    public ContractDriver driver() {
        return driver;
    }

    @Override
    public void anaState(int port, AnaState state) {
        write(ports.get(port).anaState(), state.toString().replace('_', '-'));
    }

    @Override
    public boolean grow() {
        @Nullable String backing = System.getProperty("scenario.backing");
        @Nullable String revalidate = System.getProperty("scenario.revalidate");
        if (backing == null || revalidate == null) {
            return false;
        }
        try (var file = new RandomAccessFile(backing, "rw")) {
            file.setLength(file.length() + GROWTH_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(backing, e);
        }
        write(Path.of(revalidate), "1");
        return true;
    }

    @Override
    public void resetConnection(int port) {
        write(ports.get(port).reset(), "1");
        driver.await(() -> transport(port).liveness() == Liveness.LIVE, PATIENCE);
    }

    private static void write(Path attribute, String value) {
        try {
            Files.writeString(attribute, value);
        } catch (IOException e) {
            throw new UncheckedIOException(attribute.toString(), e);
        }
    }
}
