/** The programs under load: nodes with a hub, and nodes as tutorials show them, each on an embedded container. */
@NullMarked
package dev.fanfare.benchmarks.node;

import org.jspecify.annotations.NullMarked;
