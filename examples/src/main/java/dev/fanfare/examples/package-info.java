@NullMarked
package dev.fanfare.examples;

import org.jspecify.annotations.NullMarked;
