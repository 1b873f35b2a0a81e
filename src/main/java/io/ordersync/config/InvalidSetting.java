package io.ordersync.config;

/** A property whose value the service does not start with. The message says which, what it is, and what would do. */
final class InvalidSetting extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param property with its whole name */
    InvalidSetting(String property, Object value, String wouldDo) {
        super(line(property, value, wouldDo));
    }

    /** @param line names the property, and what is wrong with it */
    InvalidSetting(String line, Throwable cause) {
        super(line, cause);
    }

    static String line(String property, Object value, String wouldDo) {
        return property + " is '" + value + "': " + wouldDo;
    }
}
