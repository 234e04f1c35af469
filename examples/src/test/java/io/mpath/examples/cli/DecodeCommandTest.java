package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mpath.examples.page.PageFile;
import io.mpath.examples.page.PageKind;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecodeCommandTest {
    private static final String STANDBY = "70 00 02 00 00 00 00 0a 00 00 00 00 04 0b 00 00 00 00";

    static Stream<Path> vectors() {
        return Vectors.all().stream();
    }

    private static String json(String vector) {
        Path file = Vectors.file(vector);
        CommandRun run = CommandRun.of("decode", Vectors.kind(file), file.toString(), "--json");
        assertThat(run.status()).as(run.err()).isZero();
        return run.out();
    }

    private static CommandRun piped(String kind, String text) {
        return CommandRun.of(text.getBytes(StandardCharsets.UTF_8), "decode", kind, "-", "--json");
    }

    /** What the lines of that file say, without comments. */
    private static byte[] bytes(Path file) throws IOException {
        return HexFormat.of()
                .parseHex(Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.replace(" ", ""))
                        .collect(Collectors.joining()));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyRealPageDecodes(Path file) {
        CommandRun people = CommandRun.of("decode", Vectors.kind(file), file.toString());
        CommandRun programs = CommandRun.of("decode", Vectors.kind(file), file.toString(), "--json");

        assertThat(people.status()).as(people.err()).isZero();
        assertThat(people.out()).isNotBlank();
        assertThat(programs.status()).as(programs.err()).isZero();
        assertThat(programs.out()).startsWith("{\"").endsWith("}\n").hasLineCount(1);
        assertThat(people.err() + programs.err()).isEmpty();
    }

    @Test
    void everyKindHasARealPageExceptSense() {
        assertThat(vectors().map(Vectors::kind).distinct())
                .containsExactlyInAnyOrderElementsOf(Stream.of(PageKind.values())
                        .filter(kind -> kind != PageKind.SENSE)
                        .map(PageKind::toString)
                        .toList());
    }

    @Test
    void namespaceDescriptorsHaveTheFixedForm() {
        assertThat(json("nvmet-port1.ns-descs"))
                .isEqualTo("{\"eui64\":null,\"nguid\":\"2fcf5d2c5a1d4d6e9d4c000000000001\","
                        + "\"uuid\":\"d36dd55c-b169-4546-b819-37fb098bc74e\",\"csi\":0}\n");
        assertThat(json("qemu-nvme-0.ns-descs"))
                .isEqualTo("{\"eui64\":\"0011223344556677\",\"nguid\":null,\"uuid\":null,\"csi\":0}\n");
    }

    @Test
    void anaLogHasTheFixedForm() {
        assertThat(json("nvmet-port1.ana-log"))
                .isEqualTo("{\"change_count\":1,\"groups\":[{\"id\":1,\"state\":\"optimized\",\"change_count\":1,"
                        + "\"nsids\":[1]}]}\n");
        assertThat(json("nvmet-port2.ana-log")).contains("\"state\":\"non_optimized\"");
    }

    @Test
    void targetPortGroupsHaveTheFixedForm() {
        assertThat(json("lio-tpg16.rtpg"))
                .isEqualTo("{\"extended\":false,\"transition_seconds\":null,\"groups\":["
                        + "{\"id\":16,\"state\":\"optimized\",\"preferred\":false,\"ports\":[0]},"
                        + "{\"id\":17,\"state\":\"non_optimized\",\"preferred\":false,\"ports\":[0]}]}\n");
        assertThat(json("lio-tpg16.rtpg-ext")).startsWith("{\"extended\":true,");
        assertThat(json("scsi-debug.rtpg")).contains("\"state\":\"unavailable\"");
    }

    @Test
    void deviceIdentificationHasTheFixedForm() {
        assertThat(json("lio-tpg16.vpd0x83"))
                .startsWith(
                        "{\"designators\":[{\"association\":\"logical_unit\",\"type\":\"naa\",\"code_set\":\"binary\","
                                + "\"id\":\"naa.60014051111222233334444555566667\"},")
                .contains("{\"association\":\"target_port\",\"type\":\"target_port_group\",\"code_set\":\"binary\","
                        + "\"id\":\"0x0010\"}")
                .endsWith("],\"device_id\":\"naa.60014051111222233334444555566667\"}\n");
    }

    @Test
    void pageThatNamesNoLogicalUnitHasNoDeviceId() {
        assertThat(piped("vpd83", "00 83 00 08 01 14 00 04 00 00 00 01").out())
                .isEqualTo("{\"designators\":[{\"association\":\"target_port\",\"type\":\"relative_target_port\","
                        + "\"code_set\":\"binary\",\"id\":\"0x0001\"}],\"device_id\":null}\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            02 04 0b | {"key":"not_ready","asc":4,"ascq":11,"text":"logical unit not accessible, target port in standby state","verdict":"failover"}
            06 2a 06 | {"key":"unit_attention","asc":42,"ascq":6,"text":"asymmetric access state changed","verdict":"retry"}
            03 11 00 | {"key":"medium_error","asc":17,"ascq":0,"text":"unrecovered read error","verdict":"fail"}
            01 00 00 | {"key":"recovered_error","asc":0,"ascq":0,"text":"no additional sense information","verdict":"complete"}
            """)
    void senseHasTheFixedForm(String codes, String json) {
        assertThat(piped("sense", "72 " + codes + " 00 00 00 00").out()).isEqualTo(json + "\n");
    }

    @Test
    void controllerHasTheFieldsOfTheSpecification() {
        assertThat(json("nvmet-port2.id-ctrl"))
                .contains("\"cmic\":11,", "\"cntlid\":2,", "\"kas\":10,", "\"anatt\":10,", "\"anagrpmax\":128,")
                .contains("\"acl\":3,", "\"mnan\":1024,", "\"vwc\":1,", "\"subnqn\":\"nqn.");
    }

    @Test
    void namespaceHasTheFieldsOfTheSpecification() {
        assertThat(json("nvmet-port1.id-ns"))
                .contains("\"nsze\":2097152,", "\"nmic\":1,", "\"anagrpid\":1,")
                .contains("\"nguid\":\"2fcf5d2c5a1d4d6e9d4c000000000001\",\"eui64\":null,")
                .endsWith("\"lbaf\":[{\"ms\":0,\"lbads\":9,\"rp\":0,\"in_use\":true}]}\n");
    }

    @Test
    void peopleAreToldWhatTheNumbersMean() {
        CommandRun run = CommandRun.of(
                "decode", "id-ctrl", Vectors.file("nvmet-port1.id-ctrl").toString());

        assertThat(run.out()).containsPattern("cmic +11  \\(0xb: several ports, several controllers, ANA\\)");
    }

    @Test
    void rawBytesAndHexadecimalDigitsSayTheSame() throws IOException {
        byte[] bytes = bytes(Vectors.file("lio-tpg16.rtpg"));

        assertThat(CommandRun.of(bytes, "decode", "rtpg", "-", "--json").out()).isEqualTo(json("lio-tpg16.rtpg"));
        assertThat(piped("rtpg", HexFormat.of().withUpperCase().formatHex(bytes))
                        .out())
                .isEqualTo(json("lio-tpg16.rtpg"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id-ctrl", "id-ns", "ns-descs", "ana-log"})
    void zeroesThatAreMissingBehindTheLastFieldAreNoError(String kind) throws IOException {
        for (String device : List.of("nvmet-port1.", "nvmet-port2.")) {
            byte[] bytes = bytes(Vectors.file(device + kind));

            assertThat(bytes).hasSizeLessThan(4096);
            assertThat(CommandRun.of(bytes, "decode", kind, "-", "--json").out())
                    .isEqualTo(json(device + kind));
        }
    }

    /** A name that was cut in two is a name, but another one; a size that was cut is a size. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            id-ctrl   | nvmet-port1 | 0    | SUBNQN at byte 768
            id-ctrl   | nvmet-port1 | 768  | SUBNQN at byte 768
            id-ctrl   | nvmet-port1 | 780  | SUBNQN at byte 768
            id-ns     | qemu-nvme-0 | 100  | LBAF at byte 128
            id-ns     | qemu-nvme-0 | 159  | LBAF at byte 128
            ns-descs  | nvmet-port1 | 10   | NID at byte 4
            ana-log   | nvmet-port1 | 40   | namespace identifier at byte 48
            rtpg      | lio-tpg16   | 20   | RETURN DATA LENGTH at byte 4
            readcap16 | lio-tpg16   | 12   | data at byte 0
            inquiry   | lio-tpg16   | 35   | data at byte 0
            """)
    void pageThatIsCutOffIsRefusedByFieldAndOffset(String kind, String device, int length, String where)
            throws IOException {
        byte[] cut = Arrays.copyOf(bytes(Vectors.file(device + "." + kind)), length);

        CommandRun run = CommandRun.of(cut, "decode", kind, "-", "--json");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("mpath decode: - is no " + kind + " page: ")
                .contains(where)
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            70 0          | line 1: '0' is half a byte
            70 0x00       | line 1: '0x00' is no byte
            '70 00\n7g'   | line 2: '7g' is no byte
            # 99999999 bytes in all | says that it has 99999999 bytes
            """)
    void textThatIsNoPageIsRefusedByItsLine(String text, String hint) {
        CommandRun run = piped("sense", text);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("mpath decode: - ").contains(hint).hasLineCount(1);
    }

    @Test
    void commentsAndWhiteSpaceAreNoBytes() {
        String text = "# sense of a standby port\n\t" + STANDBY.replace(" ", "  ") + " # the end\r\n\n";

        assertThat(piped("sense", text).out())
                .isEqualTo(piped("sense", STANDBY).out())
                .contains("\"asc\":4");
    }

    @Test
    void pageFromAPipeIsRead(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("pipe");
        Path page = Vectors.file("lio-tpg16.rtpg");
        Process writer =
                new ProcessBuilder("sh", "-c", "mkfifo " + pipe + " && echo && cat " + page + " > " + pipe).start();
        writer.getInputStream().read();

        try (InputStream in = new FileInputStream(pipe.toFile())) {
            assertThat(PageKind.RTPG.decode(PageFile.read(in)).toJson() + "\n").isEqualTo(json("lio-tpg16.rtpg"));
        } finally {
            writer.destroy();
        }
    }

    @Test
    void whatADeviceSaysDoesNotSteerTheTerminal() throws IOException {
        byte[] page = Arrays.copyOf(bytes(Vectors.file("nvmet-port1.id-ctrl")), 4096);
        page[768] = 0x1b;

        CommandRun run = CommandRun.of(page, "decode", "id-ctrl", "-");

        assertThat(run.status()).isZero();
        assertThat(run.out()).doesNotContain("\u001b").containsPattern("subnqn +\\?qn");
    }
}
