package io.mpath.examples.page;

import io.mpath.DeviceId;
import io.mpath.PageFormatException;
import io.mpath.nvme.command.AnaGroup;
import io.mpath.nvme.command.AnaLog;
import io.mpath.nvme.command.IdentifyController;
import io.mpath.nvme.command.IdentifyNamespace;
import io.mpath.nvme.command.LbaFormat;
import io.mpath.nvme.command.NamespaceDescriptors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * NVMe data structures, with fields named by the specification's abbreviations, and numbers as they are on the wire.
 *
 * <p>Identify data has 4096 bytes. A file with fewer is taken when it has all that is read here, the rest being zeroes as far as
 * anyone can tell; one that ends earlier is an error, and not half a namespace.
 */
final class NvmePages {
    private static final int IDENTIFY_BYTES = 4096;
    private static final int NQN_OFFSET = 768;
    private static final int NQN_END = 1024;
    private static final int NLBAF_OFFSET = 25;
    private static final int NULBAF_OFFSET = 82;
    private static final int FORMATS_OFFSET = 128;
    private static final int FORMAT_BYTES = 4;
    // A log in a file does not tell the controller's ANAGRPMAX.
    private static final long ANY_GROUP = 0xffff_ffffL;
    private static final int HUNDRED_MILLIS = 100;

    private NvmePages() {}

    static PageFields controller(ByteBuffer page) {
        requireBytes(page, nqnEnd(page), "Identify Controller", "SUBNQN", NQN_OFFSET);
        IdentifyController id = IdentifyController.decode(padded(page));
        return new PageFields()
                .bits("vid", id.vendorId(), "")
                .text("sn", id.serialNumber())
                .text("mn", id.modelNumber())
                .text("fr", id.firmwareRevision())
                .bits(
                        "cmic",
                        id.cmic(),
                        listed(
                                set(id.multiplePorts(), "several ports"),
                                set(id.multipleControllers(), "several controllers"),
                                set(id.anaReporting(), "ANA")))
                .number("mdts", id.mdts(), id.mdts() == 0 ? "no limit" : "2^" + id.mdts() + " memory pages")
                .number("cntlid", id.controllerId())
                .number("ver", id.version(), version(id.version()))
                .bits(
                        "oaes",
                        id.oaes(),
                        listed(set(id.namespaceNotices(), "namespace attributes"), set(id.anaNotices(), "ANA changes")))
                .bits(
                        "ctratt",
                        id.ctratt(),
                        listed(
                                set(id.extendedHostIdentifier(), "128-bit host identifier"),
                                set(id.nvmSets(), "NVM sets"),
                                set(id.trafficBasedKeepAlive(), "traffic-based keep-alive")))
                .number("cntrltype", id.controllerType(), controllerType(id.controllerType()))
                .number("crdt1", id.retryDelay1Millis() / HUNDRED_MILLIS, "in 100 ms")
                .number("crdt2", id.retryDelay2Millis() / HUNDRED_MILLIS, "in 100 ms")
                .number("crdt3", id.retryDelay3Millis() / HUNDRED_MILLIS, "in 100 ms")
                .number("ciu", id.instanceUniquifier())
                .number("cirn", id.instanceRandomNumber())
                .bits("oacs", id.oacs(), set(id.namespaceManagement(), "namespace management"))
                .number("acl", id.abortLimit() - 1L, "less one")
                .number("aerl", id.eventRequestLimit() - 1L, "less one")
                .bits("lpa", id.lpa(), set(id.logPageOffset(), "offsets"))
                .number("kas", id.keepAliveGranularityMillis() / HUNDRED_MILLIS, "in 100 ms")
                .number("anatt", id.anaTransitionSeconds(), "seconds")
                .bits("anacap", id.anacap(), set(id.anaGroupIdIsFixed(), "group identifiers stay"))
                .number("anagrpmax", id.anaGroupIdMax())
                .number("nanagrpid", id.anaGroupCount())
                .number("cqt", id.quiesceTimeMillis(), "ms")
                .number("maxcmd", id.maxOutstandingCommands())
                .number("nn", id.namespaceIdMax())
                .bits(
                        "oncs",
                        id.oncs(),
                        listed(
                                set(id.compare(), "compare"),
                                set(id.datasetManagement(), "dataset management"),
                                set(id.writeZeroes(), "write zeroes"),
                                set(id.reservations(), "reservations")))
                .bits("fuses", id.fuses(), set(id.fusedCompareAndWrite(), "compare and write"))
                .bits("vwc", id.vwc(), set(id.volatileWriteCache(), "volatile write cache"))
                .number("acwu", id.compareAndWriteBlocks() - 1L, "less one")
                .number("mnan", id.namespaceCountMax())
                .text("subnqn", id.subsystemNqn());
    }

