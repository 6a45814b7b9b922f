package dev.fanfare.redis;

import dev.fanfare.Gap;

/** Messages may be missing since a moment, for a reason: a gap whose end is not known yet. */
record Loss(Moment from, Gap.Reason reason) {}
