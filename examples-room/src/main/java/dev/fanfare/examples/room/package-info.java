/** A room by annotation: one class for every container, every framework and every WAR. */
@NullMarked
package dev.fanfare.examples.room;

import org.jspecify.annotations.NullMarked;
