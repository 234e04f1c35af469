package io.mpath.scsi.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import io.mpath.scsi.command.Treatment.Recheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SenseDataTest {
    @Test
    void fixedFormatTellsCodesInformationAndFlags() {
        SenseData sense = decode("f0 00 23 00 01 02 03 0a 00 00 00 2a 11 04 00 c0 12 34");

        assertThat(sense.deferred()).isFalse();
        assertThat(sense.key()).isEqualTo(SenseKey.MEDIUM_ERROR);
        assertThat(sense.asc()).isEqualTo(0x11);
        assertThat(sense.ascq()).isEqualTo(0x04);
        assertThat(sense.information()).hasValue(0x010203);
        assertThat(sense.commandSpecific()).hasValue(0x2a);
        assertThat(sense.incorrectLength()).isTrue();
        assertThat(sense.senseKeySpecific()).hasValue(0x401234);
        assertThat(sense).hasToString("sense 03/11/04 unrecovered read error, auto reallocate failed");
    }

    @Test
    void fixedFormatWithoutValidBitHasNoInformation() {
        assertThat(decode("70 00 03 00 01 02 03 0a 00 00 00 00 11 00 00 00 00 00")
                        .information())
                .isEmpty();
    }

    @Test
    void fixedFormatIsReadAsFarAsItSaysThatItGoes() {
        SenseData short12 = decode("70 00 06 00 00 00 00 04 00 00 00 00 29 07 00 00 00 00");
        SenseData cutOff = decode("70 00 06 00 00 00 00 0a 00 00 00 00 29");

        assertThat(short12).hasToString("sense 06/00/00 no additional sense information");
        assertThat(short12.commandSpecific()).hasValue(0);
        assertThat(cutOff.asc()).isEqualTo(0x29);
        assertThat(cutOff.ascq()).isZero();
        assertThat(decode("70 00 06 00 00 00 00 00").commandSpecific()).isEmpty();
    }

    @Test
    void descriptorFormatTellsTheSame() {
        SenseData sense = decode("72 03 11 04 00 00 00 24" + "00 0a 80 00 01 00 00 00 00 00 00 05"
                + "01 0a 00 00 00 00 00 00 00 00 00 2a" + "02 06 00 00 c0 12 34 00" + "05 02 00 20");

        assertThat(sense.deferred()).isFalse();
        assertThat(sense.key()).isEqualTo(SenseKey.MEDIUM_ERROR);
        assertThat(sense.information()).hasValue(0x0100000000000005L);
        assertThat(sense.commandSpecific()).hasValue(0x2a);
        assertThat(sense.senseKeySpecific()).hasValue(0x401234);
        assertThat(sense.incorrectLength()).isTrue();
        assertThat(sense).hasToString("sense 03/11/04 unrecovered read error, auto reallocate failed");
    }

    @Test
    void descriptorThatIsNotValidOrNotKnownSaysNothing() {
        SenseData sense = decode("72 02 04 0a 00 00 00 10 00 0a 00 00 01 00 00 00 00 00 00 05 80 02 ff ff");

        assertThat(sense.information()).isEmpty();
        assertThat(sense).hasToString("sense 02/04/0A logical unit not accessible, asymmetric access state transition");
    }

    @Test
    void descriptorThatTheBufferCutOffIsAbsent() {
        SenseData sense = decode("72 03 11 00 00 00 00 10" + "05 02 00 20" + "00 0a 80 00 00 00");

        assertThat(sense.incorrectLength()).isTrue();
        assertThat(sense.information()).isEmpty();
    }

    @Test
    void bothFormatsTellDeferredErrorsApart() {
        assertThat(decode("71 00 03 00 00 00 00 0a 00 00 00 00 0c 00 00 00 00 00"))
                .hasToString("deferred sense 03/0C/00 write error");
        assertThat(decode("73 03 0c 00 00 00 00 00").deferred()).isTrue();
    }

    @Test
    void whatIsNoSenseDataSaysWhere() {
        refused("", "sense data: RESPONSE CODE at byte 0: 1 bytes run past the 0 bytes received");
        refused("00 00 00 00 00 00 00 00", "sense data: RESPONSE CODE at byte 0: 00h is no format of sense data");
        refused("7f 00 00 00 00 00 00 00", "sense data: RESPONSE CODE at byte 0: 7Fh is no format of sense data");
        refused("70 00 06", "sense data: fixed format header at byte 0: 8 bytes run past the 3 bytes received");
        refused("72 06 29", "sense data: descriptor format header at byte 0: 8 bytes run past the 3 bytes received");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "04" + "00 0a 80 00 00 00 00 00 00 00 00 05",
                "0a" + "00 08 80 00 00 00 00 00 00 00",
                "0a" + "01 08 00 00 00 00 00 00 00 00",
                "04" + "02 02 c0 00",
                "08" + "05 06 00 20 00 00 00 00",
                "08" + "80 ff 00 00 00 00 00 00",
                "01" + "80",
                "ff" + "80"
            })
    void descriptorThatCannotBeTakesNoCodesAway(String descriptors) {
        SenseData sense = decode("72 06 3f 03 00 00 00" + descriptors);

        assertThat(sense).isEqualTo(SenseData.of(SenseKey.UNIT_ATTENTION, 0x3f, 0x03));
        assertThat(sense.treatment().orElseThrow().recheck()).isEqualTo(Recheck.IDENTITY);
    }

    @Test
    void whatStandsBehindADescriptorThatCannotBeIsAbsent() {
        SenseData sense = decode("72 03 11 00 00 00 00 1a" + "05 02 00 20" + "00 08 80 00 00 00 00 00 00 00" + "01 0a"
                + "00".repeat(10));

        assertThat(sense.incorrectLength()).isTrue();
        assertThat(sense.information()).isEmpty();
        assertThat(sense.commandSpecific()).isEmpty();
    }

    private static void refused(String hex, String message) {
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> decode(hex))
                .withMessage(message);
    }

    private static SenseData decode(String hex) {
        return SenseData.decode(Vectors.bytes(hex));
    }
}
