package io.mpath.scsi.linux;

import io.mpath.Environment;
import io.mpath.Liveness;
import io.mpath.linux.Machine;
import io.mpath.scsi.ScsiTransport;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.scenario.ScenarioBench;
import io.mpath.scsi.scenario.ScenarioResult;
import io.mpath.scsi.scenario.ScsiScenarios;
import io.mpath.sim.ContractDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The behaviour suite on the kernel's own target, in the lab's guest. <strong>Overwrites the logical unit.</strong>
 *
 * <pre>
 * java -cp mpath.jar:test-classes io.mpath.scsi.linux.KernelScenarios lio \
 *     sda=/sys/kernel/config/target/core/fileio_0/disk/alua/tpg1/alua_access_state sdb=…
 * </pre>
 *
 * With {@code -Dscenario.grow=ATTRIBUTE=VALUE} the logical unit is made to grow by writing that; with {@code
 * -Dscenario.lose=COMMAND} the nexus of a disk is lost by running that with the name of the disk behind it. Ends with 1 when a check
 * fails, or is skipped although it could be made, or an expected difference does not occur.
 */
final class KernelScenarios implements ScenarioBench {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String target;
    private final ContractDriver driver;
    private final List<Port> ports = new ArrayList<>();

    private record Port(
            String disk, LinuxTransport transport, @Nullable Path aluaState) {}

    private KernelScenarios(String target, List<String> disks, ContractDriver driver) {
        this.target = target;
        this.driver = driver;
        Machine machine = Machine.system("CAP_SYS_RAWIO");
        for (String each : disks) {
            String[] parts = each.split("=", 2);
            SysfsUnit unit = SysfsUnit.all(machine.sysfs()).stream()
                    .filter(found -> found.disk().filter(parts[0]::equals).isPresent())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no disk " + parts[0]));
            var nexus = new NexusLife(machine, unit.nexus().orElseThrow());
            var transport = new LinuxTransport(
                    machine, nexus, unit, parts[0], new KernelClaims(unit, parts[0]), ScsiOptions.defaults());
            ports.add(new Port(parts[0], transport, parts.length == 1 ? null : Path.of(parts[1])));
        }
    }

    /** See above. */
    public static void main(String[] arguments) {
        List<String> given = List.of(arguments);
        Environment environment = Environment.system();
        var bench = new KernelScenarios(
                given.get(0), given.subList(1, given.size()), ContractDriver.inRealTime(environment));
        List<ScenarioResult> results = ScsiScenarios.run(bench);
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
    public ScsiTransport transport(int port) {
        return ports.get(port).transport();
    }

    @Override
    public ContractDriver driver() {
        return driver;
    }

    @Override
    public boolean aluaState(int port, AluaState state) {
        Path attribute = ports.get(port).aluaState();
        if (attribute == null) {
            return false;
        }
        write(attribute, Integer.toString(state.value()));
        return true;
    }

    @Override
    public boolean grow() {
        @Nullable String grow = System.getProperty("scenario.grow");
        if (grow == null) {
            return false;
        }
        String[] parts = grow.split("=", 2);
        write(Path.of(parts[0]), parts[1]);
        return true;
    }

    @Override
    public boolean loseNexus(int port) {
        @Nullable String lose = System.getProperty("scenario.lose");
        if (lose == null) {
            return false;
        }
        String disk = ports.get(port).disk();
        ScsiTransport transport = transport(port);
        // Looked at from here on: it may be back before the command has ended.
        Process losing = begin(lose, disk);
        require(() -> away(transport.liveness()), "the nexus of " + disk + " was not lost");
        require(
                () -> transport.liveness() == Liveness.LIVE && transport.away() == null,
                "the nexus of " + disk + " did not come back");
        require(() -> !losing.isAlive(), lose + " did not end");
        return true;
    }

    /** What cannot be read proves nothing. */
    private static boolean away(@Nullable Liveness liveness) {
        return liveness != null && liveness != Liveness.LIVE;
    }

    private void require(BooleanSupplier condition, String otherwise) {
        if (!driver.await(condition, PATIENCE)) {
            throw new IllegalStateException(otherwise + " within " + PATIENCE);
        }
    }

    private static Process begin(String command, String disk) {
        try {
            return new ProcessBuilder(command, disk).inheritIO().start();
        } catch (IOException e) {
            throw new UncheckedIOException(command, e);
        }
    }

    private static void write(Path attribute, String value) {
        try {
            Files.writeString(attribute, value);
        } catch (IOException e) {
            throw new UncheckedIOException(attribute.toString(), e);
        }
    }
}
