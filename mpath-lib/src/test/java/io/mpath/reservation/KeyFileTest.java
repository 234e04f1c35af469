package io.mpath.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.mpath.DeviceId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one process stores of its registrations, the next one finds; and nothing that others may have touched. */
@Timeout(60)
class KeyFileTest {
    private static final DeviceId DISK = DeviceId.parse("naa.6001405f00000001");
    private static final DeviceId OTHER = DeviceId.parse("nguid.2fcf5d2c5a1d4d6e9d4c000000000001");
    private static final Registration A = new Registration(new ReservationKey(0xa));
    private static final Registration B = new Registration(new ReservationKey(0xb), true);
    private static final int SOMEBODY_ELSE = 12345;

    @TempDir
    private Path directory;

    private Path file;
    private KeyFile keys;

    @BeforeEach
    void name() {
        file = directory.resolve("keys");
        keys = new KeyFile(file);
    }

    /** As another process sees it. */
    private Optional<StoredKey> found(DeviceId device) {
        return new KeyFile(file).find(device);
    }

    private static StoredKey certain(Registration registration) {
        return new StoredKey(registration, ReservationKey.NONE);
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private void refused(String why) {
        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> keys.find(DISK))
                .withMessageContaining(file.toString())
                .withMessageContaining(why);
        assertThatExceptionOfType(KeyFileException.class).isThrownBy(() -> keys.store(DISK, B));
    }

    @Test
    void laterProcessFindsWhatWasStored() {
        keys.store(DISK, A);
        keys.settle(OTHER, B);

        assertThat(found(DISK)).contains(certain(A));
        assertThat(found(OTHER)).contains(certain(B));
    }

