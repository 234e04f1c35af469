/**
 * Multipath I/O for the JVM: one block device over several paths to the same logical unit, whatever carries them.
 *
 * <p>Start with {@link io.mpath.Multipath}. Transports implement {@link io.mpath.path}.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the adapters that internals are shown to are compiled later
module io.mpath {
    requires com.google.common;
    requires org.slf4j;
    requires static com.sun.jna;
    requires static java.management;
    requires static jdk.jfr;
    requires static transitive org.jspecify;

    exports io.mpath;
    exports io.mpath.linux;
    exports io.mpath.observe;
    exports io.mpath.path;
    exports io.mpath.policy;
    exports io.mpath.reservation;
    exports io.mpath.reservation.conformance;
    exports io.mpath.sim;
    exports io.mpath.internal.adapter to
            io.mpath.nvme,
            io.mpath.scsi;
    exports io.mpath.internal.codec to
            io.mpath.nvme,
            io.mpath.scsi;
    exports io.mpath.internal.sim to
            io.mpath.nvme,
            io.mpath.scsi;
}
