package io.mpath.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) into maps, lists, strings, doubles, booleans and null. Its input is a file that JMH wrote: how deep that is
 * nested is not bounded.
 */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** The one value that {@code text} holds. @throws IllegalArgumentException when it holds none, or more, naming the place */
    static Object read(String text) {
        Json in = new Json(text);
        Object value = in.value();
        in.skipSpace();
        if (in.at < text.length()) {
            throw in.unexpected("the end");
        }
        return value;
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        take('{');
        if (!taken('}')) {
            do {
                peek();
                String name = string();
                peek();
                take(':');
                members.put(name, value());
            } while (taken(','));
            take('}');
        }
        return members;
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        take('[');
        if (!taken(']')) {
            do {
                elements.add(value());
            } while (taken(','));
            take(']');
        }
        return elements;
    }

    private String string() {
        take('"');
        StringBuilder read = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char next = text.charAt(at++);
            read.append(next == '\\' ? escaped() : next);
        }
        take('"');
        return read.toString();
    }

    private char escaped() {
        if (at == text.length()) {
            throw unexpected("an escaped character");
        }
        char kind = text.charAt(at++);
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw unexpected("an escaped character");
        };
    }

    private char unicode() {
        int end = at + 4;
        if (end > text.length()) {
            throw unexpected("four digits");
        }
        try {
            char read = (char) Integer.parseInt(text.substring(at, end), 16);
            at = end;
            return read;
        } catch (NumberFormatException e) {
            throw unexpected("four digits");
        }
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, at)) {
            throw unexpected(word);
        }
        at += word.length();
        return meaning;
    }

    private Double number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return Double.valueOf(text.substring(start, at));
        } catch (NumberFormatException e) {
            at = start;
            throw unexpected("a value");
        }
    }

    /** The next character that is no space, or 0 at the end. */
    private char peek() {
        skipSpace();
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean taken(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void take(char wanted) {
        if (at >= text.length() || text.charAt(at) != wanted) {
            skipSpace();
            if (at >= text.length() || text.charAt(at) != wanted) {
                throw unexpected("'" + wanted + "'");
            }
        }
        at++;
    }

    private IllegalArgumentException unexpected(String wanted) {
        return new IllegalArgumentException("no JSON: expected " + wanted + " at character " + at);
    }
}
