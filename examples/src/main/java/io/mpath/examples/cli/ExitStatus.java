package io.mpath.examples.cli;

/** What the command tells the shell. */
final class ExitStatus {
    /** It did what it was asked to. */
    static final int DONE = 0;
    /** It ran, and something failed. */
    static final int FAILED = 1;
    /** It was used wrongly, and did nothing. */
    static final int USAGE = 2;

    private ExitStatus() {}
}
