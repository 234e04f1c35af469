/**
 * The bytes of SCSI (SPC-6, SBC-5): parameter data that logical units return, commands as they are sent, and what a status means.
 * Nothing here performs I/O, waits or remembers.
 *
 * <p>A {@code decode} takes the bytes between a buffer's position and limit, moves neither, and returns a value or throws
 * {@link io.mpath.PageFormatException}, whatever the bytes are. Numbers keep the standard's names; lengths and times say their
 * unit. Values are immutable and may be used by any thread.
 */
package io.mpath.scsi.command;
