package io.mpath.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mpath.path.PathPort;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class PortRecordProperties {
    private static final long LONGEST = 1L << 31;

    /** Each request leaves as what it was counted as, in whatever order they do, through whichever door. */
    @Property(tries = 200)
    void requestsAndBytesAreCountedTogether(@ForAll List<@LongRange(max = LONGEST) Long> lengths) {
        PortRecord port = new PortRecord(PathPort.NO_NODE);
        ChannelCount channel = new ChannelCount();
        port.add(channel);
        Deque<Long> inFlight = new ArrayDeque<>();
        long bytes = 0;
        for (long length : lengths) {
            enter(port, channel, length);
            inFlight.add(length);
            bytes += roundedUp(length);
            assertThat(port.inFlight()).isEqualTo(inFlight.size());
            assertThat(port.bytesInFlight()).isEqualTo(bytes);
            if (length % 3 == 0) {
                long left = inFlight.removeFirst();
                leave(port, channel, left);
                bytes -= roundedUp(left);
            }
        }
        inFlight.forEach(length -> leave(port, channel, length));

        assertThat(port.inFlight()).isZero();
        assertThat(port.bytesInFlight()).isZero();
        port.remove(channel);
    }

    private static void enter(PortRecord port, ChannelCount channel, long length) {
        if (length % 2 == 0) {
            port.enter(PortRecord.weight(length));
        } else {
            channel.enter(PortRecord.weight(length));
        }
    }

    private static void leave(PortRecord port, ChannelCount channel, long length) {
        if (length % 2 == 0) {
            port.leave(PortRecord.weight(length));
        } else if (length % 5 == 0) {
            channel.leave(PortRecord.weight(length));
        } else {
            channel.leaveElsewhere(PortRecord.weight(length));
        }
    }

    private static long roundedUp(long length) {
        return Math.max(512, (length + 511) / 512 * 512);
    }

    @Example
    void manyOfTheLongestRequestsDoNotSpillOverIntoTheirNumber() {
        PortRecord port = new PortRecord(PathPort.NO_NODE);
        for (int i = 0; i < 200_000; i++) {
            port.enter(PortRecord.weight(LONGEST));
        }

        assertThat(port.inFlight()).isEqualTo(200_000);
        assertThat(port.bytesInFlight()).isEqualTo(200_000 * LONGEST);
    }

    /** The negative control: what leaves as more than it was counted as is seen. */
    @Example
    void leavingAsMoreThanWasCountedIsAsserted() {
        PortRecord port = new PortRecord(PathPort.NO_NODE);
        port.enter(PortRecord.weight(4096));

        assertThatThrownBy(() -> port.leave(PortRecord.weight(8192))).isInstanceOf(AssertionError.class);
    }
}
