package io.mpath;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.policy.IoPolicies;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Submitting and ending a request on a healthy device allocates nothing, whatever the compiler makes of it. */
@Timeout(120)
class AllocationTest {
    /** Far less than the smallest object for every request; waits for one another cost the threads some all the same. */
    private static final long NOTHING = AllocationProbe.MEASURED / 10;

    @Test
    void requestsAllocateNothing() throws Exception {
        assertNothing(AllocationProbe.measureAll());
    }

    /** What escape analysis removes comes back in a larger program: it must not be there in the first place. */
    @Test
    void requestsAllocateNothingThatTheCompilerWouldHaveToRemove() throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-DoEscapeAnalysis",
                        "-cp",
                        classPath,
                        AllocationProbe.class.getName())
                .redirectErrorStream(true)
                .start();
        Map<String, Long> bytes = new LinkedHashMap<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("allocated ")) {
                    String[] parts = line.split(" ", 3);
                    bytes.put(parts[2], Long.valueOf(parts[1]));
                }
            }
        }
        assertThat(process.waitFor()).isZero();
        assertNothing(bytes);
    }

    private static void assertNothing(Map<String, Long> bytes) {
        assertThat(bytes).hasSize(16 * IoPolicies.all().size() + 1);
        bytes.forEach((what, allocated) -> {
            if (what.equals(AllocationProbe.CONTROL)) {
                assertThat(allocated)
                        .as("the measure sees what a future costs")
                        .isGreaterThan(AllocationProbe.MEASURED * 50L);
            } else {
                assertThat(allocated).as(what).isLessThan(NOTHING);
            }
        });
    }
}
