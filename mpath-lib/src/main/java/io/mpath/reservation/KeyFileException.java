package io.mpath.reservation;

import io.mpath.MultipathException;
import java.nio.file.Path;

/**
 * A {@link KeyFile} that is not to be trusted, or cannot be read or written. It was left as it is. The message names file, line and
 * field, and what is wrong.
 */
public final class KeyFileException extends MultipathException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final String field;

    KeyFileException(Path file, int line, String field, String problem) {
        super(file + ", line " + line + ": " + field + ": " + problem);
        this.file = file.toString();
        this.line = line;
        this.field = field;
    }

    KeyFileException(Path file, String problem) {
        super(file + ": " + problem);
        this.file = file.toString();
        this.line = 0;
        this.field = "";
    }

    KeyFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
        this.file = file.toString();
        this.line = 0;
        this.field = "";
    }

    /** The file. */
    public Path file() {
        return Path.of(file);
    }

    /** The line that is wrong, counted from 1; 0 where it is no line, but the file. */
    public int line() {
        return line;
    }

    /** What is wrong in that line; empty where it is the file. */
    public String field() {
        return field;
    }
}
