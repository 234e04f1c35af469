package io.mpath.examples.fence;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A {@link FencedHost}, seen from the process that told it to begin. For one thread. */
final class HostProcess implements AutoCloseable {
    /** Longer than whatever a host waits for: its longest time-out is that of an I/O. */
    private static final long PATIENCE_SECONDS = 90;

    private static final String GONE = "";

    private final String name;
    private final String key;
    private final long block;
    private final Process process;
    private final PrintStream to;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final String device;

    /** Starts it. @throws FencingException when it cannot open the device */
    HostProcess(String name, String key, long block, List<String> paths) throws IOException {
        this.name = name;
        this.key = key;
        this.block = block;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                FencedHost.class.getName(),
                name,
                key,
                Long.toString(block)));
        command.addAll(paths);
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        var reader = new Thread(this::read, "host " + name);
        reader.setDaemon(true);
        reader.start();
        try {
            device = answer("its start");
        } catch (FencingException e) {
            close();
            throw e;
        }
    }

    private void read() {
        try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            answers.add(GONE);
        }
    }

    /** Tells it what to do. @throws FencingException when it does not do it */
    String tell(String what) {
        to.println(what);
        return answer(what);
    }

    private String answer(String what) {
        String answer;
        try {
            answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FencingException("interrupted while host " + name + " was asked for " + what);
        }
        if (answer == null || answer.equals(GONE)) {
            throw new FencingException("host " + name + " does not answer " + what);
        }
        if (answer.startsWith(FencedHost.FAILED)) {
            throw new FencingException(
                    "host " + name + ": " + what + ": " + answer.substring(FencedHost.FAILED.length()));
        }
        return answer;
    }

    /** What became of its writes, when none is under way. */
    WriteCounts counts() {
        return WriteCounts.ofLine(tell("counts"));
    }

    /** The same, once that is so. @throws FencingException when it never is */
    WriteCounts countsWhen(String what, Predicate<WriteCounts> so) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        WriteCounts counts = counts();
        while (!so.test(counts)) {
            if (System.nanoTime() - end > 0) {
                throw new FencingException("host " + name + " was to have " + what + ", and has " + counts);
            }
            counts = counts();
        }
        return counts;
    }

    /** The number in the block that the other one writes, as this one reads it. */
    long look(HostProcess other) {
        return Long.parseLong(tell("look " + other.block));
    }

    String name() {
        return name;
    }

    String key() {
        return key;
    }

    /** The identity of the device that it has open. */
    String device() {
        return device;
    }

    /** Ends it: it goes when nobody speaks to it any more. */
    @Override
    public void close() {
        to.close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
