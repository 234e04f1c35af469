package io.mpath.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.Multipath.LeftOutPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyTextTest {
    @Test
    void eachDeviceIsFollowedByItsPathsAndWhyOneIsNotUsable() {
        assertThat(Snapshots.topology().toText()).isEqualTo("""
            naa.600140512345678900000000000000ab, 1.5 GiB, round-robin, live, 7 waiting, 1 held, 2 ranges not fenced
            |- /dev/sda on host0 (node 1), optimized, live, preferred, selected, marginal: slow, 3 in flight, \
            1000 requests, 11 errors
            `- /dev/sdb on host1, standby, live, not usable: access state standby, 0 in flight, \
            2000 requests, 14 errors
            left out
            `- /dev/vda: no device identifier
            """);
    }

    @Test
    void rangesThatTimeFencesAreToldWithTheTimeThatTheyTake() {
        var device = Snapshots.device(Snapshots.ID, List.of());
        var range = new UnfencedRange(0, 512, "/dev/sda", true, Optional.of(Duration.ofMillis(59_500)));
        var text = new Topology(List.of(Snapshots.with(device, List.of(range))), List.of()).toText();

        assertThat(text).contains(", 1 ranges not fenced, for 60 s at most");
    }

    @Test
    void nothingKnownSaysSo() {
        assertThat(Snapshots.empty().toText()).isEqualTo("no devices\n");
    }

    @Test
    void deviceWithoutPathsIsOneLine() {
        var topology = new Topology(List.of(Snapshots.device(Snapshots.ID, List.of())), List.of());

        assertThat(topology.toText().lines()).singleElement().asString().contains(", removing");
    }

    @Test
    void textFromADeviceCanNeitherBreakALineNorSteerTheTerminal() {
        var topology = new Topology(
                List.of(Snapshots.device(DeviceId.named("disk\u001b[2J"), List.of())),
                List.of(new LeftOutPath("a\r\nb", "right to left \u202e, next line \u2028")));

        assertThat(topology.toText().lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("name.disk\\u001b[2J, "))
                .anyMatch(line -> line.equals("`- a\\u000d\\u000ab: right to left \\u202e, next line \\u2028"));
    }

    @ParameterizedTest
    @CsvSource({"512, 512 B", "4096, 4 KiB", "1536, 1.5 KiB", "1099511627776, 1 TiB", "9223372036854775296, 8 EiB"})
    void sizeIsInTheLargestUnitThatItReaches(long bytes, String printed) {
        var device = Snapshots.device(Snapshots.ID, List.of());
        var sized = Snapshots.with(device, Geometry.of(bytes, 512));

        assertThat(new Topology(List.of(sized), List.of()).toText()).contains(", " + printed + ", ");
    }
}
