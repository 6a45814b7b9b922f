package dev.fanfare.examples;

/** The chat cannot start as it was asked to; the message is one line that says what to set. */
final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidSettingException(String message) {
        super(message);
    }
}
