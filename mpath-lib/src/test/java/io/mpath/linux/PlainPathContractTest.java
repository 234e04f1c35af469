package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.Environment;
import io.mpath.sim.ContractDriver;
import io.mpath.sim.DevicePathContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every transport, kept by a plain path over a file with real threads. */
@Timeout(120)
class PlainPathContractTest {
    @TempDir
    Path directory;

    private final Environment environment = Environment.system();
    private final ScriptedCalls calls = new ScriptedCalls();
    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        file = directory.resolve("disk");
        Files.write(file, new byte[8 << 20]);
    }

    @AfterEach
    void stop() {
        environment.stop().run();
    }

    private List<String> violations() {
        var candidate = PlainCandidate.of(file, DeviceId.parse("name.contract"))
                .with(PlainOptions.defaults().withPageCacheAllowed(true).withDepth(4, 60))
                .on(calls, Sysfs.system());
        return DevicePathContract.check(() -> candidate, ContractDriver.inRealTime(environment));
    }

    @Test
    void plainPathKeepsTheContract() {
        assertThat(violations()).isEmpty();
    }

    /** Shows that the contract would notice: a kernel that acknowledges writes and drops them. */
    @Test
    void lostWritesBreakTheContract() {
        calls.dropWrites = true;

        assertThat(violations()).anyMatch(line -> line.startsWith("what is written is read back"));
    }
}
