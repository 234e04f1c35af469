package io.mpath.reservation;

/** What a reservation keeps others from (SPC-6 table 73, NVMe Base 2.1 figure "Reservation Type"). */
public enum ReservationType {
    /** Only the holder writes; all read. */
    WRITE_EXCLUSIVE("write-exclusive"),
    /** Only the holder reads and writes. */
    EXCLUSIVE_ACCESS("exclusive-access"),
    /** Only who is registered writes; all read. One of them holds it, and it ends with that one's registration. */
    WRITE_EXCLUSIVE_REGISTRANTS_ONLY("write-exclusive-registrants-only"),
    /** Only who is registered reads and writes. One of them holds it, and it ends with that one's registration. */
    EXCLUSIVE_ACCESS_REGISTRANTS_ONLY("exclusive-access-registrants-only"),
    /** Only who is registered writes; all read. All of them hold it, and it ends with the last registration. */
    WRITE_EXCLUSIVE_ALL_REGISTRANTS("write-exclusive-all-registrants"),
    /** Only who is registered reads and writes. All of them hold it, and it ends with the last registration. */
    EXCLUSIVE_ACCESS_ALL_REGISTRANTS("exclusive-access-all-registrants");

    private final String text;

    ReservationType(String text) {
        this.text = text;
    }

    /**
     * The type that {@link #toString} prints so.
     *
     * @throws IllegalArgumentException naming all of them when there is none
     */
    public static ReservationType parse(String text) {
        StringBuilder all = new StringBuilder();
        for (ReservationType type : values()) {
            if (type.text.equals(text)) {
                return type;
            }
            all.append(all.isEmpty() ? "" : ", ").append(type.text);
        }
        throw new IllegalArgumentException("'" + text + "' is not a reservation type: one of " + all);
    }

    /** Whether who does not hold it, or is not registered where that suffices, may not even read. */
    public boolean excludesReads() {
        return this == EXCLUSIVE_ACCESS
                || this == EXCLUSIVE_ACCESS_REGISTRANTS_ONLY
                || this == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
    }

    /** Whether everybody who is registered has the access that the holder has. */
    public boolean registrantsHaveAccess() {
        return this != WRITE_EXCLUSIVE && this != EXCLUSIVE_ACCESS;
    }

    /** Whether everybody who is registered holds it. */
    public boolean allRegistrantsHold() {
        return this == WRITE_EXCLUSIVE_ALL_REGISTRANTS || this == EXCLUSIVE_ACCESS_ALL_REGISTRANTS;
    }

    @Override
    public String toString() {
        return text;
    }
}
