package io.mpath.examples.page;

import io.mpath.observe.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What a page says, field by field, in its order: for programs as JSON, for people with notes. Not thread-safe. */
public final class PageFields {
    private static final String INDENT = "  ";

    private sealed interface Value {}

    private record Words(String text) implements Value {}

    /** Without a sign. */
    private record Count(long value) implements Value {}

    private record Flag(boolean set) implements Value {}

    private record Absent() implements Value {}

    private record Counts(long... values) implements Value {}

    private record Texts(List<String> texts) implements Value {}

    private record Parts(List<PageFields> parts) implements Value {}

    /**
     * A field.
     *
     * @param note what it means, for people; may be empty
     * @param remark whether all of it is for people
     */
    private record Field(String name, Value value, String note, boolean remark) {}

    private final List<Field> fields = new ArrayList<>();

    private PageFields add(String name, Value value, String note) {
        fields.add(new Field(name, value, note, false));
        return this;
    }

    /** A text. */
    public PageFields text(String name, String text) {
        return add(name, new Words(text), "");
    }

    /** A text, or nothing. */
    public PageFields text(String name, Optional<String> text) {
        return add(name, text.<Value>map(Words::new).orElseGet(Absent::new), "");
    }

    /** A number, 64 bits without a sign. */
    public PageFields number(String name, long value, String note) {
        return add(name, new Count(value), note);
    }

    /** A number, 64 bits without a sign. */
    public PageFields number(String name, long value) {
        return number(name, value, "");
    }

    /** A number, or nothing. */
    public PageFields number(String name, OptionalInt value) {
        return add(name, value.isPresent() ? new Count(value.getAsInt()) : new Absent(), "");
    }

    /** A number whose bits mean something each, of which {@code meanings} are the names of those that are set. */
    public PageFields bits(String name, long value, String meanings) {
        String hex = "0x" + Long.toHexString(value);
        return number(name, value, meanings.isEmpty() ? hex : hex + ": " + meanings);
    }

    /** A bit. */
    public PageFields flag(String name, boolean set) {
        return add(name, new Flag(set), "");
    }

    /** Numbers. */
    public PageFields numbers(String name, LongStream values) {
        return add(name, new Counts(values.toArray()), "");
    }

    /** Texts. */
    public PageFields texts(String name, List<String> texts) {
        return add(name, new Texts(List.copyOf(texts)), "");
    }

    /** Texts, or nothing. */
    public PageFields texts(String name, Optional<List<String>> texts) {
        return texts.map(all -> texts(name, all)).orElseGet(() -> add(name, new Absent(), ""));
    }

    /** Descriptors, each with fields of its own. */
    public PageFields parts(String name, List<PageFields> parts) {
        return add(name, new Parts(List.copyOf(parts)), "");
    }

    /** What people want to know and the form for programs does not have. */
    public PageFields remark(String name, String text) {
        fields.add(new Field(name, new Words(text), "", true));
        return this;
    }

    /** One JSON document. */
    public String toJson() {
        var json = new JsonWriter();
        write(json);
        return json.toString();
    }

    private void write(JsonWriter json) {
        json.beginObject();
        for (Field field : fields) {
            if (!field.remark()) {
                write(json.name(field.name()), field.value());
            }
        }
        json.endObject();
    }

    private static void write(JsonWriter json, Value value) {
        if (value instanceof Words words) {
            json.value(words.text());
        } else if (value instanceof Count count) {
            json.valueUnsigned(count.value());
        } else if (value instanceof Flag flag) {
            json.value(flag.set());
        } else if (value instanceof Counts counts) {
            json.beginArray();
            LongStream.of(counts.values()).forEach(json::valueUnsigned);
            json.endArray();
        } else if (value instanceof Texts texts) {
            json.beginArray();
            texts.texts().forEach(json::value);
            json.endArray();
        } else if (value instanceof Parts parts) {
            json.beginArray();
            parts.parts().forEach(part -> part.write(json));
            json.endArray();
        } else {
            json.nullValue();
        }
    }

    /** Lines for a person, each ended. */
    public String toText() {
        return lines().stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private List<String> lines() {
        int width =
                fields.stream().mapToInt(field -> field.name().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (Field field : fields) {
            if (field.value() instanceof Parts parts && !parts.parts().isEmpty()) {
                lines.add(field.name());
                parts.parts().forEach(part -> lines.addAll(part.asItem()));
            } else {
                String note = field.note().isEmpty() ? "" : INDENT + "(" + field.note() + ")";
                String padding = " ".repeat(width - field.name().length());
                lines.add(field.name() + padding + INDENT + shown(field.value()) + note);
            }
        }
        return lines;
    }

    private List<String> asItem() {
        List<String> lines = lines();
        List<String> item = new ArrayList<>();
        for (String line : lines) {
            item.add((item.isEmpty() ? "- " : INDENT) + line);
        }
        return item;
    }

    private static String shown(Value value) {
        if (value instanceof Words words) {
            return printable(words.text());
        }
        if (value instanceof Count count) {
            return Long.toUnsignedString(count.value());
        }
        if (value instanceof Flag flag) {
            return flag.set() ? "yes" : "no";
        }
        if (value instanceof Counts counts && counts.values().length > 0) {
            return LongStream.of(counts.values())
                    .mapToObj(Long::toUnsignedString)
                    .collect(Collectors.joining(", "));
        }
        if (value instanceof Texts texts && !texts.texts().isEmpty()) {
            return printable(String.join(", ", texts.texts()));
        }
        return "none";
    }

    /** Text that a device made up must not steer the terminal. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
    }
}
