package io.mpath.examples.cli;

import io.mpath.MultipathException;
import io.mpath.reservation.KeyFile;
import io.mpath.reservation.KeyFileException;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Reservations;
import io.mpath.reservation.conformance.ConformanceReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mpath reserve}. */
@Command(
        name = "reserve",
        description = "Persistent reservations of a device, over all of its paths.",
        mixinStandardHelpOptions = true)
final class ReserveCommand implements Callable<Integer> {
    /** What is to be done. */
    private enum Action {
        REGISTER,
        RESERVE,
        RELEASE,
        PREEMPT,
        CLEAR,
        REPORT,
        CONFORMANCE;

        static Optional<Action> named(String text) {
            return Arrays.stream(values())
                    .filter(action -> action.text().equals(text))
                    .findFirst();
        }

        static Action of(String text) {
            return named(text)
                    .orElseThrow(() -> new UsageException("'" + text + "' is none of "
                            + Arrays.stream(values()).map(Action::text).collect(Collectors.joining(", "))));
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Terminal terminal;
    private final List<Discovery> discoveries;

    @Parameters(
            arity = "1..2",
            paramLabel = "[DEVICE] ACTION",
            description = {
                "DEVICE is an identity as 'mpath list' prints it, unless paths are given. ACTION, before it or behind, is",
                "register: --key NEW, or --key OLD --new-key NEW; --new-key 0 ends the registration",
                "reserve, release: --key K --type T",
                "preempt: --key K --victim V --type T [--abort]",
                "clear: --key K, of all hosts",
                "report: what is registered and reserved",
                "conformance: --other NODE --destroy-reservations; holds the device to the standards"
            })
    List<String> words = new ArrayList<>();

    @Mixin
    PathArguments paths = new PathArguments();

    @Option(names = "--key", paramLabel = "KEY", converter = Converters.Key.class, description = "This host's key.")
    @Nullable
    ReservationKey key;

    @Option(
            names = "--new-key",
            paramLabel = "KEY",
            converter = Converters.Key.class,
            description = "What --key is replaced by; 0 ends the registration.")
    @Nullable
    ReservationKey newKey;

    @Option(
            names = "--victim",
            paramLabel = "KEY",
            converter = Converters.Key.class,
            description = "The other host's key; 0: of all other registrants, where these hold the reservation.")
    @Nullable
    ReservationKey victim;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = Converters.Type.class,
            description =
                    "write-exclusive or exclusive-access, or one of these and -registrants-only or -all-registrants.")
    @Nullable
    ReservationType type;

    @Option(names = "--ignore", description = "With register: whatever this host is registered as.")
    boolean ignore;

    @Option(
            names = "--key-per-path",
            description =
                    "--key is this host's, with the last 16 bits zero, and every path has a key of its own made of it, as with"
                            + " 'mpath io --key-per-path'. SCSI only.")
    boolean keyPerPath;

    @Option(names = "--abort", description = "With preempt: end what the victim has under way.")
    boolean abort;

    @Option(
            names = "--aptpl",
            description = "With register: registrations and reservation are to outlive a loss of the device's power.")
    boolean persistent;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = {
                "Keeps this host's key of each device, for its owner alone: register stores it, an unregistration and clear",
                "remove it, everything else needs no --key then. 'register' alone takes up what is stored."
            })
    @Nullable
    Path keyFile;

    @Mixin
    ConformanceArguments conformance = new ConformanceArguments();

    @Option(names = "--json", description = "One JSON document on standard output.")
    boolean json;

    ReserveCommand(Terminal terminal, List<Discovery> discoveries) {
        this.terminal = terminal;
        this.discoveries = discoveries;
    }

    @Override
    public Integer call() {
        // The device may also stand behind what is done to it.
        boolean behind = words.size() == 2 && Action.named(words.get(0)).isPresent();
        Action action = Action.of(words.get(behind ? 0 : words.size() - 1));
        requireFitting(action);
        DeviceArguments arguments = paths.with(words.size() == 2 ? words.get(behind ? 1 : 0) : null);
        return switch (action) {
            case REPORT -> report(arguments);
            case CONFORMANCE -> test(arguments);
            default -> change(action, arguments);
        };
    }

    private int test(DeviceArguments arguments) {
        if (!conformance.destroyReservations) {
            throw new UsageException(
                    "every registration and reservation of the device would be removed, all hosts': add"
                            + " --destroy-reservations if you mean it");
        }
        try (ConformanceRun run = arguments.openForTesting(discoveries, conformance)) {
            ConformanceReport report = run.run();
            terminal.out().print(json ? report.toJson() + System.lineSeparator() : report.toText());
            return report.passed() ? ExitStatus.DONE : ExitStatus.FAILED;
        }
    }

