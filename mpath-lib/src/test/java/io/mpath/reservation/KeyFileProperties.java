package io.mpath.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.DeviceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A key file that was damaged is refused: it never says something else than was written. */
class KeyFileProperties {
    private static final Path FILE = Path.of("keys");

    @Provide
    Arbitrary<DeviceId> devices() {
        Arbitrary<DeviceId> texts = Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(20)
                .map(bytes -> DeviceId.of(DeviceId.Type.T10, bytes));
        Arbitrary<DeviceId> names =
                Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(20).map(DeviceId::named);
        Arbitrary<DeviceId> numbers = Arbitraries.longs()
                .filter(value -> value != 0)
                .map(value -> DeviceId.parse("naa.%016x".formatted(value)));
        return Arbitraries.oneOf(texts, names, numbers);
    }

    @Provide
    Arbitrary<StoredKey> storedKeys() {
        Arbitrary<Registration> registrations = Combinators.combine(
                        Arbitraries.longs().filter(value -> value != 0), Arbitraries.of(true, false))
                .as((key, persistent) -> new Registration(new ReservationKey(key), persistent));
        return Combinators.combine(registrations, Arbitraries.longs().map(ReservationKey::new))
                .as(StoredKey::new);
    }

    @Provide
    Arbitrary<Map<DeviceId, StoredKey>> files() {
        return Arbitraries.maps(devices(), storedKeys()).ofMaxSize(5);
    }

    @Property
    void whatIsWrittenIsRead(@ForAll("files") Map<DeviceId, StoredKey> keys) {
        assertThat(read(KeyFileText.encode(keys))).isEqualTo(keys);
    }

    @Property
    void anyTruncationIsRefused(
            @ForAll("files") Map<DeviceId, StoredKey> keys, @ForAll @IntRange(max = 1000) int length) {
        byte[] bytes = KeyFileText.encode(keys);
        requireRefused(Arrays.copyOf(bytes, length % bytes.length));
    }

    @Property(tries = 2000)
    void anyDamagedByteIsRefused(
            @ForAll("files") Map<DeviceId, StoredKey> keys,
            @ForAll @IntRange(max = 1000) int at,
            @ForAll @ByteRange(min = 1, max = 127) byte flipped,
            @ForAll boolean high) {
        byte[] bytes = KeyFileText.encode(keys);
        bytes[at % bytes.length] ^= high ? (byte) (flipped | 0x80) : flipped;
        requireRefused(bytes);
    }

    @Property
    void whatFollowsTheLastLineIsRefused(
            @ForAll("files") Map<DeviceId, StoredKey> keys, @ForAll @Size(min = 1, max = 20) byte[] more) {
        byte[] bytes = KeyFileText.encode(keys);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, longer, bytes.length, more.length);
        requireRefused(longer);
    }

    @Property
    void anyBytesAreRefusedByTheTypedError(@ForAll @Size(max = 300) byte[] bytes) {
        requireRefused(bytes);
    }

    /** What would be read would be the same: it would not be what is written. */
    @Example
    void otherSpellingOfTheSameIsRefused() {
        Map<DeviceId, StoredKey> keys = new LinkedHashMap<>();
        keys.put(DeviceId.named("d"), new StoredKey(new Registration(new ReservationKey(0xa)), ReservationKey.NONE));
        String text = new String(KeyFileText.encode(keys), StandardCharsets.US_ASCII);
        String body = text.substring(0, text.indexOf("crc32c")).replace("0xa", "0x0a");
        var crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));

        requireRefused((body + "crc32c %08x\n".formatted(crc.getValue())).getBytes(StandardCharsets.US_ASCII));
    }

    private static Map<DeviceId, StoredKey> read(byte[] bytes) {
        return KeyFileText.decode(FILE, bytes);
    }

    private static void requireRefused(byte[] bytes) {
        assertThatExceptionOfType(KeyFileException.class).isThrownBy(() -> read(bytes));
    }
}
