package io.mpath.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code mpath} command line. */
@Command(name = "mpath", description = "Multipath I/O for the JVM.", mixinStandardHelpOptions = true)
public final class Main implements Runnable {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
