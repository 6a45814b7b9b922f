/**
 * The load runner: starts a Redis and nodes as processes, drives them over raw sockets, and prints one table.
 *
 * <p>{@link dev.fanfare.benchmarks.load.LoadRunner} takes {@link dev.fanfare.benchmarks.load.Scenario}s and contestants in
 * turns; a {@code Crowd} is the sessions of one turn.
 */
@NullMarked
package dev.fanfare.benchmarks.load;

import org.jspecify.annotations.NullMarked;
