package io.mpath.examples.page;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in a file: its bytes as they are, or as text of hexadecimal digits, two for a byte, with white space between bytes and
 * comments from {@code #} to the end of a line. A comment {@code # 4096 bytes in all} gives its length: what is missing behind the
 * last line is zeroes.
 */
public final class PageFile {
    /** Longer than any page there is: what is longer is no page. */
    public static final int MAX_BYTES = 16 << 20;

    private static final Pattern LENGTH = Pattern.compile("#\\s*(\\d{1,8}) bytes in all\\b.*");
    // A byte takes two digits and a space.
    private static final int MAX_FILE_BYTES = 4 * MAX_BYTES;

    private PageFile() {}

    /** The file is no page: text that is not of the form above, or more than any page. The message says where and why. */
    public static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message);
        }
    }

    /** Reads a page to its end. @throws IOException when it cannot be read */
    public static ByteBuffer read(InputStream in) throws IOException, SyntaxException {
        // A stream of the file's own would seek to learn how much there is, which fails for a pipe.
        byte[] bytes = new BufferedInputStream(in).readNBytes(MAX_FILE_BYTES + 1);
        Optional<String> text = text(bytes);
        ByteBuffer page = text.isPresent() ? parse(text.get()) : ByteBuffer.wrap(bytes);
        if (page.remaining() > MAX_BYTES) {
            throw new SyntaxException("is longer than any page, " + MAX_BYTES + " bytes");
        }
        return page;
    }

    /** Pages have control characters, text has none but those of lines. */
    private static Optional<String> text(byte[] bytes) {
        for (byte b : bytes) {
            boolean control = (b >= 0 && b < ' ') || b == 0x7f;
            if (control && b != '\t' && b != '\n' && b != '\r') {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static ByteBuffer parse(String text) throws SyntaxException {
        var bytes = new ByteArrayOutputStream();
        int length = 0;
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            Matcher said = LENGTH.matcher(line);
            if (said.matches()) {
                length = Integer.parseInt(said.group(1));
            }
            int comment = line.indexOf('#');
            parse(comment < 0 ? line : line.substring(0, comment), number, bytes);
        }
        if (length > MAX_BYTES) {
            throw new SyntaxException("says that it has " + length + " bytes, more than any page, " + MAX_BYTES);
        }
        return ByteBuffer.wrap(Arrays.copyOf(bytes.toByteArray(), Math.max(bytes.size(), length)));
    }

    private static void parse(String line, int number, ByteArrayOutputStream bytes) throws SyntaxException {
        for (String word : line.trim().split("\\s+", -1)) {
            if (word.length() % 2 != 0) {
                throw new SyntaxException("line " + number + ": '" + abridged(word) + "' is half a byte");
            }
            for (int at = 0; at < word.length(); at += 2) {
                int high = Character.digit(word.charAt(at), 16);
                int low = Character.digit(word.charAt(at + 1), 16);
                if (high < 0 || low < 0 || word.charAt(at) > 'f' || word.charAt(at + 1) > 'f') {
                    throw new SyntaxException(
                            "line " + number + ": '" + abridged(word) + "' is no byte in hexadecimal digits");
                }
                bytes.write(high << 4 | low);
            }
        }
    }

    private static String abridged(String word) {
        return word.length() <= 12 ? word : word.substring(0, 12) + "…";
    }
}
