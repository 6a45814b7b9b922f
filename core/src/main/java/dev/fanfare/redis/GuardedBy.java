package dev.fanfare.redis;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The lock that must be held to touch what is annotated; Error Prone checks it by this simple name. */
@Target({ElementType.FIELD, ElementType.METHOD})
@Retention(RetentionPolicy.CLASS)
@interface GuardedBy {
    String value();
}
