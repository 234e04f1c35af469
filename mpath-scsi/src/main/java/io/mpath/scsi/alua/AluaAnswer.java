package io.mpath.scsi.alua;

import io.mpath.scsi.command.TargetPortGroups;

/** What a look at a logical unit's target port groups found. */
sealed interface AluaAnswer {
    /** Their states. */
    record States(TargetPortGroups groups) implements AluaAnswer {}

    /** Each group that was between two states still is. */
    record StillTransitioning() implements AluaAnswer {}

    /** The logical unit does not tell while it is between two states, {@code through} among them. */
    record Transition(AluaMember through) implements AluaAnswer {}

    /** No path was answered, or none with anything about states: what is known may still be so. */
    record Silence(String why) implements AluaAnswer {}

    /** The logical unit does not take the command: what is known may still be so. */
    record Refusal(String why) implements AluaAnswer {}
}
