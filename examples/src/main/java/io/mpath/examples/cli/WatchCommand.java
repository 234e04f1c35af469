package io.mpath.examples.cli;

import io.mpath.linux.Sysfs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpath watch}. */
@Command(
        name = "watch",
        description = {
            "Shows one device live: its paths, and state changes as they happen. Ends with Ctrl-C.",
            "Rates and latencies of block devices are the whole machine's, as the kernel counts them; commands that"
                    + " go past its block layer are not among them."
        },
        mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final List<Discovery> discoveries;

    @Mixin
    DeviceArguments device = new DeviceArguments();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "End after that long.")
    @Nullable
    Duration time;

    WatchCommand(Terminal terminal, List<Discovery> discoveries) {
        this.terminal = terminal;
        this.discoveries = discoveries;
    }

    @Override
    public Integer call() {
        long millis = time == null ? Long.MAX_VALUE : time.toMillis();
        try (OpenDevice open = device.openForLooking(discoveries)) {
            var traffic = PathTraffic.ofTheMachine(Sysfs.system());
            var view = new LiveView(terminal.out(), terminal.outIsTerminal(), open, traffic);
            view.during(() -> terminal.stop().await(millis));
        }
        return ExitStatus.DONE;
    }
}
