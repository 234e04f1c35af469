package io.mpath.nvme.command;

import io.mpath.internal.codec.PageReader;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The Identify Controller data structure (Identify, CNS 01h; NVMe Base 2.1 5.1.13.2.1), as far as multipathing and I/O need it.
 * Components that are bits have methods that read them.
 *
 * @param vendorId VID: the PCI vendor
 * @param serialNumber SN, for people
 * @param modelNumber MN, for people
 * @param firmwareRevision FR, for people
 * @param cmic CMIC: multipathing and sharing capabilities
 * @param mdts MDTS: the longest transfer as a power of two of the smallest memory page; 0 for no limit
 * @param controllerId CNTLID: the controller's number in its subsystem
 * @param version VER: major in bits 31:16, minor in 15:8, tertiary in 7:0
 * @param oaes OAES: the asynchronous events that can be asked for
 * @param ctratt CTRATT: controller attributes
 * @param controllerType CNTRLTYPE: 1 I/O, 2 discovery, 3 administrative; 0 not reported
 * @param retryDelay1Millis CRDT1: what a status with CRD 1 asks to wait, in milliseconds
 * @param retryDelay2Millis CRDT2
 * @param retryDelay3Millis CRDT3
 * @param instanceUniquifier CIU: with the random number, tells this life of the controller from its earlier ones
 * @param instanceRandomNumber CIRN: 64 bits, to be compared for equality only
 * @param oacs OACS: optional administrative commands
 * @param abortLimit how many Abort commands may be under way at once (ACL is this less one)
 * @param eventRequestLimit how many Asynchronous Event Requests may be under way at once (AERL is this less one)
 * @param lpa LPA: log page attributes
 * @param keepAliveGranularityMillis KAS, in milliseconds; 0 when there is no keep-alive
 * @param anaTransitionSeconds ANATT: how long a group may be in change state, in seconds
 * @param anacap ANACAP: which ANA states are reported, and what the group identifier does
 * @param anaGroupIdMax ANAGRPMAX
 * @param anaGroupCount NANAGRPID
 * @param quiesceTimeMillis CQT: how long commands may go on after the loss of communication was noticed, in milliseconds
 * @param maxOutstandingCommands MAXCMD; 0 when not reported
 * @param namespaceIdMax NN: the largest valid namespace identifier
 * @param oncs ONCS: optional I/O commands
 * @param fuses FUSES: fused operations
 * @param vwc VWC: volatile write cache
 * @param compareAndWriteBlocks the longest fused compare and write, in logical blocks (ACWU is this less one)
 * @param namespaceCountMax MNAN: how many namespaces there may be; 0 for as many as NN
 * @param subsystemNqn SUBNQN, byte for byte
 */
