package io.mpath.scsi.alua;

import io.mpath.scsi.alua.AluaLook.Candidate;
import io.mpath.scsi.command.AluaState;
import io.mpath.scsi.command.ScsiResult;
import io.mpath.scsi.command.SenseKey;
import io.mpath.scsi.command.TargetPortGroup;
import io.mpath.scsi.command.TargetPortGroups;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When to ask a logical unit with explicit ALUA to make a group of ours optimized: when no live path is usable, and then with a
 * pause that doubles, because another host may be asking for the opposite. Linux {@code alua_stpg} also asks for better than
 * non-optimized where its user wants that; here a usable group is left as the target has it.
 *
 * <p>Threading: the control loop's.
 */
final class AluaActivation {
    static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final Comparator<TargetPortGroup> PREFERRED_FIRST =
            Comparator.comparing((TargetPortGroup group) -> !group.preferred()).thenComparing(TargetPortGroup::state);

    private boolean refused;
    private boolean wanted;
    private long pauseNanos;
    private long notBefore;

    /** Some path is usable, or may turn out to be. */
    void notNeeded() {
        wanted = false;
        pauseNanos = 0;
    }

    /** No path is. */
    void needed() {
        wanted = !refused;
    }

    /** How long until it may be asked; {@link Long#MAX_VALUE} where it is not wanted. */
    long nanosLeft(long now) {
        if (!wanted) {
            return Long.MAX_VALUE;
        }
        return pauseNanos == 0 ? 0 : Math.max(0, notBefore - now);
    }

    /** What to ask for now, if anything. It counts as asked also where there is no group to ask for. */
    @Nullable
    Candidate take(List<Candidate> candidates, @Nullable TargetPortGroups known, long now) {
        if (nanosLeft(now) != 0 || known == null) {
            return null;
        }
        Candidate found = known.groups().stream()
                .filter(AluaActivation::mayBeAskedFor)
                .sorted(PREFERRED_FIRST)
                .flatMap(group -> candidates.stream().filter(candidate -> candidate.group() == group.id()))
                .findFirst()
                .orElse(null);
        wanted = false;
        pauseNanos = pauseNanos == 0 ? FIRST_PAUSE_NANOS : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
        notBefore = now + pauseNanos;
        return found;
    }

    /** How it ended. @return whether it is not to be asked again, because the logical unit does not take the command */
    boolean ended(ScsiResult result) {
        refused = result.treatment().isPresent()
                && result.sense()
                        .filter(sense -> sense.key() == SenseKey.ILLEGAL_REQUEST)
                        .isPresent();
        return refused;
    }

    private static boolean mayBeAskedFor(TargetPortGroup group) {
        boolean supported = group.supported().isEmpty() || group.supported().contains(AluaState.OPTIMIZED);
        return switch (group.state()) {
            case STANDBY, UNAVAILABLE, TRANSITIONING -> supported;
            // Usable already; or needs an operator.
            case OPTIMIZED, NON_OPTIMIZED, LBA_DEPENDENT, OFFLINE -> false;
        };
    }
}
