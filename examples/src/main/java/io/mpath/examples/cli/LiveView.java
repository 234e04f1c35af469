package io.mpath.examples.cli;

import io.mpath.examples.cli.EventLog.Entry;
import io.mpath.examples.workload.StopSignal;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Shows a device while something happens to it: a picture redrawn in place on a terminal; elsewhere the events as they come,
 * and a line every now and then.
 *
 * <p>Threading: a thread of its own draws, until it is closed.
 */
final class LiveView implements AutoCloseable {
    private static final long FRAME_MILLIS = 200;
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[J";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final boolean inPlace;
    private final OpenDevice device;
    private final Picture picture;
    private final StopSignal closed = new StopSignal();
    private final Thread thread = new Thread(this::show, "mpath-view");
    private int drawn;
    private int told;
    private long lineNanos = System.nanoTime();

    private LiveView(PrintStream out, boolean inPlace, OpenDevice device, PathTraffic.Source source) {
        this.out = out;
        this.inPlace = inPlace;
        this.device = device;
        this.picture = new Picture(source, System.nanoTime());
    }

    /**
     * Begins to show {@code device}.
     *
     * @param inPlace whether {@code out} is a terminal, which can be drawn over
     */
    static LiveView of(OpenDevice device, PrintStream out, boolean inPlace, PathTraffic.Source source) {
        var view = new LiveView(out, inPlace, device, source);
        view.thread.setDaemon(true);
        view.thread.start();
        return view;
    }

    private void show() {
        do {
            frame();
        } while (!closed.await(FRAME_MILLIS));
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
        List<String> lines = picture.draw(device.snapshot(), device.events().since(0), System.nanoTime());
        StringBuilder frame = new StringBuilder(NO_WRAP);
        if (drawn > 0) {
            frame.append(String.format(UP_AND_CLEAR, drawn));
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
        long nowNanos = System.nanoTime();
        if (nowNanos - lineNanos >= LINE_NANOS) {
            lineNanos = nowNanos;
            out.println(picture.summarize(device.snapshot(), nowNanos));
        }
    }

    /** Draws it a last time, as it then is. */
    @Override
    public void close() {
        closed.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
