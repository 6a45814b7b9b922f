package dev.fanfare.redis;

import dev.fanfare.Gap;

/** Why this side ended a connection, or did not want it, although the other side might have gone on. */
final class GivenUp extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final Diagnosis.Kind kind;
    final Gap.Reason reason;
    final String remedy;

    GivenUp(Diagnosis.Kind kind, Gap.Reason reason, String what, String remedy) {
        super(what);
        this.kind = kind;
        this.reason = reason;
        this.remedy = remedy;
    }

    static GivenUp late() {
        return new GivenUp(Diagnosis.Kind.SILENT, Gap.Reason.RECONNECT, "no answer in time", "");
    }

    static GivenUp failover(String what) {
        return new GivenUp(Diagnosis.Kind.ENDED, Gap.Reason.FAILOVER, what, "");
    }
}
