package io.mpath.examples.cli;

import io.mpath.observe.Topology;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpath show}. */
@Command(
        name = "show",
        description = "Shows one device: identity, size, policy, state, and every path.",
        mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final List<Discovery> discoveries;

    @Mixin
    DeviceArguments device = new DeviceArguments();

    @Option(names = "--json", description = "One JSON document on standard output, of the form that list prints.")
    boolean json;

    ShowCommand(Terminal terminal, List<Discovery> discoveries) {
        this.terminal = terminal;
        this.discoveries = discoveries;
    }

    @Override
    public Integer call() {
        try (OpenDevice open = device.openForLooking(discoveries)) {
            var topology = new Topology(List.of(open.snapshot()), List.of());
            if (json) {
                terminal.out().println(topology.toJson());
            } else {
                terminal.out().print(topology.toText());
            }
        }
        return ExitStatus.DONE;
    }
}
