package io.mpath;

/** What a request left behind on the device: as much as can be known, and no more. */
public enum Effect {
    /** It took effect, wholly. */
    DONE,
    /** It took no effect. */
    NONE,
    /** It may have taken effect, in part or wholly; that will not change any more by itself. */
    MAY_HAVE_HAPPENED,
    /** It may have taken effect, and may still: an attempt is out and cannot be called back yet. */
    MAY_STILL_HAPPEN
}
