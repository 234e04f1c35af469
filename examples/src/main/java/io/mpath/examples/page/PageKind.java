package io.mpath.examples.page;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The pages that can be decoded, each by the word that the {@code mpath} command knows it by. */
public enum PageKind {
    /** SCSI standard INQUIRY data. */
    INQUIRY("inquiry"),
    /** Unit Serial Number. */
    VPD80("vpd80"),
    /** Device Identification. */
    VPD83("vpd83"),
    /** Block Limits. */
    VPDB0("vpdb0"),
    /** Block Device Characteristics. */
    VPDB1("vpdb1"),
    /** Logical Block Provisioning. */
    VPDB2("vpdb2"),
    /** READ CAPACITY (16). */
    READCAP16("readcap16"),
    /** REPORT TARGET PORT GROUPS. */
    RTPG("rtpg"),
    /** Sense data. */
    SENSE("sense"),
    /** PERSISTENT RESERVE IN, READ KEYS. */
    PR_KEYS("pr-keys"),
    /** READ RESERVATION. */
    PR_RESERVATION("pr-reservation"),
    /** REPORT CAPABILITIES. */
    PR_CAPABILITIES("pr-capabilities"),
    /** READ FULL STATUS. */
    PR_FULL_STATUS("pr-full-status"),
    /** NVMe Identify Controller. */
    ID_CTRL("id-ctrl"),
    /** Identify Namespace. */
    ID_NS("id-ns"),
    /** The Namespace Identification Descriptor list. */
    NS_DESCS("ns-descs"),
    /** The Asymmetric Namespace Access log page. */
    ANA_LOG("ana-log"),
    /** What Reservation Report returns, with short or extended host identifiers. */
    RESV_REPORT("resv-report");

    private final String word;

    PageKind(String word) {
        this.word = word;
    }

    /** The kind with that word. */
    public static Optional<PageKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** What such a page says. @throws io.mpath.PageFormatException when it is none, naming field and offset */
    public PageFields decode(ByteBuffer page) {
        return switch (this) {
            case INQUIRY -> ScsiPages.inquiry(page);
            case VPD80 -> ScsiPages.serialNumber(page);
            case VPD83 -> ScsiPages.identification(page);
            case VPDB0 -> ScsiPages.limits(page);
            case VPDB1 -> ScsiPages.characteristics(page);
            case VPDB2 -> ScsiPages.provisioning(page);
            case READCAP16 -> ScsiPages.capacity(page);
            case RTPG -> ScsiPages.targetPortGroups(page);
            case SENSE -> ScsiPages.sense(page);
            case PR_KEYS -> ReservationPages.keys(page);
            case PR_RESERVATION -> ReservationPages.reservation(page);
            case PR_CAPABILITIES -> ReservationPages.capabilities(page);
            case PR_FULL_STATUS -> ReservationPages.fullStatus(page);
            case ID_CTRL -> NvmePages.controller(page);
            case ID_NS -> NvmePages.namespace(page);
            case NS_DESCS -> NvmePages.descriptors(page);
            case ANA_LOG -> NvmePages.anaLog(page);
            case RESV_REPORT -> ReservationPages.report(page);
        };
    }

    /** The word. */
    @Override
    public String toString() {
        return word;
    }
}
