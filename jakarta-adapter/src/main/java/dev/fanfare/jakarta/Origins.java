package dev.fanfare.jakarta;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may open sessions: those of the host that the handshake was sent to, and those that the application allows.
 * Browsers tell the page's origin, and do not keep pages of others from connecting with the user's cookies. Thread-safe.
 */
final class Origins {

    private static final Logger LOG = System.getLogger(Origins.class.getName());
    /** So many refused origins are logged, each of them once: whoever sends them must not fill the disk. */
    private static final int LOGGED = 100;

    private static final int SHOWN_CHARS = 100;
    private static final String HOST = "(?<host>\\[[0-9a-f:.]+]|[^\\[\\]:/?#@\\s]+)(?::(?<port>\\d*))?";
    private static final Pattern AUTHORITY = Pattern.compile(HOST);
    private static final Pattern ORIGIN = Pattern.compile("(?<scheme>[a-z][a-z0-9+.-]*)://" + HOST);

    private final Set<String> allowed;
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    private Origins(Set<String> allowed) {
        this.allowed = allowed;
    }

    /**
     * Allows {@code origins} besides those of the host itself.
     *
     * @throws IllegalArgumentException if one is no origin
     */
    static Origins allowing(String... origins) {
        return new Origins(Arrays.stream(origins).map(Origins::checked).collect(Collectors.toUnmodifiableSet()));
    }

    private static String checked(String origin) {
        String normal = normal(origin);
        if (normal == null) {
            throw new IllegalArgumentException("origin \"" + origin
                    + "\" is not of the form scheme://host or scheme://host:port, as in https://app.example.com");
        }
        return normal;
    }

    /** An origin as those that mean the same are written alike; null if it is none, like that of a page without a host. */
    private static @Nullable String normal(String origin) {
        Matcher parts = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return null;
        }
        String port = parts.group("port");
        boolean usual = port == null
                || port.isEmpty()
                || (port.equals("80") && parts.group("scheme").equals("http"))
                || (port.equals("443") && parts.group("scheme").equals("https"));
        return parts.group("scheme") + "://" + parts.group("host") + (usual ? "" : ":" + port);
    }

    /**
     * Does nothing if a handshake with these headers may come from where it comes.
     *
     * @throws RefusedHandshakeException if not
     */
    void check(@Nullable String origin, @Nullable String host) throws RefusedHandshakeException {
        if (origin == null) {
            return; // no browser
        }
        String normal = normal(origin);
        if (normal != null && (allowed.contains(normal) || sameHost(normal, host))) {
            return;
        }
        log(origin, host);
        throw RefusedHandshakeException.forbidden("origin \"" + shown(origin) + "\" is not allowed");
    }

    private static boolean sameHost(String origin, @Nullable String host) {
        if (host == null) {
            return false;
        }
        Matcher page = ORIGIN.matcher(origin);
        Matcher server = AUTHORITY.matcher(host.strip().toLowerCase(Locale.ROOT));
        return page.matches() && server.matches() && page.group("host").equals(server.group("host"));
    }

    private void log(String origin, @Nullable String host) {
        String shown = shown(origin);
        if (logged.size() < LOGGED && logged.add(shown)) {
            LOG.log(
                    Level.WARNING,
                    "Refused a handshake at host {0} from a page of origin {1}. If that page is yours, allow it:"
                            + " WebSocketHub.builder(broadcaster).allowOrigins(\"{1}\")",
                    host == null ? "(unknown)" : shown(host),
                    shown);
        }
    }

    /** Short, and without characters that would garble a log. */
    private static String shown(String header) {
        String start = header.length() > SHOWN_CHARS ? header.substring(0, SHOWN_CHARS) + "…" : header;
        return start.replaceAll("[\\p{Cntrl}\"]", "?");
    }
}
