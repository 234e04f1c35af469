package io.mpath.scsi.command;

import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS;
import static io.mpath.reservation.ReservationType.EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE;
import static io.mpath.reservation.ReservationType.WRITE_EXCLUSIVE_REGISTRANTS_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import io.mpath.reservation.ReservationKey;
import io.mpath.reservation.ReservationType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What PERSISTENT RESERVE IN returns, written by hand from the tables of SPC. */
class ReservationPagesTest {
    private static final ReservationKey A = new ReservationKey(0xa1);
    private static final ReservationKey B = new ReservationKey(0xb2);
    private static final String ISCSI_NAME = "iqn.2026-01.io.mpath:h";

    /** Of key A, which holds, an iSCSI port through target port 1; of key B, a SAS port through all. */
    static ByteBuffer twoRegistrations() {
        return Vectors.bytes("00000007 00000064"
                + "00000000000000a1 00000000 01 05 00000000 0001 0000001c"
                + "05 00 0018"
                + HexFormat.of().formatHex(ISCSI_NAME.getBytes(StandardCharsets.US_ASCII))
                + "0000"
                + "00000000000000b2 00000000 02 00 00000000 ffff 00000018"
                + "06 000000 5000c50012345678 0000000000000000 00000000");
    }

    private static ByteBuffer registration(String key, String flagsAndType, String transportId) {
        String id = transportId.replace(" ", "");
        return Vectors.bytes("00000000 %08x".formatted(24 + id.length() / 2)
                + key
                + "00000000"
                + flagsAndType
                + "00000000 0003 %08x".formatted(id.length() / 2)
                + id);
    }

    @Test
    void keysAreRead() {
        RegisteredKeys data = RegisteredKeys.decode(
                Vectors.bytes("ffffffff 00000018 00000000000000a1 ffffffffffffffff 00000000000000a1"));

        assertThat(data.generation()).isEqualTo(0xffff_ffffL);
        assertThat(data.keys()).containsExactly(A, new ReservationKey(-1), A);
        assertThat(RegisteredKeys.decode(Vectors.bytes("00000000 00000000")).keys())
                .isEmpty();
    }

    @Test
    void answerThatWasCutOffTellsHowLongItIs() {
        ByteBuffer cut = Vectors.bytes("00000001 00000018 00000000000000a1");

        assertThat(PersistentReserveIn.lengthOf(cut)).isEqualTo(32);
        assertThat(PersistentReserveIn.lengthOf(Vectors.bytes("00000000 ffffffff")))
                .isEqualTo(0x1_0000_0007L);
        refused(
                () -> RegisteredKeys.decode(cut),
                "READ KEYS data: ADDITIONAL LENGTH at byte 8: 24 bytes run past the 16 bytes received");
    }

    @Test
    void listThatEndsWithinAKeyIsRefused() {
        refused(
                () -> RegisteredKeys.decode(Vectors.bytes("00000001 0000000c 00000000000000a1 00000000")),
                "READ KEYS data: ADDITIONAL LENGTH at byte 4: the list ends within a key, at byte 20");
    }

    @Test
    void noReservationIsNone() {
        assertThat(CurrentReservation.decode(Vectors.bytes("00000009 00000000")))
                .isEqualTo(new CurrentReservation(9, Optional.empty(), ReservationKey.NONE));
    }

    @ParameterizedTest
    @CsvSource({
        "1, WRITE_EXCLUSIVE",
        "3, EXCLUSIVE_ACCESS",
        "5, WRITE_EXCLUSIVE_REGISTRANTS_ONLY",
        "6, EXCLUSIVE_ACCESS_REGISTRANTS_ONLY"
    })
    void reservationIsRead(int code, ReservationType type) {
        assertThat(CurrentReservation.decode(
                        Vectors.bytes("00000009 00000010 00000000000000a1 00000000 00 0%d 0000".formatted(code))))
                .isEqualTo(new CurrentReservation(9, Optional.of(type), A));
    }