    private int report(DeviceArguments arguments) {
        try (OpenDevice open = arguments.openForLooking(discoveries)) {
            Reservations reservations = open.device().reservations();
            var report = new ReservationReport(
                    reservations.report().join(), reservations.capabilities().join());
            terminal.out().print(json ? report.toJson() + System.lineSeparator() : report.toText());
            return ExitStatus.DONE;
        } catch (CompletionException e) {
            if (e.getCause() instanceof MultipathException unread) {
                terminal.err().println("mpath reserve: " + unread.getMessage());
                return ExitStatus.FAILED;
            }
            throw e;
        }
    }

    private int change(Action action, DeviceArguments arguments) {
        try (OpenDevice open = arguments.openForReserving(discoveries, keyPerPath)) {
            Reservations reservations = open.device().reservations();
            Path file = keyFile;
            OwnKey own = new OwnKey(
                    open.device().id(),
                    reservations,
                    key,
                    file == null ? null : new KeyFile(file),
                    persistent,
                    this::waitOut);
            ReservationOutcome outcome = carryOut(action, reservations, own);
            terminal.out().println(json ? ReservationReport.outcome(action.text(), outcome) : outcome.text());
            KeyFileException notKept = own.notKept();
            if (notKept != null) {
                terminal.err().println("mpath reserve: this was answered, and is not stored: " + notKept.getMessage());
            }
            return outcome.done() && notKept == null ? ExitStatus.DONE : ExitStatus.FAILED;
        }
    }

    private void waitOut(ReservationOutcome.Refused refused) {
        long millis = refused.retryAfter().toMillis() + 1;
        terminal.err().println("mpath reserve: " + refused.text() + "; waiting for " + (millis / 1000 + 1) + " s");
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireFitting(Action action) {
        boolean changes = action != Action.REPORT && action != Action.CONFORMANCE;
        require(changes && keyFile == null, key, "--key KEY", action, changes);
        if (keyFile != null && !changes) {
            throw new UsageException("--key-file has no meaning for " + action.text() + ": leave it out");
        }
        if (conformance.given() && action != Action.CONFORMANCE) {
            throw new UsageException(
                    "--other, --destroy-reservations, --known-defects, --no-abort and --timeout are about conformance: leave"
                            + " them out");
        }
        require(action == Action.PREEMPT, victim, "--victim KEY", action);
        require(
                action == Action.RESERVE || action == Action.RELEASE || action == Action.PREEMPT,
                type,
                "--type TYPE",
                action);
        if (newKey != null && action != Action.REGISTER) {
            throw new UsageException("--new-key is about register: leave it out");
        }
        if (key != null && key.isNone()) {
            throw new UsageException("nobody is registered with key 0: give --key the key of this host");
        }
        if (keyPerPath && !changes) {
            throw new UsageException("--key-per-path is about this host's keys: leave it out");
        }
        if (ignore && (action != Action.REGISTER || newKey != null || key == null)) {
            throw new UsageException("--ignore is about 'register --key NEW': leave it out");
        }
        if (persistent && action != Action.REGISTER) {
            throw new UsageException("--aptpl is about register: leave it out");
        }
        if (abort && action != Action.PREEMPT) {
            throw new UsageException("--abort is about preempt: leave it out");
        }
    }

    private static void require(boolean needed, @Nullable Object given, String option, Action action) {
        require(needed, given, option, action, needed);
    }

    private static void require(boolean needed, @Nullable Object given, String option, Action action, boolean allowed) {
        if (needed && given == null) {
            throw new UsageException(action.text() + " needs " + option);
        }
        if (!allowed && given != null) {
            throw new UsageException(option + " has no meaning for " + action.text() + ": leave it out");
        }
    }

    private static <T> T given(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("an option that was required is not there");
        }
        return value;
    }

    private ReservationOutcome carryOut(Action action, Reservations all, OwnKey own) {
        return switch (action) {
            case REGISTER -> {
                ReservationKey wanted = newKey;
                if (wanted == null) {
                    yield own.register(ignore);
                }
                yield wanted.isNone() ? own.leave(all::unregister) : own.replace(wanted);
            }
            case RESERVE -> own.then(() -> all.reserve(given(type)));
            case RELEASE -> own.then(() -> release(all));
            case PREEMPT ->
                own.then(() -> abort
                        ? all.preemptAndAbort(given(victim), given(type))
                        : all.preempt(given(victim), given(type)));
            case CLEAR -> own.leave(all::clear);
            case REPORT, CONFORMANCE -> throw new IllegalStateException(action + " is no change");
        };
    }

    /** What is reserved is released whatever its type; that it is the one which was named is asked first. */
    private CompletableFuture<ReservationOutcome> release(Reservations all) {
        ReservationType named = given(type);
        ReservationType held = all.standing().reserved().orElse(named);
        return held == named
                ? all.release()
                : CompletableFuture.completedFuture(
                        new ReservationOutcome.Refused("release: " + held + " is reserved, not " + named));
    }
}
