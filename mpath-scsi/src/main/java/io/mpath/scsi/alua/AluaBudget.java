package io.mpath.scsi.alua;

/** How many logical units of one target may be asked for their access states at once, whatever registries they are in. */
public final class AluaBudget {
    private final String target;
    private final int most;

    /**
     * For one target.
     *
     * @param target its name, for messages
     * @param most how many at once
     */
    public AluaBudget(String target, int most) {
        this.target = target;
        this.most = most;
    }

    @Override
    public String toString() {
        return target + ": " + most + " at once";
    }
}
