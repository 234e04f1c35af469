package io.mpath;

/**
 * A command in a transport's own protocol, made by that transport's adapter and understood by its paths only. It is given to
 * one path and tried once: what it does is not known here, so it is never repeated.
 */
public interface PassthroughCommand {
    /** What an operator would call it, for messages. */
    String name();
}
