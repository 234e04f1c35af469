/** The SCSI adapter of mpath. */
@org.jspecify.annotations.NullMarked
module io.mpath.scsi {
    requires transitive io.mpath;
    requires com.google.common;
    requires org.slf4j;
    requires static com.sun.jna;
    requires static transitive org.jspecify;

    exports io.mpath.scsi;
    exports io.mpath.scsi.command;
    exports io.mpath.scsi.linux;
    exports io.mpath.scsi.sim;
}
