package io.mpath.examples.cli;

import io.mpath.examples.workload.StopSignal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command speaks to.
 *
 * @param in what the user gives it
 * @param out results
 * @param err everything else
 * @param outIsTerminal whether a person looks at {@code out}
 * @param errIsTerminal whether a person looks at {@code err}
 * @param stop given when the user interrupts the command
 */
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        StopSignal stop) {
    private static final String TERMINALS = "mpath.terminals";

    /** The process's own. Java cannot tell which stream is a terminal; the launcher can, and says so in a property. */
    static Terminal system() {
        String terminals = System.getProperty(TERMINALS, "");
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                terminals.contains("out"),
                terminals.contains("err"),
                new StopSignal());
    }

    /** UTF-8 whatever the locale: JSON is. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
