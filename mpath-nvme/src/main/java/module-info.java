/** The NVMe adapter of mpath. */
@org.jspecify.annotations.NullMarked
module io.mpath.nvme {
    requires transitive io.mpath;
    requires static transitive org.jspecify;

    exports io.mpath.nvme.command;
}
