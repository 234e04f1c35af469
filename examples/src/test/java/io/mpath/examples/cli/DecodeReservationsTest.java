package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code mpath decode} of what devices say of reservations: pages of real targets, and some written by hand
 * from the tables of SPC-6 and NVMe Base 2.1.
 */
class DecodeReservationsTest {
    private static final String NO_REGISTRANT = "05000000 00 0000 0000 00" + "00".repeat(14);
    private static final String PLAIN_HEADER = "05000000 03 0200 0000 01" + "00".repeat(14);
    private static final String EXTENDED_HEADER = "05000000 03 0100 0000 00" + "00".repeat(54);

    private static String real(String vector) {
        Path file = Vectors.file(vector);
        CommandRun run = CommandRun.of("decode", Vectors.kind(file), file.toString(), "--json");
        assertThat(run.status()).as(run.err()).isZero();
        return run.out().strip();
    }

    /** What one of two hosts sees that have registered, the first of which has reserved. */
    @Test
    void realTargetTellsTheSameInEachOfItsPages() {
        assertThat(real("lio-iscsi.pr-keys"))
                .isEqualTo("{\"prgeneration\":400,\"reservation_keys\":[\"0xabc\",\"0xdef\"]}");
        assertThat(real("lio-iscsi.pr-reservation"))
                .isEqualTo("{\"prgeneration\":400,\"type\":\"write-exclusive-registrants-only\","
                        + "\"reservation_key\":\"0xabc\"}");
        assertThat(real("lio-iscsi.pr-capabilities"))
                .startsWith(
                        "{\"sip_c\":true,\"atp_c\":true,\"ptpl_c\":true,\"ptpl_a\":false,\"types\":[\"write-exclusive\",");
        assertThat(real("lio-iscsi.pr-full-status"))
                .contains("{\"reservation_key\":\"0xabc\",\"r_holder\":true,"
                        + "\"type\":\"write-exclusive-registrants-only\",\"all_tg_pt\":false,"
                        + "\"relative_target_port_identifier\":1,"
                        + "\"transport_id\":\"iqn.2026-01.io.mpath:host,i,0x00023d000001\"}")
                .contains("{\"reservation_key\":\"0xdef\",\"r_holder\":false,\"type\":null,");
    }

    /** The extended data structure, which does not say that it is. */
    @Test
    void realTargetTellsOfHosts() {
        assertThat(real("nvmet-hosts.resv-report"))
                .isEqualTo(
                        "{\"extended\":true,\"gen\":369,\"rtype\":\"write-exclusive-registrants-only\",\"ptpls\":false,"
                                + "\"registrants\":[{\"cntlid\":null,\"rcsts\":true,"
                                + "\"hostid\":\"11111111222233334444555555555555\",\"rkey\":\"0xabc\"},"
                                + "{\"cntlid\":null,\"rcsts\":false,"
                                + "\"hostid\":\"99999999222233334444555555555555\",\"rkey\":\"0xdef\"}]}");
    }

    private static CommandRun decode(String kind, String text, String... options) {
        String[] arguments = new String[3 + options.length];
        arguments[0] = "decode";
        arguments[1] = kind;
        arguments[2] = "-";
        System.arraycopy(options, 0, arguments, 3, options.length);
        return CommandRun.of(text.getBytes(StandardCharsets.US_ASCII), arguments);
    }

    private static String json(String kind, String text) {
        CommandRun run = decode(kind, text, "--json");
        assertThat(run.status()).as(run.err()).isZero();
        return run.out().strip();
    }

    @Test
    void keysAreOnePerRegistration() {
        assertThat(json("pr-keys", "00000007 00000018 00000000000000a1 ffffffffffffffff 00000000000000a1"))
                .isEqualTo("{\"prgeneration\":7,\"reservation_keys\":[\"0xa1\",\"0xffffffffffffffff\",\"0xa1\"]}");
        assertThat(json("pr-keys", "00000000 00000000")).isEqualTo("{\"prgeneration\":0,\"reservation_keys\":[]}");
        assertThat(decode("pr-keys", "00000007 00000010 00000000000000a1 00000000000000b2")
                        .out())
                .contains("0xa1, 0xb2");
    }

    @Test
    void reservationHasTypeAndHolder() {
        assertThat(json("pr-reservation", "00000002 00000010 00000000000000a1 00000000 00 05 0000"))
                .isEqualTo("{\"prgeneration\":2,\"type\":\"write-exclusive-registrants-only\","
                        + "\"reservation_key\":\"0xa1\"}");
        assertThat(json("pr-reservation", "00000002 00000000"))
                .isEqualTo("{\"prgeneration\":2,\"type\":null,\"reservation_key\":null}");
    }

