package io.mpath.reservation;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.mpath.DeviceId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A file in which a process keeps what it is registered as, so that the one which comes after it can {@linkplain
 * Reservations#adopt take that up}. Whoever has a key can end that host's registration with it: so the file is its owner's alone
 * (mode 0600), and one that is not is refused, as is one that is no regular file, or another user's.
 *
 * <p>Store a key before it is registered, and remove it after it was unregistered: a process that ends in between leaves a key
 * too many, which nobody is registered with and {@code adopt} finds out, and never a registration whose key nobody knows.
 *
 * <p>The file is text with a version and a checksum, and is replaced as a whole: whoever reads it, also after a crash or a loss of
 * power, sees it as it was or as it is. What is cut off or damaged, or of another version, is refused and left alone. Beside it, {@code
 * FILE.lock} keeps processes from each other, and {@code FILE.new} is what is about to replace it.
 *
 * <p>Threading: every method may be called by any thread, and blocks for as long as the disk does. Each throws {@link
 * KeyFileException}. Linux only.
 */
public final class KeyFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Path OWN_PROCESS = Path.of("/proc/self");
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR_FILE = 0100000;
    private static final int ANYBODY_ELSE = 0077;
    private static final int MOST_BYTES = 1 << 20;

    // Locks of files are the process's: between its own threads they mean an exception.
    private static final Object TURN = new Object();

    private final Path file;

    /** The file of that name, which need not be there yet; its directory has to be. */
    public KeyFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    @FunctionalInterface
    private interface Work<T> {
        T done() throws IOException;
    }

    /** What is stored for {@code device}, or empty. */
    public Optional<StoredKey> find(DeviceId device) {
        Objects.requireNonNull(device, "device");
        return there() ? locked(() -> Optional.ofNullable(read().get(device))) : Optional.empty();
    }

    /**
     * Stores that this host is about to be registered as {@code wanted}. What was stored until then is kept as the {@linkplain
     * StoredKey#former former} key, until it is {@linkplain #settle settled} which of them the device has.
     */
    public void store(DeviceId device, Registration wanted) {
        change(device, before -> {
            ReservationKey former = before.map(StoredKey::registration)
                    .map(Registration::key)
                    .filter(key -> !key.equals(wanted.key()))
                    .orElse(ReservationKey.NONE);
            return Optional.of(new StoredKey(wanted, former));
        });
    }

    /** Stores that this host is registered as {@code registration}, for certain. */
    public void settle(DeviceId device, Registration registration) {
        put(device, Optional.of(new StoredKey(registration, ReservationKey.NONE)));
    }

    /** Stores nothing for {@code device} any more. */
    public void remove(DeviceId device) {
        put(device, Optional.empty());
    }

    /** Stores what {@link #find} once returned: what was about to be done was not done. */
    public void put(DeviceId device, Optional<StoredKey> stored) {
        change(device, before -> stored);
    }

    @FunctionalInterface
    private interface Change {
        Optional<StoredKey> of(Optional<StoredKey> before);
    }

    private void change(DeviceId device, Change change) {
        Objects.requireNonNull(device, "device");
        var unused = locked(() -> {
            Map<DeviceId, StoredKey> all = read();
            Optional<StoredKey> before = Optional.ofNullable(all.get(device));
            Optional<StoredKey> after = change.of(before);
            if (after.equals(before)) {
                return false;
            }
            after.ifPresentOrElse(key -> all.put(device, key), () -> all.remove(device));
            replace(KeyFileText.encode(all));
            return true;
        });
    }

    private boolean there() {
        return Files.exists(file, NOFOLLOW_LINKS);
    }

    private <T> T locked(Work<T> work) {
        synchronized (TURN) {
            try (FileChannel channel =
                    FileChannel.open(beside(".lock"), Set.of(WRITE, CREATE, NOFOLLOW_LINKS), OWNER_ONLY)) {
                FileLock lock = channel.lock();
                try {
                    return work.done();
                } finally {
                    lock.release();
                }
            } catch (IOException e) {
                throw new KeyFileException(file, "cannot be read or written: " + e, e);
            }
        }
    }

    private Map<DeviceId, StoredKey> read() throws IOException {
        if (!there()) {
            return KeyFileText.empty();
        }
        requireOwn();
        byte[] bytes;
        try (FileChannel channel = FileChannel.open(file, Set.of(READ, NOFOLLOW_LINKS));
                InputStream in = Channels.newInputStream(channel)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new KeyFileException(file, "is no key file: it has more than " + MOST_BYTES + " bytes");
        }
        return KeyFileText.decode(file, bytes);
    }

    private void requireOwn() throws IOException {
        int mode = (Integer) Files.getAttribute(file, "unix:mode", NOFOLLOW_LINKS);
        if ((mode & TYPE_MASK) != REGULAR_FILE) {
            throw new KeyFileException(file, "is no regular file");
        }
        if ((mode & ANYBODY_ELSE) != 0) {
            throw new KeyFileException(
                    file,
                    "others than its owner may use it (mode " + Integer.toOctalString(mode & 07777)
                            + "): its keys are to be trusted no more, or 'chmod 600' it");
        }
        Object owner = Files.getAttribute(file, "unix:uid", NOFOLLOW_LINKS);
        Object own = Files.getAttribute(OWN_PROCESS, "unix:uid");
        if (!owner.equals(own)) {
            throw new KeyFileException(file, "belongs to user " + owner + ", and not to user " + own + ", who asks");
        }
    }

    /** What a crash leaves is the file as it was, or as it is: its bytes are on the disk before its name is theirs. */
    private void replace(byte[] bytes) throws IOException {
        Path fresh = beside(".new");
        Files.deleteIfExists(fresh);
        try (FileChannel out = FileChannel.open(fresh, Set.of(WRITE, CREATE_NEW), OWNER_ONLY)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.resolveSibling(""), READ)) {
            directory.force(true);
        }
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** Its name. */
    @Override
    public String toString() {
        return file.toString();
    }
}
