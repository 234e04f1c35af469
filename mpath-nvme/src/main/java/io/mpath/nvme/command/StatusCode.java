package io.mpath.nvme.command;

import static io.mpath.path.Certainty.NOT_EXECUTED;
import static io.mpath.path.Certainty.TERMINATED;
import static io.mpath.path.Certainty.UNKNOWN;

import io.mpath.IoStatus;
import io.mpath.path.Certainty;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The status codes by their standard names (NVMe Base 2.1 4.2.3, and those of the NVM and Zoned Namespace command sets), with
 * what each says of an I/O command that ended with it. Success is none of them.
 *
 * <p>{@link Certainty#NOT_EXECUTED} is said only where the controller refuses before it touches a block: what is wrong is the
 * command, the namespace, or who asks. An answer in doubt is {@link Certainty#TERMINATED}. The two that the host makes up
 * itself, because nobody answered, are {@link Certainty#UNKNOWN}.
 */
public enum StatusCode {
    // Generic command status, SCT 0h
    /** Invalid Command Opcode. */
    INVALID_COMMAND_OPCODE(0x001, "Invalid Command Opcode", IoStatus.UNSUPPORTED, NOT_EXECUTED),
    /** Invalid Field in Command. */
    INVALID_FIELD_IN_COMMAND(0x002, "Invalid Field in Command", IoStatus.UNSUPPORTED, NOT_EXECUTED),
    /** Command ID Conflict. */
    COMMAND_ID_CONFLICT(0x003, "Command ID Conflict", TERMINATED),
    /** Data Transfer Error. */
    DATA_TRANSFER_ERROR(0x004, "Data Transfer Error", TERMINATED),
    /** Commands Aborted due to Power Loss Notification. */
    COMMANDS_ABORTED_DUE_TO_POWER_LOSS_NOTIFICATION(
            0x005, "Commands Aborted due to Power Loss Notification", TERMINATED),
    /** Internal Error. */
    INTERNAL_ERROR(0x006, "Internal Error", TERMINATED),
    /** Command Abort Requested. */
    COMMAND_ABORT_REQUESTED(0x007, "Command Abort Requested", TERMINATED),
    /** Command Aborted due to SQ Deletion. */
    COMMAND_ABORTED_DUE_TO_SQ_DELETION(0x008, "Command Aborted due to SQ Deletion", TERMINATED),
    /** Command Aborted due to Failed Fused Command. */
    COMMAND_ABORTED_DUE_TO_FAILED_FUSED_COMMAND(0x009, "Command Aborted due to Failed Fused Command", NOT_EXECUTED),
    /** Command Aborted due to Missing Fused Command. */
    COMMAND_ABORTED_DUE_TO_MISSING_FUSED_COMMAND(0x00a, "Command Aborted due to Missing Fused Command", NOT_EXECUTED),
    /** Invalid Namespace or Format. */
    INVALID_NAMESPACE_OR_FORMAT(0x00b, "Invalid Namespace or Format", IoStatus.UNSUPPORTED, NOT_EXECUTED),
    /** Command Sequence Error. */
    COMMAND_SEQUENCE_ERROR(0x00c, "Command Sequence Error", NOT_EXECUTED),
    /** Invalid SGL Segment Descriptor. */
    INVALID_SGL_SEGMENT_DESCRIPTOR(0x00d, "Invalid SGL Segment Descriptor", TERMINATED),
    /** Invalid Number of SGL Descriptors. */
    INVALID_NUMBER_OF_SGL_DESCRIPTORS(0x00e, "Invalid Number of SGL Descriptors", TERMINATED),
    /** Data SGL Length Invalid. */
    DATA_SGL_LENGTH_INVALID(0x00f, "Data SGL Length Invalid", TERMINATED),
    /** Metadata SGL Length Invalid. */
    METADATA_SGL_LENGTH_INVALID(0x010, "Metadata SGL Length Invalid", TERMINATED),
    /** SGL Descriptor Type Invalid. */
    SGL_DESCRIPTOR_TYPE_INVALID(0x011, "SGL Descriptor Type Invalid", TERMINATED),
    /** Invalid Use of Controller Memory Buffer. */
    INVALID_USE_OF_CONTROLLER_MEMORY_BUFFER(0x012, "Invalid Use of Controller Memory Buffer", TERMINATED),
    /** PRP Offset Invalid. */
    PRP_OFFSET_INVALID(0x013, "PRP Offset Invalid", TERMINATED),
    /** Atomic Write Unit Exceeded. */
    ATOMIC_WRITE_UNIT_EXCEEDED(0x014, "Atomic Write Unit Exceeded", NOT_EXECUTED),
    /** Operation Denied. */
    OPERATION_DENIED(0x015, "Operation Denied", NOT_EXECUTED),
    /** SGL Offset Invalid. */
    SGL_OFFSET_INVALID(0x016, "SGL Offset Invalid", TERMINATED),
    /** Host Identifier Inconsistent Format. */
    HOST_IDENTIFIER_INCONSISTENT_FORMAT(0x018, "Host Identifier Inconsistent Format", NOT_EXECUTED),
    /** Keep Alive Timer Expired. */
    KEEP_ALIVE_TIMER_EXPIRED(0x019, "Keep Alive Timer Expired", TERMINATED),
    /** Keep Alive Timeout Invalid. */
    KEEP_ALIVE_TIMEOUT_INVALID(0x01a, "Keep Alive Timeout Invalid", NOT_EXECUTED),
    /** Command Aborted due to Preempt and Abort. */
    COMMAND_ABORTED_DUE_TO_PREEMPT_AND_ABORT(0x01b, "Command Aborted due to Preempt and Abort", TERMINATED),
    /** Sanitize Failed. */
    SANITIZE_FAILED(0x01c, "Sanitize Failed", NOT_EXECUTED),
    /** Sanitize In Progress. */
    SANITIZE_IN_PROGRESS(0x01d, "Sanitize In Progress", NOT_EXECUTED),
    /** SGL Data Block Granularity Invalid. */
    SGL_DATA_BLOCK_GRANULARITY_INVALID(0x01e, "SGL Data Block Granularity Invalid", TERMINATED),
    /** Command Not Supported for Queue in CMB. */
    COMMAND_NOT_SUPPORTED_FOR_QUEUE_IN_CMB(0x01f, "Command Not Supported for Queue in CMB", NOT_EXECUTED),
    /** Namespace is Write Protected. */
    NAMESPACE_IS_WRITE_PROTECTED(0x020, "Namespace is Write Protected", IoStatus.READ_ONLY, NOT_EXECUTED),
    /** Command Interrupted. */
    COMMAND_INTERRUPTED(0x021, "Command Interrupted", TERMINATED),
    /** Transient Transport Error. */
    TRANSIENT_TRANSPORT_ERROR(0x022, "Transient Transport Error", TERMINATED),
    /** Command Prohibited by Command and Feature Lockdown. */
    COMMAND_PROHIBITED_BY_COMMAND_AND_FEATURE_LOCKDOWN(
            0x023, "Command Prohibited by Command and Feature Lockdown", NOT_EXECUTED),
    /** Admin Command Media Not Ready. */
    ADMIN_COMMAND_MEDIA_NOT_READY(0x024, "Admin Command Media Not Ready", NOT_EXECUTED),
    /** Invalid Key Tag. */
    INVALID_KEY_TAG(0x025, "Invalid Key Tag", NOT_EXECUTED),
    /** Host Dispersed Namespace Support Not Enabled. */
    HOST_DISPERSED_NAMESPACE_SUPPORT_NOT_ENABLED(0x026, "Host Dispersed Namespace Support Not Enabled", NOT_EXECUTED),
    /** Host Identifier Not Initialized. */
    HOST_IDENTIFIER_NOT_INITIALIZED(0x027, "Host Identifier Not Initialized", NOT_EXECUTED),
    /** Incorrect Key. */
    INCORRECT_KEY(0x028, "Incorrect Key", NOT_EXECUTED),
    /** FDP Disabled. */
    FDP_DISABLED(0x029, "FDP Disabled", NOT_EXECUTED),
    /** Invalid Placement Handle List. */
    INVALID_PLACEMENT_HANDLE_LIST(0x02a, "Invalid Placement Handle List", NOT_EXECUTED),
    /** LBA Out of Range. */
    LBA_OUT_OF_RANGE(0x080, "LBA Out of Range", IoStatus.OUT_OF_RANGE, NOT_EXECUTED),
    /** Capacity Exceeded. */
    CAPACITY_EXCEEDED(0x081, "Capacity Exceeded", IoStatus.NO_SPACE, TERMINATED),
    /** Namespace Not Ready. */
    NAMESPACE_NOT_READY(0x082, "Namespace Not Ready", NOT_EXECUTED),
    /** Reservation Conflict. */
    RESERVATION_CONFLICT(0x083, "Reservation Conflict", IoStatus.RESERVATION_CONFLICT, NOT_EXECUTED),
    /** Format In Progress. */
    FORMAT_IN_PROGRESS(0x084, "Format In Progress", NOT_EXECUTED),
    // Command specific status, SCT 1h: of administrative commands, which do no I/O
    /** Completion Queue Invalid. */
    COMPLETION_QUEUE_INVALID(0x100, "Completion Queue Invalid", NOT_EXECUTED),
    /** Invalid Queue Identifier. */
    INVALID_QUEUE_IDENTIFIER(0x101, "Invalid Queue Identifier", NOT_EXECUTED),
    /** Invalid Queue Size. */
    INVALID_QUEUE_SIZE(0x102, "Invalid Queue Size", NOT_EXECUTED),
    /** Abort Command Limit Exceeded. */
    ABORT_COMMAND_LIMIT_EXCEEDED(0x103, "Abort Command Limit Exceeded", NOT_EXECUTED),
    /** Asynchronous Event Request Limit Exceeded. */
    ASYNCHRONOUS_EVENT_REQUEST_LIMIT_EXCEEDED(0x105, "Asynchronous Event Request Limit Exceeded", NOT_EXECUTED),
    /** Invalid Firmware Slot. */
    INVALID_FIRMWARE_SLOT(0x106, "Invalid Firmware Slot", NOT_EXECUTED),
    /** Invalid Firmware Image. */
    INVALID_FIRMWARE_IMAGE(0x107, "Invalid Firmware Image", NOT_EXECUTED),
    /** Invalid Interrupt Vector. */
    INVALID_INTERRUPT_VECTOR(0x108, "Invalid Interrupt Vector", NOT_EXECUTED),
    /** Invalid Log Page. */
    INVALID_LOG_PAGE(0x109, "Invalid Log Page", NOT_EXECUTED),
    /** Invalid Format. */
    INVALID_FORMAT(0x10a, "Invalid Format", NOT_EXECUTED),
    /** Firmware Activation Requires Conventional Reset. */
    FIRMWARE_ACTIVATION_REQUIRES_CONVENTIONAL_RESET(
            0x10b, "Firmware Activation Requires Conventional Reset", NOT_EXECUTED),
    /** Invalid Queue Deletion. */
    INVALID_QUEUE_DELETION(0x10c, "Invalid Queue Deletion", NOT_EXECUTED),
    /** Feature Identifier Not Saveable. */
    FEATURE_IDENTIFIER_NOT_SAVEABLE(0x10d, "Feature Identifier Not Saveable", NOT_EXECUTED),
    /** Feature Not Changeable. */
    FEATURE_NOT_CHANGEABLE(0x10e, "Feature Not Changeable", NOT_EXECUTED),
    /** Feature Not Namespace Specific. */
    FEATURE_NOT_NAMESPACE_SPECIFIC(0x10f, "Feature Not Namespace Specific", NOT_EXECUTED),
    /** Firmware Activation Requires NVM Subsystem Reset. */
    FIRMWARE_ACTIVATION_REQUIRES_NVM_SUBSYSTEM_RESET(
            0x110, "Firmware Activation Requires NVM Subsystem Reset", NOT_EXECUTED),
    /** Firmware Activation Requires Controller Level Reset. */
    FIRMWARE_ACTIVATION_REQUIRES_CONTROLLER_LEVEL_RESET(
            0x111, "Firmware Activation Requires Controller Level Reset", NOT_EXECUTED),
    /** Firmware Activation Requires Maximum Time Violation. */
    FIRMWARE_ACTIVATION_REQUIRES_MAXIMUM_TIME_VIOLATION(
            0x112, "Firmware Activation Requires Maximum Time Violation", NOT_EXECUTED),
    /** Firmware Activation Prohibited. */
    FIRMWARE_ACTIVATION_PROHIBITED(0x113, "Firmware Activation Prohibited", NOT_EXECUTED),
    /** Overlapping Range. */
    OVERLAPPING_RANGE(0x114, "Overlapping Range", NOT_EXECUTED),
    /** Namespace Insufficient Capacity. */
    NAMESPACE_INSUFFICIENT_CAPACITY(0x115, "Namespace Insufficient Capacity", NOT_EXECUTED),
    /** Namespace Identifier Unavailable. */
    NAMESPACE_IDENTIFIER_UNAVAILABLE(0x116, "Namespace Identifier Unavailable", NOT_EXECUTED),
    /** Namespace Already Attached. */
    NAMESPACE_ALREADY_ATTACHED(0x118, "Namespace Already Attached", NOT_EXECUTED),
    /** Namespace Is Private. */
    NAMESPACE_IS_PRIVATE(0x119, "Namespace Is Private", NOT_EXECUTED),
    /** Namespace Not Attached. */
    NAMESPACE_NOT_ATTACHED(0x11a, "Namespace Not Attached", NOT_EXECUTED),
    /** Thin Provisioning Not Supported. */
    THIN_PROVISIONING_NOT_SUPPORTED(0x11b, "Thin Provisioning Not Supported", NOT_EXECUTED),
    /** Controller List Invalid. */
    CONTROLLER_LIST_INVALID(0x11c, "Controller List Invalid", NOT_EXECUTED),
    /** Device Self-test In Progress. */
    DEVICE_SELF_TEST_IN_PROGRESS(0x11d, "Device Self-test In Progress", NOT_EXECUTED),
    /** Boot Partition Write Prohibited. */
    BOOT_PARTITION_WRITE_PROHIBITED(0x11e, "Boot Partition Write Prohibited", NOT_EXECUTED),
    /** Invalid Controller Identifier. */
    INVALID_CONTROLLER_IDENTIFIER(0x11f, "Invalid Controller Identifier", NOT_EXECUTED),
    /** Invalid Secondary Controller State. */
    INVALID_SECONDARY_CONTROLLER_STATE(0x120, "Invalid Secondary Controller State", NOT_EXECUTED),
    /** Invalid Number of Controller Resources. */
    INVALID_NUMBER_OF_CONTROLLER_RESOURCES(0x121, "Invalid Number of Controller Resources", NOT_EXECUTED),
    /** Invalid Resource Identifier. */
    INVALID_RESOURCE_IDENTIFIER(0x122, "Invalid Resource Identifier", NOT_EXECUTED),
    /** Sanitize Prohibited While Persistent Memory Region is Enabled. */
    SANITIZE_PROHIBITED_WHILE_PERSISTENT_MEMORY_REGION_IS_ENABLED(
            0x123, "Sanitize Prohibited While Persistent Memory Region is Enabled", NOT_EXECUTED),
    /** ANA Group Identifier Invalid. */
    ANA_GROUP_IDENTIFIER_INVALID(0x124, "ANA Group Identifier Invalid", NOT_EXECUTED),
    /** ANA Attach Failed. */
    ANA_ATTACH_FAILED(0x125, "ANA Attach Failed", NOT_EXECUTED),
    /** Insufficient Capacity. */
    INSUFFICIENT_CAPACITY(0x126, "Insufficient Capacity", NOT_EXECUTED),
    /** Namespace Attachment Limit Exceeded. */
    NAMESPACE_ATTACHMENT_LIMIT_EXCEEDED(0x127, "Namespace Attachment Limit Exceeded", NOT_EXECUTED),
    /** Prohibition of Command Execution Not Supported. */
    PROHIBITION_OF_COMMAND_EXECUTION_NOT_SUPPORTED(
            0x128, "Prohibition of Command Execution Not Supported", NOT_EXECUTED),
    /** I/O Command Set Not Supported. */
    IO_COMMAND_SET_NOT_SUPPORTED(0x129, "I/O Command Set Not Supported", NOT_EXECUTED),
    /** I/O Command Set Not Enabled. */
    IO_COMMAND_SET_NOT_ENABLED(0x12a, "I/O Command Set Not Enabled", NOT_EXECUTED),
    /** I/O Command Set Combination Rejected. */
    IO_COMMAND_SET_COMBINATION_REJECTED(0x12b, "I/O Command Set Combination Rejected", NOT_EXECUTED),
    /** Invalid I/O Command Set. */
    INVALID_IO_COMMAND_SET(0x12c, "Invalid I/O Command Set", NOT_EXECUTED),
    /** Identifier Unavailable. */
    IDENTIFIER_UNAVAILABLE(0x12d, "Identifier Unavailable", NOT_EXECUTED),
    /** Namespace Is Dispersed. */
    NAMESPACE_IS_DISPERSED(0x12e, "Namespace Is Dispersed", NOT_EXECUTED),
    /** Invalid Discovery Information. */
    INVALID_DISCOVERY_INFORMATION(0x12f, "Invalid Discovery Information", NOT_EXECUTED),
    /** Zoning Data Structure Locked. */
    ZONING_DATA_STRUCTURE_LOCKED(0x130, "Zoning Data Structure Locked", NOT_EXECUTED),
    /** Zoning Data Structure Not Found. */
    ZONING_DATA_STRUCTURE_NOT_FOUND(0x131, "Zoning Data Structure Not Found", NOT_EXECUTED),
    /** Insufficient Discovery Resources. */
    INSUFFICIENT_DISCOVERY_RESOURCES(0x132, "Insufficient Discovery Resources", NOT_EXECUTED),
    /** Requested Function Disabled. */
    REQUESTED_FUNCTION_DISABLED(0x133, "Requested Function Disabled", NOT_EXECUTED),
    /** ZoneGroup Originator Invalid. */
    ZONEGROUP_ORIGINATOR_INVALID(0x134, "ZoneGroup Originator Invalid", NOT_EXECUTED),
    /** Invalid Host. */
    INVALID_HOST(0x135, "Invalid Host", NOT_EXECUTED),
    /** Invalid NVM Subsystem. */
    INVALID_NVM_SUBSYSTEM(0x136, "Invalid NVM Subsystem", NOT_EXECUTED),
    /** Invalid Controller Data Queue. */
    INVALID_CONTROLLER_DATA_QUEUE(0x137, "Invalid Controller Data Queue", NOT_EXECUTED),
    /** Not Enough Resources. */
    NOT_ENOUGH_RESOURCES(0x138, "Not Enough Resources", NOT_EXECUTED),
    /** Controller Suspended. */
    CONTROLLER_SUSPENDED(0x139, "Controller Suspended", NOT_EXECUTED),
    /** Controller Not Suspended. */
    CONTROLLER_NOT_SUSPENDED(0x13a, "Controller Not Suspended", NOT_EXECUTED),
    /** Controller Data Queue Full. */
    CONTROLLER_DATA_QUEUE_FULL(0x13b, "Controller Data Queue Full", NOT_EXECUTED),
    // Command specific status, SCT 1h: of I/O commands of the NVM and Zoned Namespace command sets, and 190h and 191h
    // of fabrics
    /** Conflicting Attributes. */
    CONFLICTING_ATTRIBUTES(0x180, "Conflicting Attributes", IoStatus.UNSUPPORTED, NOT_EXECUTED),
    /** Invalid Protection Information. */
    INVALID_PROTECTION_INFORMATION(0x181, "Invalid Protection Information", IoStatus.PROTECTION_ERROR, NOT_EXECUTED),
    /** Attempted Write to Read Only Range. */
    ATTEMPTED_WRITE_TO_READ_ONLY_RANGE(0x182, "Attempted Write to Read Only Range", IoStatus.READ_ONLY, TERMINATED),
    /** Command Size Limit Exceeded. */
    COMMAND_SIZE_LIMIT_EXCEEDED(0x183, "Command Size Limit Exceeded", NOT_EXECUTED),
    /** Incompatible Namespace or Format. */
    INCOMPATIBLE_NAMESPACE_OR_FORMAT(0x185, "Incompatible Namespace or Format", NOT_EXECUTED),
    /** Fast Copy Not Possible. */
    FAST_COPY_NOT_POSSIBLE(0x186, "Fast Copy Not Possible", NOT_EXECUTED),
    /** Overlapping I/O Range. */
    OVERLAPPING_IO_RANGE(0x187, "Overlapping I/O Range", NOT_EXECUTED),
    /** Namespace Not Reachable. */
    NAMESPACE_NOT_REACHABLE(0x188, "Namespace Not Reachable", NOT_EXECUTED),
    /** Insufficient Resources. */
    INSUFFICIENT_RESOURCES(0x189, "Insufficient Resources", NOT_EXECUTED),
    /** Discovery Restart. */
    DISCOVERY_RESTART(0x190, "Discovery Restart", TERMINATED),
    /** Authentication Required. */
    AUTHENTICATION_REQUIRED(0x191, "Authentication Required", NOT_EXECUTED),
    /** Invalid Zone Operation Request. */
    INVALID_ZONE_OPERATION_REQUEST(0x1b6, "Invalid Zone Operation Request", TERMINATED),
    /** ZRWA Resources Unavailable. */
    ZRWA_RESOURCES_UNAVAILABLE(0x1b7, "ZRWA Resources Unavailable", TERMINATED),
    /** Zone Boundary Error. */
    ZONE_BOUNDARY_ERROR(0x1b8, "Zone Boundary Error", NOT_EXECUTED),
    /** Zone Is Full. */
    ZONE_IS_FULL(0x1b9, "Zone Is Full", NOT_EXECUTED),
    /** Zone Is Read Only. */
    ZONE_IS_READ_ONLY(0x1ba, "Zone Is Read Only", IoStatus.READ_ONLY, NOT_EXECUTED),
    /** Zone Is Offline. */
    ZONE_IS_OFFLINE(0x1bb, "Zone Is Offline", NOT_EXECUTED),
    /** Zone Invalid Write. */
    ZONE_INVALID_WRITE(0x1bc, "Zone Invalid Write", NOT_EXECUTED),
    /** Too Many Active Zones. */
    TOO_MANY_ACTIVE_ZONES(0x1bd, "Too Many Active Zones", NOT_EXECUTED),
    /** Too Many Open Zones. */
    TOO_MANY_OPEN_ZONES(0x1be, "Too Many Open Zones", NOT_EXECUTED),
    /** Invalid Zone State Transition. */
    INVALID_ZONE_STATE_TRANSITION(0x1bf, "Invalid Zone State Transition", NOT_EXECUTED),
    // Media and data integrity errors, SCT 2h
    /** Write Fault. */
    WRITE_FAULT(0x280, "Write Fault", IoStatus.MEDIUM_ERROR, TERMINATED),
    /** Unrecovered Read Error. */
    UNRECOVERED_READ_ERROR(0x281, "Unrecovered Read Error", IoStatus.MEDIUM_ERROR, TERMINATED),
    /** End-to-end Guard Check Error. */
    END_TO_END_GUARD_CHECK_ERROR(0x282, "End-to-end Guard Check Error", IoStatus.PROTECTION_ERROR, TERMINATED),
    /** End-to-end Application Tag Check Error. */
    END_TO_END_APPLICATION_TAG_CHECK_ERROR(
            0x283, "End-to-end Application Tag Check Error", IoStatus.PROTECTION_ERROR, TERMINATED),
    /** End-to-end Reference Tag Check Error. */
    END_TO_END_REFERENCE_TAG_CHECK_ERROR(
            0x284, "End-to-end Reference Tag Check Error", IoStatus.PROTECTION_ERROR, TERMINATED),
    /** Compare Failure. */
    COMPARE_FAILURE(0x285, "Compare Failure", IoStatus.MISCOMPARE, TERMINATED),
    /** Access Denied. */
    ACCESS_DENIED(0x286, "Access Denied", TERMINATED),
    /** Deallocated or Unwritten Logical Block. */
    DEALLOCATED_OR_UNWRITTEN_LOGICAL_BLOCK(
            0x287, "Deallocated or Unwritten Logical Block", IoStatus.MEDIUM_ERROR, TERMINATED),
    /** End-to-End Storage Tag Check Error. */
    END_TO_END_STORAGE_TAG_CHECK_ERROR(
            0x288, "End-to-End Storage Tag Check Error", IoStatus.PROTECTION_ERROR, TERMINATED),
    // Path related status, SCT 3h
    /** Internal Path Error. */
    INTERNAL_PATH_ERROR(0x300, "Internal Path Error", IoStatus.PATH_ERROR, TERMINATED),
    /** Asymmetric Access Persistent Loss. */
    ASYMMETRIC_ACCESS_PERSISTENT_LOSS(0x301, "Asymmetric Access Persistent Loss", IoStatus.PATH_ERROR, NOT_EXECUTED),
    /** Asymmetric Access Inaccessible. */
    ASYMMETRIC_ACCESS_INACCESSIBLE(0x302, "Asymmetric Access Inaccessible", IoStatus.PATH_ERROR, NOT_EXECUTED),
    /** Asymmetric Access Transition. */
    ASYMMETRIC_ACCESS_TRANSITION(0x303, "Asymmetric Access Transition", IoStatus.PATH_ERROR, NOT_EXECUTED),
    /** Controller Pathing Error. */
    CONTROLLER_PATHING_ERROR(0x360, "Controller Pathing Error", IoStatus.PATH_ERROR, TERMINATED),
    /** Host Pathing Error. */
    HOST_PATHING_ERROR(0x370, "Host Pathing Error", IoStatus.PATH_ERROR, UNKNOWN),
    /** Command Aborted By Host. */
    COMMAND_ABORTED_BY_HOST(0x371, "Command Aborted By Host", IoStatus.PATH_ERROR, UNKNOWN);

    private static final Map<Integer, StatusCode> BY_VALUE =
            Arrays.stream(values()).collect(Collectors.toMap(StatusCode::value, Function.identity()));

    private final int value;
    private final String text;
    private final IoStatus ioStatus;
    private final Certainty certainty;

    StatusCode(int value, String text, Certainty certainty) {
        this(value, text, IoStatus.TARGET_ERROR, certainty);
    }

    StatusCode(int value, String text, IoStatus ioStatus, Certainty certainty) {
        this.value = value;
        this.text = text;
        this.ioStatus = ioStatus;
        this.certainty = certainty;
    }

    /** The code of that value; empty for success, and for what is reserved, the vendor's or of another command set. */
    public static Optional<StatusCode> of(int value) {
        return Optional.ofNullable(BY_VALUE.get(value));
    }

    /** Status code type in bits 10:8, status code in bits 7:0. */
    public int value() {
        return value;
    }

    /** The standard's name. */
    public String text() {
        return text;
    }

    /** What a caller is told. */
    public IoStatus ioStatus() {
        return ioStatus;
    }

    /** What is known of a command that ended so. */
    public Certainty certainty() {
        return certainty;
    }
}
