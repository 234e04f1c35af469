package io.mpath.scsi.command;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names of additional sense codes and their qualifiers (SPC-6), of those that block devices give. */
final class AdditionalSense {
    /** Any qualifier of it: protection information did not match. */
    static final int PROTECTION = 0x10;

    private static final Map<Integer, String> NAMES = """
            0000 no additional sense information
            0100 no index or sector signal
            0200 no seek complete
            0300 peripheral device write fault
            0400 logical unit not ready, cause not reportable
            0401 logical unit is in process of becoming ready
            0402 logical unit not ready, initializing command required
            0403 logical unit not ready, manual intervention required
            0404 logical unit not ready, format in progress
            0405 logical unit not ready, rebuild in progress
            0406 logical unit not ready, recalculation in progress
            0407 logical unit not ready, operation in progress
            0408 logical unit not ready, long write in progress
            0409 logical unit not ready, self-test in progress
            040A logical unit not accessible, asymmetric access state transition
            040B logical unit not accessible, target port in standby state
            040C logical unit not accessible, target port in unavailable state
            040D logical unit not ready, structure check required
            0411 logical unit not ready, notify (enable spinup) required
            0412 logical unit not ready, offline
            0414 logical unit not ready, space allocation in progress
            041A logical unit not ready, start stop unit command in progress
            041B logical unit not ready, sanitize in progress
            041C logical unit not ready, additional power use not yet granted
            041D logical unit not ready, configuration in progress
            0424 depopulation in progress
            0425 depopulation restoration in progress
            0500 logical unit does not respond to selection
            0800 logical unit communication failure
            0801 logical unit communication time-out
            0802 logical unit communication parity error
            0B00 warning
            0B01 warning, specified temperature exceeded
            0C00 write error
            0C02 write error, auto reallocation failed
            0C03 write error, recommend reassignment
            1000 id crc or ecc error
            1001 logical block guard check failed
            1002 logical block application tag check failed
            1003 logical block reference tag check failed
            1100 unrecovered read error
            1101 read retries exhausted
            1104 unrecovered read error, auto reallocate failed
            110B unrecovered read error, recommend reassignment
            1114 read error, lba marked bad by application client
            1300 address mark not found for data field
            1400 recorded entity not found
            1401 record not found
            1500 random positioning error
            1700 recovered data with no error correction applied
            1701 recovered data with retries
            1800 recovered data with error correction applied
            1A00 parameter list length error
            1D00 miscompare during verify operation
            2000 invalid command operation code
            2100 logical block address out of range
            2104 unaligned write command
            2105 write boundary violation
            2200 illegal function
            2400 invalid field in cdb
            2500 logical unit not supported
            2600 invalid field in parameter list
            2601 parameter not supported
            2602 parameter value invalid
            2604 invalid release of persistent reservation
            2700 write protected
            2701 hardware write protected
            2702 logical unit software write protected
            2707 space allocation failed write protect
            2800 not ready to ready change, medium may have changed
            2900 power on, reset, or bus device reset occurred
            2901 power on occurred
            2902 scsi bus reset occurred
            2903 bus device reset function occurred
            2904 device internal reset
            2905 transceiver mode changed to single-ended
            2906 transceiver mode changed to lvd
            2907 i_t nexus loss occurred
            2A00 parameters changed
            2A01 mode parameters changed
            2A02 log parameters changed
            2A03 reservations preempted
            2A04 reservations released
            2A05 registrations preempted
            2A06 asymmetric access state changed
            2A07 implicit asymmetric access state transition failed
            2A08 priority changed
            2A09 capacity data has changed
            2C00 command sequence error
            2C09 previous reservation conflict status
            2E01 command timeout before processing
            2E02 command timeout during processing
            2E03 command timeout during processing due to error recovery
            2F00 commands cleared by another initiator
            2F01 commands cleared by power loss notification
            2F02 commands cleared by device server
            3100 medium format corrupted
            3200 no defect spare location available
            3807 thin provisioning soft threshold reached
            3A00 medium not present
            3E00 logical unit has not self-configured yet
            3E01 logical unit failure
            3E02 timeout on logical unit
            3F00 target operating conditions have changed
            3F01 microcode has been changed
            3F02 changed operating definition
            3F03 inquiry data has changed
            3F05 device identifier changed
            3F0E reported luns data has changed
            4300 message error
            4400 internal target failure
            4500 select or reselect failure
            4700 scsi parity error
            4701 data phase crc error detected
            4703 information unit iucrc error detected
            4800 initiator detected error message received
            4900 invalid message error
            4A00 command phase error
            4B00 data phase error
            4B04 nak received
            4B05 data offset error
            4B06 initiator response timeout
            4B07 connection lost
            4E00 overlapped commands attempted
            5500 system resource failure
            5501 system buffer full
            5502 insufficient reservation resources
            5503 insufficient resources
            5504 insufficient registration resources
            5D00 failure prediction threshold exceeded
            670A set target port groups command failed
            """.lines().collect(Collectors.toUnmodifiableMap(
            line -> Integer.parseInt(line.substring(0, 4), 16), line -> line.substring(5)));

    private AdditionalSense() {}

    static Optional<String> text(int asc, int ascq) {
        return Optional.ofNullable(NAMES.get(asc << 8 | ascq));
    }
}
