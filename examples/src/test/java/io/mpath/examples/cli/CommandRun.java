package io.mpath.examples.cli;

import io.mpath.examples.workload.StopSignal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command that was run, and what it said.
 *
 * @param out on standard output
 * @param err on standard error
 */
record CommandRun(int status, String out, String err) {
    static CommandRun of(String... arguments) {
        return of(new StopSignal(), List.of(), arguments);
    }

    static CommandRun of(StopSignal stop, List<Discovery> discoveries, String... arguments) {
        return of(new byte[0], stop, discoveries, arguments);
    }

    /** With {@code input} on standard input. */
    static CommandRun of(byte[] input, String... arguments) {
        return of(input, new StopSignal(), List.of(), arguments);
    }

    private static CommandRun of(byte[] input, StopSignal stop, List<Discovery> discoveries, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                stop);
        int status = Main.run(terminal, discoveries, arguments);
        return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
