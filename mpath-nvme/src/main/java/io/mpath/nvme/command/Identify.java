package io.mpath.nvme.command;

/**
 * Identify (NVMe Base 2.1 5.1.13): asks for one of several data structures of 4096 bytes.
 *
 * @param cns which of them
 * @param nsid the namespace it is of, 0, or the one behind which a list is to begin
 * @param controllerId CNTID: the controller that a list is to begin with; 0 where there is none
 * @param csi the I/O command set
 */
public record Identify(Cns cns, long nsid, int controllerId, int csi) implements AdminCommand {
    /** The length of what is returned, in bytes. */
    public static final int DATA_BYTES = 4096;

    /** What is asked for. */
    public enum Cns {
        /** {@link IdentifyNamespace}. */
        NAMESPACE(0x00),
        /** {@link IdentifyController}. */
        CONTROLLER(0x01),
        /** {@link NamespaceIds#decodeActiveList}. */
        ACTIVE_NAMESPACES(0x02),
        /** {@link NamespaceDescriptors}. */
        NAMESPACE_DESCRIPTORS(0x03),
        /** Of the NVM command set: {@link NvmControllerLimits}. */
        COMMAND_SET_CONTROLLER(0x06),
        /** {@link IndependentNamespace}. */
        INDEPENDENT_NAMESPACE(0x08);

        private final int code;

        Cns(int code) {
            this.code = code;
        }

        /** The value on the wire. */
        public int code() {
            return code;
        }
    }

    /** Checks that the fields fit. @throws CommandFieldException when one does not */
    public Identify {
        CommandFieldException.check("Identify", "NSID", nsid, 0, NamespaceIds.ALL);
        CommandFieldException.check("Identify", "CNTID", controllerId, 0, 0xffff);
        CommandFieldException.check("Identify", "CSI", csi, 0, 0xff);
    }

    /** Asks a controller about itself. */
    public static Identify controller() {
        return new Identify(Cns.CONTROLLER, 0, 0, 0);
    }

    /** Asks for the limits of NVM commands. */
    public static Identify nvmControllerLimits() {
        return new Identify(Cns.COMMAND_SET_CONTROLLER, 0, 0, 0);
    }

    /** Asks about a namespace. */
    public static Identify namespace(long nsid) {
        return new Identify(Cns.NAMESPACE, nsid, 0, 0);
    }

    /** Asks about a namespace of any command set. */
    public static Identify independentNamespace(long nsid) {
        return new Identify(Cns.INDEPENDENT_NAMESPACE, nsid, 0, 0);
    }

    /** Asks who a namespace is. */
    public static Identify namespaceDescriptors(long nsid) {
        return new Identify(Cns.NAMESPACE_DESCRIPTORS, nsid, 0, 0);
    }

    /** Asks which namespaces above {@code nsid} are attached; 0 for the first. */
    public static Identify activeNamespacesAbove(long nsid) {
        return new Identify(Cns.ACTIVE_NAMESPACES, nsid, 0, 0);
    }

    @Override
    public String name() {
        return "Identify";
    }

    @Override
    public int opcode() {
        return 0x06;
    }

    @Override
    public int cdw10() {
        return cns.code() | controllerId << 16;
    }

    @Override
    public int cdw11() {
        return csi << 24;
    }

    @Override
    public Transfer transfer() {
        return Transfer.TO_HOST;
    }

    @Override
    public int dataBytes() {
        return DATA_BYTES;
    }
}
