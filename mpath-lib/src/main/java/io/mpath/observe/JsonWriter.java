package io.mpath.observe;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes one JSON document (RFC 8259), compact, in the order of the calls. What is not well formed (a value without a
 * name in an object, an end without a beginning) throws {@link IllegalStateException} at the call that breaks it.
 *
 * <p>Not thread-safe.
 */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder();
    private final Deque<Character> ends = new ArrayDeque<>();
    private boolean named;
    private boolean follows;

    /** An empty document. */
    public JsonWriter() {}

    /** Opens an object. */
    public JsonWriter beginObject() {
        return begin('{', '}');
    }

    /** Closes the innermost object. */
    public JsonWriter endObject() {
        return end('}');
    }

    /** Opens an array. */
    public JsonWriter beginArray() {
        return begin('[', ']');
    }

    /** Closes the innermost array. */
    public JsonWriter endArray() {
        return end(']');
    }

    /** Names the value that comes next, in an object. */
    public JsonWriter name(String name) {
        require(!named && inObject(), "a name");
        separate();
        quote(name);
        out.append(':');
        named = true;
        return this;
    }

    /** A string. */
    public JsonWriter value(String value) {
        beforeValue();
        quote(value);
        return this;
    }

    /** A whole number. */
    public JsonWriter value(long value) {
        beforeValue();
        out.append(value);
        return this;
    }

    /** A whole number of 64 bits without a sign. */
    public JsonWriter valueUnsigned(long value) {
        beforeValue();
        out.append(Long.toUnsignedString(value));
        return this;
    }

    /** A number. @throws IllegalArgumentException when it is infinite or none, for which JSON has no form */
    public JsonWriter value(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(value + " has no form in JSON");
        }
        beforeValue();
        out.append(value);
        return this;
    }

    /** True or false. */
    public JsonWriter value(boolean value) {
        beforeValue();
        out.append(value);
        return this;
    }

    /** Null. */
    public JsonWriter nullValue() {
        beforeValue();
        out.append("null");
        return this;
    }

    /** The document. @throws IllegalStateException when it is not complete */
    @Override
    public String toString() {
        require(follows && ends.isEmpty(), "the end of the document");
        return out.toString();
    }

    private JsonWriter begin(char opening, char closing) {
        beforeValue();
        out.append(opening);
        ends.push(closing);
        follows = false;
        return this;
    }

    private JsonWriter end(char closing) {
        require(!named && !ends.isEmpty() && ends.peek() == closing, "'" + closing + "'");
        ends.pop();
        out.append(closing);
        follows = true;
        return this;
    }

    private void beforeValue() {
        require(inObject() ? named : !ends.isEmpty() || !follows, "a value");
        if (!named) {
            separate();
        }
        named = false;
        follows = true;
    }

    private boolean inObject() {
        return !ends.isEmpty() && ends.peek() == '}';
    }

    private void separate() {
        if (follows) {
            out.append(',');
        }
    }

    private void require(boolean fits, String what) {
        if (!fits) {
            throw new IllegalStateException(what + " does not fit behind " + out);
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || isLoneSurrogate(text, i)) {
                        escape(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** UTF-8 has no form for half a surrogate pair: unescaped, it would turn into a question mark on its way out. */
    private static boolean isLoneSurrogate(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private void escape(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(c >> shift & 0xf));
        }
    }
}
