package io.mpath.nvme.command;

/**
 * Cross-Controller Reset (TP8028): asks a controller to reset another one of its subsystem, so that what that one was given
 * takes no further effect. Names one life of the impacted controller, as its own Identify Controller told it.
 *
 * @param controllerId ICID: the impacted controller
 * @param instanceUniquifier CIU: of the life that is to end
 * @param instanceRandomNumber CIRN: of the life that is to end
 */
public record CrossControllerReset(int controllerId, int instanceUniquifier, long instanceRandomNumber)
        implements AdminCommand {
    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public CrossControllerReset {
        CommandFieldException.check("Cross-Controller Reset", "ICID", controllerId, 0, 0xffff);
        CommandFieldException.check("Cross-Controller Reset", "CIU", instanceUniquifier, 0, 0xff);
    }

    /** Of the controller that described itself so. */
    public static CrossControllerReset of(IdentifyController impacted) {
        return new CrossControllerReset(
                impacted.controllerId(), impacted.instanceUniquifier(), impacted.instanceRandomNumber());
    }

    /** Whether the reset is done already, by dword 0 of the completion; else an event tells when it is. */
    public static boolean doneAtOnce(int result) {
        return (result & 1) != 0;
    }

    @Override
    public String name() {
        return "Cross-Controller Reset";
    }

    @Override
    public int opcode() {
        return 0x38;
    }

    @Override
    public long nsid() {
        return 0;
    }

    @Override
    public int cdw10() {
        return controllerId | instanceUniquifier << 16;
    }

    @Override
    public int cdw12() {
        return (int) instanceRandomNumber;
    }

    @Override
    public int cdw13() {
        return (int) (instanceRandomNumber >>> 32);
    }
}
