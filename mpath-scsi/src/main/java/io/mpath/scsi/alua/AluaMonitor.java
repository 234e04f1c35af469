package io.mpath.scsi.alua;

/** Keeps the access states of the paths to one logical unit. */
public final class AluaMonitor {
    private final String unit;

    /** Of one unit. */
    public AluaMonitor(String unit) {
        this.unit = unit;
    }

    @Override
    public String toString() {
        return unit;
    }
}
