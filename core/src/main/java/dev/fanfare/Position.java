package dev.fanfare;

/**
 * Where a message stands in a channel with history. Immutable.
 *
 * @param epoch which life of the history; offsets of different epochs are never compared
 * @param offset the message's number within its epoch, from 1
 */
public record Position(long epoch, long offset) {}
