package dev.fanfare;

/** The WebSocket close codes that the hub uses (RFC 6455 §7.4.1 and the registry that it opened). */
final class CloseCodes {
    static final int GOING_AWAY = 1001;
    static final int UNEXPECTED = 1011;
    static final int TRY_AGAIN_LATER = 1013;

    private CloseCodes() {}
}
