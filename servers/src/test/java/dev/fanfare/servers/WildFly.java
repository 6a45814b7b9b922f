package dev.fanfare.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** WildFly as it comes, with other ports. */
final class WildFly extends Server {

    private static final Path HOME = Path.of(System.getProperty("wildfly.home"));

    static WildFly start(String redis) {
        Path node =
                fresh(Path.of("target", "wildfly"), HOME.resolve("standalone")).toAbsolutePath();
        try {
            Files.createDirectories(node.resolve("deployments"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WildFly(freePort(), node, redis);
    }

    private WildFly(int port, Path node, String redis) {
        super(
                port,
                node.resolve("out.log"),
                node.resolve("deployments"),
                List.of(
                        "sh",
                        HOME.resolve("bin/standalone.sh").toString(),
                        "-Djboss.server.base.dir=" + node,
                        "-Djboss.http.port=" + port,
                        "-Djboss.https.port=" + freePort(),
                        "-Djboss.management.http.port=" + freePort(),
                        "-Djboss.management.https.port=" + freePort()),
                Map.of("REDIS_URL", redis));
    }
}
