package io.mpath.nvme.command;

import io.mpath.reservation.ReservationKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A command that changes what is registered or reserved at a namespace (NVMe Base 2.1 8.1.24). Its data are keys. */
public sealed interface ReservationChange extends IoCommand
        permits ReservationRegister, ReservationAcquire, ReservationRelease {
    /** The keys that are its data, in their order there. */
    List<ReservationKey> keys();

    /** Writes its keys as the command's data, and moves the position behind them. */
    default void encodeKeys(ByteBuffer data) {
        int start = data.position();
        ByteBuffer written = data.slice(start, dataBytes()).order(ByteOrder.LITTLE_ENDIAN);
        keys().forEach(key -> written.putLong(key.value()));
        data.position(start + dataBytes());
    }

    @Override
    default int dataBytes() {
        return Long.BYTES * keys().size();
    }

    @Override
    default Transfer transfer() {
        return Transfer.TO_CONTROLLER;
    }
}
