package io.mpath.reservation;

import io.mpath.DeviceId;
import io.mpath.MultipathException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The text of a {@link KeyFile}: lines of printable ASCII, each ended.
 *
 * <pre>
 * mpath reservation keys, version 1
 * 0xb persistent 0xa naa.6001405f00000001
 * crc32c 01234567
 * </pre>
 *
 * <p>Between the first line and the last there is one for each device, in the order of their texts: KEY, PERSISTENCE ({@code
 * persistent} or {@code volatile}), FORMER ({@code -} for none) and DEVICE, whose bytes other than printable ones are written as
 * {@code %20}. The checksum is of all bytes before its line. What is read is what would be written, byte by byte, or it is refused.
 */
final class KeyFileText {
    private static final int VERSION = 1;
    private static final String HEADER = "mpath reservation keys, version ";
    private static final String CHECKSUM = "crc32c ";
    private static final String NO_KEY = "-";
    private static final String PERSISTENT = "persistent";
    private static final String VOLATILE = "volatile";
    private static final int COLUMNS = 4;
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-f]{2})|([!-$&-~])");

    private KeyFileText() {}

    static Map<DeviceId, StoredKey> empty() {
        return new TreeMap<>(Comparator.comparing(KeyFileText::text));
    }

    static byte[] encode(Map<DeviceId, StoredKey> keys) {
        Map<DeviceId, StoredKey> sorted = empty();
        sorted.putAll(keys);
        var text = new StringBuilder(HEADER).append(VERSION).append('\n');
        sorted.forEach((device, stored) -> text.append(stored.registration().key())
                .append(' ')
                .append(stored.registration().persistent() ? PERSISTENT : VOLATILE)
                .append(' ')
                .append(stored.former().isNone() ? NO_KEY : stored.former())
                .append(' ')
                .append(text(device))
                .append('\n'));
        return text.append(checksum(ascii(text.toString())))
                .append('\n')
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }

    static Map<DeviceId, StoredKey> decode(Path file, byte[] bytes) {
        // Of bytes that are no ASCII this makes other ones than there were, which is found out at the end.
        List<String> lines = Arrays.asList(new String(bytes, StandardCharsets.US_ASCII).split("\n", -1));
        requireVersion(file, lines.get(0));
        int last = lines.size() - 2;
        if (last < 1 || !lines.get(last + 1).isEmpty() || !lines.get(last).startsWith(CHECKSUM)) {
            throw new KeyFileException(
                    file, lines.size(), "checksum", "the file is cut off: its last line is to be 'crc32c …'");
        }
        Map<DeviceId, StoredKey> keys = empty();
        for (int i = 1; i < last; i++) {
            entry(new Line(file, i + 1, lines.get(i)), keys);
        }
        int before = bytes.length - lines.get(last).length() - 1;
        if (!lines.get(last).equals(checksum(Arrays.copyOf(bytes, before)))) {
            throw new KeyFileException(file, last + 1, "checksum", "it is not that of the lines before it");
        }
        if (!Arrays.equals(encode(keys), bytes)) {
            throw new KeyFileException(file, last + 1, "checksum", "the lines before it are not as they are written");
        }
        return keys;
    }

    private record Line(Path file, int number, String text) {
        KeyFileException wrong(String field, String problem) {
            return new KeyFileException(file, number, field, problem);
        }
    }

    private static void requireVersion(Path file, String line) {
        if (!line.startsWith(HEADER)) {
            throw new KeyFileException(file, 1, "header", "it is no key file, which begins with '" + HEADER + "…'");
        }
        if (!line.equals(HEADER + VERSION)) {
            throw new KeyFileException(
                    file,
                    1,
                    "version",
                    "'" + printable(line.substring(HEADER.length())) + "' is not known here, only " + VERSION
                            + ": another version of this library wrote it");
        }
    }

    private static void entry(Line line, Map<DeviceId, StoredKey> keys) {
        String[] columns = line.text().split(" ", -1);
        if (columns.length != COLUMNS) {
            throw line.wrong(
                    "line", "it has " + columns.length + " columns, and not KEY, PERSISTENCE, FORMER and DEVICE");
        }
        ReservationKey key = key(line, "KEY", columns[0]);
        boolean persistent = switch (columns[1]) {
            case PERSISTENT -> true;
            case VOLATILE -> false;
            default ->
                throw line.wrong("PERSISTENCE", "'" + printable(columns[1]) + "' is neither persistent nor volatile");
        };
        ReservationKey former = columns[2].equals(NO_KEY) ? ReservationKey.NONE : key(line, "FORMER", columns[2]);
        DeviceId device = device(line, columns[3]);
        if (keys.put(device, new StoredKey(new Registration(key, persistent), former)) != null) {
            throw line.wrong("DEVICE", device + " was there before");
        }
    }

    private static ReservationKey key(Line line, String field, String text) {
        ReservationKey key;
        try {
            key = ReservationKey.parse(text);
        } catch (IllegalArgumentException e) {
            throw line.wrong(field, "'" + printable(text) + "' is no reservation key");
        }
        if (key.isNone()) {
            throw line.wrong(field, "nobody is registered with key 0x0");
        }
        return key;
    }

    private static DeviceId device(Line line, String text) {
        for (DeviceId.Type type : DeviceId.Type.values()) {
            String prefix = prefix(type);
            if (text.startsWith(prefix)) {
                try {
                    return isText(type)
                            ? DeviceId.of(type, unescaped(line, text.substring(prefix.length())))
                            : DeviceId.parse(text);
                } catch (KeyFileException e) {
                    throw e;
                } catch (MultipathException e) {
                    throw line.wrong("DEVICE", "'" + printable(text) + "' is no identity of a device");
                }
            }
        }
        throw line.wrong("DEVICE", "'" + printable(text) + "' is no identity of a device");
    }

    private static byte[] unescaped(Line line, String text) {
        var bytes = new ByteArrayOutputStream();
        Matcher matcher = ESCAPE.matcher(text);
        while (matcher.regionStart() < text.length()) {
            if (!matcher.lookingAt()) {
                throw line.wrong("DEVICE", "'" + printable(text) + "' is no identity of a device");
            }
            String digits = matcher.group(1);
            bytes.write(digits == null ? text.charAt(matcher.start()) : HexFormat.fromHexDigits(digits));
            matcher.region(matcher.end(), text.length());
        }
        return bytes.toByteArray();
    }

    private static String text(DeviceId device) {
        if (!isText(device.type())) {
            return device.toString();
        }
        var text = new StringBuilder(prefix(device.type()));
        for (byte b : device.bytes()) {
            if (b > ' ' && b <= '~' && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(HexFormat.of().toHexDigits(b));
            }
        }
        return text.toString();
    }

    private static boolean isText(DeviceId.Type type) {
        return type == DeviceId.Type.T10 || type == DeviceId.Type.NAME;
    }

    private static String prefix(DeviceId.Type type) {
        return type.name().toLowerCase(Locale.ROOT) + '.';
    }

    private static String checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return CHECKSUM + "%08x".formatted(crc.getValue());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What is in a file that is not to be trusted must not steer a terminal. */
    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
