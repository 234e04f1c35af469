package io.mpath.nvme.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mpath.PageFormatException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    @Test
    void keepAliveTimeoutIsUnsigned() {
        assertThat(KeepAliveTimeout.decode(5000).millis()).isEqualTo(5000);
        assertThat(KeepAliveTimeout.decode(-1).millis()).isEqualTo(0xffff_ffffL);
        assertThat(new KeepAliveTimeout(0xffff_ffffL).encode()).isEqualTo(-1);
        assertThatExceptionOfType(CommandFieldException.class).isThrownBy(() -> new KeepAliveTimeout(-1));
        assertThatExceptionOfType(CommandFieldException.class).isThrownBy(() -> new KeepAliveTimeout(1L << 32));
    }

    @Test
    void onlyEventsThatTheControllerOffersAreAskedFor() {
        long wanted = AsynchronousEvents.NAMESPACE_ATTRIBUTE
                | AsynchronousEvents.FIRMWARE_ACTIVATION
                | AsynchronousEvents.ANA_CHANGE
                | AsynchronousEvents.DISCOVERY_CHANGE;

        assertThat(AsynchronousEvents.offered(wanted, 0x900).encode()).isEqualTo(0x900);
        assertThat(AsynchronousEvents.offered(wanted, 0xffff_ffffL).encode()).isEqualTo(0x80000b00);
        assertThat(AsynchronousEvents.decode(0x80000b00).bits()).isEqualTo(wanted);
        assertThatExceptionOfType(CommandFieldException.class).isThrownBy(() -> new AsynchronousEvents(1L << 32));
    }

    @Test
    void eventsAreToldApart() {
        assertThat(AsynchronousEvent.decode(0x000c0302)).isEqualTo(new AsynchronousEvent(2, 3, 0x0c));
        assertThat(AsynchronousEvent.decode(0x000c0302).anaChanged()).isTrue();
        assertThat(AsynchronousEvent.decode(0x00040002).namespaceAttributeChanged())
                .isTrue();
        assertThat(AsynchronousEvent.decode(0x00030102).firmwareActivationStarting())
                .isTrue();
        assertThat(AsynchronousEvent.decode(0x00010300).persistentInternalError())
                .isTrue();
        assertThat(AsynchronousEvent.decode(0x00800006).reservationNotificationAvailable())
                .isTrue();
        assertThat(AsynchronousEvent.decode(0x00800106).reservationNotificationAvailable())
                .isFalse();
        assertThat(AsynchronousEvent.decode(0x00010300).anaChanged()).isFalse();
        assertThat(AsynchronousEvent.decode(0x00010000).namespaceAttributeChanged())
                .isFalse();
        assertThat(AsynchronousEvent.decode(-1)).isEqualTo(new AsynchronousEvent(7, 0xff, 0xff));
    }

    @Test
    void hostIdentifierKeepsItsBytesInOrder() {
        byte[] bytes = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
        HostIdentifier extended = HostIdentifier.decode(ByteBuffer.wrap(bytes), true);
        ByteBuffer data = ByteBuffer.allocate(16);

        extended.encode(data);

        assertThat(extended).hasToString("00112233445566778899aabbccddeeff").isEqualTo(HostIdentifier.of(bytes));
        assertThat(extended.extended()).isTrue();
        assertThat(data.array()).isEqualTo(bytes);
        HostIdentifier small = HostIdentifier.decode(ByteBuffer.wrap(bytes), false);
        assertThat(small).hasToString("0011223344556677").isNotEqualTo(extended);
        assertThat(small.extended()).isFalse();
    }

    @Test
    void hostIdentifierIsAValueOfItsOwn() {
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8};
        HostIdentifier identifier = HostIdentifier.of(bytes);
        bytes[0] = 9;

        assertThat(identifier)
                .hasToString("0102030405060708")
                .hasSameHashCodeAs(HostIdentifier.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    }

    @Test
    void hostIdentifierOfAnotherLengthIsRefused() {
        assertThatExceptionOfType(CommandFieldException.class).isThrownBy(() -> HostIdentifier.of(new byte[12]));
        assertThatExceptionOfType(PageFormatException.class)
                .isThrownBy(() -> HostIdentifier.decode(ByteBuffer.allocate(15), true));
    }
}
