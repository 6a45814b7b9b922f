/** Events as JSON, by Jackson 2 or 3, and the only package that imports Jackson. */
@NullMarked
package dev.fanfare.json;

import org.jspecify.annotations.NullMarked;
