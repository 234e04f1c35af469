package io.mpath.examples.cli;

import io.mpath.Multipath;
import io.mpath.observe.Topology;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mpath list}. */
@Command(
        name = "list",
        description = "Shows every device found on this machine, with its paths, and what was left out and why.",
        mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final List<Discovery> discoveries;

    @Option(names = "--json", description = "One JSON document on standard output.")
    boolean json;

    ListCommand(Terminal terminal, List<Discovery> discoveries) {
        this.terminal = terminal;
        this.discoveries = discoveries;
    }

    @Override
    public Integer call() {
        Topology topology;
        try (Multipath registry = Multipath.create()) {
            discover(registry);
            topology = registry.topology();
        }
        if (json) {
            terminal.out().println(topology.toJson());
            return ExitStatus.DONE;
        }
        terminal.out().print(topology.toText());
        if (topology.devices().isEmpty()) {
            terminal.out()
                    .println("looked for: " + transports()
                            + "; files and block devices are not looked for: give them with --path and --id");
        }
        return ExitStatus.DONE;
    }

    /** A candidate that cannot be opened is among what the registry left out, with its reason. */
    private void discover(Multipath registry) {
        new FoundDevices(discoveries)
                .paths(Use.LOOKING).stream()
                        .map(path -> registry.offer(path.candidate()))
                        .map(offer -> offer.handle((admitted, failure) -> null))
                        .toList()
                        .forEach(CompletableFuture::join);
    }

    private String transports() {
        return discoveries.isEmpty()
                ? "nothing, no transport here can find devices"
                : discoveries.stream().map(Discovery::transport).collect(Collectors.joining(", "));
    }
}
