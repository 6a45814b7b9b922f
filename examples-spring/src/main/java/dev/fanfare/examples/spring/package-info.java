/** The room in a Spring Boot application: the hub, the endpoint and the filter are beans. */
@NullMarked
package dev.fanfare.examples.spring;

import org.jspecify.annotations.NullMarked;
