package io.mpath;

/** A setting, or a combination of settings, that cannot be meant; the message names the offending ones. */
public final class ConfigurationException extends MultipathException {
    private static final long serialVersionUID = 1L;

    /** Made with the offending settings and their values in the message. */
    public ConfigurationException(String message) {
        super(message);
    }
}