public record IdentifyController(
        int vendorId,
        String serialNumber,
        String modelNumber,
        String firmwareRevision,
        int cmic,
        int mdts,
        int controllerId,
        long version,
        long oaes,
        long ctratt,
        int controllerType,
        int retryDelay1Millis,
        int retryDelay2Millis,
        int retryDelay3Millis,
        int instanceUniquifier,
        long instanceRandomNumber,
        int oacs,
        int abortLimit,
        int eventRequestLimit,
        int lpa,
        int keepAliveGranularityMillis,
        int anaTransitionSeconds,
        int anacap,
        long anaGroupIdMax,
        long anaGroupCount,
        int quiesceTimeMillis,
        int maxOutstandingCommands,
        long namespaceIdMax,
        int oncs,
        int fuses,
        int vwc,
        int compareAndWriteBlocks,
        long namespaceCountMax,
        String subsystemNqn) {
    private static final String PAGE = "Identify Controller";
    private static final int HUNDRED_MILLIS = 100;
    private static final int MNAN_OFFSET = 540;
    private static final int NQN_BYTES = 256;

    /**
     * Reads 4096 bytes.
     *
     * @throws io.mpath.PageFormatException when there are fewer, the subsystem's name is not in UTF-8, or a controller that
     *     reports ANA has more namespaces than identifiers for them, or none
     */
    public static IdentifyController decode(ByteBuffer page) {
        PageReader in = PageReader.littleEndian(PAGE, page);
        in.require(0, Identify.DATA_BYTES, PAGE);
        var controller = new IdentifyController(
                in.u16(0, "VID"),
                in.text(4, 20, "SN"),
                in.text(24, 40, "MN"),
                in.text(64, 8, "FR"),
                in.u8(76, "CMIC"),
                in.u8(77, "MDTS"),
                in.u16(78, "CNTLID"),
                in.u32(80, "VER"),
                in.u32(92, "OAES"),
                in.u32(96, "CTRATT"),
                in.u8(111, "CNTRLTYPE"),
                in.u16(128, "CRDT1") * HUNDRED_MILLIS,
                in.u16(130, "CRDT2") * HUNDRED_MILLIS,
                in.u16(132, "CRDT3") * HUNDRED_MILLIS,
                in.u8(135, "CIU"),
                in.bits64(136, "CIRN"),
                in.u16(256, "OACS"),
                in.u8(258, "ACL") + 1,
                in.u8(259, "AERL") + 1,
                in.u8(261, "LPA"),
                in.u16(320, "KAS") * HUNDRED_MILLIS,
                in.u8(342, "ANATT"),
                in.u8(343, "ANACAP"),
                in.u32(344, "ANAGRPMAX"),
                in.u32(348, "NANAGRPID"),
                in.u16(386, "CQT"),
                in.u16(514, "MAXCMD"),
                in.u32(516, "NN"),
                in.u16(520, "ONCS"),
                in.u16(522, "FUSES"),
                in.u8(525, "VWC"),
                in.u16(532, "ACWU") + 1,
                in.u32(MNAN_OFFSET, "MNAN"),
                in.name(768, NQN_BYTES, "SUBNQN"));
        if (controller.anaReporting() && !controller.namespaceCountFits()) {
            throw in.error(
                    MNAN_OFFSET,
                    "MNAN",
                    controller.namespaceCountMax + " with ANA must be between 1 and NN, which is "
                            + controller.namespaceIdMax);
        }
        return controller;
    }

    private boolean namespaceCountFits() {
        return namespaceCountMax >= 1 && namespaceCountMax <= namespaceIdMax;
    }

    /** CMIC: whether the subsystem may have more than one port. */
    public boolean multiplePorts() {
        return (cmic & 1) != 0;
    }

    /** CMIC: whether the subsystem may have more than one controller. */
    public boolean multipleControllers() {
        return (cmic & 1 << 1) != 0;
    }

    /** CMIC: whether the subsystem reports asymmetric namespace access. */
    public boolean anaReporting() {
        return (cmic & 1 << 3) != 0;
    }

    /** OAES: whether the controller tells when its list of namespaces, or a namespace, changed. */
    public boolean namespaceNotices() {
        return (oaes & AsynchronousEvents.NAMESPACE_ATTRIBUTE) != 0;
    }

    /** OAES: whether the controller tells when its ANA log changed. */
    public boolean anaNotices() {
        return (oaes & AsynchronousEvents.ANA_CHANGE) != 0;
    }

    /** CTRATT: whether host identifiers have 128 bits. */
    public boolean extendedHostIdentifier() {
        return (ctratt & 1) != 0;
    }

    /** CTRATT: whether the subsystem has NVM sets. */
    public boolean nvmSets() {
        return (ctratt & 1 << 2) != 0;
    }

    /** CTRATT (TBKAS): whether any command keeps the association alive, and not only Keep Alive. */
    public boolean trafficBasedKeepAlive() {
        return (ctratt & 1 << 6) != 0;
    }

    /** OACS: whether namespaces can be created and deleted here. */
    public boolean namespaceManagement() {
        return (oacs & 1 << 3) != 0;
    }

    /** LPA: whether Get Log Page takes an offset, and lengths above 16 KiB. */
    public boolean logPageOffset() {
        return (lpa & 1 << 2) != 0;
    }

    /** ONCS: whether there is Compare. */
    public boolean compare() {
        return (oncs & 1) != 0;
    }

    /** ONCS: whether there is Dataset Management. */
    public boolean datasetManagement() {
        return (oncs & 1 << 2) != 0;
    }

    /** ONCS: whether there is Write Zeroes. */
    public boolean writeZeroes() {
        return (oncs & 1 << 3) != 0;
    }

    /** ONCS: whether there are reservations. */
    public boolean reservations() {
        return (oncs & 1 << 5) != 0;
    }

    /** FUSES: whether Compare and Write may be fused. */
    public boolean fusedCompareAndWrite() {
        return (fuses & 1) != 0;
    }

    /** VWC: whether there is a volatile write cache, so that what was written needs a flush to last. */
    public boolean volatileWriteCache() {
        return (vwc & 1) != 0;
    }

    /** ANACAP: whether a namespace keeps its ANA group while it is attached. */
    public boolean anaGroupIdIsFixed() {
        return (anacap & 1 << 6) != 0;
    }

    /** How long the ANA log may become, in bytes: all groups, and each namespace in one of them. */
    public long anaLogBytes() {
        long namespaces = namespaceCountMax == 0 ? namespaceIdMax : namespaceCountMax;
        return AnaLogHeader.BYTES + anaGroupCount * AnaGroup.HEADER_BYTES + namespaces * Integer.BYTES;
    }

    /**
     * The longest transfer of one command, in bytes.
     *
     * @param memoryPageBytes the smallest memory page (CAP.MPSMIN), in bytes
     * @return empty when there is no limit, or none that a transfer could reach
     */
    public OptionalInt maxTransferBytes(int memoryPageBytes) {
        boolean limited = mdts > 0 && mdts < Integer.SIZE && (long) memoryPageBytes << mdts <= Integer.MAX_VALUE;
        return limited ? OptionalInt.of(memoryPageBytes << mdts) : OptionalInt.empty();
    }

    /**
     * How long after the loss of communication a command that was under way may still take effect (NVMe Base 2.1 9.6): the
     * controller notices within two keep-alive timeouts, or three when any traffic counts, and then needs its quiesce time.
     *
     * @param keepAliveTimeoutMillis KATO, in milliseconds; the controller rounds it up to a multiple of KAS
     * @return in milliseconds; empty without a keep-alive, because then the controller need never notice
     */
    public OptionalLong communicationLossMillis(long keepAliveTimeoutMillis) {
        if (keepAliveTimeoutMillis <= 0) {
            return OptionalLong.empty();
        }
        int timeouts = trafficBasedKeepAlive() ? 3 : 2;
        return OptionalLong.of(timeouts * inForce(keepAliveTimeoutMillis) + quiesceTimeMillis);
    }

    private long inForce(long keepAliveTimeoutMillis) {
        long unit = Math.max(1, keepAliveGranularityMillis);
        return (keepAliveTimeoutMillis + unit - 1) / unit * unit;
    }
}
