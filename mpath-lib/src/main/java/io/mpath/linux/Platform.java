package io.mpath.linux;

/** What differs between the architectures, and the numbers that do not ({@code asm-generic/fcntl.h}, {@code linux/fs.h}). */
final class Platform {
    private static final String ARCHITECTURE = System.getProperty("os.arch", "");

    static final boolean SUPPORTED = "Linux".equals(System.getProperty("os.name"))
            && (ARCHITECTURE.equals("amd64") || ARCHITECTURE.equals("aarch64"));

    static final int O_DIRECT = directFlag(ARCHITECTURE);

    static final int FALLOC_FL_KEEP_SIZE = 0x01;
    static final int FALLOC_FL_PUNCH_HOLE = 0x02;
    static final int FALLOC_FL_ZERO_RANGE = 0x10;

    static final long BLKROGET = 0x125eL;
    static final long BLKSSZGET = 0x1268L;
    static final long BLKDISCARD = 0x1277L;
    static final long BLKPBSZGET = 0x127bL;
    static final long BLKZEROOUT = 0x127fL;

    private Platform() {}

    /** aarch64 took its open flags over from 32-bit ARM, where this bit is another. */
    static int directFlag(String architecture) {
        return architecture.equals("aarch64") ? 0x10000 : 0x4000;
    }
}
