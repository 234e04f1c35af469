package io.mpath.examples.fence;

/**
 * What became of a host's writes, up to a moment at which none is under way.
 *
 * @param accepted how many the device took
 * @param last the number of the last one that it took; 0: none
 * @param conflicts how many it refused for what is reserved
 * @param failures how many ended in another way
 * @param cause why the last of these did; empty where there is none
 */
record WriteCounts(long accepted, long last, long conflicts, long failures, String cause) {
    static final WriteCounts NONE = new WriteCounts(0, 0, 0, 0, "");

    private static final int FIELDS = 5;

    WriteCounts taken(long number) {
        return new WriteCounts(accepted + 1, number, conflicts, failures, cause);
    }

    WriteCounts refused() {
        return new WriteCounts(accepted, last, conflicts + 1, failures, cause);
    }

    WriteCounts failed(String why) {
        return new WriteCounts(accepted, last, conflicts, failures + 1, why.replaceAll("\\R", " "));
    }

    /** As one line. */
    String toLine() {
        return accepted + " " + last + " " + conflicts + " " + failures + " " + cause;
    }

    /** What {@link #toLine} made. */
    static WriteCounts ofLine(String line) {
        String[] fields = line.split(" ", FIELDS);
        return new WriteCounts(
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                fields[4]);
    }
}
