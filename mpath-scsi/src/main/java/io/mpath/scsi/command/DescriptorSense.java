package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Descriptor format sense data (SPC-6). Descriptors that are not known here are skipped. One that cannot be, because it runs past the
 * sense data or has not the length of its type, ends them: where the next one begins is not known then, but what the header says is
 * none the less so.
 */
final class DescriptorSense {
    private static final int HEADER_BYTES = 8;
    private static final int INFORMATION = 0x00;
    private static final int COMMAND_SPECIFIC = 0x01;
    private static final int SENSE_KEY_SPECIFIC = 0x02;
    private static final int BLOCK_COMMANDS = 0x05;

    private final PageReader in;
    private OptionalLong information = OptionalLong.empty();
    private OptionalLong commandSpecific = OptionalLong.empty();
    private OptionalInt senseKeySpecific = OptionalInt.empty();
    private boolean incorrectLength;

    private DescriptorSense(PageReader in) {
        this.in = in;
    }

    static SenseData decode(PageReader in, boolean deferred) {
        in.require(0, HEADER_BYTES, "descriptor format header");
        var descriptors = new DescriptorSense(in);
        descriptors.readAll(Math.min(in.size(), HEADER_BYTES + in.u8(7, "ADDITIONAL SENSE LENGTH")));
        return new SenseData(
                deferred,
                SenseKey.of(in.u8(1, "SENSE KEY") & 0x0f),
                in.u8(2, "ADDITIONAL SENSE CODE"),
                in.u8(3, "ADDITIONAL SENSE CODE QUALIFIER"),
                descriptors.information,
                descriptors.commandSpecific,
                descriptors.incorrectLength,
                descriptors.senseKeySpecific);
    }

    private void readAll(int end) {
        for (int at = HEADER_BYTES; at + 2 <= end; ) {
            int type = in.u8(at, "DESCRIPTOR TYPE");
            int length = in.u8(at + 1, "descriptor ADDITIONAL LENGTH");
            int next = at + 2 + length;
            if (next > end || !fits(type, length)) {
                return;
            }
            read(type, at);
            at = next;
        }
    }

    private static boolean fits(int type, int length) {
        return switch (type) {
            case INFORMATION, COMMAND_SPECIFIC -> length == 10;
            case SENSE_KEY_SPECIFIC -> length == 6;
            case BLOCK_COMMANDS -> length == 2;
            default -> true;
        };
    }

    private void read(int type, int at) {
        switch (type) {
            case INFORMATION -> {
                boolean valid = (in.u8(at + 2, "VALID") & 0x80) != 0;
                information = valid ? OptionalLong.of(in.bits64(at + 4, "INFORMATION")) : OptionalLong.empty();
            }
            case COMMAND_SPECIFIC ->
                commandSpecific = OptionalLong.of(in.bits64(at + 4, "COMMAND-SPECIFIC INFORMATION"));
            case SENSE_KEY_SPECIFIC -> senseKeySpecific = SenseKeySpecific.decode(in, at + 4);
            case BLOCK_COMMANDS -> incorrectLength = (in.u8(at + 3, "ILI") & 0x20) != 0;
            default -> {}
        }
    }
}
