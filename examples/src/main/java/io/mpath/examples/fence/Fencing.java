package io.mpath.examples.fence;

import io.mpath.MultipathException;
import io.mpath.linux.DeviceInUse;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two processes fence each other with persistent reservations. Both write all the time, each its own block; A preempts B, and from
 * then on B's writes fail with the reservation conflict, and none is accepted; B registers again and preempts A, with the same
 * result. Exits with 0 when that is how it was, with 1 when it was not, and with 2 when it was not begun.
 *
 * <p>Without arguments over an emulated logical unit, which this process serves on the loopback interface. Over real devices with
 *
 * <pre>
 * --host-a NODE[,NODE…] --host-b NODE[,NODE…] --destroy-data [--no-abort]
 * </pre>
 *
 * which overwrites the first two blocks of the device that all nodes lead to, those of A and those of B from two hosts (SCSI: two
 * initiators; NVMe: two host identifiers). {@code --no-abort} uses PREEMPT, and waits for what was under way.
 */
public final class Fencing {
    private static final String KEY_A = "0x6d7061746800000a";
    private static final String KEY_B = "0x6d7061746800000b";
    private static final long ENOUGH = 50;
    private static final int DONE = 0;
    private static final int BROKEN = 1;
    private static final int USAGE = 2;

    private final PrintStream out;
    private final boolean abort;

    private Fencing(PrintStream out, boolean abort) {
        this.out = out;
        this.abort = abort;
    }

    /** See above. */
    public static void main(String... arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    /** Runs it. @return the exit status */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        List<String> given = Arrays.asList(arguments);
        boolean abort = !given.contains("--no-abort");
        List<String> nodesOfA = nodes(given, "--host-a");
        List<String> nodesOfB = nodes(given, "--host-b");
        try {
            if (given.isEmpty() || given.equals(List.of("--no-abort"))) {
                try (var array = new LoopbackArray()) {
                    out.println("an emulated logical unit, behind two ports on loopback");
                    List<String> paths = LoopbackArray.PORTS.stream()
                            .map(port -> FencedHost.LOOPBACK + array.tcpPort() + "." + port)
                            .toList();
                    return new Fencing(out, abort).tell(paths, paths);
                }
            }
            Optional<String> unfit = unfit(given, nodesOfA, nodesOfB);
            if (unfit.isPresent()) {
                err.println("fencing: " + unfit.get());
                return USAGE;
            }
            return new Fencing(out, abort).tell(nodesOfA, nodesOfB);
        } catch (FencingException | IOException e) {
            err.println("fencing: " + e.getMessage());
            return BROKEN;
        }
    }

    private static List<String> nodes(List<String> given, String option) {
        int at = given.indexOf(option);
        return at < 0 || at + 1 == given.size()
                ? List.of()
                : List.of(given.get(at + 1).split(",", -1));
    }

    private static Optional<String> unfit(List<String> given, List<String> nodesOfA, List<String> nodesOfB) {
        if (nodesOfA.isEmpty() || nodesOfB.isEmpty()) {
            return Optional.of("two hosts are needed: --host-a NODE[,NODE…] --host-b NODE[,NODE…], or nothing");
        }
        if (!given.contains("--destroy-data")) {
            return Optional.of("the first two blocks would be overwritten: add --destroy-data if you mean it");
        }
        return Stream.concat(nodesOfA.stream(), nodesOfB.stream())
                .flatMap(node -> inUse(node).stream())
                .findFirst();
    }

    private static Optional<String> inUse(String node) {
        try {
            return DeviceInUse.system()
                    .reason(Path.of(node))
                    .map(why -> "will not write to " + node + ": " + why + "; let go of it first");
        } catch (MultipathException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private int tell(List<String> pathsOfA, List<String> pathsOfB) throws IOException {
        try (var a = new HostProcess("a", KEY_A, 0, pathsOfA);
                var b = new HostProcess("b", KEY_B, 1, pathsOfB)) {
            if (!a.device().equals(b.device())) {
                throw new FencingException("host a has " + a.device() + ", and host b " + b.device());
            }
            out.println("hosts a and b, a process each, have " + a.device());
            said(a, "register");
            said(a, "reserve");
            said(b, "register");
            long refused = fence(a, b);
            said(b, "register");
            refused += fence(b, a);
            said(b, "unregister");
            out.println("verdict: each fenced the other, and " + refused
                    + " writes met the conflict after that, none was accepted");
            return DONE;
        }
    }

    private void said(HostProcess host, String what) {
        out.println("host " + host.name() + ": " + host.tell(what));
    }

    private long fence(HostProcess winner, HostProcess loser) {
        long before = loser.counts().accepted();
        loser.countsWhen("its writes accepted", counts -> counts.accepted() >= before + ENOUGH);
        said(winner, (abort ? "preempt-and-abort " : "preempt ") + loser.key());
        long atOnce = winner.look(loser);
        WriteCounts first = loser.counts();
        long settled = winner.look(loser);
        long conflicts = first.conflicts();
        WriteCounts later = loser.countsWhen("its writes refused", counts -> counts.conflicts() >= conflicts + ENOUGH);
        long last = winner.look(loser);
        var evidence = new FenceEvidence(abort, atOnce, first, settled, later, last);
        evidence.broken().ifPresent(what -> {
            throw new FencingException("host " + loser.name() + " was preempted, and " + what);
        });
        WriteCounts winners = winner.counts();
        winner.countsWhen(
                "its writes accepted all the while", counts -> counts.accepted() >= winners.accepted() + ENOUGH);
        out.println("host " + loser.name() + ": write " + last + " was its last, " + evidence.refused()
                + " after it met the conflict");
        return evidence.refused();
    }
}
