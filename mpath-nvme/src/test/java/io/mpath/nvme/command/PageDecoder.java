package io.mpath.nvme.command;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/** Every decoder of bytes from a device, with pages that it accepts. */
enum PageDecoder {
    ID_CTRL,
    ID_NS,
    NS_DESCS,
    ANA_LOG,
    ANA_LOG_IN_PIECES,
    ANA_LOG_HEADER,
    ACTIVE_NAMESPACES,
    INDEPENDENT_NAMESPACE,
    NVM_CONTROLLER_LIMITS,
    COMPLETION,
    CROSS_CONTROLLER_RESETS,
    HOST_IDENTIFIER,
    RESERVATION_STATUS,
    EXTENDED_RESERVATION_STATUS,
    RESERVATION_STATUS_BYTES,
    RESERVATION_NOTIFICATION;

    private static final int MAX_GROUP = 128;
    private static final int PIECE_BYTES = 64;
    private static final int MAX_READS = 200;

    Object decode(ByteBuffer page) {
        return switch (this) {
            case ID_CTRL -> IdentifyController.decode(page);
            case ID_NS -> IdentifyNamespace.decode(page);
            case NS_DESCS -> NamespaceDescriptors.decode(page);
            case ANA_LOG -> AnaLog.decode(page, MAX_GROUP);
            case ANA_LOG_IN_PIECES -> inPieces(page);
            case ANA_LOG_HEADER -> AnaLogHeader.decode(page);
            case ACTIVE_NAMESPACES -> NamespaceIds.decodeActiveList(page);
            case INDEPENDENT_NAMESPACE -> IndependentNamespace.decode(page);
            case NVM_CONTROLLER_LIMITS -> NvmControllerLimits.decode(page);
            case COMPLETION -> Completion.decode(page);
            case CROSS_CONTROLLER_RESETS -> CrossControllerResetLog.decode(page);
            case HOST_IDENTIFIER -> HostIdentifier.decode(page, true);
            case RESERVATION_STATUS -> ReservationStatus.decode(page, false);
            case EXTENDED_RESERVATION_STATUS -> ReservationStatus.decode(page, true);
            case RESERVATION_STATUS_BYTES -> ReservationStatus.wholeBytes(page, true);
            case RESERVATION_NOTIFICATION -> ReservationNotification.decode(page);
        };
    }

    /** Copies, to be damaged as one likes. */
    List<byte[]> pages() {
        return accepted().map(PageDecoder::bytes).toList();
    }

    private Stream<ByteBuffer> accepted() {
        return switch (this) {
            case ID_CTRL -> vectors("id-ctrl");
            case ID_NS -> vectors("id-ns");
            case NS_DESCS -> vectors("ns-descs");
            case ANA_LOG, ANA_LOG_IN_PIECES, ANA_LOG_HEADER ->
                Stream.of(
                        Vectors.page("nvmet-port1.ana-log"),
                        Vectors.page("nvmet-port2.ana-log"),
                        new AnaLogBytes(7)
                                .group(1, 1, 1, 2, 3)
                                .group(2, 0xf)
                                .group(9, 3, 4, 8)
                                .page());
            case ACTIVE_NAMESPACES -> Stream.of(Vectors.zeroes().putInt(0, 1).putInt(4, 7));
            case INDEPENDENT_NAMESPACE -> Stream.of(Vectors.zeroes().put(1, (byte) 1));
            case NVM_CONTROLLER_LIMITS -> Stream.of(Vectors.zeroes().put(1, (byte) 5));
            case COMPLETION -> Stream.of(Vectors.zeroes(Completion.BYTES).putShort(14, (short) 0x8604));
            case CROSS_CONTROLLER_RESETS ->
                Stream.of(Vectors.zeroes(CrossControllerResetLog.BYTES)
                        .put(0, (byte) 1)
                        .put(8, (byte) 2)
                        .put(14, (byte) 1));
            case HOST_IDENTIFIER -> Stream.of(Vectors.zeroes(HostIdentifier.EXTENDED_BYTES));
            case RESERVATION_STATUS ->
                Stream.of(ReservationBytes.plain()
                        .type(5)
                        .registrant(1, true, 7, "0102030405060708")
                        .registrant(2, true, 8, "1112131415161718")
                        .page());
            case EXTENDED_RESERVATION_STATUS, RESERVATION_STATUS_BYTES ->
                Stream.of(ReservationBytes.extended()
                        .type(1)
                        .registrant(1, true, 7, "01".repeat(16))
                        .registrant(2, true, 7, "01".repeat(16))
                        .registrant(3, false, 8, "02".repeat(16))
                        .page());
            case RESERVATION_NOTIFICATION ->
                Stream.of(Vectors.zeroes(ReservationNotification.BYTES)
                        .put(0, (byte) 1)
                        .put(8, (byte) 2));
        };
    }

    private static Stream<ByteBuffer> vectors(String kind) {
        return Stream.of("nvmet-port1.", "nvmet-port2.", "qemu-nvme-0.").map(device -> Vectors.page(device + kind));
    }

    private static byte[] bytes(ByteBuffer page) {
        byte[] bytes = new byte[page.remaining()];
        page.get(bytes);
        return bytes;
    }

    /** A controller whose log is those bytes, and ends where they end. */
    private static Object inPieces(ByteBuffer log) {
        var assembly = new AnaLogAssembly(Vectors.PAGE_BYTES, PIECE_BYTES, MAX_GROUP);
        for (int i = 0; i < MAX_READS && !assembly.complete(); i++) {
            int start = Math.min(assembly.nextOffset(), log.remaining());
            int length = Math.min(assembly.nextBytes(), log.remaining() - start);
            assembly.accept(log.slice(log.position() + start, length));
        }
        return assembly.log();
    }
}
