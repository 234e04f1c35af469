package io.mpath.examples.cli;

import io.mpath.MultipathException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** The {@code mpath} command. */
@Command(
        name = "mpath",
        description = "Multipath I/O for the JVM: one block device over several paths.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "mpath 0.1",
        subcommands = HelpCommand.class)
public final class Main {
    /** Requests answered at the end, then the device's close time-out, then the result. */
    private static final long PATIENCE_SECONDS = 120;

    private static final int INTERRUPTED = 130;

    private Main() {}

    /** Runs the command and ends the process. An interrupt ends the command early, not its result. */
    public static void main(String... arguments) {
        Terminal terminal = Terminal.system();
        var status = new CompletableFuture<Integer>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            terminal.stop().stop();
            Runtime.getRuntime().halt(await(status));
        }));
        status.complete(run(terminal, List.of(new NvmeNamespaces(), new ScsiDisks()), arguments));
        System.exit(status.join());
    }

    private static int await(CompletableFuture<Integer> status) {
        try {
            return status.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            return INTERRUPTED;
        }
    }

    /**
     * Runs the command.
     *
     * @param discoveries how devices are found on this machine
     * @return the exit status
     */
    static int run(Terminal terminal, List<Discovery> discoveries, String... arguments) {
        return new CommandLine(new Main())
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new ListCommand(terminal, discoveries))
                .addSubcommand(new ShowCommand(terminal, discoveries))
                .addSubcommand(new WatchCommand(terminal, discoveries))
                .addSubcommand(new IoCommand(terminal, discoveries, TargetGuard.system()))
                .addSubcommand(new ReserveCommand(terminal, discoveries))
                .addSubcommand(new DecodeCommand(terminal))
                .addSubcommand(new SimulateCommand(terminal))
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, given) -> complain(terminal, e.getCommandLine(), explained(e)))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof UsageException || e instanceof MultipathException) {
                        return complain(terminal, command, String.valueOf(e.getMessage()));
                    }
                    throw e;
                })
                .execute(arguments);
    }

    private static String explained(ParameterException e) {
        String help = "see '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'";
        return e.getMessage() + " (" + help + ")";
    }

    private static int complain(Terminal terminal, CommandLine command, String message) {
        String line = message.strip().replaceAll("\\s*\\R\\s*", "; ");
        terminal.err().println(command.getCommandSpec().qualifiedName().toLowerCase(Locale.ROOT) + ": " + line);
        return ExitStatus.USAGE;
    }
}
