package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.DeviceSettings;
import io.mpath.Geometry;
import io.mpath.examples.workload.Script;
import io.mpath.examples.workload.ScriptRun;
import io.mpath.examples.workload.StopSignal;
import io.mpath.examples.workload.WorkloadResult;
import io.mpath.path.Certainty;
import io.mpath.path.PathDescription;
import io.mpath.path.PathFailure;
import io.mpath.sim.SimAnswer;
import io.mpath.sim.SimArray;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** What {@code mpath io} does about a write that a path lost, and says of it. The late packet itself needs the lab. */
@Timeout(60)
class LostWriteTest {
    private static final int BLOCK = 4096;
    private static final DeviceId ID = DeviceId.named("disk");

    private final SimArray array = SimArray.inRealTime()
            .withPort("a")
            .withPort("b")
            .withDisk("disk", new PathDescription(ID, Geometry.of(1 << 20, BLOCK)));

    private static DeviceSettings settings(String... options) {
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        var terminal = new Terminal(InputStream.nullInputStream(), nowhere, nowhere, false, false, new StopSignal());
        return CommandLine.populateCommand(new IoCommand(terminal, List.of(), TargetGuard.system()), options)
                .settings(1);
    }

    /** The first attempt is lost on its path, which holds what it lost for {@code hold}; the others are served. */
    private IoReport tell(Duration hold, DeviceSettings settings, String... story) {
        SimAnswer lost = SimAnswer.fail(PathFailure.failOver(Certainty.UNKNOWN, "connection lost"));
        array.path("a", "disk").hold(hold).next(1, lost);
        try (OpenDevice open = OpenDevice.open(array.paths(), settings)) {
            var run = new ScriptRun(open.device(), Script.parse(List.of(story)), new StopSignal(), line -> {});
            WorkloadResult result = run.run();
            return new IoReport(open.snapshot(), result, open.events(), false);
        }
    }

    @Test
    void holdIsWhatTheUserSays() {
        assertThat(settings().hold()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings("--hold", "1500ms").hold()).isEqualTo(Duration.ofMillis(1500));
        assertThat(settings("--hold", "5s").unsafeReplayOfUnknownWrites()).isFalse();
        assertThat(settings("--unsafe-replay-unknown-writes").unsafeReplayOfUnknownWrites())
                .isTrue();
    }

    @Test
    void pathsHaveKeysOfTheirOwnIfTheUserSaysSo() {
        assertThat(settings("--key", "0xa0000").keyPerPath()).isFalse();
        assertThat(settings("--key", "0xa0000", "--key-per-path").keyPerPath()).isTrue();
    }

    @Test
    void deviceOutlivesItsLastPathAsLongAsTheUserSays() {
        assertThat(settings().delayedRemoval()).isZero();
        assertThat(settings("--delayed-removal", "2m").delayedRemoval()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void heldWriteIsCountedAndToldWhenItIsSentAgain() {
        IoReport report = tell(
                Duration.ofMillis(300),
                DeviceSettings.defaults(),
                "write 0 4k 0x41",
                "write 0 4k 0x42",
                "expect 0 4k 0x42");

        assertThat(report.exitStatus()).isZero();
        assertThat(report.result().latencies().longest())
                .isGreaterThanOrEqualTo(Duration.ofMillis(300).toNanos());
        assertThat(report.toText()).contains("1 writes were held").doesNotContain("unfenced");
        assertThat(report.toJson())
                .contains("\"held\":1,\"unfenced\":[],")
                .contains("lost writes, held until it is fenced, PT0.3S at most")
                .contains("has no lost write held any longer: 1 sent again, 0 ended unknown");
    }

    @Test
    void rangeThatALostWriteMayStillChangeIsReported() {
        IoReport report = tell(
                Duration.ofHours(1),
                DeviceSettings.defaults().withRequestTimeout(Duration.ofMillis(200)),
                "write 8k 4k 0x41");

        assertThat(report.exitStatus()).isEqualTo(1);
        assertThat(report.toText())
                .containsPattern("unfenced {3}4096 bytes at offset 8192 may still be changed by a write that "
                        + "\\S+ lost, for 3\\d{3}\\.\\d s\n");
        assertThat(report.toJson())
                .containsPattern("\"held\":1,\"unfenced\":\\[\\{\"offset\":8192,\"length\":4096,\"path\":\"[^\"]+\","
                        + "\"left_seconds\":3\\d{3}\\.\\d+\\}\\]");
    }
}
