package io.mpath;

/**
 * Bytes from a device that are not what their format says: a length that runs past the end, a value that means nothing. The
 * message names page, field, offset and what is wrong.
 */
public final class PageFormatException extends MultipathException {
    private static final long serialVersionUID = 1L;

    private final String page;
    private final String field;
    private final long offset;

    /**
     * Made with where it is wrong, and why.
     *
     * @param page what the standard calls the page
     * @param field what the standard calls the field
     * @param offset of the field from the start of the page, in bytes
     * @param problem what is wrong with it, as half a sentence
     */
    public PageFormatException(String page, String field, long offset, String problem) {
        super(page + ": " + field + " at byte " + offset + ": " + problem);
        this.page = page;
        this.field = field;
        this.offset = offset;
    }

    /** What the standard calls the page. */
    public String page() {
        return page;
    }

    /** What the standard calls the field. */
    public String field() {
        return field;
    }

    /** Where in the page the field begins, in bytes. */
    public long offset() {
        return offset;
    }
}