    /** SPC has them say 0; there are devices that name the one who reserved. */
    @ParameterizedTest
    @CsvSource({"7, 00, WRITE_EXCLUSIVE_ALL_REGISTRANTS", "8, a1, EXCLUSIVE_ACCESS_ALL_REGISTRANTS"})
    void reservationOfAllRegistrantsHasNoHolderOfItsOwn(int code, String key, ReservationType type) {
        assertThat(CurrentReservation.decode(
                        Vectors.bytes("00000009 00000010 00000000000000%s 00000000 00 0%d 0000".formatted(key, code))))
                .isEqualTo(new CurrentReservation(9, Optional.of(type), ReservationKey.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "02", "04", "09", "0f", "15", "25"})
    void typeOrScopeThatIsNotKnownIsRefused(String code) {
        refused(
                () -> CurrentReservation.decode(
                        Vectors.bytes("00000009 00000010 00000000000000a1 00000000 00 " + code + " 0000")),
                "READ RESERVATION data: SCOPE and TYPE at byte 21: " + code.toUpperCase(Locale.ROOT)
                        + "h is obsolete or reserved");
    }

    @Test
    void reservationThatIsTooShortIsRefused() {
        refused(
                () -> CurrentReservation.decode(Vectors.bytes("00000009 00000008 00000000000000a1")),
                "READ RESERVATION data: ADDITIONAL LENGTH at byte 4: 8 bytes are no reservation");
    }

    @Test
    void capabilitiesAreRead() {
        PersistentReserveCapabilities all = PersistentReserveCapabilities.decode(Vectors.bytes("0008 1d 81 ea01 0000"));

        assertThat(all.persistenceCapable()).isTrue();
        assertThat(all.persistenceActive()).isTrue();
        assertThat(all.allTargetPortsCapable()).isTrue();
        assertThat(all.initiatorPortsCapable()).isTrue();
        assertThat(all.types()).contains(EnumSet.allOf(ReservationType.class));
    }

    @Test
    void eachCapabilityHasItsOwnBit() {
        assertThat(PersistentReserveCapabilities.decode(Vectors.bytes("0008 01 80 2000 0000")))
                .isEqualTo(new PersistentReserveCapabilities(
                        true, false, false, false, Optional.of(Set.of(WRITE_EXCLUSIVE_REGISTRANTS_ONLY))));
        assertThat(PersistentReserveCapabilities.decode(Vectors.bytes("0008 04 81 0001 0000")))
                .isEqualTo(new PersistentReserveCapabilities(
                        false, true, true, false, Optional.of(Set.of(EXCLUSIVE_ACCESS_ALL_REGISTRANTS))));
        assertThat(PersistentReserveCapabilities.decode(Vectors.bytes("0008 08 80 0a00 0000")))
                .isEqualTo(new PersistentReserveCapabilities(
                        false, false, false, true, Optional.of(Set.of(WRITE_EXCLUSIVE, EXCLUSIVE_ACCESS))));
    }

    @Test
    void maskOfTypesThatIsNotValidTellsNothing() {
        assertThat(PersistentReserveCapabilities.decode(Vectors.bytes("0008 00 00 ffff 0000"))
                        .types())
                .isEmpty();
        assertThat(PersistentReserveCapabilities.decode(Vectors.bytes("0008 00 80 0000 0000"))
                        .types())
                .contains(Set.of());
    }

    @Test
    void capabilitiesThatAreCutOffAreRefused() {
        refused(
                () -> PersistentReserveCapabilities.decode(Vectors.bytes("0008 00 00")),
                "REPORT CAPABILITIES data: data at byte 0: 8 bytes run past the 4 bytes received");
        refused(
                () -> PersistentReserveCapabilities.decode(Vectors.bytes("0004 00 00 0000 0000")),
                "REPORT CAPABILITIES data: LENGTH at byte 0: 4 bytes do not tell all of it");
    }

    @Test
    void fullStatusTellsWhoIsRegisteredAndWhoHolds() {
        FullStatus status = FullStatus.decode(twoRegistrations());

        assertThat(status.generation()).isEqualTo(7);
        assertThat(status.type()).contains(WRITE_EXCLUSIVE_REGISTRANTS_ONLY);
        assertThat(status.holderKey()).isEqualTo(A);
        assertThat(status.registrations())
                .containsExactly(
                        new RegistrationStatus(
                                A, Optional.of(WRITE_EXCLUSIVE_REGISTRANTS_ONLY), OptionalInt.of(1), ISCSI_NAME),
                        new RegistrationStatus(B, Optional.empty(), OptionalInt.empty(), "sas.5000c50012345678"));
    }

    @Test
    void statusWithoutRegistrationsHasNoReservation() {
        FullStatus status = FullStatus.decode(Vectors.bytes("00000003 00000000"));

        assertThat(status.registrations()).isEmpty();
        assertThat(status.type()).isEmpty();
        assertThat(status.holderKey()).isEqualTo(ReservationKey.NONE);
    }

    @Test
    void whatAllRegistrantsHoldNobodyHoldsAlone() {
        FullStatus status = FullStatus.decode(Vectors.bytes("00000000 00000030"
                + "00000000000000a1 00000000 01 08 00000000 0001 00000000"
                + "00000000000000b2 00000000 01 08 00000000 0001 00000000"));

        assertThat(status.type()).contains(EXCLUSIVE_ACCESS_ALL_REGISTRANTS);
        assertThat(status.holderKey()).isEqualTo(ReservationKey.NONE);
    }

    /** So does an array that keeps registrations by host, and shows them by nexus. */
    @Test
    void nexusesOfOneKeyMayHoldTogether() {
        FullStatus status = FullStatus.decode(Vectors.bytes("00000000 00000030"
                + "00000000000000a1 00000000 01 03 00000000 0001 00000000"
                + "00000000000000a1 00000000 01 03 00000000 0002 00000000"));

        assertThat(status.holderKey()).isEqualTo(A);
    }

    @Test
    void reservationsThatCannotBeThereTogetherAreRefused() {
        refused(
                () -> FullStatus.decode(Vectors.bytes("00000000 00000030"
                        + "00000000000000a1 00000000 01 03 00000000 0001 00000000"
                        + "00000000000000b2 00000000 01 03 00000000 0001 00000000")),
                "READ FULL STATUS data: R_HOLDER at byte 32: both 0xa1 and 0xb2 hold exclusive-access");
        refused(
                () -> FullStatus.decode(Vectors.bytes("00000000 00000030"
                        + "00000000000000a1 00000000 01 03 00000000 0001 00000000"
                        + "00000000000000a1 00000000 01 01 00000000 0001 00000000")),
                "READ FULL STATUS data: R_HOLDER at byte 32: one holds exclusive-access, and another write-exclusive");
    }

    @Test
    void registrationThatRunsPastTheDataIsRefused() {
        String head = "00000000000000a1 00000000 00 00 00000000 0001 ";
        refused(
                () -> FullStatus.decode(Vectors.bytes("00000000 00000018" + head + "00000001")),
                "READ FULL STATUS data: ADDITIONAL DESCRIPTOR LENGTH at byte 28: a registration of 25 bytes runs past the data");
        refused(
                () -> FullStatus.decode(Vectors.bytes("00000000 00000018" + head + "ffffffff")),
                "READ FULL STATUS data: ADDITIONAL DESCRIPTOR LENGTH at byte 28: a registration of 4294967319 bytes runs past the data");
        refused(
                () -> FullStatus.decode(Vectors.bytes("00000000 00000004 00000000")),
                "READ FULL STATUS data: ADDITIONAL DESCRIPTOR LENGTH at byte 28: 4 bytes run past the 12 bytes received");
    }

    @ParameterizedTest
    @CsvSource({
        // Fibre Channel, SRP, SAS.
        "00 00000000000000 10000000c9abcdef 0000000000000000, fc.10000000c9abcdef",
        "04 00000000000000 00112233445566778899aabbccddeeff, srp.00112233445566778899aabbccddeeff",
        "06 000000 5000c50012345678 000000000000000000000000, sas.5000c50012345678",
        // An iSCSI port: "iqn.x,i,0x00023d000001".
        "45 00 0018 69716e2e782c692c30783030303233643030303030310000, 'iqn.x,i,0x00023d000001'",
        // What is none of these, is cut off, or does not say how long it is.
        "03 00 0000 0000000000000000 000000000000000000000000, 030000000000000000000000000000000000000000000000",
        "00 00 0000, 00000000",
        "05 00, 0500",
        "05 00 0010 69716e, 0500001069716e",
        "85 00 0004 69716e00, 8500000469716e00",
        "40 00000000000000 10000000c9abcdef 0000000000000000, 400000000000000010000000c9abcdef0000000000000000",
        "'', ''"
    })
    void initiatorPortIsShownAsText(String transportId, String text) {
        FullStatus status = FullStatus.decode(registration("00000000000000a1", "0000", transportId));

        assertThat(status.registrations().get(0).initiator()).isEqualTo(text);
        assertThat(status.registrations().get(0).relativePort()).hasValue(3);
    }

    @Test
    void initiatorNameThatDoesNotPrintIsMadeTo() {
        FullStatus status = FullStatus.decode(registration("00000000000000a1", "0000", "05 00 0004 61 0a ff 62"));

        assertThat(status.registrations().get(0).initiator()).isEqualTo("a??b");
    }

    private static void refused(Runnable decoding, String message) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(decoding::run)
                .withMessage(message);
    }
}
