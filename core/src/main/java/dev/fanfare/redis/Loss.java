package dev.fanfare.redis;

import dev.fanfare.Gap;
import java.time.Instant;

/** Messages may be missing since a moment, for a reason: a gap whose end is not known yet. */
record Loss(Instant from, Gap.Reason reason) {}
