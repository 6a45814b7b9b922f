/** How fast it is, and what it costs: JMH for single classes here, whole nodes under load in the package below. */
@NullMarked
package dev.fanfare.benchmarks;

import org.jspecify.annotations.NullMarked;
