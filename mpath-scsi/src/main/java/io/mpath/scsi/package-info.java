/**
 * The SCSI adapter: gives {@code io.mpath} the identity of a logical unit (VPD page 0x83) and the access states of its target
 * port groups (ALUA).
 */
package io.mpath.scsi;
