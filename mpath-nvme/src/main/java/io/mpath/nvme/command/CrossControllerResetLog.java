package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The Cross-Controller Reset log page (LID 1Eh; NVMe Base 2.3 5.2.12.3.1): what became of the resets that a controller was asked
 * for and did not do at once.
 *
 * @param resets in the order of the page
 */
public record CrossControllerResetLog(List<Reset> resets) {
    /** How many bytes to read at first: 63 resets, and the header, which says how many there are. */
    public static final int BYTES = 512;

    private static final String PAGE = "Cross-Controller Reset log";
    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 8;
    private static final int SUCCESSFUL = 1;

    /**
     * One reset.
     *
     * @param controllerId ICID: the impacted controller
     * @param instanceUniquifier CIU: of the life that was to end
     * @param status CCRS: 0 in progress, 1 successful, else failed
     */
    public record Reset(int controllerId, int instanceUniquifier, int status) {
        /** Whether the life has ended. */
        public boolean successful() {
            return status == SUCCESSFUL;
        }
    }

    /** Copies the list. */
    public CrossControllerResetLog {
        resets = List.copyOf(resets);
    }

    /**
     * How long the page is of which this is the beginning, in bytes: a little more than 512 KiB at most.
     *
     * @throws io.mpath.PageFormatException when even the count is cut off
     */
    public static int wholeBytes(ByteBuffer beginning) {
        return HEADER_BYTES + PageReader.littleEndian(PAGE, beginning).u16(0, "NE") * ENTRY_BYTES;
    }

    /** Reads the page. @throws io.mpath.PageFormatException when it is cut off, or has fewer entries than it says */
    public static CrossControllerResetLog decode(ByteBuffer page) {
        PageReader in = PageReader.littleEndian(PAGE, page);
        int count = in.u16(0, "NE");
        in.require(HEADER_BYTES, count * (long) ENTRY_BYTES, "NE");
        List<Reset> resets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = HEADER_BYTES + i * ENTRY_BYTES;
            resets.add(new Reset(in.u16(at, "ICID"), in.u8(at + 2, "CIU"), in.u8(at + 6, "CCRS")));
        }
        return new CrossControllerResetLog(resets);
    }

    /** Whether the reset that {@code command} asked for was successful. */
    public boolean confirms(CrossControllerReset command) {
        return resets.stream()
                .anyMatch(reset -> reset.successful()
                        && reset.controllerId() == command.controllerId()
                        && reset.instanceUniquifier() == command.instanceUniquifier());
    }
}
