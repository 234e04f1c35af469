package io.mpath.nvme.command;

import java.nio.ByteBuffer;

/** A command that changes what is registered or reserved at a namespace (NVMe Base 2.1 8.1.24). Its data are keys. */
public sealed interface ReservationChange extends IoCommand
        permits ReservationRegister, ReservationAcquire, ReservationRelease {
    /** Writes its keys as the command's data, and moves the position behind them. */
    void encodeKeys(ByteBuffer data);

    @Override
    default Transfer transfer() {
        return Transfer.TO_CONTROLLER;
    }
}
