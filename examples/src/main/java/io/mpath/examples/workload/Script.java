package io.mpath.examples.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A story told to a device, one step after the other. A line is one step: {@code write OFFSET LENGTH BYTE}, {@code read OFFSET
 * LENGTH}, {@code wait MS} or {@code expect OFFSET LENGTH BYTE}; {@code #} begins a comment. Sizes may end in k, m, g or t;
 * bytes and numbers may be hexadecimal ({@code 0x5a}).
 *
 * @param steps in the order of their lines
 */
public record Script(List<Step> steps) {
    private static final long LONGEST_TRANSFER = 64 << 20;

    /** One line of a script. */
    public sealed interface Step {
        /** Its number, from 1. */
        int line();
    }

    /** A step that transfers data. */
    public sealed interface Transfer extends Step {
        /** Where, in bytes. */
        long offset();

        /** How much, in bytes. */
        int length();
    }

    /** Writes one value over a range. */
    public record Write(int line, long offset, int length, byte value) implements Transfer {}

    /** Reads a range, and looks at nothing. */
    public record Read(int line, long offset, int length) implements Transfer {}

    /** Reads a range, every byte of which must have one value. */
    public record Expect(int line, long offset, int length, byte value) implements Transfer {}

    /** Lets time pass. */
    public record Wait(int line, long millis) implements Step {}

    /** The lines are no script; the message begins with the number of the one that is wrong. */
    public static final class SyntaxException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SyntaxException(int line, String message) {
            super("line " + line + ": " + message);
        }
    }

    /** Copies the steps. */
    public Script {
        steps = List.copyOf(steps);
    }

    /** Whether any step writes. */
    public boolean writes() {
        return steps.stream().anyMatch(Write.class::isInstance);
    }

    /** The largest power of two that divides every offset and length. */
    public long alignment() {
        long all = steps.stream()
                .filter(Transfer.class::isInstance)
                .map(Transfer.class::cast)
                .mapToLong(transfer -> transfer.offset() | transfer.length())
                .reduce(0, (one, other) -> one | other);
        return Math.max(1, Long.lowestOneBit(all));
    }

    /** The script that {@code lines} spell. @throws SyntaxException when they spell none */
    public static Script parse(List<String> lines) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).replaceFirst("#.*", "").strip();
            if (!text.isEmpty()) {
                steps.add(step(i + 1, List.of(text.split("\\s+"))));
            }
        }
        if (steps.isEmpty()) {
            throw new SyntaxException(Math.max(1, lines.size()), "the script has no step");
        }
        return new Script(steps);
    }

    /** Whether every range is one of whole blocks within a device. @throws SyntaxException when one is not */
    public void requireWithin(long deviceBytes, int blockBytes) {
        for (Step step : steps) {
            if (step instanceof Transfer transfer) {
                if (transfer.offset() % blockBytes != 0 || transfer.length() % blockBytes != 0) {
                    throw new SyntaxException(
                            step.line(), "offset and length must be multiples of the block size, " + blockBytes);
                }
                if (transfer.offset() > deviceBytes - transfer.length()) {
                    throw new SyntaxException(step.line(), "the device ends at " + deviceBytes + " bytes");
                }
            }
        }
    }

    private static Step step(int line, List<String> words) {
        String verb = words.get(0).toLowerCase(Locale.ROOT);
        return switch (verb) {
            case "write" -> {
                requireArguments(line, words, "OFFSET LENGTH BYTE");
                yield new Write(line, offset(line, words), length(line, words), value(line, words));
            }
            case "read" -> {
                requireArguments(line, words, "OFFSET LENGTH");
                yield new Read(line, offset(line, words), length(line, words));
            }
            case "expect" -> {
                requireArguments(line, words, "OFFSET LENGTH BYTE");
                yield new Expect(line, offset(line, words), length(line, words), value(line, words));
            }
            case "wait" -> {
                requireArguments(line, words, "MS");
                yield new Wait(line, number(line, words.get(1), "a number of milliseconds", Integer.MAX_VALUE));
            }
            default ->
                throw new SyntaxException(
                        line, "'" + words.get(0) + "' is no step: expected write, read, wait or expect");
        };
    }

    private static void requireArguments(int line, List<String> words, String arguments) {
        if (words.size() != arguments.split(" ", -1).length + 1) {
            throw new SyntaxException(line, "expected '" + words.get(0) + " " + arguments + "'");
        }
    }

    private static long offset(int line, List<String> words) {
        return number(line, words.get(1), "an offset", Long.MAX_VALUE);
    }

    private static int length(int line, List<String> words) {
        long length = number(line, words.get(2), "a length", LONGEST_TRANSFER);
        if (length == 0) {
            throw new SyntaxException(line, "the length is zero");
        }
        return (int) length;
    }

    private static byte value(int line, List<String> words) {
        return (byte) number(line, words.get(3), "a byte", 0xff);
    }

    private static long number(int line, String text, String what, long most) {
        long value;
        try {
            value = text.toLowerCase(Locale.ROOT).startsWith("0x") ? Long.decode(text) : ByteSize.parse(text);
        } catch (NumberFormatException e) {
            throw new SyntaxException(line, "'" + text + "' is not " + what);
        }
        if (value < 0 || value > most) {
            throw new SyntaxException(line, "'" + text + "' is not " + what + " from 0 to " + most);
        }
        return value;
    }
}
