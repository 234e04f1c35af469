package io.mpath.scsi.command;

import io.mpath.internal.codec.PageReader;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** ASYMMETRIC ACCESS STATE of a target port group (SPC-6 5.18.2), by its name in the standard. */
public enum AluaState {
    /** Active/optimized. */
    OPTIMIZED(0x0, 0x01),
    /** Active/non-optimized. */
    NON_OPTIMIZED(0x1, 0x02),
    /** Standby: a few commands that read no blocks. */
    STANDBY(0x2, 0x04),
    /** Unavailable: fewer still. */
    UNAVAILABLE(0x3, 0x08),
    /** Different for ranges of blocks. */
    LBA_DEPENDENT(0x4, 0x10),
    /** Offline. */
    OFFLINE(0xE, 0x40),
    /** Between two states. */
    TRANSITIONING(0xF, 0x80);

    private final int value;
    private final int supportedBit;

    AluaState(int value, int supportedBit) {
        this.value = value;
        this.supportedBit = supportedBit;
    }

    /** Empty when it is reserved. */
    static Optional<AluaState> decode(PageReader in, int at) {
        int value = in.u8(at, "ASYMMETRIC ACCESS STATE") & 0x0f;
        for (AluaState state : values()) {
            if (state.value == value) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    static Set<AluaState> supported(int bits) {
        var supported = EnumSet.noneOf(AluaState.class);
        for (AluaState state : values()) {
            if ((bits & state.supportedBit) != 0) {
                supported.add(state);
            }
        }
        return supported;
    }

    /** The number, 0 to Fh. */
    public int value() {
        return value;
    }

    /** The name in lower case with underscores, as the {@code mpath} command prints it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
