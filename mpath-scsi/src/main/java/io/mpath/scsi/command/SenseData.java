package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Why a command ended with CHECK CONDITION (SPC-6), from either format.
 *
 * @param deferred whether it is about an earlier command, whose success was reported; the command that it came with was not
 *     performed
 * @param key the sense key
 * @param asc ADDITIONAL SENSE CODE; 0 when the sense data ends before it
 * @param ascq ADDITIONAL SENSE CODE QUALIFIER; 0 when the sense data ends before it
 * @param information INFORMATION, if valid: for most errors of a block command the first logical block that failed. 64 bits
 *     without a sign.
 * @param commandSpecific COMMAND-SPECIFIC INFORMATION; the fixed format does not tell whether its is valid
 * @param incorrectLength ILI: whether the length that was asked for is not that of the block
 * @param senseKeySpecific the 23 bits of SENSE KEY SPECIFIC, if valid: a field pointer, a progress
 */
public record SenseData(
        boolean deferred,
        SenseKey key,
        int asc,
        int ascq,
        OptionalLong information,
        OptionalLong commandSpecific,
        boolean incorrectLength,
        OptionalInt senseKeySpecific) {
    static final int FIXED_CURRENT = 0x70;
    static final int FIXED_DEFERRED = 0x71;
    static final int DESCRIPTOR_CURRENT = 0x72;
    static final int DESCRIPTOR_DEFERRED = 0x73;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Sense data of the command it came with that tells no more than its codes. */
    public static SenseData of(SenseKey key, int asc, int ascq) {
        return new SenseData(
                false, key, asc, ascq, OptionalLong.empty(), OptionalLong.empty(), false, OptionalInt.empty());
    }

    /**
     * Reads sense data of either format. What was cut off because the buffer was too small is absent: that is no error, the
     * length that sense data tells of itself is the one it had before (SPC-6). Absent is also what stands from the first descriptor on
     * that cannot be: the codes decide what is done about a command, and no descriptor takes them away.
     *
     * @throws io.mpath.PageFormatException when it is shorter than its header, or of no format known here
     */
    public static SenseData decode(ByteBuffer sense) {
        PageReader in = PageReader.bigEndian("sense data", sense);
        int code = in.u8(0, "RESPONSE CODE") & 0x7f;
        return switch (code) {
            case FIXED_CURRENT, FIXED_DEFERRED -> FixedSense.decode(in, code == FIXED_DEFERRED);
            case DESCRIPTOR_CURRENT, DESCRIPTOR_DEFERRED -> DescriptorSense.decode(in, code == DESCRIPTOR_DEFERRED);
            default -> throw in.error(0, "RESPONSE CODE", "%02Xh is no format of sense data".formatted(code));
        };
    }

    /** Key, ASC and ASCQ as one number, {@code 02040B} in hexadecimal digits. */
    int codes() {
        return key.number() << 16 | asc << 8 | ascq;
    }

    /** What the standard says of the additional sense code and its qualifier, or of the key when it has no name for them. */
    public String text() {
        return AdditionalSense.text(asc, ascq).orElse(key.text());
    }

    /** What to do about a command that ended with it; empty when the command was done all the same. */
    public Optional<Treatment> treatment() {
        return SenseTreatment.of(this);
    }

    /**
     * How many blocks lie ahead of the first that failed, where INFORMATION names that (Linux {@code sd_done}). For other reasons of
     * an abort nothing defines it, and with ILI it is a difference of lengths. A number outside of the command's range cannot be
     * trusted, and is none (Linux {@code sd_completed_bytes}).
     *
     * <p>Of a read these blocks are done. Of a write they need not be: a device may write blocks in any order.
     *
     * @param lba the command's first logical block
     * @param blocks how many it has
     */
    public long blocksDone(long lba, long blocks) {
        boolean namesBlock = switch (key) {
            case MEDIUM_ERROR, HARDWARE_ERROR -> true;
            case ABORTED_COMMAND, ILLEGAL_REQUEST -> asc == AdditionalSense.PROTECTION;
            default -> false;
        };
        if (deferred || incorrectLength || !namesBlock || information.isEmpty()) {
            return 0;
        }
        long ahead = information.getAsLong() - lba;
        return Long.compareUnsigned(information.getAsLong(), lba) < 0 || Long.compareUnsigned(ahead, blocks) >= 0
                ? 0
                : ahead;
    }

    /** For an operator: {@code sense 02/04/0B logical unit not accessible, target port in standby state}. */
    @Override
    public String toString() {
        return (deferred ? "deferred sense " : "sense ") + hex(key.number()) + "/" + hex(asc) + "/" + hex(ascq) + " "
                + text();
    }

    /** Without a formatter: each request that a fault fails has its cause told, thousands at a time. */
    private static String hex(int value) {
        return HEX.toHexDigits((byte) value);
    }
}
