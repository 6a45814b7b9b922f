package dev.fanfare.examples;

import java.util.List;

/** A browser with one page open, as the page's tests drive it. For one thread. */
interface Browser extends AutoCloseable {

    void open(String address);

    /** Leaves the page, as when its tab is closed. */
    void leave();

    /** Goes to a room by the field for it, as a user does; empty: to that of everybody. */
    void enter(String room);

    /** Types into the field for messages. */
    void type(String text);

    /** Sends what was typed, as a user does. */
    void submit();

    /** What stands in the field for messages. */
    String typed();

    /** The text of the element with that id, as a user reads it. */
    String text(String id);

    /** The texts of all elements that match. */
    List<String> texts(String selector);

    @Override
    void close();
}
