package io.mpath.scsi.sim;

import java.util.List;

/**
 * Who a logical unit says that it is.
 *
 * @param vendor T10 VENDOR IDENTIFICATION, 8 characters at most
 * @param product PRODUCT IDENTIFICATION, 16 characters at most
 * @param revision PRODUCT REVISION LEVEL, 4 characters at most
 * @param serial PRODUCT SERIAL NUMBER
 * @param designators of VPD page 83h; those of the target port and of the array come by themselves
 */
public record SimUnitIdentity(
        String vendor, String product, String revision, String serial, List<SimDesignator> designators) {
    /** Copies the list. */
    public SimUnitIdentity {
        designators = List.copyOf(designators);
    }

    /** One of many: its NAA designator, its T10 designator and its serial number tell it from all others. */
    public static SimUnitIdentity numbered(long number) {
        String digits = String.format("%016x", number);
        return new SimUnitIdentity(
                "MPATH",
                "EMULATED DISK",
                "0001",
                digits,
                List.of(
                        SimDesignator.naa("6a1b2c3d00000000" + digits),
                        SimDesignator.t10("MPATH   EMULATED DISK   " + digits)));
    }

    /** The same with other designators. */
    public SimUnitIdentity with(SimDesignator... others) {
        return new SimUnitIdentity(vendor, product, revision, serial, List.of(others));
    }

    /** The same with another serial number. */
    public SimUnitIdentity withSerial(String other) {
        return new SimUnitIdentity(vendor, product, revision, other, designators);
    }
}
