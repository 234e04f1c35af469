/** The NVMe adapter of mpath. */
@org.jspecify.annotations.NullMarked
module io.mpath.nvme {
    requires transitive io.mpath;
    requires com.google.common;
    requires org.slf4j;
    requires static com.sun.jna;
    requires static transitive org.jspecify;

    exports io.mpath.nvme;
    exports io.mpath.nvme.command;
    exports io.mpath.nvme.linux;
    exports io.mpath.nvme.sim;
}
