package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.examples.workload.StopSignal;
import io.mpath.path.PathDescription;
import io.mpath.reservation.KeyFile;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.StoredKey;
import io.mpath.sim.SimArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mpath reserve --key-file}: what one run registered, the next one takes up, whenever the first one ended. */
@Timeout(120)
class KeyFileCommandTest {
    private static final DeviceId ID = DeviceId.parse("naa.6001405f00000001");

    private final SimArray array = SimArray.inRealTime()
            .withPort("a")
            .withPort("b")
            .withDisk("disk", new PathDescription(ID, Geometry.of(1 << 20, 512)));
    private final Finding finding =
            new Finding().with(array.path("a", "disk"), Optional.of(ID)).with(array.path("b", "disk"), Optional.of(ID));

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("keys");
    }

    private CommandRun reserve(String... arguments) {
        return CommandRun.of(
                new StopSignal(),
                List.of(finding),
                Stream.concat(Stream.of("reserve", ID.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private CommandRun kept(String... arguments) {
        return reserve(Stream.concat(Stream.of(arguments), Stream.of("--key-file", file.toString()))
                .toArray(String[]::new));
    }

    private void done(String... arguments) {
        CommandRun run = kept(arguments);
        assertThat(run.status()).as(run.out() + run.err()).isZero();
    }

    private String report() {
        return reserve("report").out();
    }

    private static StoredKey certain(long key) {
        return new StoredKey(new Registration(new ReservationKey(key)), ReservationKey.NONE);
    }

    private Optional<StoredKey> stored() {
        return new KeyFile(file).find(ID);
    }

    @Test
    void laterRunsNeedNoKey() {
        done("register", "--key", "0xa");
        assertThat(stored()).contains(certain(0xa));

        done("reserve", "--type", "write-exclusive-registrants-only");
        assertThat(report()).contains("held by 0xa");

        done("register", "--new-key", "0xb");
        assertThat(stored()).contains(certain(0xb));
        assertThat(report()).contains("registered 0xb").doesNotContain("0xa");

        done("register", "--new-key", "0");
        assertThat(stored()).isEmpty();
        assertThat(report()).doesNotContain("registered");
    }

    @Test
    void registeringAgainTakesUpWhatIsThere() {
        done("register", "--key", "0xa");

        assertThat(reserve("register", "--key", "0xa").status()).isEqualTo(ExitStatus.FAILED);
        done("register", "--key", "0xa");
        done("register");
        assertThat(report()).contains("registered 0xa").doesNotContain("0xb");

        done("register", "--key", "0xb");
        assertThat(report()).contains("registered 0xb").doesNotContain("0xa");
    }

    /** The run before ended between storing the key and registering it. */
    @Test
    void keyThatWasNeverRegisteredIsRegistered() {
        new KeyFile(file).store(ID, new Registration(new ReservationKey(0xa)));

        assertThat(kept("reserve", "--type", "write-exclusive").status()).isEqualTo(ExitStatus.FAILED);
        done("register", "--key", "0xa");

        assertThat(report()).contains("registered 0xa");
        assertThat(stored()).contains(certain(0xa));
    }

    /** The run before ended between storing another key and registering that. */
    @Test
    void keyThatWasToBeReplacedIsTakenUpWhereItStillIs() {
        done("register", "--key", "0xa");
        new KeyFile(file).store(ID, new Registration(new ReservationKey(0xb)));

        done("reserve", "--type", "write-exclusive");

        assertThat(report()).contains("held by 0xa");
        assertThat(stored()).contains(certain(0xa));
    }

    /** The run before ended between registering another key and storing that this is done. */
    @Test
    void keyThatReplacedAnotherIsTakenUp() {
        done("register", "--key", "0xa");
        assertThat(reserve("register", "--key", "0xa", "--new-key", "0xb").status())
                .isZero();
        new KeyFile(file).store(ID, new Registration(new ReservationKey(0xb)));

        done("reserve", "--type", "write-exclusive");

        assertThat(report()).contains("held by 0xb");
        assertThat(stored()).contains(certain(0xb));
    }

    @Test
    void keyThatIsGivenIsStoredWhenItIsFoundToBeOurs() {
        assertThat(reserve("register", "--key", "0xa").status()).isZero();

        done("reserve", "--key", "0xa", "--type", "write-exclusive");

        assertThat(stored()).contains(certain(0xa));
    }

    @Test
    void refusedRegistrationLeavesTheFileAsItWas() {
        done("register", "--key", "0xa");
        Path others = directory.resolve("others");

        CommandRun run = reserve("register", "--key", "0xa", "--key-file", others.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(new KeyFile(others).find(ID)).isEmpty();
        assertThat(stored()).contains(certain(0xa));
    }

    @Test
    void clearRemovesTheKey() {
        done("register", "--key", "0xa");

        done("clear");

        assertThat(stored()).isEmpty();
    }

    @Test
    void fileWithoutTheDeviceIsNoKey() {
        CommandRun run = kept("reserve", "--type", "write-exclusive");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("has no key for " + ID).hasLineCount(1);
    }

    @Test
    void keyThatTheFileContradictsIsNotUsed() {
        done("register", "--key", "0xa");

        CommandRun run = kept("reserve", "--key", "0xb", "--type", "write-exclusive");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("registered as 0xa, not as 0xb").hasLineCount(1);
    }

    @Test
    void fileThatIsNotToBeTrustedRegistersNothing() throws IOException {
        Files.writeString(file, "0xa\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        CommandRun run = kept("register", "--key", "0xa");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("others than its owner may use it").hasLineCount(1);
        assertThat(report()).doesNotContain("registered");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(kept("register", "--key", "0xa").err())
                .contains(file + ", line 1: header: ")
                .hasLineCount(1);
        assertThat(report()).doesNotContain("registered");
    }

    @Test
    void reportNeedsNoKeyFile() {
        assertThat(kept("report").status()).isEqualTo(ExitStatus.USAGE);
    }
}
