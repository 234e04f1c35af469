package io.mpath.examples.cli;

import io.mpath.examples.cli.EventLog.Entry;
import io.mpath.examples.workload.StopSignal;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows a device while something happens to it: a picture redrawn in place on a terminal; elsewhere the events as they come,
 * and a line every now and then.
 *
 * <p>Threading: a thread of its own draws.
 */
final class LiveView {
    private static final long FRAME_MILLIS = 200;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final boolean inPlace;
    private final OpenDevice device;
    private final Picture picture;
    private final StopSignal ended = new StopSignal();
    private int drawn;
    private int told;
    private long lineNanos;

    /**
     * A view of {@code device}, not shown yet.
     *
     * @param inPlace whether {@code out} is a terminal, which can be drawn over
     */
    LiveView(PrintStream out, boolean inPlace, OpenDevice device, PathTraffic.Source source) {
        this.out = out;
        this.inPlace = inPlace;
        this.device = device;
        this.picture = new Picture(source, device.ageNanos());
        this.lineNanos = device.ageNanos();
    }

    /** Shows the device while {@code action} runs, and a last time as it is then. Once. */
    <T> T during(Supplier<T> action) {
        var thread = new Thread(this::show, "mpath-view");
        thread.setDaemon(true);
        thread.start();
        try {
            return action.get();
        } finally {
            ended.stop();
            await(thread);
        }
    }

    private static void await(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show() {
        do {
            frame();
        } while (!ended.await(FRAME_MILLIS));
        frame();
    }

    private void frame() {
        if (inPlace) {
            redraw();
        } else {
            tell();
        }
    }

    private void redraw() {
        List<String> lines = picture.draw(device.snapshot(), device.events().since(0), device.ageNanos());
        StringBuilder frame = new StringBuilder(NO_WRAP);
        if (drawn > 0) {
            frame.append("\u001b[").append(drawn).append("A\u001b[J");
        }
        lines.forEach(line -> frame.append(line).append('\n'));
        out.print(frame.append(WRAP));
        out.flush();
        drawn = lines.size();
    }

    private void tell() {
        List<Entry> news = device.events().since(told);
        told += news.size();
        news.forEach(event -> out.println(Picture.text(event)));
        long ageNanos = device.ageNanos();
        if (ageNanos - lineNanos >= LINE_NANOS) {
            lineNanos = ageNanos;
            out.println(picture.summarize(device.snapshot(), ageNanos));
        }
    }
}
