package io.mpath.scsi.command;

import io.mpath.DeviceId;
import io.mpath.internal.codec.PageReader;
import io.mpath.scsi.command.Designator.Association;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Device Identification, VPD page 83h (SPC-6 7.7.6): which logical unit this is, and through which port of which group it was
 * asked.
 *
 * @param designators in the order of the page
 */
public record DeviceIdentification(List<Designator> designators) {
    /** The code of this page. */
    public static final int CODE = 0x83;

    /** The rank of what is unique for a vendor or at a site only. */
    private static final int NOT_UNIQUE = 1;

    /** Copies the list. */
    public DeviceIdentification {
        designators = List.copyOf(designators);
    }

    /**
     * Reads the page.
     *
     * @throws io.mpath.PageFormatException when it is another page, longer than what was received, or has a designator that runs
     *     past its end, or a port or group whose number has not its length
     */
    public static DeviceIdentification decode(ByteBuffer page) {
        PageReader in = PageReader.bigEndian("VPD page 0x83", page);
        int end = VpdPage.end(in, CODE);
        var designators = new ArrayList<Designator>();
        for (int at = VpdPage.HEADER_BYTES; at < end; ) {
            int length = in.u8(at + 3, "DESIGNATOR LENGTH");
            int next = at + Designator.HEADER_BYTES + length;
            if (next > end) {
                throw in.error(at + 3, "DESIGNATOR LENGTH", length + " bytes run past the page");
            }
            designators.add(Designator.decode(in, at));
            at = next;
        }
        return new DeviceIdentification(designators);
    }

    /**
     * The identity of the logical unit: the best of its designators in Linux's order ({@code scsi_vpd_lun_id}), so that both call
     * it the same. What Linux ignores comes after what is unique in the world and before what is unique only for a vendor or at
     * a site: UUID, then NAA 2.
     *
     * <p>From best to worst: SCSI name string; NAA 6; EUI-64 of 16 and of 12 bytes; NAA 5; NAA 4; EUI-64 of 8 bytes; UUID; NAA 2;
     * T10 vendor identification and NAA 3. Among equals the last, but of texts the longest. Empty when there is none: designators
     * of ports and of the target device name no logical unit.
     */
    public Optional<DeviceId> deviceId() {
        Designator best = null;
        for (Designator designator : designators) {
            if (rank(designator) > 0 && (best == null || replaces(designator, best))) {
                best = designator;
            }
        }
        return Optional.ofNullable(best).flatMap(Designator::id);
    }

    /**
     * Every identity of the logical unit that is unique in the world, so that no other may have it: all that {@link #deviceId} ranks but
     * T10 vendor identification and NAA 3. In the order of the page; empty when there is none.
     */
    public Set<DeviceId> uniqueIds() {
        return designators.stream()
                .filter(designator -> rank(designator) > NOT_UNIQUE)
                .flatMap(designator -> designator.id().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static boolean replaces(Designator designator, Designator best) {
        int rank = rank(designator);
        if (rank != rank(best)) {
            return rank > rank(best);
        }
        boolean text = designator.type() == Designator.Type.T10_VENDOR
                || designator.type() == Designator.Type.SCSI_NAME_STRING;
        return !text || designator.length() >= best.length();
    }

    private static int rank(Designator designator) {
        if (designator.association() != Association.LOGICAL_UNIT
                || designator.id().isEmpty()) {
            return 0;
        }
        return switch (designator.type()) {
            case SCSI_NAME_STRING -> 10;
            case NAA ->
                switch (designator.naa().orElseThrow()) {
                    case 6 -> 9;
                    case 5 -> 6;
                    case 4 -> 5;
                    case 2 -> 2;
                    default -> NOT_UNIQUE;
                };
            case EUI64 ->
                switch (designator.length()) {
                    case 16 -> 8;
                    case 12 -> 7;
                    default -> 4;
                };
            case UUID -> 3;
            case T10_VENDOR -> NOT_UNIQUE;
            default -> 0;
        };
    }

    /** The target port group of the port that was asked; empty when the page does not tell. */
    public OptionalInt targetPortGroup() {
        return ofPort(Designator.Type.TARGET_PORT_GROUP);
    }

    /** The relative identifier of the port that was asked; empty when the page does not tell. */
    public OptionalInt relativeTargetPort() {
        return ofPort(Designator.Type.RELATIVE_TARGET_PORT);
    }

    private OptionalInt ofPort(Designator.Type type) {
        return designators.stream()
                .filter(designator -> designator.type() == type && designator.association() == Association.TARGET_PORT)
                .flatMapToInt(designator -> designator.number().stream())
                .findFirst();
    }
}
