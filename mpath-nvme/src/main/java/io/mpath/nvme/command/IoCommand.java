package io.mpath.nvme.command;

/** A command for an I/O queue: of the NVM command set, or of reservations. */
public sealed interface IoCommand extends NvmeCommand
        permits NvmRead,
                NvmWrite,
                NvmCompare,
                NvmWriteZeroes,
                NvmFlush,
                DatasetManagement,
                ReservationChange,
                ReservationReport {}
