/**
 * The chat: endpoints, a page and a container for each node. {@link dev.fanfare.examples.Chat} and {@link
 * dev.fanfare.examples.ChatNode} are what an application writes; {@link dev.fanfare.examples.TomcatContainer} and its
 * siblings show one container each; the rest is the page, the settings and the start.
 */
@NullMarked
package dev.fanfare.examples;

import org.jspecify.annotations.NullMarked;