    @Test
    void nothingIsStoredInWhatIsNotThere() {
        assertThat(keys.find(DISK)).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void keyThatIsAboutToBeReplacedIsKeptUntilThatIsSettled() {
        keys.settle(DISK, A);

        keys.store(DISK, B);
        assertThat(found(DISK)).contains(new StoredKey(B, A.key()));
        assertThat(found(DISK).orElseThrow().mayBe(A.key())).isTrue();

        keys.settle(DISK, B);
        assertThat(found(DISK)).contains(certain(B));
        assertThat(found(DISK).orElseThrow().mayBe(A.key())).isFalse();
    }

    @Test
    void sameKeyIsNoFormerOne() {
        keys.settle(DISK, A);
        keys.store(DISK, new Registration(A.key(), true));

        assertThat(found(DISK).orElseThrow().former()).isEqualTo(ReservationKey.NONE);
        assertThat(found(DISK).orElseThrow().mayBe(ReservationKey.NONE)).isFalse();
    }

    @Test
    void removedKeyIsGoneAndOthersStay() {
        keys.settle(DISK, A);
        keys.settle(OTHER, B);

        keys.remove(DISK);

        assertThat(found(DISK)).isEmpty();
        assertThat(found(OTHER)).contains(certain(B));
    }

    @Test
    void whatWasNotDoneIsPutBack() {
        keys.settle(DISK, A);
        Optional<StoredKey> before = keys.find(DISK);
        keys.store(DISK, B);

        keys.put(DISK, before);

        assertThat(found(DISK)).contains(certain(A));
    }

    @Test
    void fileIsItsOwnersAlone() throws IOException {
        keys.settle(DISK, A);
        assertThat(mode()).isEqualTo("rw-------");

        keys.settle(DISK, B);
        assertThat(mode()).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw--w----", "rw----r--", "rw-----w-", "rw---x---"})
    void fileThatOthersMayUseIsRefused(String permissions) throws IOException {
        keys.settle(DISK, A);
        byte[] before = Files.readAllBytes(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        refused("others than its owner may use it");

        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void fileOfAnotherUserIsRefused() throws IOException {
        keys.settle(DISK, A);
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only root gives files away")
                .isEqualTo(0);
        Files.setAttribute(file, "unix:uid", SOMEBODY_ELSE);

        refused("belongs to user " + SOMEBODY_ELSE);
    }

    @Test
    void linkToAKeyFileIsRefused() throws IOException {
        Path real = directory.resolve("real");
        new KeyFile(real).settle(DISK, A);
        Files.createSymbolicLink(file, real);

        refused("is no regular file");

        assertThat(file).isSymbolicLink();
        assertThat(new KeyFile(real).find(DISK)).contains(certain(A));
    }

    @Test
    void linkToNothingIsRefused() throws IOException {
        Files.createSymbolicLink(file, directory.resolve("nothing"));

        refused("is no regular file");

        assertThat(directory.resolve("nothing")).doesNotExist();
    }

    @Test
    void directoryIsRefused() throws IOException {
        Files.createDirectory(file);

        refused("is no regular file");
    }

    @Test
    void lockThatIsALinkIsNotFollowed() throws IOException {
        Path victim = directory.resolve("victim");
        Files.createSymbolicLink(directory.resolve("keys.lock"), victim);

        assertThatExceptionOfType(KeyFileException.class).isThrownBy(() -> keys.store(DISK, A));

        assertThat(victim).doesNotExist();
    }

    @Test
    void halfWrittenReplacementIsNoFile() throws IOException {
        keys.settle(DISK, A);
        Files.writeString(directory.resolve("keys.new"), "mpath reserv");

        assertThat(found(DISK)).contains(certain(A));
        keys.settle(DISK, B);
        assertThat(found(DISK)).contains(certain(B));
        assertThat(directory.resolve("keys.new")).doesNotExist();
    }

    /** Who has the file open goes on to see what it was: it is replaced, not written to. */
    @Test
    void fileIsReplacedAndNotWrittenTo() throws IOException {
        keys.settle(DISK, A);
        byte[] before = Files.readAllBytes(file);

        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
            keys.settle(OTHER, B);
            assertThat(open.size()).isEqualTo(before.length);
        }
        assertThat(Files.size(file)).isGreaterThan(before.length);
    }

    @Test
    void missingDirectoryIsAnErrorThatNamesTheFile() {
        Path nowhere = directory.resolve("nowhere/keys");

        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> new KeyFile(nowhere).store(DISK, A))
                .withMessageContaining(nowhere.toString());
    }

    @Test
    void textIsWhatItSays() throws IOException {
        keys.settle(OTHER, B);
        keys.settle(DISK, A);
        keys.store(DISK, B);

        assertThat(Files.readString(file)).startsWith("""
                        mpath reservation keys, version 1
                        0xb persistent 0xa naa.6001405f00000001
                        0xb persistent - nguid.2fcf5d2c5a1d4d6e9d4c000000000001
                        """);
    }

    /** Identities that are text have whatever a device puts there. */
    @Test
    void identityOfAnyBytesIsStored() throws IOException {
        DeviceId odd = DeviceId.of(DeviceId.Type.T10, new byte[] {'A', ' ', '%', '\n', 0, (byte) 0xff, '~', 0x7f});

        keys.settle(odd, A);

        assertThat(found(odd)).contains(certain(A));
        assertThat(Files.readString(file)).contains("0xa volatile - t10.A%20%25%0a%00%ff~%7f\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                    | 1 | header
            'keys\n'                                              | 1 | header
            'mpath reservation keys, version 2\n'                 | 1 | version
            'mpath reservation keys, version 1\n'                 | 2 | checksum
            'mpath reservation keys, version 1\n0xa volatile'     | 2 | checksum
            'mpath reservation keys, version 1\n0xa volatile\ncrc32c 00000000\n'               | 2 | line
            'mpath reservation keys, version 1\n10 volatile - name.d\ncrc32c 00000000\n'       | 2 | KEY
            'mpath reservation keys, version 1\n0x0 volatile - name.d\ncrc32c 00000000\n'      | 2 | KEY
            'mpath reservation keys, version 1\n0xa lasting - name.d\ncrc32c 00000000\n'       | 2 | PERSISTENCE
            'mpath reservation keys, version 1\n0xa volatile 0x0 name.d\ncrc32c 00000000\n'    | 2 | FORMER
            'mpath reservation keys, version 1\n0xa volatile - disk\ncrc32c 00000000\n'        | 2 | DEVICE
            'mpath reservation keys, version 1\n0xa volatile - name.%2\ncrc32c 00000000\n'     | 2 | DEVICE
            'mpath reservation keys, version 1\n0xa volatile - naa.00\ncrc32c 00000000\n'      | 2 | DEVICE
            'mpath reservation keys, version 1\n0xa volatile - name.d\n0xb volatile - name.d\ncrc32c 00000000\n' | 3 | DEVICE
            'mpath reservation keys, version 1\n0xa volatile - name.d\ncrc32c 00000000\n'      | 3 | checksum
            """)
    void whatIsWrongIsNamedByLineAndField(String text, int line, String field) throws IOException {
        Files.writeString(file, text.replace("\\n", "\n"), StandardCharsets.US_ASCII);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> keys.find(DISK))
                .satisfies(e -> {
                    assertThat(e.file()).isEqualTo(file);
                    assertThat(e.line()).isEqualTo(line);
                    assertThat(e.field()).isEqualTo(field);
                })
                .withMessageStartingWith(file + ", line " + line + ": " + field + ": ");
    }

    @Test
    void whatIsRefusedDoesNotSteerTheTerminal() throws IOException {
        Files.writeString(file, """
                mpath reservation keys, version 1
                \u001b[2J volatile - name.d
                crc32c 00000000
                """);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> keys.find(DISK))
                .withMessageContaining("'?[2J'");
    }

    /** Each reads all and writes all: what another stored meanwhile must not be lost. */
    @Test
    void storingAtTheSameTimeLosesNothing() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            DeviceId device = DeviceId.named("disk" + i);
            all.add(pool.submit(() -> new KeyFile(file).settle(device, A)));
        }
        for (Future<?> one : all) {
            one.get();
        }
        pool.shutdown();

        for (int i = 0; i < threads; i++) {
            assertThat(found(DeviceId.named("disk" + i))).contains(certain(A));
        }
    }
}