    @Test
    void reservationThatAllRegistrantsHoldHasNoKey() {
        assertThat(json("pr-reservation", "00000002 00000010 0000000000000000 00000000 00 08 0000"))
                .contains("\"type\":\"exclusive-access-all-registrants\",\"reservation_key\":null");
    }

    @Test
    void capabilitiesAreThoseOfTheMask() {
        assertThat(json("pr-capabilities", "0008 05 81 2200 0000"))
                .isEqualTo("{\"sip_c\":false,\"atp_c\":true,\"ptpl_c\":true,\"ptpl_a\":true,"
                        + "\"types\":[\"write-exclusive\",\"write-exclusive-registrants-only\"]}");
        assertThat(json("pr-capabilities", "0008 08 00 ffff 0000"))
                .as("a mask that is not valid says nothing")
                .isEqualTo("{\"sip_c\":true,\"atp_c\":false,\"ptpl_c\":false,\"ptpl_a\":false,\"types\":null}");
    }

    @Test
    void fullStatusTellsWhoHasWhat() {
        String holder = "00000000000000a1 00000000 01 05 00000000 0001 00000018 06 000000 5000c50012345678"
                + " 0000000000000000 00000000";
        String everywhere = "00000000000000b2 00000000 02 00 00000000 ffff 00000000";
        assertThat(json("pr-full-status", "00000007 00000048" + holder + everywhere))
                .isEqualTo("{\"prgeneration\":7,\"registrations\":["
                        + "{\"reservation_key\":\"0xa1\",\"r_holder\":true,\"type\":\"write-exclusive-registrants-only\","
                        + "\"all_tg_pt\":false,\"relative_target_port_identifier\":1,"
                        + "\"transport_id\":\"sas.5000c50012345678\"},"
                        + "{\"reservation_key\":\"0xb2\",\"r_holder\":false,\"type\":null,"
                        + "\"all_tg_pt\":true,\"relative_target_port_identifier\":null,\"transport_id\":null}]}");
    }

    @Test
    void plainReportHasShortHostIdentifiers() {
        String first = "0100 01 0000000000 0102030405060708 a100000000000000";
        String second = "ffff 00 0000000000 1112131415161718 b200000000000000";
        assertThat(json("resv-report", PLAIN_HEADER + first + second))
                .isEqualTo(
                        "{\"extended\":false,\"gen\":5,\"rtype\":\"write-exclusive-registrants-only\",\"ptpls\":true,"
                                + "\"registrants\":["
                                + "{\"cntlid\":1,\"rcsts\":true,\"hostid\":\"0102030405060708\",\"rkey\":\"0xa1\"},"
                                + "{\"cntlid\":null,\"rcsts\":false,\"hostid\":\"1112131415161718\",\"rkey\":\"0xb2\"}]}");
    }

    @Test
    void extendedReportIsToldFromThePlainOne() {
        String only = "0100 01 0000000000 a100000000000000 0102030405060708090a0b0c0d0e0f10" + "00".repeat(32);
        String data = EXTENDED_HEADER + only;
        String read = json("resv-report", data);
        assertThat(read)
                .isEqualTo(
                        "{\"extended\":true,\"gen\":5,\"rtype\":\"write-exclusive-registrants-only\",\"ptpls\":false,"
                                + "\"registrants\":[{\"cntlid\":1,\"rcsts\":true,"
                                + "\"hostid\":\"0102030405060708090a0b0c0d0e0f10\",\"rkey\":\"0xa1\"}]}");
        assertThat(json("resv-report", data + "00".repeat(4096 - 128)))
                .as("what was read is as long as what was asked for")
                .isEqualTo(read);
    }

    @Test
    void reportWithoutRegistrantsSaysTheSameInBothForms() {
        String expected = "{\"extended\":false,\"gen\":5,\"rtype\":null,\"ptpls\":false,\"registrants\":[]}";
        assertThat(json("resv-report", NO_REGISTRANT)).isEqualTo(expected);
        assertThat(json("resv-report", NO_REGISTRANT + "00".repeat(40))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pr-keys         | 00000007 00000010 00000000000000a1                    | ADDITIONAL LENGTH
            pr-reservation  | 00000007 00000010 00000000000000a1 00000000 00 04 0000 | SCOPE and TYPE at byte 21
            pr-capabilities | 0008 05 81 2200                                       | data
            pr-full-status  | 00000007 00000018 00000000000000a1 00000000 01 05 00000000 0001 00000018 | ADDITIONAL DESCRIPTOR LENGTH
            resv-report     | 05000000 07 0000 0000 00                              | REGSTRNT
            resv-report     | 05000000 03                                           | REGSTRNT at byte 5
            """)
    void whatIsNoPageIsRefusedByItsField(String kind, String text, String field) {
        CommandRun run = decode(kind, text, "--json");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("mpath decode: - is no " + kind + " page: ")
                .contains(field)
                .hasLineCount(1);
    }
}
