package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.DeviceId;
import io.mpath.Geometry;
import io.mpath.examples.workload.StopSignal;
import io.mpath.path.PathDescription;
import io.mpath.sim.SimArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that only look: {@code list}, {@code show}, {@code watch}. */
@Timeout(60)
class LookingTest {
    @TempDir
    Path directory;

    private static SimArray array() {
        var description = new PathDescription(DeviceId.named("disk"), Geometry.of(1 << 20, 512));
        return SimArray.inRealTime().withPort("a").withPort("b").withDisk("disk", description);
    }

    private String file() throws IOException {
        return Files.write(directory.resolve("disk"), new byte[1 << 20]).toString();
    }

    @Test
    void listSaysThatNothingWasLookedFor() {
        CommandRun run = CommandRun.of("list");

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("no devices").contains("no transport here can find devices");
    }

    @Test
    void listAsJsonIsOneDocument() {
        assertThat(CommandRun.of("list", "--json").out()).isEqualTo("{\"devices\":[],\"left_out\":[]}\n");
    }

    @Test
    void listShowsWhatATransportFindsAndWhatWasLeftOut() {
        SimArray array = array();
        array.path("b", "disk").notCapable("no device identifier");

        CommandRun run = CommandRun.of(new StopSignal(), List.of(Finding.of(array.paths())), "list", "--json");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("\"id\":\"name.disk\"", "\"name\":\"a.disk\"")
                .contains("\"left_out\":[{\"name\":\"b.disk\",\"reason\":\"no device identifier\"}]");
    }

    @Test
    void listShowsWhatCanHaveNoSecondPath() {
        SimArray array = array();
        array.disk("disk").describe(array.disk("disk").description().withNotCapable("a private namespace"));

        CommandRun run =
                CommandRun.of(new StopSignal(), List.of(Finding.of(array.paths().subList(0, 1))), "list", "--json");

        assertThat(run.out())
                .contains("\"devices\":[]")
                .contains("\"reason\":\"a private namespace; it can be opened bare\"");
    }

    @Test
    void showTellsOfEveryPath() throws IOException {
        String file = file();

        CommandRun run = CommandRun.of("show", "--path", file, "--path", file, "--id", "disk");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("name.disk, 1 MiB, numa, live", file + " on", file + "#2 on");
    }

    @Test
    void showAsJsonHasTheFormOfList() throws IOException {
        CommandRun run = CommandRun.of("show", "--path", file(), "--id", "disk", "--json");

        assertThat(run.out()).startsWith("{\"devices\":[{\"id\":\"name.disk\",\"size\":1048576,");
        assertThat(run.out()).endsWith("\"left_out\":[]}\n");
    }

    @Test
    void watchTellsWhatHappens() throws IOException {
        CommandRun run = CommandRun.of("watch", "--path", file(), "--id", "disk", "--time", "1ms");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("name.disk: device added");
    }
}
