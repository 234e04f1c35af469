package io.mpath.path;

/** A {@link PathQueue} that can ask the target to give an attempt up (NVMe Abort, SCSI ABORT TASK). */
public interface Abortable {
    /**
     * Asks for the attempt of {@code io} that had {@code tag} to be given up: the path has had it for longer than the I/O time-out,
     * or its request has ended by its deadline. It may have ended meanwhile, or be another path's: then nothing is done. Whatever comes of it, the attempt still ends once: {@link
     * Certainty#TERMINATED} when the target confirmed, else as it ends. Never blocks, never throws. Any
     * thread calls this, on a confined queue too.
     */
    void abort(PathIo io, long tag);
}
