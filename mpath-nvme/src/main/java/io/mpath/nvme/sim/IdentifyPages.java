package io.mpath.nvme.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data structures of Identify (NVMe Base 2.1 5.1.13, NVM Command Set 1.1 4.1.5).
 *
 * <p>Threading: under the subsystem's lock.
 */
final class IdentifyPages {
    private static final int PAGE_BYTES = 4096;
    private static final int VERSION_2_1 = 2 << 16 | 1 << 8;
    private static final long LAST_NSID = 0xffff_fffdL;
    private static final int MULTIPLE_PORTS_AND_CONTROLLERS = 0b11;
    private static final int ANA_REPORTING = 1 << 3;
    private static final int ALL_ANA_STATES = 0b1_1111;
    private static final int GROUPS = 128;
    private static final int NVM = 0;

    private final SimAssociation association;
    private final SimController controller;
    private final SimSubsystem subsystem;

    IdentifyPages(SimAssociation association) {
        this.association = association;
        this.controller = association.controller();
        this.subsystem = controller.subsystem();
    }

    Outcome identify(SimCommand command) {
        long nsid = command.nsid();
        return switch (command.dword(10) & 0xff) {
            case 0x00 -> ofNamespace(nsid, this::namespace, true);
            case 0x01 -> Outcome.data(controller().array());
            case 0x02 ->
                nsid > LAST_NSID
                        ? Outcome.refused(WireStatus.INVALID_NAMESPACE_OR_FORMAT)
                        : Outcome.data(activeNamespaces(nsid).array());
            case 0x03 -> ofNamespace(nsid, this::descriptors, false);
            case 0x06 ->
                command.dword(11) >>> 24 == NVM
                        ? Outcome.data(page().array())
                        : Outcome.refused(WireStatus.INVALID_FIELD);
            case 0x08 -> ofNamespace(nsid, this::independentNamespace, true);
            default -> Outcome.refused(WireStatus.INVALID_FIELD);
        };
    }

    private interface Page {
        ByteBuffer of(SimNamespace namespace);
    }

    /** Of a namespace that is not active there is nothing but zeroes, or nothing at all. */
    private Outcome ofNamespace(long nsid, Page page, boolean zeroesIfInactive) {
        SimNamespace active = active(nsid);
        if (active != null) {
            return Outcome.data(page.of(active).array());
        }
        boolean valid = nsid >= 1 && nsid <= subsystem.maxNsid();
        return valid && zeroesIfInactive
                ? Outcome.data(page().array())
                : Outcome.refused(WireStatus.INVALID_NAMESPACE_OR_FORMAT);
    }

    private @Nullable SimNamespace active(long nsid) {
        SimNamespace known = subsystem.namespaces().get(nsid);
        return known == null || !known.attachedTo(controller) ? null : known;
    }

    private ByteBuffer controller() {
        boolean ana = subsystem.hasAna();
        ByteBuffer out = page();
        text(out, 4, 20, subsystem.serial());
        text(out, 24, 40, subsystem.model());
        text(out, 64, 8, "1.0");
        out.put(76, (byte) (MULTIPLE_PORTS_AND_CONTROLLERS | (ana ? ANA_REPORTING : 0)))
                .put(77, (byte) controller.mdts())
                .putShort(78, (short) controller.id())
                .putInt(80, VERSION_2_1)
                .putInt(92, association.features().offeredEvents())
                .putInt(96, 1 | (controller.trafficBasedKeepAlive() ? 1 << 6 : 0))
                .put(111, (byte) 1)
                .putShort(128, (short) 1)
                .putShort(130, (short) 5)
                .putShort(132, (short) 10)
                .put(135, (byte) association.uniquifier())
                .putLong(136, association.randomNumber())
                .put(258, (byte) 3)
                .put(259, (byte) EventSlots.LIMIT)
                .put(261, (byte) (1 << 2))
                .putShort(320, (short) controller.keepAliveUnits());
        if (ana) {
            out.put(342, (byte) 10)
                    .put(343, (byte) ALL_ANA_STATES)
                    .putInt(344, GROUPS)
                    .putInt(348, GROUPS);
        }
        out.putShort(386, (short) controller.quiesceMillis())
                .put(512, (byte) 0x66)
                .put(513, (byte) 0x44)
                .putShort(514, (short) 1024)
                .putInt(516, (int) subsystem.maxNsid())
                .putShort(520, (short) controller.optionalCommands())
                .putShort(522, (short) (controller.fuses() ? 1 : 0))
                .put(525, (byte) (controller.hasVolatileCache() ? 0b111 : 0b110))
                .putShort(532, (short) (NvmCommandSet.MAX_FUSED_BLOCKS - 1))
                .putInt(540, (int) subsystem.maxNsid())
                .put(1807, (byte) (controller.resets() ? 1 : 0));
        byte[] nqn = subsystem.nqn().getBytes(StandardCharsets.UTF_8);
        out.put(768, nqn);
        return out;
    }

