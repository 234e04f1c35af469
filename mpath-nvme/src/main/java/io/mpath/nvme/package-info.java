/**
 * The NVMe adapter: gives {@code io.mpath} the identity of a namespace (NGUID, EUI-64, UUID) and the access states of its ANA
 * groups.
 */
package io.mpath.nvme;
