/**
 * What each embedded container is told so that it holds many sessions, most of them quiet: one small class a container, to
 * be copied. The chat and the nodes of the load runner use them, docs/containers.md shows them and says what they are worth.
 */
@NullMarked
package dev.fanfare.examples.containers;

import org.jspecify.annotations.NullMarked;