    private ByteBuffer namespace(SimNamespace namespace) {
        boolean reachable = switch (controller.stateOf(namespace)) {
            case OPTIMIZED, NON_OPTIMIZED, CHANGE -> true;
            case INACCESSIBLE, PERSISTENT_LOSS -> false;
        };
        SimNamespaceIdentity identity = namespace.whoItIs();
        ByteBuffer out = page();
        out.putLong(0, namespace.sizeInBlocks())
                .putLong(8, namespace.sizeInBlocks())
                // What is in use cannot be told where the namespace cannot be reached.
                .putLong(16, reachable ? namespace.sizeInBlocks() : 0)
                .put(30, (byte) (namespace.shared() ? 1 : 0))
                .put(31, (byte) rescap(namespace))
                .put(33, (byte) 1)
                .putInt(92, subsystem.hasAna() ? namespace.group() : 0)
                .put(99, (byte) (namespace.isWriteProtected() ? 1 : 0))
                .put(104, identity.nguidBytes())
                .put(120, identity.eui64Bytes())
                .put(130, (byte) Integer.numberOfTrailingZeros(namespace.blockBytes()));
        return out;
    }

    private ByteBuffer independentNamespace(SimNamespace namespace) {
        return page().put(1, (byte) (namespace.shared() ? 1 : 0))
                .put(2, (byte) rescap(namespace))
                .putInt(4, subsystem.hasAna() ? namespace.group() : 0)
                .put(8, (byte) (namespace.isWriteProtected() ? 1 : 0))
                .put(14, (byte) 1);
    }

    private int rescap(SimNamespace namespace) {
        return controller.hasReservations() ? namespace.rescap() : 0;
    }

    private ByteBuffer descriptors(SimNamespace namespace) {
        SimNamespaceIdentity identity = namespace.whoItIs();
        ByteBuffer out = page();
        descriptor(out, 3, identity.uuidBytes());
        descriptor(out, 2, identity.nguidBytes());
        descriptor(out, 1, identity.eui64Bytes());
        out.put((byte) 4).put((byte) 1).putShort((short) 0).put((byte) NVM);
        return out;
    }

    private static void descriptor(ByteBuffer out, int type, byte[] id) {
        boolean none = true;
        for (byte part : id) {
            none &= part == 0;
        }
        if (!none) {
            out.put((byte) type).put((byte) id.length).putShort((short) 0).put(id);
        }
    }

    private ByteBuffer activeNamespaces(long above) {
        ByteBuffer out = page();
        for (Map.Entry<Long, SimNamespace> entry : subsystem.namespaces().entrySet()) {
            if (entry.getKey() > above && entry.getValue().attachedTo(controller)) {
                out.putInt((int) (long) entry.getKey());
            }
        }
        return out;
    }

    private static void text(ByteBuffer out, int at, int length, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < length; i++) {
            out.put(at + i, i < ascii.length ? ascii[i] : (byte) ' ');
        }
    }

    private static ByteBuffer page() {
        return ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
