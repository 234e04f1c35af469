/** The SCSI adapter of mpath. */
@org.jspecify.annotations.NullMarked
module io.mpath.scsi {
    requires transitive io.mpath;
    requires static transitive org.jspecify;

    exports io.mpath.scsi.command;
}
