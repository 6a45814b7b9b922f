package dev.fanfare;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What a hub counts. Thread-safe. */
final class Counters {
    final AtomicLong broadcastsPending = new AtomicLong();
    final LongAdder broadcastsAcked = new LongAdder();
    final LongAdder broadcastsFailed = new LongAdder();
    final LongAdder broadcastsUncertain = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder disconnectedAsSlow = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder skipped = new LongAdder();
    final LongAdder refilled = new LongAdder();
    final LongAdder unpositioned = new LongAdder();
    final LongAdder callbacksDropped = new LongAdder();
    final AtomicLong closesPending = new AtomicLong();
}
