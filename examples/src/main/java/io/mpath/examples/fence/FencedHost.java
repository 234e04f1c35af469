package io.mpath.examples.fence;

import io.mpath.DeviceIoException;
import io.mpath.Multipath;
import io.mpath.MultipathDevice;
import io.mpath.MultipathException;
import io.mpath.examples.workload.StopSignal;
import io.mpath.nvme.linux.NvmeDiscovery;
import io.mpath.nvme.linux.NvmeOptions;
import io.mpath.path.PathCandidate;
import io.mpath.reservation.Registration;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationOutcome;
import io.mpath.reservation.ReservationType;
import io.mpath.reservation.Reservations;
import io.mpath.scsi.ScsiHost;
import io.mpath.scsi.ScsiSettings;
import io.mpath.scsi.linux.ScsiDiscovery;
import io.mpath.scsi.linux.ScsiOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One of two hosts that fence each other, a process of its own: it writes, and does to the reservations what it is told on standard
 * input, a line at a time, each answered by one line.
 */
public final class FencedHost {
    /** What stands before an answer that is none. */
    static final String FAILED = "failed: ";

    /** What a path is called that leads to a {@link LoopbackArray}: this, its TCP port, a dot and a port of its. */
    static final String LOOPBACK = "loopback:";

    private static final ReservationType TYPE = ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;

    private final MultipathDevice device;
    private final Reservations reservations;
    private final Registration own;
    private final Writer writer;

    private FencedHost(MultipathDevice device, ReservationKey key, Writer writer) {
        this.device = device;
        this.reservations = device.reservations();
        this.own = new Registration(key);
        this.writer = writer;
    }

    /** Takes its name, its key, the number of the block that it writes, and its paths. */
    public static void main(String... arguments) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var stop = new StopSignal();
        try (Multipath multipath = Multipath.create();
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            List<MultipathDevice> devices = new ArrayList<>();
            for (PathCandidate path : paths(arguments[0], List.of(arguments).subList(3, arguments.length))) {
                devices.add(multipath.join(path));
            }
            MultipathDevice device = devices.get(0);
            if (devices.stream().anyMatch(other -> other != device)) {
                throw new MultipathException("the paths of host " + arguments[0] + " lead to several devices");
            }
            var writer = new Writer(device, Long.parseLong(arguments[2]), stop);
            var thread = new Thread(writer, "writer");
            thread.setDaemon(true);
            thread.start();
            out.println(device.id());
            new FencedHost(device, ReservationKey.parse(arguments[1]), writer).serve(in, out);
        } catch (MultipathException e) {
            out.println(FAILED + String.valueOf(e.getMessage()).replaceAll("\\R", " "));
        } finally {
            stop.stop();
        }
    }

    private static List<PathCandidate> paths(String host, List<String> names) {
        return names.get(0).startsWith(LOOPBACK) ? loopback(host, names) : nodes(names);
    }

    private static List<PathCandidate> loopback(String host, List<String> names) {
        var initiator = new ScsiHost(ScsiSettings.defaults());
        List<PathCandidate> paths = new ArrayList<>();
        for (String name : names) {
            String[] ends = name.substring(LOOPBACK.length()).split("\\.", 2);
            paths.add(new LoopbackPath(initiator, Integer.parseInt(ends[0]), host, ends[1]));
        }
        return paths;
    }

    private static List<PathCandidate> nodes(List<String> names) {
        var scsi = ScsiDiscovery.system().with(ScsiOptions.defaults().withExclusive(true));
        var nvme = NvmeDiscovery.system().with(NvmeOptions.defaults().withExclusive(true));
        List<PathCandidate> paths = new ArrayList<>();
        for (String name : names) {
            Path node = Path.of(name);
            boolean namespace = String.valueOf(node.getFileName()).startsWith("n");
            paths.add(namespace ? nvme.candidate(node) : scsi.candidate(node));
        }
        return paths;
    }

    private void serve(BufferedReader in, PrintStream out) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", 2);
            try {
                out.println(answer(words[0], words.length == 1 ? "" : words[1]));
            } catch (DeviceIoException e) {
                out.println(FAILED + String.valueOf(e.getMessage()).replaceAll("\\R", " "));
            }
        }
    }

    private String answer(String word, String argument) {
        return switch (word) {
            case "register" -> said(reservations.registerIgnoring(own).join());
            case "reserve" -> said(reservations.reserve(TYPE).join());
            case "preempt" ->
                said(reservations.preempt(ReservationKey.parse(argument), TYPE).join());
            case "preempt-and-abort" ->
                said(reservations
                        .preemptAndAbort(ReservationKey.parse(argument), TYPE)
                        .join());
            case "unregister" -> said(reservations.unregister().join());
            case "counts" -> writer.counts().toLine();
            case "look" -> Long.toString(Writer.look(device, Long.parseLong(argument)));
            default -> FAILED + "'" + word + "' means nothing";
        };
    }

    private static String said(ReservationOutcome outcome) {
        return (outcome.done() ? "" : FAILED) + outcome.text().replaceAll("\\R", " ");
    }
}
