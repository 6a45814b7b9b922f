package dev.fanfare.examples;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the environment asks for, checked.
 *
 * @param ports one for each node; 0 stands for any free one
 * @param others ports of nodes in other processes on this host, to which pages go on when theirs is gone
 * @param redisUrl the Redis to use, or null to start one
 * @param container makes the container of a node
 */
record Settings(
        List<Integer> ports, List<Integer> others, @Nullable String redisUrl, Supplier<Container> container) {
    private static final List<Integer> DEFAULT_PORTS = List.of(3000, 4000);
    private static final int HIGHEST_PORT = 65_535;

    /**
     * Reads {@code PORT}, {@code NODES}, {@code REDIS_URL} and {@code CONTAINER}; a variable that is empty counts as not set.
     *
     * @throws InvalidSettingException if one of them cannot be used
     */
    static Settings of(Map<String, String> environment) {
        String ports = value(environment, "PORT");
        String others = value(environment, "NODES");
        String redisUrl = value(environment, "REDIS_URL");
        String container = value(environment, "CONTAINER");
        return new Settings(
                ports == null ? DEFAULT_PORTS : ports(ports),
                others == null ? List.of() : others(others),
                redisUrl == null ? null : redisUrl(redisUrl),
                container == null ? TomcatContainer::new : container(container));
    }

    private static @Nullable String value(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static List<Integer> ports(String value) {
        List<Integer> ports = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            int port = port(part.strip());
            if (port < 0 || (port != 0 && ports.contains(port))) {
                throw new InvalidSettingException("PORT=" + printable(value)
                        + " is not usable: set it to a port from 1 to 65535, or to several different ones separated by"
                        + " commas (0 takes any free one), such as PORT=5000 or PORT=5000,6000");
            }
            ports.add(port);
        }
        return List.copyOf(ports);
    }

    private static List<Integer> others(String value) {
        List<Integer> others = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            int port = port(part.strip());
            if (port < 1) {
                throw new InvalidSettingException("NODES=" + printable(value)
                        + " is not usable: set it to the ports of the other nodes on this host, from 1 to 65535 and"
                        + " separated by commas, such as NODES=5000,6000");
            }
            others.add(port);
        }
        return List.copyOf(others);
    }

    private static int port(String digits) {
        if (!digits.matches("[0-9]{1,5}")) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port <= HIGHEST_PORT ? port : -1;
    }

    private static String redisUrl(String value) {
        try {
            URI uri = new URI(value);
            if (uri.getHost() != null
                    && uri.getPort() <= HIGHEST_PORT
                    && Set.of("redis", "rediss").contains(scheme(uri))) {
                return value;
            }
        } catch (URISyntaxException e) {
            // Told below, without the value: it may hold a password.
        }
        throw new InvalidSettingException("REDIS_URL is not the address of a Redis: set it to redis://host:6379, with"
                + " user:password@ before the host if Redis wants that and rediss:// for TLS,"
                + " or unset it to have a Redis started");
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    private static Supplier<Container> container(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "tomcat" -> TomcatContainer::new;
            case "jetty" -> JettyContainer::new;
            case "undertow" -> UndertowContainer::new;
            case "tyrus" -> TyrusContainer::new;
            default ->
                throw new InvalidSettingException(
                        "CONTAINER=" + printable(value) + " is not known: set it to tomcat, jetty, undertow or tyrus");
        };
    }

    /** On one line, whatever was set. */
    private static String printable(String value) {
        return value.replaceAll("\\p{Cntrl}", "?");
    }
}
