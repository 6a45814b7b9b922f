package dev.fanfare.examples;

import org.jspecify.annotations.Nullable;

/**
 * What the site has to know of an HTTP request.
 *
 * @param method such as GET
 * @param path as it was asked for, without the query
 * @param tag of the file that the browser has: {@code If-None-Match}
 * @param host by which the node was asked, without its port
 * @param port of the node that was asked
 */
record Question(String method, String path, @Nullable String tag, String host, int port) {

    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean isToRead() {
        return method.equals("GET") || isHead();
    }
}