    static PageFields namespace(ByteBuffer page) {
        requireBytes(page, formatsEnd(page), "Identify Namespace", "LBAF", FORMATS_OFFSET);
        IdentifyNamespace id = IdentifyNamespace.decode(padded(page));
        return new PageFields()
                .number("nsze", id.sizeBlocks(), id.attached() ? id.sizeBytes() + " bytes" : "not attached")
                .number("ncap", id.capacityBlocks())
                .number("nuse", id.utilizationBlocks())
                .bits(
                        "nsfeat",
                        id.nsfeat(),
                        listed(
                                set(id.thinlyProvisioned(), "thin"),
                                set(id.ownAtomicUnits(), "atomic units of its own"),
                                set(id.preferencesReported(), "preferred sizes")))
                .bits("flbas", id.flbas(), set(id.metadataInline(), "metadata behind the data"))
                .bits("mc", id.mc(), "")
                .bits("dps", id.dps(), set(id.protectionType() != 0, "protection type " + id.protectionType()))
                .bits("nmic", id.nmic(), id.shared() ? "shared" : "private")
                .bits("rescap", id.rescap(), "")
                .bits(
                        "dlfeat",
                        id.dlfeat(),
                        listed(
                                set(id.readsZeroesAfterDeallocation(), "deallocated blocks read as zeroes"),
                                set(id.writeZeroesMayDeallocate(), "write zeroes may deallocate")))
                .number("nawun", id.nawunBlocks() - 1L, "less one")
                .number("nawupf", id.nawupfBlocks() - 1L, "less one")
                .number("nacwu", id.nacwuBlocks() - 1L, "less one")
                .number("noiob", id.boundaryBlocks())
                .number("npwg", id.writeGranularityBlocks() - 1L, "less one")
                .number("npwa", id.writeAlignmentBlocks() - 1L, "less one")
                .number("npdg", id.deallocateGranularityBlocks() - 1L, "less one")
                .number("npda", id.deallocateAlignmentBlocks() - 1L, "less one")
                .number("nows", id.optimalWriteBlocks() - 1L, "less one")
                .number("anagrpid", id.anaGroupId())
                .bits("nsattr", id.nsattr(), set(id.writeProtected(), "write protected"))
                .number("nvmsetid", id.nvmSetId())
                .number("endgid", id.enduranceGroupId())
                .text("nguid", digits(id.nguid()))
                .text("eui64", digits(id.eui64()))
                .parts("lbaf", formats(id));
    }

    static PageFields descriptors(ByteBuffer page) {
        NamespaceDescriptors list = NamespaceDescriptors.decode(page);
        return new PageFields()
                .text("eui64", digits(list.eui64()))
                .text("nguid", digits(list.nguid()))
                .text("uuid", digits(list.uuid()))
                .number("csi", list.csi());
    }

    static PageFields anaLog(ByteBuffer page) {
        AnaLog log = AnaLog.decode(page, ANY_GROUP);
        return new PageFields()
                .number("change_count", log.changeCount())
                .parts("groups", log.groups().stream().map(NvmePages::group).toList());
    }

    private static PageFields group(AnaGroup group) {
        return new PageFields()
                .number("id", group.id())
                .text("state", group.state().toString())
                .number("change_count", group.changeCount())
                .numbers("nsids", group.namespaces().stream());
    }

    private static List<PageFields> formats(IdentifyNamespace id) {
        List<PageFields> formats = new ArrayList<>();
        for (LbaFormat format : id.formats()) {
            formats.add(new PageFields()
                    .number("ms", format.metadataBytes(), "bytes of metadata")
                    .number(
                            "lbads",
                            format.dataShift(),
                            format.available() ? "blocks of " + format.blockBytes() : "not available")
                    .number("rp", format.relativePerformance())
                    .flag("in_use", id.attached() && formats.size() == id.formatIndex()));
        }
        return formats;
    }

    /** Where the name of the subsystem ends, as far as {@code page} goes: it is padded with zeroes, which may be missing. */
    private static int nqnEnd(ByteBuffer page) {
        for (int at = NQN_OFFSET; at < Math.min(page.remaining(), NQN_END); at++) {
            if (page.get(page.position() + at) == 0) {
                return at;
            }
        }
        return NQN_END;
    }

    private static int formatsEnd(ByteBuffer page) {
        if (page.remaining() < FORMATS_OFFSET) {
            return FORMATS_OFFSET + FORMAT_BYTES;
        }
        int formats = 1
                + Byte.toUnsignedInt(page.get(page.position() + NLBAF_OFFSET))
                + Byte.toUnsignedInt(page.get(page.position() + NULBAF_OFFSET));
        return FORMATS_OFFSET + formats * FORMAT_BYTES;
    }

    private static void requireBytes(ByteBuffer page, int bytes, String structure, String field, int at) {
        if (page.remaining() < Math.min(bytes, IDENTIFY_BYTES)) {
            throw new PageFormatException(
                    structure, field, at, "is cut off, there are only " + page.remaining() + " of 4096 bytes");
        }
    }

    private static ByteBuffer padded(ByteBuffer page) {
        byte[] bytes = new byte[page.remaining()];
        page.duplicate().get(bytes);
        return ByteBuffer.wrap(Arrays.copyOf(bytes, Math.max(bytes.length, IDENTIFY_BYTES)));
    }

    /** The identifier without its type, which the name of the field tells. */
    private static Optional<String> digits(Optional<DeviceId> id) {
        return id.map(DeviceId::toString).map(text -> text.substring(text.indexOf('.') + 1));
    }

    private static String version(long ver) {
        return (ver >> 16) + "." + (ver >> 8 & 0xff) + "." + (ver & 0xff);
    }

    private static String controllerType(int type) {
        return switch (type) {
            case 0 -> "not reported";
            case 1 -> "I/O";
            case 2 -> "discovery";
            case 3 -> "administrative";
            default -> "reserved";
        };
    }

    private static String set(boolean bit, String meaning) {
        return bit ? meaning : "";
    }

    private static String listed(String... meanings) {
        return Stream.of(meanings).filter(meaning -> !meaning.isEmpty()).collect(Collectors.joining(", "));
    }
}
